"""`python -m uvci` and the command `uvci`."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

from uvci.cli.leaving_out import left_out


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A check is over in a moment and makes next to no cyclic garbage: looking for some would take
    # a third of its time. The server turns it on again.
    gc.disable()
    try:
        load_values()
        from uvci.cli.main import run  # noqa: PLC0415  an interrupt while importing is clean too

        code = run()
    except KeyboardInterrupt:
        code = 130
    _leave(code)


def load_values() -> None:
    """Read in msgspec without typing_extensions, for which it reads in `inspect` and more.

    That is a twentieth of the time of a check. What msgspec takes from it, `get_type_hints`, it
    takes from `typing` where there is none, and since Python 3.11 both do the same.
    """
    with left_out("typing_extensions"):
        import msgspec  # noqa: F401, PLC0415


def _leave(code: int) -> NoReturn:
    """End the process as it is: taking apart all that it knows would take a sixth of its time."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):  # whoever read it has gone
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
