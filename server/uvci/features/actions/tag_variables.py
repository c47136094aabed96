"""A literal image tag taken apart into variables as uv's GitLab guide has them, and back."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.gitlab import find_predefined, find_runner_control
from uvci.catalog.images import ImageRef, parse_image
from uvci.catalog.tags import Tag, parse_tag
from uvci.catalog.variables import find_variable
from uvci.features.actions.refactoring import EXTRACT, INLINE, offered, refused
from uvci.features.context import context_of, document_of
from uvci.features.naming.index import occurrences_of
from uvci.features.naming.symbols import Role, Symbol, SymbolKind
from uvci.features.view import CodeAction, View
from uvci.pipeline.model import Expansion, ImageUse, Job, Part, Pipeline, Scope, Variable
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, replaced, setting_changes, typed_pair
from uvci.rules.mentions import build_files
from uvci.rules.rule import FileEdit, Fix
from uvci.syntax.layout import column_of, file_indents
from uvci.syntax.patch import Block, Quoted, insert_pair, remove_pair
from uvci.syntax.paths import key_text
from uvci.syntax.splice import insert_before
from uvci.syntax.tree import Document, Mapping, Scalar
from uvci.syntax.writing import written_pair
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_BEFORE_VARIABLES = frozenset({"include", "workflow", "stages"})
_EXTRACT = "Extract the tag into variables"
_INLINE = "Write the tag out, without variables"


class _Image(Struct, frozen=True):
    """One typed image: what its jobs, each with all their variables, make of it."""

    origin: Origin
    text: str
    expansions: tuple[Expansion, ...]


def tag_refactorings(view: View, span: Span) -> Iterator[CodeAction]:
    """What can be done with the image of uv at a selection."""
    image = _image_at(view, span)
    if image is None:
        return
    if "$" in image.text:
        yield from _inline(view, image)
    elif (ref := parse_image(image.text)).registry is not None:
        yield from _extract(view, image, ref)


def _image_at(view: View, span: Span) -> _Image | None:
    jobs = (*view.pipeline.jobs, *view.pipeline.hidden)
    uses = [
        (job, job.image)
        for job in jobs
        if isinstance(job.image, ImageUse)
        and job.image.name.origin.path == view.path
        and job.image.name.origin.span.touches(span.start)
        and job.image.name.origin.span.touches(span.end)
    ]
    # A template's own view counts only where no job stands in for it.
    shown = [use for job, use in uses if not job.hidden] or [use for _, use in uses]
    if not shown or not isinstance(shown[0].name.origin.node, Scalar):
        return None
    expansions = tuple(each for use in shown for each in use.expansions)
    return _Image(shown[0].name.origin, shown[0].name.text, expansions)


# ---------------------------------------------------------------- extract


def _extract(view: View, image: _Image, ref: ImageRef) -> Iterator[CodeAction]:
    tag = parse_tag(ref.tag or "latest")
    if ref.digest is not None:
        yield refused(_EXTRACT, EXTRACT, "The digest decides what is pulled, not the tag.")
        return
    if not isinstance(tag, Tag) or ref.tag_span is None or not (tag.release or tag.variant):
        yield refused(_EXTRACT, EXTRACT, "The tag has no parts that variables could name.")
        return
    parts = [
        ("", "UV_VERSION", tag.release_text),
        ("python", "PYTHON_VERSION", tag.python or ""),
        ("", "BASE_LAYER", tag.base_text),
    ]
    named = [(word, _free(name, value, view), value) for word, name, value in parts if value]
    template = "-".join(f"{word}${name}" for word, name, _ in named)
    text = image.text[: ref.tag_span.start] + template
    values = {name: value for _, name, value in named if not _is_root(name, value, view)}
    settings = _root_variables(view, values)
    if settings is None:
        yield refused(_EXTRACT, EXTRACT, "The file's `variables` cannot take more entries.")
        return
    names = tuple(name for _, name, _ in named)
    edits = replaced(image.origin, text, context_of(view))
    declares = (*arrivals(edits, context_of(view)), *setting_changes(*names))
    shown = ", ".join(f"${name}" for name in names)
    fix = Fix(f"Extract the tag into {shown}", (*settings, *edits), declares=declares)
    reason = "A job that uses the image would not get these variables with these values."
    yield offered(view, fix, EXTRACT, keeps=_same_images, otherwise=reason)


def _free(name: str, value: str, view: View) -> str:
    """The name, or one like it that nothing in the pipeline has for another value."""
    taken = _names(view)
    free = name
    number = 2
    while free in taken and not _is_root(free, value, view):
        free = f"{name}_{number}"
        number += 1
    return free


def _names(view: View) -> set[str]:
    jobs = (*view.pipeline.jobs, *view.pipeline.hidden)
    own = {name for job in jobs for variant in job.variants for name in variant.variables}
    return own | set(view.pipeline.root_variables)


def _is_root(name: str, value: str, view: View) -> bool:
    """Whether the pipeline sets the variable to this value, and no job to another."""
    known = view.pipeline.root_variables.get(name)
    return (
        known is not None
        and known.raw == value
        and all(
            variant.variables[name].raw == value
            for job in view.pipeline.jobs
            for variant in job.variants
            if name in variant.variables
        )
    )


def _root_variables(view: View, values: dict[str, str]) -> tuple[FileEdit, ...] | None:
    """The edits that set variables for the pipeline in the view's file, quoted."""
    root = view.document.mapping
    if root is None or root.flow:
        return None
    if not values:
        return ()
    pair = root.pair("variables")
    quoted: dict[str, Block] = {name: Quoted(value) for name, value in values.items()}
    edits: tuple[TextEdit, ...]
    if pair is None:
        edits = (_new_variables(view.document, root, quoted),)
    else:
        found = [insert_pair(view.document, pair, name, value) for name, value in quoted.items()]
        edits = tuple(edit for each in found for edit in each)
        if not isinstance(pair.value, Mapping) and len(values) > 1:
            return None  # each would start the mapping anew
    return tuple(FileEdit(view.path, edit) for edit in edits) or None


def _new_variables(document: Document, root: Mapping, values: dict[str, Block]) -> TextEdit:
    before = next(
        (pair for pair in root.pairs if key_text(pair.key) not in _BEFORE_VARIABLES),
        root.pairs[0],
    )
    lines = written_pair("variables", values, file_indents(document, before.span.start))
    column = column_of(document.text, before.span.start)
    return insert_before(document, before, [*lines, ""], column)


# ---------------------------------------------------------------- inline


def _inline(view: View, image: _Image) -> Iterator[CodeAction]:
    texts = {expansion.text for expansion in image.expansions}
    if not any(parse_image(text or "").registry for text in texts):
        return
    if len(texts) > 1:
        shown = len(texts)
        yield refused(_INLINE, INLINE, f"It stands for {shown} images, one for each set of values.")
        return
    context = context_of(view)
    edits = replaced(image.origin, texts.pop() or "", context)
    left = _left_over(view, image)
    removed = _removed(view, left)
    names = [variable.name for variable in left] if removed else []
    declares = (*arrivals(edits, context), *setting_changes(*names))
    also = f" and remove {', '.join(f'${name}' for name in names)}" if names else ""
    fix = Fix(f"Write the tag out{also}", (*edits, *removed), declares=declares)
    reason = "The pipeline would change in more than this image."
    yield offered(view, fix, INLINE, keeps=_same_images, otherwise=reason)


def _left_over(view: View, image: _Image) -> list[Variable]:
    """The pipeline's variables that nothing but this image uses."""
    used = {
        piece.name: piece.variable
        for expansion in image.expansions
        for piece in expansion.pieces
        if piece.part is Part.VARIABLE and piece.variable and piece.variable.scope is Scope.ROOT
    }
    return [variable for name, variable in used.items() if _is_only_here(view, image, name)]


def _is_only_here(view: View, image: _Image, name: str) -> bool:
    if find_variable(name) or find_predefined(name) or find_runner_control(name):
        return False
    if view.pipeline.unread:
        return False
    for each in occurrences_of(view, Symbol(SymbolKind.VARIABLE, name)):
        is_here = each.path == image.origin.path and image.origin.span.covers(each.span)
        if each.role is Role.USE and not is_here:
            return False
    texts = [view.files.read(path) or "" for path in build_files(view.files)]
    scripts = [line.text for job in view.pipeline.jobs for line in job.scripts]
    return not any(name in text for text in (*texts, *scripts))


def _removed(view: View, variables: list[Variable]) -> tuple[FileEdit, ...]:
    """The edits that take out root variables; all of `variables:` where none is left."""
    context = context_of(view)
    pairs = [typed_pair(variable.origin, context) for variable in variables if variable.origin]
    typed = [pair for pair in pairs if pair is not None]
    if not typed or len(typed) < len(variables):
        return ()
    mapping, path = typed[0].mapping, typed[0].path
    document = document_of(view, path)
    root = document.mapping if document else None
    pair = root.pair("variables") if root else None
    if document is None or root is None or pair is None or pair.value is not mapping:
        return ()
    if any(each.mapping is not mapping for each in typed):
        return ()
    if len(typed) == len(mapping.pairs):
        whole = remove_pair(document, root, pair)
        return tuple(FileEdit(path, _to_next_line(document.text, edit)) for edit in whole)
    remove = partial(remove_pair, document, mapping)
    return tuple(FileEdit(path, edit) for each in typed for edit in remove(each.pair))


def _to_next_line(text: str, edit: TextEdit) -> TextEdit:
    """The deletion at the start of a file with the empty lines behind it."""
    end = edit.span.end
    if edit.span.start or edit.content:
        return edit
    while text.startswith(("\n", "\r\n"), end):
        end = text.index("\n", end) + 1
    return TextEdit(Span(0, end), "")


def _same_images(before: Pipeline, after: Pipeline) -> bool:
    """Whether all jobs run in the images they did."""
    return _image_texts(before.jobs) == _image_texts(after.jobs)


def _image_texts(jobs: Iterable[Job]) -> dict[str, list[str | None]]:
    return {
        job.name: [each.text for each in job.image.expansions]
        for job in jobs
        if isinstance(job.image, ImageUse)
    }
