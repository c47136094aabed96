"""The data files that ship inside the package, read once each."""

import json
from functools import cache
from importlib import resources
from typing import Any


class CatalogError(Exception):
    """A data file of this package is missing or not what it should be; the message names it."""


@cache
def load_json(name: str) -> Any:
    """The parsed content of the data file `name` beside this module.

    Raises:
        CatalogError: when the file is not there or is not JSON.
    """
    try:
        return json.loads(resources.files("uvci.catalog").joinpath(name).read_bytes())
    except (OSError, ValueError) as error:
        message = f"{name} of the installed uvci is unreadable ({error}); reinstall uvci"
        raise CatalogError(message) from error
