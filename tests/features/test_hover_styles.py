"""A hover answers alike, however what it speaks of is quoted, folded, listed or put on a line."""

import pytest
from uvci.features.hover import hover

from tests.features.cases import view_of

START = """\
variables:
  UV_VERSION: "0.12.5"
.base:
  script: [x]
build it:
  stage: build
  script: [uv build]
"""
SCALARS = {
    "plain": "{}",
    "double": '"{}"',
    "single": "'{}'",
    "anchored": "&a {}",
    "tagged": "!!str {}",
    "folded": ">-\n{margin}{}",
    "literal": "|-\n{margin}{}",
    "below": "\n{margin}{}",
}
LISTS = {
    "dash": "\n{margin}- {}",
    "dash, double": '\n{margin}- "{}"',
    "dash, single": "\n{margin}- '{}'",
    "dash, folded": "\n{margin}- >-\n{margin}  {}",
    "brackets": "[{}]",
    "brackets, double": '["{}"]',
    "brackets, next": "[zzz, {}]",
}
BOTH = SCALARS | LISTS
IMAGE = "ghcr.io/astral-sh/uv:0.12.5-al^pine"
CONTEXTS = (
    ("image: @", IMAGE, "**uv 0.12.5, no Python, Alpine 3.23, sh**", SCALARS),
    ("image:|  name: @", IMAGE, "**uv 0.12.5, no Python, Alpine 3.23, sh**", SCALARS),
    ("image: @", "ghcr.io/astral-sh/uv:$UV_VER^SION", "**`$UV_VERSION`** is `0.12.5`", SCALARS),
    ("services: @", IMAGE, "**uv 0.12.5, no Python, Alpine 3.23, sh**", LISTS),
    ("extends: @", ".ba^se", "**`.base`** · template", BOTH),
    ("needs: @", "build^ it", "**`build it`** · job in stage `build`", LISTS),
    ("needs:|  - job: @", "build^ it", "**`build it`** · job in stage `build`", SCALARS),
    ("rules:|  - needs: @", "build^ it", "**`build it`** · job in stage `build`", LISTS),
    ("dependencies: @", "build^ it", "**`build it`** · job in stage `build`", LISTS),
    ("environment:|  on_stop: @", "build^ it", "**`build it`** · job in stage", SCALARS),
    ("stage: @", "bu^ild", "**Stage `build`** · `build it`", SCALARS),
    ("variables:|  UV_LINK_MODE: @", "co^py", "**`copy`** · Plain copies", SCALARS),
    ("rules:|  - variables:|      UV_LINK_MODE: @", "co^py", "**`copy`** · Plain", SCALARS),
    ("parallel:|  matrix:|    - UV_LINK_MODE: @", "co^py", "**`copy`** · Plain", LISTS),
    ("cache:|  key: @", "u^v-$UV_VERSION", "**Cache key", SCALARS),
    ("cache:|  key:|    files: @", "uv.l^ock", "**Cache key:** a key from the content", LISTS),
    ("cache:|  paths: @", ".uv-ca^che", "**Caches `.uv-cache`**", LISTS),
    ("cache:|  policy: @", "pu^ll", "**`pull`** · only restored", SCALARS),
    ("when: @", "man^ual", "**`manual`** · when somebody starts it", SCALARS),
    ("rules:|  - if: @", "$UV_VER^SION", "**`$UV_VERSION`** is `0.12.5`", SCALARS),
    ("script: @", "uv sy^nc --locked", "**`uv sync`** · Brings", BOTH),
    ("script: @", "uv sync --loc^ked", "**`--locked`** of `uv sync`", BOTH),
    ("script: @", "echo $UV_VER^SION", "**`$UV_VERSION`** is `0.12.5`", BOTH),
    ("script: @", "UV_LINK_M^ODE=copy uv sync", "**`UV_LINK_MODE`** · How files", BOTH),
    ("script: @", "export UV_LINK_M^ODE=copy", "**`UV_LINK_MODE`** · How files", BOTH),
)
"""The place, with `|` for a new line, what stands there, and how the answer begins."""


@pytest.mark.parametrize(
    ("place", "marked", "answer", "style"),
    [
        pytest.param(place, marked, answer, style, id=f"{place} {called} {marked}")
        for place, marked, answer, styles in CONTEXTS
        for called, style in styles.items()
    ],
)
def test_the_answer_is_the_same_in_every_style(
    place: str, marked: str, answer: str, style: str
) -> None:
    lines = ["test:", *(f"  {line}" for line in place.removesuffix("@").split("|"))]
    margin = " " * (len(lines[-1]) - len(lines[-1].lstrip(" -")) + 2)
    written = style.replace("{margin}", margin).replace("{}", marked)
    text = START + "\n".join(lines) + written + "\n"
    offset = text.index("^")
    text = text.replace("^", "", 1)
    found = hover(view_of(text, {"uv.lock": ""}), offset)
    assert found is not None
    assert found.markdown.startswith(answer)
    assert found.span.start <= offset < found.span.end
