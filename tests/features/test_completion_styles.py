"""A completed value is read as meant, however it is quoted, folded, listed or put on a line."""

from typing import Any

import pytest
import yaml
from uvci.features.completion import complete
from uvci.text.edits import apply_edits

from tests.features.cases import view_of

FILES = {"uv.lock": "", "ci/lint.yml": ""}
START = """\
.base:
  script: [x]
build it:
  script: [uv build]
  environment: {name: x, action: stop}
"""
SCALARS = {
    "plain": "{typed}",
    "double": '"{typed}"',
    "single": "'{typed}'",
    "anchored": "&a {typed}",
    "tagged": "!!str {typed}",
    "literal": "|\n{margin}{typed}",
    "folded": ">-\n{margin}{typed}",
    "half double": '"{typed}',
    "half single": "'{typed}",
}
BELOW = {"below": "\n{margin}{typed}"}
LISTS = {
    "dash": "\n{margin}- {typed}",
    "dash, double": '\n{margin}- "{typed}"',
    "dash, single": "\n{margin}- '{typed}'",
    "dash, folded": "\n{margin}- >-\n{margin}  {typed}",
    "dash, literal": "\n{margin}- |\n{margin}  {typed}",
    "brackets": "[{typed}]",
    "brackets, double": '["{typed}"]',
    "brackets, next": "[zzz, {typed}]",
    "brackets, before": "[{typed}, zzz]",
    "below": "\n{margin}{typed}",
}
IN_BRACKETS = {**LISTS, "below": "[{typed}]"}
IMAGE = "ghcr.io/astral-sh/uv:0.12.5-al"
CONTEXTS = (
    ("image: @", IMAGE, "0.12.5-alpine", SCALARS),
    ("image:|  name: @", IMAGE, "0.12.5-alpine", SCALARS | BELOW),
    ("services: @", "post", "postgres:17-alpine", LISTS),
    ("extends: @", ".b", ".base", SCALARS | LISTS),
    ("needs: @", "bu", "build it", LISTS),
    ("needs:|  - job: @", "bu", "build it", SCALARS),
    ("dependencies: @", "", "build it", LISTS),
    ("stage: @", "bu", "build", SCALARS | BELOW),
    ("variables:|  UV_NO_CACHE: @", "", "true", SCALARS),
    ("rules:|  - variables:|      UV_LINK_MODE: @", "", "copy", SCALARS),
    ("parallel:|  matrix:|    - UV_PYTHON: @", "3.1", "3.10", IN_BRACKETS),
    ("cache:|  key: @", "", "$CI_COMMIT_REF_SLUG", SCALARS),
    ("cache:|  key:|    files: @", "", "uv.lock", LISTS),
    ("cache:|  key:|    prefix: @", "", "$CI_JOB_IMAGE", SCALARS | BELOW),
    ("cache:|  paths: @", ".v", ".venv", LISTS),
    ("cache:|  policy: @", "pu", "pull", SCALARS | BELOW),
    ("only: @", "merge", "merge_requests", IN_BRACKETS),
    ("except:|  refs: @", "", "tags", LISTS),
    ("rules:|  - changes: @", "", "**/*.py", IN_BRACKETS),
    ("rules:|  - if: @", "", '$CI_PIPELINE_SOURCE == "schedule"', SCALARS),
    ("environment:|  on_stop: @", "", "build it", SCALARS | BELOW),
    ("id_tokens:|  PYPI_ID_TOKEN:|    aud: @", "", "pypi", SCALARS | LISTS),
    ("after_script: @", "uv sync --loc", "--locked", SCALARS | BELOW | LISTS),
    ("after_script: @", "", "uv cache prune --ci", SCALARS | LISTS),
    ("stages: @", "pub", "publish", IN_BRACKETS),
    ("include: @", "", "ci/lint.yml", SCALARS | IN_BRACKETS),
    ("include:|  - local: @", "/c", "/ci/lint.yml", SCALARS),
    ("variables:|  UV_LINK_MODE: @", "co", "copy", SCALARS),
)
"""The place, with `|` for a new line, what is typed there, the item taken, and the styles."""


def case(place: str, style: str) -> tuple[str, str]:
    """The text before what is styled, and in it the margin of what stands below its key."""
    is_root = place.startswith(("stages", "include", "variables:|  UV_LINK"))
    lines = place.removesuffix("@").split("|")
    if not is_root:
        lines = ["test:", "  script: [uv sync]", *(f"  {line}" for line in lines)]
    before = START + "\n".join(lines)
    margin = " " * (len(lines[-1]) - len(lines[-1].lstrip(" -")) + 2)
    return before, style.replace("{margin}", margin)


@pytest.mark.parametrize(
    ("place", "typed", "label", "style"),
    [
        pytest.param(place, typed, label, style, id=f"{place} {called} {typed}")
        for place, typed, label, styles in CONTEXTS
        for called, style in styles.items()
    ],
)
def test_the_value_is_what_the_item_says(place: str, typed: str, label: str, style: str) -> None:
    before, styled = case(place, style)
    opening, _, closing = styled.partition("{typed}")
    text = f"{before}{opening}{typed}{closing}\n"
    offset = len(before) + len(opening) + len(typed)
    found = complete(view_of(text, FILES), offset)
    item = next(one for one in found.items if one.label == label)
    done = apply_edits(text, [item.edit, *item.additional])
    assert done.endswith(text[offset:])
    if opening in ('"', "'") and not closing:
        done = done.removesuffix("\n") + opening
    kept = typed.rpartition(" " if " " in typed else ":")
    value = "".join(kept[:2]) + label
    assert value in texts(yaml.safe_load(done))


def texts(value: Any) -> list[str]:
    """All texts within, without the line break that a literal block ends with."""
    match value:
        case dict():
            return [text for one in value.values() for text in texts(one)]
        case list():
            return [text for one in value for text in texts(one)]
        case str():
            return [value.strip()]
        case _:
            return []
