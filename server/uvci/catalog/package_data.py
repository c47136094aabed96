"""The data files that ship inside the package, read once each."""

import json
import os.path
from functools import cache
from typing import Any


class CatalogError(Exception):
    """A data file of this package is missing or not what it should be; the message names it."""


@cache
def load_json(name: str) -> Any:
    """The parsed content of the data file `name` beside this module.

    Raises:
        CatalogError: when the file is not there or is not JSON.
    """
    # The loader also reads from zip files. importlib.resources does no more for one file, and its
    # imports would make every start of the command a good 8 ms slower.
    loader: Any = __spec__.loader
    try:
        return json.loads(loader.get_data(os.path.join(os.path.dirname(__file__), name)))  # noqa: PTH118, PTH120  loaders speak in strings
    except (OSError, ValueError) as error:
        message = f"{name} of the installed uvci is unreadable ({error}); reinstall uvci"
        raise CatalogError(message) from error
