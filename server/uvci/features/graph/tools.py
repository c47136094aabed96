"""Which uv and which Python a job runs, as a picture names them."""

from collections.abc import Iterable, Iterator

from uvci.catalog.contents import contents
from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, TagKind, publication
from uvci.pipeline.model import Expansion, ImageUse, Job, Variant
from uvci.pipeline.releases import releases
from uvci.pipeline.scripts import JobCommand, uv_commands, uv_installs
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import Absent, is_of_project, setting, uses_root_project
from uvci.text.patterns import lazy_re

UNKNOWN = "?"
_MOST = 3
_MINOR = lazy_re(r"(?:c?python-?|cp)?(3\.[0-9]{1,2})(?![0-9])")
_OFFICIAL_PYTHON = lazy_re(r"(?:library/)?python")


def uv_of(job: Job, context: Context) -> str:
    """The releases of uv that the job runs, or how its tag moves; empty where it has no uv."""
    uses = bool(uv_commands(job)) or bool(uv_installs(job))
    found = [
        str(known.version) if known else tagged or (UNKNOWN if uses else "")
        for known, tagged in zip(
            releases(job, context.settings), _tagged(job, uses=uses), strict=True
        )
    ]
    return _several(found)


def _tagged(job: Job, *, uses: bool) -> Iterator[str]:
    """For each set of variables what the tag of the job's image says of its uv, or nothing."""
    expansions = job.image.expansions if isinstance(job.image, ImageUse) else ()
    if uv_installs(job) or len(expansions) != len(job.variants):
        yield from ("" for _ in job.variants)
        return
    for expansion in expansions:
        image = _published(expansion)
        yield _release(image) if image is not None and uses else ""


def _release(image: Published) -> str:
    if image.kind is TagKind.FLOATING:
        return str(image.tag.release or "latest")
    return str(image.version)


def python_of(job: Job, context: Context) -> str:
    """The Pythons that the job's project commands run, else those of its images."""
    calls = [call for call in uv_commands(job) if is_of_project(call)]
    held = _pythons_of_image(job)
    found = [
        python
        for variant, of_image in zip(job.variants, held, strict=True)
        for python in _pythons(calls, job, variant, of_image, context)
    ]
    return _several(found)


def _pythons(
    calls: list[JobCommand], job: Job, variant: Variant, of_image: str, context: Context
) -> Iterable[str]:
    asked = [_asked(call, job, variant, context) for call in calls]
    return [python or of_image for python in asked] if asked else [of_image]


def _asked(call: JobCommand, job: Job, variant: Variant, context: Context) -> str:
    """The Python that a call names, by uv's order of precedence; empty where it names none."""
    if flag := call.command.flag("--python", "-p"):
        return _minor(flag.value)
    wanted = setting("UV_PYTHON", variant, call)
    if wanted is Absent.UNKNOWN and "UV_PYTHON" in variant.variables:
        return UNKNOWN
    if isinstance(wanted, str) and wanted:
        return _minor(wanted)
    pinned = context.project.python_version_file
    return _minor(pinned) if pinned and uses_root_project(call, job, context) else ""


def _minor(text: str | None) -> str:
    found = _MINOR.match(text or "")
    return found[1] if found else UNKNOWN


def _pythons_of_image(job: Job) -> Iterator[str]:
    expansions = job.image.expansions if isinstance(job.image, ImageUse) else ()
    if len(expansions) != len(job.variants):
        return iter([""] * len(job.variants))
    return map(_python_of_image, expansions)


def _python_of_image(expansion: Expansion) -> str:
    image = _published(expansion)
    if image is not None:
        return contents(image).python or ""
    ref = parse_image(expansion.text or "")
    if ref.host in ("", "docker.io") and _OFFICIAL_PYTHON.fullmatch(ref.path) and ref.tag:
        found = _MINOR.match(ref.tag)
        return found[1] if found else ""
    return ""


def _published(expansion: Expansion) -> Published | None:
    ref = parse_image(expansion.text or "")
    if ref.registry is None or ref.effective_tag is None:
        return None
    found = publication(ref.registry, ref.effective_tag)
    return found if isinstance(found, Published) else None


def _several(texts: Iterable[str]) -> str:
    """Each text once, the first few of them."""
    every = [text for text in dict.fromkeys(texts) if text]
    rest = len(every) - _MOST
    return ", ".join(every) if rest <= 0 else f"{', '.join(every[:_MOST])} and {rest} more"
