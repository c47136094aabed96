"""All that a job needs to work with uv, in one edit: image, variables, cache and pruning."""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from uvci.features.actions.migrate import job_to_change
from uvci.features.actions.refactoring import REWRITE, offered, refused
from uvci.features.context import context_of
from uvci.features.extends import descendants
from uvci.features.migration.caches import DIRECTORY, link_step, prune_step, set_variable, uv_cache
from uvci.features.migration.images import Wanted, image_place, new_image
from uvci.features.migration.model import Refusal
from uvci.features.migration.plan import plan_of
from uvci.features.new_jobs.images import default_image
from uvci.features.stages import Step, after_steps, edits_to
from uvci.features.view import CodeAction, View
from uvci.pipeline.model import ImageUse, Job, JobKind
from uvci.pipeline.scripts import uv_commands, uv_installs
from uvci.pipeline.values import Unknown
from uvci.rules.commands import unlocked_sync
from uvci.rules.edits import replaced
from uvci.rules.images.uses import uv_images_of
from uvci.rules.places import Owner, job_owner
from uvci.rules.proof import effective_differences
from uvci.rules.rule import Change, Context, FileEdit, Fix
from uvci.rules.variables import link_mode
from uvci.syntax.patch import Quoted
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_TITLE = "Set up uv in this job"
_UV = lazy_re(r"\buvx? ")
_PARTS = {"image": "image", "variables": "variables", "cache": "cache", "after_script": "prune"}
_OTHERWISE = "The pipeline would change in more than this job, or get new mistakes."


def set_ups(view: View, span: Span) -> Iterator[CodeAction]:
    """The action for the job at a selection; migrating it comes first where that is to be done."""
    job = job_to_change(view, span, _UV)
    if job is None or job.kind is JobKind.TRIGGER or plan_of(job, view) is not None:
        return
    context = context_of(view)
    image = _image(job, view) if job.complete else Refusal("It extends what cannot be read here.")
    if isinstance(image, Refusal):
        yield refused(_TITLE, REWRITE, image.why)
        return
    after = after_steps(context, _steps(job.name, image))
    changes = _changes(job, context, after) if after else {}
    if after is None or not changes.keys() & {("image",), ("cache",)}:
        return
    names = (job.name, *sorted(descendants(view, job.name)))
    declares = tuple(Change(name, keys) for name in names for keys in changes)
    fix = Fix(_title(changes), edits_to(context, after), declares=declares)
    yield offered(view, fix, REWRITE, otherwise=_OTHERWISE)


def _title(changes: dict[tuple[str, ...], None]) -> str:
    keywords = {keys[0] for keys in changes}
    parts = [name for keyword, name in _PARTS.items() if keyword in keywords]
    if "after_script" not in keywords and "script" in keywords:
        parts.append("prune")
    shown = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{_TITLE}: {shown}"


def _changes(job: Job, before: Context, after: Context) -> dict[tuple[str, ...], None]:
    """What differs in the job, as far as setting up may change it."""
    differences = effective_differences(before.pipeline, after.pipeline)
    return {
        path[:2] if path[0] == "variables" else path[:1]: None
        for name, path in differences
        if name == job.name and path and path[0] in (*_PARTS, "script")
    }


def _image(job: Job, view: View) -> str | Refusal:
    """The image the job gets, empty where it has one that will do."""
    if job.image is None:
        return default_image(view) or Refusal("No image of uv has a Python that the project takes.")
    if isinstance(job.image, Unknown):
        return Refusal("Which image it runs in is not known.")
    found = new_image(job, view, Wanted())
    if isinstance(found, str):
        return found
    if uv_installs(job) or any(uv_images_of(job)):
        return ""
    if isinstance(found, Refusal):
        return found
    return Refusal(f"No image of uv is the same as `{job.image.name.text}`.")


def _steps(name: str, image: str) -> list[Step]:
    return [
        partial(_with_image, name, image),
        partial(_with_lock, name),
        partial(_with_cache, name),
        partial(_with_link, name),
        partial(prune_step, name),
    ]


def _typed(name: str, context: Context) -> tuple[Job, Owner] | None:
    job = context.pipeline.job(name)
    owner = job_owner(job, context) if job else None
    return (job, owner) if job and owner else None


def _with_image(name: str, image: str, context: Context) -> tuple[FileEdit, ...]:
    found = _typed(name, context)
    if found is None or not image:
        return ()
    job, owner = found
    own = owner.get("image") is not None
    if own and isinstance(job.image, ImageUse):
        return replaced(job.image.name.origin, image, context)
    return () if own else owner.add("image", image, before=image_place(owner))


def _with_lock(name: str, context: Context) -> tuple[FileEdit, ...]:
    """`UV_LOCKED`, where the job would otherwise lock anew."""
    found = _typed(name, context)
    if found is None or not any(unlocked_sync.check(replace(context, judged=(found[0],)))):
        return ()
    return set_variable(found[1], "UV_LOCKED", Quoted("1"))


def _with_link(name: str, context: Context) -> tuple[FileEdit, ...]:
    """`UV_LINK_MODE`, where uv would warn that it cannot link what it installs."""
    found = _typed(name, context)
    if found is None:
        return ()
    job, owner = found
    if "UV_LINK_MODE" in job.variants[0].variables:
        return ()
    if any(link_mode.check(replace(context, judged=(job,)))):
        return set_variable(owner, "UV_LINK_MODE", "copy")
    outside = any(call.command.flag("--system") for call in uv_commands(job))
    return link_step(name, context) if outside else ()


def _with_cache(name: str, context: Context) -> tuple[FileEdit, ...]:
    found = _typed(name, context)
    if found is None or "cache" in found[0].keywords.entries:
        return ()
    job, owner = found
    script = owner.get("before_script") or owner.get("script")
    known = job.variants[0].variables.get("UV_CACHE_DIR")
    variable = () if known else set_variable(owner, "UV_CACHE_DIR", DIRECTORY)
    return (*variable, *owner.add("cache", uv_cache(job, context), before=script))
