"""UVC107: an image whose Python the project does not use."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import Published, published_versions
from uvci.catalog.tags import Tag, numbers_in
from uvci.pipeline.model import Job, ScriptLine
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.rules.images.python_range import accepts
from uvci.rules.images.uses import (
    UvImage,
    definitions,
    pythons_of,
    retagged,
    tag_origin,
    uv_images,
)
from uvci.rules.places import job_owner
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.rules.uv_jobs import Absent, adds_python, setting, uses_root_project
from uvci.syntax.patch import Quoted
from uvci.text.patterns import lazy_re

_PINS = lazy_re(r"\bpython\s+pin\b|\.python-version")
_NEVER = ("never", "manual", "0", "false")
_MINOR = lazy_re(r"(?:python|cpython|cpython-|cp)?(3\.[0-9]{1,2})(?:\.[0-9]+)?")


def check(context: Context) -> Iterable[Finding]:
    """Images with a Python that no project command of the job will use."""
    for image in uv_images(context):
        found, why = image.found, _why_unused(image, context)
        if why is None or not isinstance(found, Published):
            continue
        call, reason = why
        yield RULE.at(
            tag_origin(image, context),
            f"The image holds Python {found.tag.python}, but {reason}, so uv "
            f"{_outcome(image, call, context)} in {{jobs}}; {_advice(image, call, context)}.",
            image.job.name,
            fixes=partial(_fixes, image, found, call, context),
            related=definitions(image),
        )


def _is_concerned(job: Job, context: Context) -> bool:
    """Whether there is a finding; what it advises depends on the other jobs too."""
    images = uv_images(replace(context, judged=(job,)))
    return any(_why_unused(image, context) is not None for image in images)


def _why_unused(image: UvImage, context: Context) -> tuple[JobCommand, str] | None:
    """The first command that passes the image's Python over, and why; None where one may use it."""
    found = image.found
    if not isinstance(found, Published) or not found.tag.python or "rc" in found.tag.python:
        return None
    calls = [call for call in uv_commands(image.job) if uses_root_project(call, image.job, context)]
    reasons = [_reason(found.tag.python, image, call, context) for call in calls]
    if not reasons or not all(reasons) or _installs_python(image):
        return None
    return calls[0], reasons[0]


def _installs_python(image: UvImage) -> bool:
    return adds_python(image.job) or any(
        call.command.subcommand == ("python", "install") for call in uv_commands(image.job)
    )


def _outcome(image: UvImage, call: JobCommand, context: Context) -> str:
    """What uv does without a Python that fits."""
    value = setting("UV_PYTHON_DOWNLOADS", image.expansion.variant, call)
    if value is Absent.UNSET:
        value = context.project.pyproject.uv.get("python-downloads", value)
    return "exits with 2, as it may download none" if value in _NEVER else "downloads another one"


def _advice(image: UvImage, call: JobCommand, context: Context) -> str:
    if (python := _wanted_of_several(image, call, context)) is None:
        return "use an image with the right Python"
    if len(image.job.variants) > 1:
        return "set `UV_PYTHON` to that of each image if those are meant"
    return f"set `UV_PYTHON` to {python} if that is the one meant"


def _wanted_of_several(image: UvImage, call: JobCommand, context: Context) -> str | None:
    """The image's Python, where only `.python-version` is against it, and other images differ.

    Such a job was made for the Python of its image.
    """
    python = image.found.tag.python if isinstance(image.found, Published) else None
    if python is None or len(pythons_of(context)) == 1:
        return None
    return None if _demand(python, image, call, context) else python


def _reason(python: str, image: UvImage, call: JobCommand, context: Context) -> str:
    """Why uv will not use `python` for a call; empty where it may."""
    demand = _demand(python, image, call, context)
    if demand is None or any(map(_may_pin, image.job.scripts)):
        return ""
    pinned = context.project.python_version_file
    return demand or _unlike(python, pinned, f"`.python-version` asks for {pinned}")


def _demand(python: str, image: UvImage, call: JobCommand, context: Context) -> str | None:
    """What else than `.python-version` is against `python`; None where uv does not look at that."""
    if flag := call.command.flag("--python", "-p"):
        return _unlike(python, flag.value, f"the command asks for {flag.value}") or None
    wanted = setting("UV_PYTHON", image.expansion.variant, call)
    if wanted is Absent.UNKNOWN:
        return None
    if isinstance(wanted, str) and wanted:
        return _unlike(python, wanted, f"`UV_PYTHON` asks for {wanted}") or None
    requires = context.project.requires_python
    return "" if accepts(requires, python) else f"the project requires `{requires}`"


def _may_pin(line: ScriptLine) -> bool:
    """Whether a line of a script may write another `.python-version`."""
    return _PINS.search(line.text) is not None


def _unlike(python: str, wanted: str | None, reason: str) -> str:
    """`reason` where `wanted` names another minor version."""
    minor = _MINOR.fullmatch(wanted or "")
    return reason if minor and minor[1] != python else ""


def _fixes(image: UvImage, found: Published, call: JobCommand, context: Context) -> tuple[Fix, ...]:
    python = _wanted_of_several(image, call, context)
    if python is None:
        return retagged(image, list(_tags(image, found, call, context))[:1], context)
    owner = job_owner(image.job, context) if len(image.job.variants) == 1 else None
    edits = owner.set_variable("UV_PYTHON", Quoted(python)) if owner else ()
    changes = owner.variable_changes("UV_PYTHON") if owner else ()
    title = f"Set `UV_PYTHON` to {python} for this job"
    fix = Fix(title, edits, Applicability.UNSAFE, preferred=True, declares=changes)
    return (fix,) if edits else ()


def _tags(image: UvImage, found: Published, call: JobCommand, context: Context) -> Iterator[Tag]:
    """The same release and base with a Python that the call accepts, newest first."""
    same_base = (tag for tag in variant_tags() if tag.base_text == found.tag.base_text)
    newest = sorted(same_base, key=lambda tag: numbers_in(tag.python or ""), reverse=True)
    for tag in newest:
        held = found.version in published_versions(image.registry, tag.variant)
        if held and tag.python and not _reason(tag.python, image, call, context):
            yield tag.with_release(found.tag.release)


RULE = Rule(
    code="UVC107",
    name="python-mismatch",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Compares the Python in uv's images with what project commands ask for: `--python`, "
    "`UV_PYTHON`, `.python-version` and `requires-python`, in uv's order. Tools that `uvx` runs "
    "ignore the project and do not count.",
    why="uv downloads a Python of its own, in every job, and the one that the image was chosen for "
    "lies idle. With `UV_PYTHON_DOWNLOADS: never` the job fails instead.",
    check=check,
    whole=True,
    concerns=_is_concerned,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.12.5-python3.10-trixie-slim»
  script:
    - uv sync --locked
    - uv run pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.12-trixie-slim
  script:
    - uv sync --locked
    - uv run pytest
""",
            files={
                "pyproject.toml": '[project]\nname = "app"\nrequires-python = ">=3.11"\n',
                ".python-version": "3.12\n",
            },
        ),
    ),
    references=("https://docs.astral.sh/uv/concepts/python-versions/",),
)
