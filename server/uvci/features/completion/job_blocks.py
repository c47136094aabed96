"""Whole keywords of a job, filled for uv: a cache, its pruning, a token to publish with."""

from collections.abc import Iterator
from functools import partial

from uvci.catalog.images import parse_image
from uvci.features.completion.cache import key_files
from uvci.features.completion.place import Place
from uvci.features.job_facts import image_of
from uvci.features.markdown import block
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.scripts import uv_commands
from uvci.syntax.patch import Block, insert_pair
from uvci.syntax.tree import Mapping, Pair
from uvci.syntax.writing import Indents, written_pairs
from uvci.text.edits import TextEdit

_VARIABLE = "UV_CACHE_DIR"
_FOLDER = "$CI_PROJECT_DIR/.uv-cache"


def job_block_items(place: Place) -> Iterator[CompletionItem]:
    """Blocks for keywords that the job does not have yet, where it runs uv."""
    if place.job is None or place.is_name_only or place.slot.flow:
        return
    words = {call.command.subcommand[:1] for call in uv_commands(place.job)}
    if words or parse_image(image_of(place.job) or "").registry:
        yield from _cache(place)
        yield from _item(place, "make uv's cache small", {"after_script": ["uv cache prune --ci"]})
    if ("publish",) in words:
        token: Block = {"PYPI_ID_TOKEN": {"aud": "pypi"}}
        yield from _item(place, "publish to PyPI without a password", {"id_tokens": token})


def _cache(place: Place) -> Iterator[CompletionItem]:
    """A cache for uv, and the variable that puts it where GitLab can keep it."""
    files: list[Block] = list(key_files(place)[:1])
    key: Block = {"files": files} if files else "uv-$CI_COMMIT_REF_SLUG"
    value: dict[str, Block] = {"cache": {"key": key, "paths": [f"${_VARIABLE}"]}}
    if place.job is None or all(_VARIABLE in each.variables for each in place.job.variants):
        yield from _item(place, "keep what uv downloads", value)
    elif "variables" not in place.siblings:
        value["variables"] = {_VARIABLE: _FOLDER}
        yield from _item(place, "keep what uv downloads", value)
    elif pair := _variables(place):
        edits = tuple(insert_pair(place.view.document, pair, _VARIABLE, _FOLDER))
        yield from _item(place, "keep what uv downloads", value, edits)


def _variables(place: Place) -> Pair | None:
    """The job's own `variables`, where one more can be written."""
    root = place.view.document.mapping
    job = root.pair(place.entry) if root and place.entry else None
    found = job.value.pair("variables") if job and isinstance(job.value, Mapping) else None
    return found if found and isinstance(found.value, Mapping) else None


def _item(
    place: Place, does: str, values: dict[str, Block], additional: tuple[TextEdit, ...] = ()
) -> Iterator[CompletionItem]:
    keyword = next(iter(values))
    if keyword in place.siblings:
        return
    indents = Indents(step=len(place.step_indent), dash=len(place.dash_indent))
    margin = place.newline + " " * place.key_column
    lines = written_pairs(values, indents)
    yield place.slot.item(
        f"{keyword}: {does}",
        ItemKind.SNIPPET,
        text=margin.join(lines),
        filter=keyword,
        documentation=partial(block, "\n".join(lines)),
        additional=additional,
    )
