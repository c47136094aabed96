"""ID tokens: the names and audiences that `uv publish` looks for."""

from collections.abc import Iterator

from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind

_TOKENS = (
    ("PYPI_ID_TOKEN", "pypi", "trusted publishing to PyPI"),
    ("TESTPYPI_ID_TOKEN", "testpypi", "trusted publishing to TestPyPI"),
)
_ABOUT = """\
`uv publish` (0.8.18 and later) exchanges this token for upload rights, so that no password is
stored. It looks for the audience in capitals followed by `_ID_TOKEN`, in this job only.

[uv: publishing](https://docs.astral.sh/uv/guides/package/)"""


def token_name_items(place: Place) -> Iterator[CompletionItem]:
    """The tokens uv knows, each with its audience below it."""
    for name, audience, detail in _TOKENS:
        if name in place.siblings:
            continue
        text = f"{name}:{place.newline}{place.below_indent}aud: {audience}"
        yield place.slot.item(
            name,
            ItemKind.VARIABLE,
            text=name if place.is_name_only else text,
            detail=detail,
            documentation=lambda: _ABOUT,
        )


def audience_items(place: Place) -> Iterator[CompletionItem]:
    """The audience that fits the token's name first."""
    for name, audience, detail in sorted(_TOKENS, key=lambda token: token[0] not in place.keys):
        yield place.slot.item(
            audience, ItemKind.VALUE, detail=f"{name}: {detail}", documentation=lambda: _ABOUT
        )
