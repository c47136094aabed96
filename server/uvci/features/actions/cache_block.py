"""A cache for uv, and its pruning, also where no rule asks for them."""

from collections.abc import Iterator

from uvci.features.actions.quick_fix import findings_at
from uvci.features.actions.refactoring import REWRITE, offered, refused
from uvci.features.caching import is_uncached
from uvci.features.context import context_of
from uvci.features.entries import entry_of
from uvci.features.view import CodeAction, View
from uvci.pipeline.caches import Side
from uvci.pipeline.model import Job
from uvci.rules.cache import missing_prune, no_cache
from uvci.rules.cache.lock_files import lock_files
from uvci.rules.cache.new_prune import own_prune
from uvci.rules.cache.uv_caches import cache_place
from uvci.rules.places import Owner, job_owner
from uvci.rules.rule import Change, Context, FileEdit, Fix, Rule
from uvci.rules.uv_jobs import uv_runs
from uvci.syntax.layout import column_of, line_end, line_start
from uvci.syntax.patch import Block, insert_item
from uvci.syntax.paths import locate, path_to
from uvci.syntax.splice import insert_after
from uvci.syntax.tree import Mapping, Pair, Sequence
from uvci.syntax.writing import Indents, written_item
from uvci.text.edits import TextEdit
from uvci.text.span import Span

_MOST_CACHES = 4
_DIRECTORY = "$CI_PROJECT_DIR/.uv-cache"
_BESIDE = "Cache uv in this job, beside its other caches"


def cache_refactorings(view: View, span: Span) -> Iterator[CodeAction]:
    """What would keep uv's downloads, or keep them small, for the job at a selection."""
    job = _job_at(view, span) if _is_about_uv(view, span) else None
    if job is None or job.name_origin.path != view.path:
        return
    yield from _of_rule(view, span, job, no_cache.RULE)
    if "cache" in job.keywords.entries and is_uncached(job, context_of(view)):
        yield _beside(view, job)
    yield from _of_rule(view, span, job, missing_prune.RULE)


def _is_about_uv(view: View, span: Span) -> bool:
    """Whether the selection begins on a key of a job, its name, or a line that speaks of uv."""
    text, found = view.document.text, locate(view.document.root, span.start)
    if found is None:
        return False
    line = text[line_start(text, span.start) : line_end(text, span.start)]
    return (found.on_key and len(found.path) <= 2) or "uv" in line


def _job_at(view: View, span: Span) -> Job | None:
    keys = tuple(step for step in path_to(view.document, span.start) if isinstance(step, str))
    entry = entry_of(keys)
    return view.pipeline.job(entry) if entry is not None else None


def _of_rule(view: View, span: Span, job: Job, rule: Rule) -> Iterator[CodeAction]:
    """What a rule offers for the job, where its finding is silenced, switched off or elsewhere."""
    shown = any(each.rule is rule for each in findings_at(view, span))
    found = () if shown else rule.check(context_of(view))
    fixes = (fix for each in found if job.name in each.jobs for fix in each.fixes())
    for fix in fixes:
        reason = "It would change more than it says."
        action = offered(view, fix, REWRITE, otherwise=reason)
        if not action.disabled:
            yield action


def _beside(view: View, job: Job) -> CodeAction:
    """One more cache, behind those the job has."""
    context = context_of(view)
    owner = job_owner(job, context)
    pair = owner.get("cache") if owner else None
    if owner is None or pair is None:
        reason = f"`{job.name}` gets its cache from elsewhere, and one of its own would replace it."
        return refused(_BESIDE, REWRITE, reason)
    if len(job.caches) >= _MOST_CACHES:
        return refused(_BESIDE, REWRITE, f"A job has at most {_MOST_CACHES} caches.")
    pruned, pruning = own_prune(job, context)
    edits = (*_variable(job, owner, context), *_another(owner, pair, _block(job, context)), *pruned)
    changes = (
        Change(job.name, ("cache",)),
        Change(job.name, ("variables", "UV_CACHE_DIR")),
        *pruning,
    )
    inherited = tuple(
        Change(each.name, change.keys)
        for each in (*view.pipeline.jobs, *view.pipeline.hidden)
        for change in changes
        if any(_comes_from(each, job, key) for key in ("cache", "variables"))
    )
    fix = Fix(_BESIDE, edits, declares=(*changes, *inherited))
    return offered(view, fix, REWRITE, otherwise="The job's `cache` cannot take one more entry.")


def _comes_from(job: Job, base: Job, keyword: str) -> bool:
    value, theirs = job.keywords.entries.get(keyword), base.keywords.entries.get(keyword)
    return value is not None and theirs is not None and value.origin.span == theirs.origin.span


def _block(job: Job, context: Context) -> dict[str, Block]:
    files: list[Block] = list(lock_files(job, context)[:1])
    key: Block = {"files": files} if files else "uv-$CI_COMMIT_REF_SLUG"
    return {"key": key, "paths": ["$UV_CACHE_DIR"]}


def _variable(job: Job, owner: Owner, context: Context) -> tuple[FileEdit, ...]:
    places = {cache_place(run, context).side for run in uv_runs(job, context) if run.fills_cache}
    if places == {Side.INSIDE}:
        return ()
    return owner.set_variable("UV_CACHE_DIR", _DIRECTORY)


def _another(owner: Owner, pair: Pair, block: Block) -> tuple[FileEdit, ...]:
    """The edits that add an item to `cache`, which becomes a list where it is a single one."""
    value = pair.value
    edits: tuple[TextEdit, ...] = ()
    if isinstance(value, Sequence):
        edits = insert_item(owner.document, pair, block)
    elif isinstance(value, Mapping) and value.pairs and not (value.flow or value.anchor):
        edits = (*_listed(owner, value), _appended(owner, value, block))
    return tuple(FileEdit(owner.path, edit) for edit in edits)


def _listed(owner: Owner, value: Mapping) -> Iterator[TextEdit]:
    """Every line of a block mapping two columns further in, a dash before the first."""
    text, start = owner.document.text, value.span.start
    yield TextEdit(Span(start, start), "- ")
    at = text.find("\n", start, value.span.end)
    while at >= 0:
        if text[at + 1 : at + 2] not in ("\n", "\r"):
            yield TextEdit(Span(at + 1, at + 1), "  ")
        at = text.find("\n", at + 1, value.span.end)


def _appended(owner: Owner, value: Mapping, block: Block) -> TextEdit:
    start = value.span.start
    lines = written_item(block, Indents(step=2, dash=2))
    column = column_of(owner.document.text, start)
    return insert_after(owner.document, start, value.pairs[-1].value, lines, column)
