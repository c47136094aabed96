"""What decides whether a job runs: conditions of rules, kinds of pipelines, files that changed."""

from collections.abc import Iterator

from uvci.catalog.gitlab import pipeline_sources, ref_kinds
from uvci.features.completion.cache import key_files
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.view import CompletionItem, ItemKind
from uvci.syntax.tree import Style
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_CONDITIONS = (
    ("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "on the default branch"),
    ('$CI_PIPELINE_SOURCE == "merge_request_event"', "in merge requests"),
    ("$CI_COMMIT_TAG", "for tags"),
    ('$CI_PIPELINE_SOURCE == "schedule"', "on a schedule"),
)
_COMPARED = lazy_re(r"\$\{?CI_PIPELINE_SOURCE\}?\s*[=!]=\s*(\\?[\"']?)(\w*)$")
_REST = lazy_re(r"\w*")
_CODE = ("**/*.py", "Python files")


def condition_items(place: Place) -> Iterator[CompletionItem]:
    """Whole conditions where nothing is typed, and what the pipeline's source is compared with."""
    if not place.slot.typed:
        for condition, detail in _CONDITIONS:
            yield place.slot.item(condition, ItemKind.VALUE, detail=detail)
    if compared := _COMPARED.search(place.line_before):
        yield from _sources(place, compared[1], compared[2])


def _sources(place: Place, quote: str, typed: str) -> Iterator[CompletionItem]:
    rest = _REST.match(place.view.document.text, place.offset)
    span = Span(place.offset - len(typed), rest.end() if rest else place.offset)
    slot = Slot(span, typed, whole=False)
    mark = "" if quote else _mark(place.slot.style)
    for source in pipeline_sources():
        text = f"{mark}{source.name}{mark}"
        yield slot.item(source.name, ItemKind.VALUE, text=text, detail=source.doc)


def _mark(style: Style) -> str:
    """The quotes of a text within a condition that is written in this style."""
    return "'" if style is Style.DOUBLE_QUOTED else '"'


def ref_items(place: Place) -> Iterator[CompletionItem]:
    """The kinds of pipelines that `only` and `except` know."""
    for kind in ref_kinds() if place.view.gitlab_keywords else ():
        if kind.name not in place.siblings:
            yield place.list_slot.item(kind.name, ItemKind.VALUE, detail=kind.doc)


def changed_file_items(place: Place) -> Iterator[CompletionItem]:
    """Files on which uv's jobs depend: lock files and project files that exist, and the code."""
    if _CODE[0] not in place.siblings and not place.slot.typed:
        yield place.list_slot.item(_CODE[0], ItemKind.VALUE, detail=_CODE[1])
    for path in key_files(place):
        if path not in place.siblings:
            yield place.list_slot.item(path, ItemKind.FILE)
