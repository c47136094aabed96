"""One variable for the uv of all images that write its release out."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.images import parse_image
from uvci.catalog.publication import Published, publication
from uvci.catalog.tags import Tag, parse_tag
from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import Expansion, ImageUse, Job, Pipeline
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, replaced, setting_changes
from uvci.rules.places import root_owner
from uvci.rules.rule import Applicability, Context, Fix
from uvci.syntax.patch import Quoted
from uvci.syntax.tree import Scalar
from uvci.text.patterns import lazy_re

_RELEASE = lazy_re(r"([0-9]+\.[0-9]+\.[0-9]+)(?=-|\Z)")
_NAME = "UV_VERSION"


class Pin(Struct, frozen=True, eq=False):
    """One typed image that pins a release of uv, with what its jobs make of it."""

    origin: Origin
    text: str
    start: int
    version: UvVersion
    jobs: tuple[Job, ...]

    @property
    def end(self) -> int:
        """Where the release ends in the image's text; it begins at `start`."""
        return self.start + len(str(self.version))

    def expansions(self) -> Iterator[Expansion]:
        """What the image is for each set of variables of each job."""
        for job in self.jobs:
            if isinstance(job.image, ImageUse):
                yield from job.image.expansions


class OneVersion(Struct, frozen=True, eq=False):
    """All images that can share a variable, the release it holds, and how they come to share it."""

    pins: tuple[Pin, ...]
    version: UvVersion
    fix: Fix

    def keeps_images(self, before: Pipeline, after: Pipeline) -> bool:
        """Whether all jobs run in the images they did, those that move with the one release."""
        name = _free(before)
        moved = {job.name for pin in self.pins for job in pin.jobs}
        moved |= {job.name for job in _followers(before, name)}
        return all(
            _image_texts(job, self.version if job.name in moved else None)
            == _image_texts(after.job(job.name), None)
            for job in before.jobs
        )


def one_version(context: Context) -> OneVersion | None:
    """The newest release that more than one image can have, and the edits to one variable."""
    found = list(pins(context))
    known = _known(context.pipeline)
    versions = [pin.version for pin in found] + ([known] if known else [])
    for version in sorted(set(versions), reverse=True):
        movable = [pin for pin in found if _has_image(pin, version)]
        if len(movable) > 1:
            fix = _fix(context, movable, len(found) - len(movable), version)
            return OneVersion(tuple(movable), version, fix)
    return None


def one_version_fixes(context: Context) -> tuple[Fix, ...]:
    """The fix for images that pin several releases."""
    found = one_version(context)
    return (replace(found.fix, keeps=found.keeps_images),) if found else ()


def pins(context: Context) -> Iterator[Pin]:
    """The images of uv with a release written out, in files that can be edited."""
    users: dict[tuple[str, int], list[Job]] = {}
    for job in (*context.pipeline.jobs, *context.pipeline.hidden):
        if isinstance(job.image, ImageUse):
            origin = job.image.name.origin
            users.setdefault((origin.path, origin.span.start), []).append(job)
    for (path, _), jobs in users.items():
        use = jobs[0].image
        if not isinstance(use, ImageUse) or not isinstance(use.name.origin.node, Scalar):
            continue
        ref = parse_image(use.name.text)
        found = _RELEASE.match(ref.tag or "")
        version = UvVersion.parse(found[1]) if found else None
        editable = context.pipeline.file(path) is not None and context.files.exists(path) is True
        if ref.registry and ref.tag_span and version and editable and ref.digest is None:
            yield Pin(use.name.origin, ref.text, ref.tag_span.start, version, tuple(jobs))


def _known(pipeline: Pipeline) -> UvVersion | None:
    """The release that the pipeline's own variable says."""
    variable = pipeline.root_variables.get(_NAME)
    return UvVersion.parse(variable.raw or "") if variable else None


def _has_image(pin: Pin, version: UvVersion) -> bool:
    """Whether its variant is published for that release, and its jobs get root variables."""
    if any(job.keywords.get("inherit", "variables") is not None for job in pin.jobs):
        return False
    return all(
        isinstance(_published(expansion.text or "", version), Published)
        for expansion in pin.expansions()
    )


def _published(image: str, version: UvVersion) -> object:
    ref = parse_image(image)
    tag = parse_tag(ref.tag or "")
    if ref.registry is None or not isinstance(tag, Tag):
        return None
    return publication(ref.registry, tag.with_release(version).text)


def _fix(context: Context, movable: list[Pin], left: int, version: UvVersion) -> Fix:
    name, owner = _free(context.pipeline), root_owner(context)
    variable = owner.set_variable(name, Quoted(str(version))) if owner else ()
    edits = [
        edit for pin in movable for edit in replaced(pin.origin, _composed(pin, name), context)
    ]
    files = len({pin.origin.path for pin in movable})
    where = f"{len(movable)} images" + (f" in {files} files" if files > 1 else "")
    rest = f", {left} left as {'it is' if left == 1 else 'they are'}" if left else ""
    return Fix(
        f"Use one uv version: ${name}, {version}, for {where}{rest}",
        (*variable, *edits),
        Applicability.UNSAFE,
        preferred=True,
        declares=(*arrivals(edits, context), *setting_changes(name)),
    )


def _followers(pipeline: Pipeline, name: str) -> Iterator[Job]:
    """The jobs whose image has the variable in it already."""
    for job in pipeline.jobs:
        if isinstance(job.image, ImageUse) and any(
            piece.name == name for one in job.image.expansions for piece in one.pieces
        ):
            yield job


def _free(pipeline: Pipeline) -> str:
    """The usual name, or one like it where that holds no release of uv or jobs set it too."""
    jobs = (*pipeline.jobs, *pipeline.hidden)
    own = {name for job in jobs for one in job.variants for name in one.variables}
    taken = own.union(pipeline.root_variables)
    if _NAME not in taken or (_known(pipeline) and not _is_overridden(pipeline)):
        return _NAME
    number = 2
    while f"{_NAME}_{number}" in taken:
        number += 1
    return f"{_NAME}_{number}"


def _is_overridden(pipeline: Pipeline) -> bool:
    root = pipeline.root_variables[_NAME]
    return any(
        one.variables[_NAME].origin != root.origin
        for job in pipeline.jobs
        for one in job.variants
        if _NAME in one.variables
    )


def _composed(pin: Pin, name: str) -> str:
    return f"{pin.text[: pin.start]}${name}{pin.text[pin.end :]}"


def _image_texts(job: Job | None, version: UvVersion | None) -> list[str | None]:
    if job is None or not isinstance(job.image, ImageUse):
        return []
    texts = [expansion.text for expansion in job.image.expansions]
    return [_moved(text, version) if text and version else text for text in texts]


def _moved(image: str, version: UvVersion) -> str:
    ref = parse_image(image)
    return f"{ref.name}:{_RELEASE.sub(str(version), ref.tag or '', count=1)}"
