"""A job's migration as edits, with what they promise and how they are explained."""

import re
from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from uvci.catalog.tokens import masked
from uvci.features.migration.caches import cache_step, link_step, prune_step
from uvci.features.migration.images import image_place
from uvci.features.migration.model import Plan, Refusal, Tool
from uvci.features.migration.scripts import script_edits
from uvci.features.migration.variables import variables_step
from uvci.features.stages import Step, after_steps, edits_to
from uvci.pipeline.model import ImageUse, Section
from uvci.pipeline.scripts import uv_commands
from uvci.rules.edits import replaced
from uvci.rules.places import job_owner
from uvci.rules.rule import Applicability, Change, Context, FileEdit, Fix
from uvci.syntax.patch import insert_item
from uvci.syntax.tree import Sequence
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

TITLE = "Migrate this job to uv"
_KEYWORD = lazy_re(r"^[ \t]+(?:variables|cache|after_script):[ \t]*\r?$", re.MULTILINE)
_VARIABLES = ("UV_CACHE_DIR", "UV_LINK_MODE")


class Migration(Struct, frozen=True):
    """A job with uv: the edits as a fix that says what may differ, and the job's other keywords.

    `removed` are the variables that nothing reads any more.
    """

    plan: Plan
    fix: Fix
    removed: tuple[str, ...]


def migration_of(plan: Plan) -> Migration | Refusal:
    """The migration that is planned."""
    scripts = script_edits(plan)
    if isinstance(scripts, Refusal):
        return scripts
    name = plan.job.name
    first = after_steps(plan.context, [lambda _: (*scripts, *_image(plan))])
    after = after_steps(first, _steps(plan)) if first else None
    if after is None:
        return Refusal("Its lines cannot be edited as they are typed.")
    gone = _tools_gone(plan)
    edits, removed = variables_step(name, gone, after) if not plan.heirs else ((), ())
    after = after_steps(after, [lambda _: edits])
    if after is None:
        return Refusal("Its variables cannot be edited as they are typed.")
    fix = Fix(
        title_of(plan),
        tuple(part for edit in edits_to(plan.context, after) for part in _apart(edit)),
        Applicability.UNSAFE,
        declares=_promise(plan, removed),
    )
    return Migration(plan, fix, removed)


def _apart(edit: FileEdit) -> Iterator[FileEdit]:
    """An edit of whole lines as two where a keyword begins in it, each to be looked at alone."""
    found = _KEYWORD.search(edit.edit.content)
    if found is None or found.start() == 0 or not edit.edit.span:
        yield edit
        return
    span, content = edit.edit.span, edit.edit.content
    yield FileEdit(edit.path, TextEdit(span, content[: found.start()]))
    behind = Span(span.end, span.end)
    yield FileEdit(edit.path, TextEdit(behind, content[found.start() :]))


def _steps(plan: Plan) -> list[Step]:
    name = plan.job.name
    projects = any(call.tool in (Tool.POETRY, Tool.PIPENV) for call in plan.calls)
    steps: list[Step] = [partial(_bootstrap, plan), partial(_cache, name, projects)]
    if any(rewrite.into_image for rewrite in plan.rewrites):
        steps.append(partial(link_step, name))
    return [*steps, partial(prune_step, name)]


def _cache(name: str, projects: bool, context: Context) -> tuple[FileEdit, ...]:  # noqa: FBT001
    return cache_step(name, context, environments=projects)


def _bootstrap(plan: Plan, context: Context) -> tuple[FileEdit, ...]:
    """The edits that install uv before the first command that calls it, or all others."""
    job = context.pipeline.job(plan.job.name)
    owner = job_owner(job, context) if job else None
    if plan.bootstrap is None or job is None or owner is None:
        return ()
    lines = job.scripts[:1] if plan.bootstraps_early else [call.line for call in uv_commands(job)]
    nodes = [line.plain.origin.node for line in lines]
    for section in (Section.BEFORE, Section.MAIN):
        pair = owner.get(section.value)
        if pair is None:
            continue
        items = pair.value.items if isinstance(pair.value, Sequence) else (pair.value,)
        at = next((at for at, item in enumerate(items) if item in nodes), None)
        if at is not None:
            edits = insert_item(owner.document, pair, plan.bootstrap, index=at)
            return tuple(FileEdit(owner.path, edit) for edit in edits)
    return ()


def _image(plan: Plan) -> tuple[FileEdit, ...]:
    """The edits of the job's image: where it is typed in the job, else a new keyword."""
    use, owner = plan.job.image, job_owner(plan.job, plan.context)
    if not plan.image or owner is None or not isinstance(use, ImageUse):
        return ()
    if owner.get("image") is not None:
        return replaced(use.name.origin, plan.image, plan.context)
    return owner.add("image", plan.image, before=image_place(owner))


def _tools_gone(plan: Plan) -> frozenset[str]:
    """The tools that nothing in the job calls any more."""
    if plan.left:
        return frozenset()
    return frozenset({"pip", "poetry", "pipenv"})


def _promise(plan: Plan, removed: tuple[str, ...]) -> tuple[Change, ...]:
    lines = [*(one.line for one in plan.rewrites), *(one.line for one in plan.drops)]
    sections = {line.section.value for line in lines}
    keywords = [*sorted(sections), "cache", "after_script", "script"]
    keywords += ["before_script"] if plan.bootstrap else []
    keywords += ["image"] if plan.image else []
    paths: list[tuple[str, ...]] = [(keyword,) for keyword in dict.fromkeys(keywords)]
    paths += [("variables", name) for name in (*_VARIABLES, *removed)]
    return tuple(Change(name, path) for name in plan.names for path in paths)


def title_of(plan: Plan) -> str:
    """What the action is called: it says what it leaves."""
    heirs = f", and so {_count(len(plan.heirs), 'that extends it')}" if plan.heirs else ""
    if not plan.left:
        return f"{TITLE}{heirs}"
    texts = [f"`{_short(one.text)}`" for one in plan.left]
    shown = texts[0] if len(texts) == 1 else f"{texts[0]} and {len(texts) - 1} more"
    return f"{TITLE}{heirs} (leaves {shown})"


def _count(number: int, what: str) -> str:
    return f"the entry {what}" if number == 1 else f"the {number} entries {what.replace('s ', ' ')}"


def _short(text: str) -> str:
    line = " ".join(masked(text).split())
    return line if len(line) <= 40 else f"{line[:39]}…"
