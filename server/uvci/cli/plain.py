"""`uvci check` on nothing but paths, as people, hooks and jobs call it most.

Reading in click takes a tenth of the time of such a check, and there is nothing for it to parse.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from uvci.cli.options import Options

_SPOKEN_TO_CLICK = ("UVCI_OUTPUT_FORMAT", "_UVCI_COMPLETE")
"""Environment variables that click reads."""


def plain_options(arguments: Sequence[str], environment: Mapping[str, str]) -> Options | None:
    """What click makes of a command line without options; None for any other one.

    `--skip-others` alone may stand among the paths: hooks give it.
    """
    if list(arguments[:1]) != ["check"] or any(map(environment.get, _SPOKEN_TO_CLICK)):
        return None
    if os.name == "nt":  # click puts in the files that a `*` means there
        return None
    paths = [word for word in arguments[1:] if word != "--skip-others"]
    if any(word.startswith("-") or not os.access(word, os.R_OK) for word in paths):
        return None
    return Options(tuple(map(Path, paths)), skip_others="--skip-others" in arguments)
