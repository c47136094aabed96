"""What GitLab runs for a job, as Markdown."""

from collections.abc import Iterator

from uvci.catalog.contents import describe
from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, publication
from uvci.features.extends import descendants
from uvci.features.markdown import bullets, card, code, codes
from uvci.features.origins import came_from, told
from uvci.features.secrecy import discreet
from uvci.features.view import View
from uvci.pipeline.model import CacheUse, ImageUse, Job, JobKind, KeyKind, Scope, Section, TextUse
from uvci.rules.publishing.secrets import discreet_script

_MOST = 4


def job_card(view: View, job: Job) -> str:
    """The effective job: image, uv, cache, variables and script, with where they come from."""
    lines = [
        *_image_lines(view, job),
        *(_cache_line(view, cache) for cache in job.caches),
        _variables_line(job),
        _matrix_line(job),
        _script_line(job),
        _users_line(view, job),
        "" if job.complete else "More may come from an include that cannot be read here",
    ]
    return card(f"**{code(job.name)}** · {_kind(job)}", bullets(lines))


def _kind(job: Job) -> str:
    match job.kind:
        case JobKind.HIDDEN:
            return "template, never runs by itself"
        case JobKind.TRIGGER:
            return f"starts another pipeline in stage {code(job.stage)}"
        case JobKind.SCRIPT:
            return f"job in stage {code(job.stage)}"


def _image_lines(view: View, job: Job) -> Iterator[str]:
    if not isinstance(job.image, ImageUse):
        return
    texts = dict.fromkeys(each.text for each in job.image.expansions)
    known = [text for text in texts if text]
    origin = told(view, job.image.name.origin)
    if not known:
        yield f"Image: {code(job.image.name.text)}{origin}, known only when it runs"
    for text in known[:_MOST]:
        ref = parse_image(text)
        found = publication(ref.registry, ref.effective_tag or "") if ref.registry else None
        holds = f": {describe(found)}" if isinstance(found, Published) else ""
        yield f"Image: {code(text)}{origin}{holds}"
    if len(known) > _MOST:
        yield f"and {len(known) - _MOST} more images"


def _cache_line(view: View, cache: CacheUse) -> str:
    paths = codes(path.plain.text for path in cache.paths) or "no path"
    policy = f", {cache.policy}" if cache.policy not in ("pull-push", None) else ""
    return f"Cache: {paths} under {key_words(cache)}{policy}{told(view, cache.value.origin)}"


def key_words(cache: CacheUse) -> str:
    """The key of a cache in a few words, expanded where it is known."""
    key = cache.key
    match key.kind:
        case KeyKind.DEFAULT:
            return "the key `default`"
        case KeyKind.TEXT if key.text:
            return f"the key {codes(_expanded(key.text))}"
        case KeyKind.FILES:
            prefix = f"{code(key.prefix.plain.text)} and " if key.prefix else ""
            return f"a key from {prefix}the content of {codes(file.text for file in key.files)}"
        case _:
            return "a key that is not known"


def _expanded(use: TextUse) -> list[str]:
    texts = dict.fromkeys(each.text for each in use.expansions)
    known = [text for text in texts if text is not None]
    return known or [use.plain.text]


def _variables_line(job: Job) -> str:
    if not job.variants:
        return ""
    own = [
        f"{name}={discreet(name, variable.raw)}"
        for name, variable in job.variants[0].variables.items()
        if name.startswith("UV_")
        and variable.raw is not None
        and variable.scope is not Scope.PREDEFINED
    ]
    return f"Variables of uv: {codes(own, 6)}" if own else ""


def _matrix_line(job: Job) -> str:
    labels = [variant.label for variant in job.variants if variant.label]
    return f"Runs {len(labels)} times: {codes(labels, 6)}" if labels else ""


def _script_line(job: Job) -> str:
    lines = [line for line in job.scripts if line.section is Section.MAIN]
    if not lines:
        return ""
    first = discreet_script(lines[0].text.strip().split("\n")[0])
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"Script: {code(first)}{more} {came_from(lines[0].plain.origin)}".rstrip()


def _users_line(view: View, job: Job) -> str:
    if not job.hidden:
        return ""
    heirs = descendants(view, job.name)
    users = [each.name for each in view.pipeline.jobs if each.name in heirs]
    return f"Used by {codes(users, 6)}" if users else "No job extends it"
