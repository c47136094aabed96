"""UVC107: an image whose Python the project does not use."""

from collections.abc import Iterable, Iterator
from functools import partial

from uvci.catalog.neighbours import variant_tags
from uvci.catalog.publication import Published, published_versions
from uvci.catalog.tags import Tag, numbers_in
from uvci.pipeline.scripts import JobCommand, uv_commands
from uvci.rules.images.python_range import accepts
from uvci.rules.images.uses import UvImage, definitions, retagged, tag_origin, uv_images
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import Absent, adds_python, setting, uses_root_project
from uvci.text.patterns import lazy_re

_MINOR = lazy_re(r"(?:python|cpython|cpython-|cp)?(3\.[0-9]{1,2})(?:\.[0-9]+)?")


def check(context: Context) -> Iterable[Finding]:
    """Images with a Python that no project command of the job will use."""
    for image in uv_images(context):
        found = image.found
        if not isinstance(found, Published) or not found.tag.python or "rc" in found.tag.python:
            continue
        calls = [
            call for call in uv_commands(image.job) if uses_root_project(call, image.job, context)
        ]
        reasons = [_reason(found.tag.python, image, call, context) for call in calls]
        if not reasons or not all(reasons) or _installs_python(image):
            continue
        yield RULE.at(
            tag_origin(image, context),
            f"The image holds Python {found.tag.python}, but {reasons[0]}, so uv downloads another "
            "one in {jobs}; use an image with the right Python.",
            image.job.name,
            fixes=partial(_fixes, image, found, calls[0], context),
            related=definitions(image),
        )


def _installs_python(image: UvImage) -> bool:
    return adds_python(image.job) or any(
        call.command.subcommand == ("python", "install") for call in uv_commands(image.job)
    )


def _reason(python: str, image: UvImage, call: JobCommand, context: Context) -> str:
    """Why uv will not use `python` for a call; empty where it may."""
    if flag := call.command.flag("--python", "-p"):
        return _unlike(python, flag.value, f"the command asks for {flag.value}")
    wanted = setting("UV_PYTHON", image.expansion.variant, call)
    if wanted is Absent.UNKNOWN:
        return ""
    if isinstance(wanted, str) and wanted:
        return _unlike(python, wanted, f"`UV_PYTHON` asks for {wanted}")
    requires = context.project.requires_python
    if not accepts(requires, python):
        return f"the project requires `{requires}`"
    pinned = context.project.python_version_file
    return _unlike(python, pinned, f"`.python-version` asks for {pinned}")


def _unlike(python: str, wanted: str | None, reason: str) -> str:
    """`reason` where `wanted` names another minor version."""
    minor = _MINOR.fullmatch(wanted or "")
    return reason if minor and minor[1] != python else ""


def _fixes(image: UvImage, found: Published, call: JobCommand, context: Context) -> tuple[Fix, ...]:
    return retagged(image, list(_tags(image, found, call, context))[:1], context)


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
