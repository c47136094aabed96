"""Which Python a call of `uv pip` asks for, and whether the job's image holds such a one."""

import re

from uvci.catalog.contents import contents
from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, publication
from uvci.pipeline.model import Expansion, ImageUse
from uvci.rules.images.python_range import accepts
from uvci.rules.uv_jobs import Setting, UvRun, setting
from uvci.text.patterns import lazy_re

_REQUEST = lazy_re(r"(?:cpython|python|cp)?[-@]?(\d+(?:\.\d+){0,2})?", re.ASCII)
_TAG = lazy_re(r"(\d+\.\d+(?:\.\d+)?)(?:$|-)", re.ASCII)
_SPECIFIER = ("<", ">", "=", "!", "~")


def is_path(python: str) -> bool:
    """Whether an interpreter is named by its place, which is an environment to install into."""
    return "/" in python or "\\" in python or python.startswith((".", "~"))


def is_in_image(run: UvRun) -> bool:
    """Whether `--system` surely finds the Python that a call asks for, in each of the images."""
    image = run.job.image
    if not isinstance(image, ImageUse):
        return False
    return all(
        (python := _held(expansion)) is not None and _is_met(_wanted(run, expansion), python)
        for expansion in image.expansions
    )


def _held(expansion: Expansion) -> str | None:
    """The version of the image's Python (`3.13`), empty where its tag leaves that open.

    None where it has none to install into: that of Debian itself is not meant for it.
    """
    ref = parse_image(expansion.text or "")
    if ref.registry is None:
        found = _TAG.match(ref.effective_tag or "")
        return (found[1] if found else "") if ref.path.endswith("python") else None
    tag = publication(ref.registry, ref.effective_tag or "")
    return contents(tag).python if isinstance(tag, Published) else None


def _wanted(run: UvRun, expansion: Expansion) -> Setting:
    flag = run.call.command.flag("--python", "-p")
    if flag is not None and flag.value is not None:
        return flag.value
    return setting("UV_PYTHON", expansion.variant, run.call)


def _is_met(wanted: Setting, python: str) -> bool:
    if not isinstance(wanted, str):
        return True
    if wanted.startswith(_SPECIFIER):
        return bool(python) and accepts(wanted, ".".join(python.split(".")[:2]))
    found = _REQUEST.fullmatch(wanted)
    asked = found[1].split(".") if found and found[1] else []
    held = python.removesuffix("-rc").split(".") if python else ["3"]
    return found is not None and held[: len(asked)] == asked
