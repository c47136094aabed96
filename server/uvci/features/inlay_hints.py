"""What stands between the lines: the tag a template makes, what an unquoted value becomes."""

from collections.abc import Collection, Iterator
from enum import Enum

from msgspec import Struct

from uvci.catalog.images import parse_image
from uvci.features.caching import is_uncached
from uvci.features.context import context_of
from uvci.features.discretion import Discretion, discretion
from uvci.features.markdown import bullets, card, code, codes
from uvci.features.naming.scan import scan
from uvci.features.naming.symbols import Role, SymbolKind
from uvci.features.view import View
from uvci.pipeline.model import CacheKey, ImageUse, Job, KeyKind, TextUse
from uvci.pipeline.releases import releases
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.edits import replaced
from uvci.syntax.scalars import as_text, read_scalar
from uvci.syntax.tree import Scalar, Style
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_MOST = 3


class HintKind(Enum):
    """The hints, each of which a setting turns off."""

    IMAGE = "image"
    CACHE_KEY = "cacheKey"
    NOT_CACHED = "notCached"
    VALUE = "value"
    UV_VERSION = "uvVersion"


class InlayHint(Struct, frozen=True):
    """A hint shown at `offset`. `edits` write it into the file, where that makes sense."""

    offset: int
    label: str
    kind: HintKind
    tooltip: str = ""
    edits: tuple[TextEdit, ...] = ()


def inlay_hints(
    view: View, span: Span, kinds: Collection[HintKind] = tuple(HintKind)
) -> tuple[InlayHint, ...]:
    """The hints of a part of the view's file, by place; secrets read `…`."""
    hidden = discretion(view.pipeline)
    found = {
        (hint.offset, hint.kind): _discreet(hint, hidden)
        for kind in kinds
        for hint in _SOURCES[kind](view)
        if span.touches(hint.offset)
    }
    return tuple(sorted(found.values(), key=lambda hint: (hint.offset, hint.label)))


def _discreet(hint: InlayHint, hidden: Discretion) -> InlayHint:
    """The hint without secrets; one with a secret in it is not written into a file."""
    label, tooltip = hidden.quiet(hint.label), hidden.quiet(hint.tooltip)
    if label == hint.label and tooltip == hint.tooltip:
        return hint
    return InlayHint(hint.offset, label, hint.kind, tooltip)


# ---------------------------------------------------------------- images and keys


def _images(view: View) -> Iterator[InlayHint]:
    texts: dict[Span, dict[str | None, str]] = {}
    origins: dict[Span, Origin] = {}
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        if not isinstance(job.image, ImageUse) or "$" not in job.image.name.text:
            continue
        origin = job.image.name.origin
        # A template's own view counts only where no job stands in for it.
        if origin.path == view.path and not (job.hidden and origin.span in origins):
            origins[origin.span] = origin
            known = texts.setdefault(origin.span, {})
            for each in job.image.expansions:
                known.setdefault(each.text, _labelled(job, each.variant.label))
    for span, known in texts.items():
        yield from _image(view, origins[span], known)


def _image(view: View, origin: Origin, known: dict[str | None, str]) -> Iterator[InlayHint]:
    tags = {parse_image(text).tag or text: job for text, job in known.items() if text}
    if not tags or len(tags) < len(known):
        return
    edits: tuple[TextEdit, ...] = ()
    if len(known) == 1:
        only = next(text for text in known if text)
        edits = tuple(each.edit for each in replaced(origin, only, context_of(view)))
    lines = [f"{code(tag)} in {code(job)}" for tag, job in tags.items()]
    tooltip = card("Once its variables are replaced:", bullets(lines[:12]))
    yield InlayHint(origin.span.end, _arrow(list(tags)), HintKind.IMAGE, tooltip, edits)


def _cache_keys(view: View) -> Iterator[InlayHint]:
    seen: set[Span] = set()
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        for cache in job.caches:
            origin = cache.key.origin
            if origin is not None and origin.path == view.path and origin.span not in seen:
                seen.add(origin.span)
                yield from _cache_key(view, cache.key, origin)


def _cache_key(view: View, key: CacheKey, origin: Origin) -> Iterator[InlayHint]:
    match key.kind:
        case KeyKind.TEXT if key.text and "$" in key.text.plain.text:
            texts = _known(key.text)
            if texts:
                yield InlayHint(origin.span.end, _arrow(texts), HintKind.CACHE_KEY)
        case KeyKind.FILES if origin.key is not None:
            shown = _files_key(view, key)
            if shown:
                yield InlayHint(origin.key.end + 1, shown, HintKind.CACHE_KEY, _FILES_KEY)
        case _:
            return


_FILES_KEY = "The prefix, and a hash of the files' content: `default` where there is no such file."


def _files_key(view: View, key: CacheKey) -> str:
    """The key that files make, where it is not what stands below; else empty."""
    files = [file.text for file in key.files]
    is_missing = not any(set(file) & set("*$?[") for file in files) and all(
        view.files.exists(file) is False for file in files
    )
    prefixes = _known(key.prefix)
    if (key.prefix and len(prefixes) != 1) or not (is_missing or key.prefix):
        return ""
    hashed = "default" if is_missing else f"<hash of {', '.join(files)}>"
    return f"→ {'-'.join([*prefixes, hashed])}"


def _known(use: TextUse | None) -> list[str]:
    """The expanded texts; none where one is known only when the job runs."""
    texts = [each.text for each in use.expansions] if use else []
    return list(dict.fromkeys(text for text in texts if text)) if all(texts) else []


def _arrow(texts: list[str]) -> str:
    rest = len(texts) - _MOST
    shown = ", ".join(texts if rest <= 0 else texts[:_MOST])
    return f"→ {shown} and {rest} more" if rest > 0 else f"→ {shown}"


# ---------------------------------------------------------------- jobs


def _uncached(view: View) -> Iterator[InlayHint]:
    for job in view.pipeline.jobs:
        at = _name_end(view, job)
        if at is not None and is_uncached(job, context_of(view)):
            tooltip = "uv downloads and builds everything anew: no cache of the job keeps it."
            yield InlayHint(at, "not cached", HintKind.NOT_CACHED, tooltip)


def _uv_versions(view: View) -> Iterator[InlayHint]:
    for job in view.pipeline.jobs:
        at = _name_end(view, job)
        if at is None or not uv_commands(job):
            continue
        found = releases(job, view.settings)
        versions = dict.fromkeys(str(one.version) for one in found if one)
        if versions and all(found):
            sources = dict.fromkeys(one.source for one in found if one)
            tooltip = f"The uv of this job, by its {codes(sources)}."
            shown = ", ".join(list(versions)[:_MOST])
            more = ", …" if len(versions) > _MOST else ""
            yield InlayHint(at, f"uv {shown}{more}", HintKind.UV_VERSION, tooltip)


def _name_end(view: View, job: Job) -> int | None:
    """Behind the colon of the job's name; None where it is typed in another file."""
    origin = job.name_origin
    if origin.path != view.path:
        return None
    colon = view.document.text.find(":", origin.span.end)
    return colon + 1 if colon >= 0 else None


# ---------------------------------------------------------------- values


def _values(view: View) -> Iterator[InlayHint]:
    """Unquoted values of variables that YAML makes something else of."""
    for each in scan(view.path, view.document):
        if each.symbol.kind is not SymbolKind.VARIABLE or each.role is not Role.DEFINITION:
            continue
        node = each.pair.value if each.pair else None
        if isinstance(node, Scalar) and node.style is Style.PLAIN and node.tag is None:
            read = as_text(read_scalar(node))
            if node.text and read != node.text and node.text not in ("~", "null", "Null", "NULL"):
                edit = TextEdit(node.span, f'"{node.text}"')
                tooltip = card(
                    f"GitLab reads {code(read)}.", f"{code(edit.content)} keeps it as it is typed."
                )
                yield InlayHint(node.span.end, f"= {read}", HintKind.VALUE, tooltip, (edit,))


def _labelled(job: Job, label: str) -> str:
    return f"{job.name}: {label}" if label else job.name


_SOURCES = {
    HintKind.IMAGE: _images,
    HintKind.CACHE_KEY: _cache_keys,
    HintKind.NOT_CACHED: _uncached,
    HintKind.VALUE: _values,
    HintKind.UV_VERSION: _uv_versions,
}
