"""Which uv a job runs: what its image's tag, its installer or the settings say."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from uvci.catalog.images import parse_image
from uvci.catalog.publication import Publication, Published, TagKind, publication
from uvci.catalog.tags import Tag, parse_tag
from uvci.catalog.versions import UvVersion
from uvci.pipeline.images import leaves_image_aside
from uvci.pipeline.model import Expansion, ImageUse, Job, UvRelease
from uvci.pipeline.scripts import JobInstall, uv_installs
from uvci.pipeline.sources import Settings

_known: "WeakKeyDictionary[Job, dict[Settings | None, tuple[UvRelease | None, ...]]]"
_known = WeakKeyDictionary()


def releases(job: Job, settings: Settings | None = None) -> tuple[UvRelease | None, ...]:
    """For each of the job's sets of variables the uv it runs; None where that cannot be known.

    An installer in the scripts wins over the image. The settings' target version stands in where
    neither tells.
    """
    known = _known.setdefault(job, {})
    if settings not in known:
        known[settings] = _releases(job, settings)
    return known[settings]


def _releases(job: Job, settings: Settings | None) -> tuple[UvRelease | None, ...]:
    installed = _installed(uv_installs(job))
    if installed is not None:
        return (installed,) * len(job.variants)
    assumed = _assumed(settings)
    if uv_installs(job) or not isinstance(job.image, ImageUse) or leaves_image_aside(job):
        return (assumed,) * len(job.variants)
    image = job.image
    return tuple(_of_image(image, one) or assumed for one in image.expansions)


def release(job: Job, settings: Settings | None = None) -> UvRelease | None:
    """The one uv that the job runs with every set of variables; None where it varies."""
    found = releases(job, settings)
    first = found[0] if found else None
    if first is None or any(one is None or one.version != first.version for one in found):
        return None
    return first


def _assumed(settings: Settings | None) -> UvRelease | None:
    if settings is None or settings.target_version is None:
        return None
    return UvRelease(settings.target_version, "settings", None)


def _installed(installs: Sequence[JobInstall]) -> UvRelease | None:
    """The version that the last installer asks for; None unless it is certain."""
    if not installs:
        return None
    last = installs[-1]
    version = UvVersion.parse(last.install.version or "")
    if version is None or last.install.command.conditional:
        return None
    return UvRelease(version, "installer", last.line.plain.origin)


def _of_image(image: ImageUse, expansion: Expansion) -> UvRelease | None:
    if expansion.text is None:
        return None
    ref = parse_image(expansion.text)
    if ref.registry is None or ref.tag is None:
        return None
    tag = parse_tag(ref.tag)
    version = tag.version if isinstance(tag, Tag) else None
    if version is None:
        version = _frozen(publication(ref.registry, ref.tag))
    return UvRelease(version, "image", image.name.origin) if version else None


def _frozen(found: Publication) -> UvVersion | None:
    """The uv at which a tag has stopped, its variant being built no more."""
    if isinstance(found, Published) and found.kind is TagKind.FROZEN:
        return found.version
    return None
