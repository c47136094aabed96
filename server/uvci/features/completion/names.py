"""Names that one part of a pipeline takes from another: jobs, stages, `!reference` targets."""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from uvci.features.cards.job import job_card
from uvci.features.cards.stage import stage_card
from uvci.features.completion.items import Slot
from uvci.features.completion.place import Place
from uvci.features.extends import descendants
from uvci.features.job_facts import stage_of
from uvci.features.view import CompletionItem, ItemKind
from uvci.pipeline.model import Job, JobKind
from uvci.pipeline.values import Plain, Table
from uvci.syntax.tree import Style
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_REFERENCE = lazy_re(r"!reference\s*\[((?:[^\[\]#]*,)?)\s*([\"']?)([^\[\],\"'#]*)$")
_REST = lazy_re(r"[^\],\"'\n#]*")
_OWN_STAGES = frozenset({".pre", ".post"})
_USUAL_STAGES = ("lint", "build", "test", "publish", "deploy")
_TOOL_KEYS = ("script", "before_script", "after_script", "rules", "cache", "variables", "image")


def template_items(place: Place) -> Iterator[CompletionItem]:
    """Entries a job may extend: hidden ones first, never one that extends this job itself."""
    pipeline = place.view.pipeline
    taken = {place.entry, *place.siblings, *descendants(place.view, place.entry or "")}
    for job in (*pipeline.hidden, *pipeline.jobs):
        if job.name in taken:
            continue
        yield _job_item(place.slot, place, job)


def need_items(place: Place) -> Iterator[CompletionItem]:
    """Jobs this one can wait for: of earlier stages first, then of its own; none of later ones."""
    pipeline = place.view.pipeline
    order = {stage: rank for rank, stage in enumerate(pipeline.stages)}
    mine = order.get(stage_of(place.job), len(order)) if place.job else len(order)
    slot = place.slot if place.below[-1] == "job" else place.list_slot
    jobs = [
        job
        for job in pipeline.jobs
        if job.name != place.entry
        and job.name not in place.siblings
        and order.get(stage_of(job), 0) <= mine
    ]
    for job in sorted(jobs, key=lambda job: -order.get(stage_of(job), 0)):
        yield _job_item(slot, place, job)


def stage_items(place: Place) -> Iterator[CompletionItem]:
    """The stages of the pipeline, in their order; GitLab's own two, seldom meant, come last."""
    known = dict.fromkeys(place.view.pipeline.stages)
    for stage in sorted(known, key=_OWN_STAGES.__contains__):
        yield place.slot.item(
            stage, ItemKind.REFERENCE, documentation=partial(stage_card, place.view, stage)
        )


def new_stage_items(place: Place) -> Iterator[CompletionItem]:
    """Stages for the list of them: those that jobs name and it does not have, then usual ones."""
    pipeline = place.view.pipeline
    jobs = [job for job in pipeline.jobs if "stage" in job.keywords.entries]
    named = {stage_of(job): f"stage of {job.name}" for job in jobs}
    known = {*place.siblings, *_OWN_STAGES}
    for stage in dict.fromkeys((*named, *_USUAL_STAGES)):
        if stage not in known:
            yield place.list_slot.item(stage, ItemKind.REFERENCE, detail=named.get(stage, ""))


def stopping_items(place: Place) -> Iterator[CompletionItem]:
    """Jobs that can take an environment down: those that say so first."""
    jobs = [job for job in place.view.pipeline.jobs if job.name != place.entry]
    for job in sorted(jobs, key=lambda job: not _stops(job)):
        yield _job_item(place.slot, place, job)


def _stops(job: Job) -> bool:
    action = job.keywords.get("environment", "action")
    return isinstance(action, Plain) and action.text == "stop"


def reference_items(place: Place) -> Iterator[CompletionItem] | None:
    """What may stand at the cursor of a `!reference [job, keyword]`; None when in no such tag."""
    line = place.line_before
    found = _REFERENCE.search(line)
    if not found:
        return None
    steps = [step.strip(" \"'") for step in found[1].split(",") if step.strip()]
    rest = _REST.match(place.view.document.text, place.offset)
    end = rest.end() if rest else place.offset
    end -= len(rest[0]) - len(rest[0].rstrip()) if rest else 0
    slot = Slot(Span(place.offset - len(found[3]), max(end, place.offset)), found[3], flow=True)
    if found[2]:
        style = Style.SINGLE_QUOTED if found[2] == "'" else Style.DOUBLE_QUOTED
        slot = replace(slot, style=style)
    return _steps(place, slot, steps)


def _steps(place: Place, slot: Slot, steps: list[str]) -> Iterator[CompletionItem]:
    table = place.view.pipeline.merged.get(*steps) if steps else place.view.pipeline.merged
    if not isinstance(table, Table):
        return
    wanted = place.below[:1]
    names = sorted(table.entries, key=lambda name: _step_rank(table, name, wanted, steps))
    for name in names:
        if not steps and name == place.entry:
            continue
        value = table.entries[name]
        detail = f"has {wanted[0]}" if not steps and _has(value, wanted) else ""
        kind = ItemKind.KEYWORD if steps else ItemKind.JOB
        yield slot.item(name, kind, detail=detail)


def _step_rank(
    table: Table, name: str, wanted: tuple[str, ...], steps: list[str]
) -> tuple[bool, bool, int]:
    """What has or is the keyword at the cursor first, then templates, then the rest."""
    if steps:
        rank = _TOOL_KEYS.index(name) if name in _TOOL_KEYS else len(_TOOL_KEYS)
        return (name not in wanted, False, rank)
    return (not _has(table.entries[name], wanted), not name.startswith("."), 0)


def _has(value: object, wanted: tuple[str, ...]) -> bool:
    return isinstance(value, Table) and bool(wanted) and wanted[0] in value.entries


def _job_item(slot: Slot, place: Place, job: Job) -> CompletionItem:
    kinds = {JobKind.HIDDEN: "template", JobKind.TRIGGER: "trigger"}
    return slot.item(
        job.name,
        ItemKind.JOB,
        detail=kinds.get(job.kind) or stage_of(job),
        documentation=lambda: job_card(place.view, job),
    )
