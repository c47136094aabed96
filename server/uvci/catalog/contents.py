"""What an image of uv holds, and one line that says it."""

from functools import lru_cache
from typing import TypeVar

from msgspec import Struct

from uvci.catalog.image_facts import Base, Config, Kind, image_facts
from uvci.catalog.publication import Published, TagKind
from uvci.catalog.versions import UvVersion

_DEBIAN_NUMBERS = {"bookworm": "12", "trixie": "13"}
_Since = TypeVar("_Since", Base, Config)
_DISTROLESS = "distroless"


class Contents(Struct, frozen=True):
    """What is inside one image.

    `python` is the Python that uv finds and may install into, None where there is none. `os` is
    `debian`, `alpine` or None (no system at all); `os_release` (`trixie`, `3.22`) is None where it
    is not on record. `job_image` says whether GitLab can run a job in it, None where that is not
    known, `why_not` why. `base_image` is None for the distroless image; `twins` are tags' variants
    that are built just the same. `env` is what uv's image adds to that of its base.
    """

    version: UvVersion
    python: str | None
    os: str | None
    os_release: str | None
    libc: str | None
    shells: tuple[str, ...]
    git: bool
    curl: bool
    compiler: bool
    ca_certificates: bool
    user: str
    package_manager: str | None
    entrypoint: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    binaries: tuple[str, ...]
    base_image: str | None
    twins: tuple[str, ...]
    job_image: bool | None
    why_not: str | None
    remark: str

    @property
    def has_shell(self) -> bool:
        """Whether any shell is in it."""
        return bool(self.shells)

    @property
    def system(self) -> str | None:
        """The operating system for people: `Debian 13 (trixie)`, `Alpine 3.22`, `Alpine`."""
        match self.os, self.os_release:
            case None, _:
                return None
            case "debian", str(codename):
                return f"Debian {_DEBIAN_NUMBERS.get(codename, '')} ({codename})"
            case name, release:
                return f"{name.title()} {release or ''}".rstrip()


@lru_cache(maxsize=1024)
def contents(image: Published) -> Contents:
    """What the image behind a published tag holds.

    Source: uv's Dockerfiles as of each release, and the definitions of the base images.
    """
    if image.tag.is_distroless:
        return _distroless(image.version)
    facts = image_facts()
    record = facts.variants[image.tag.variant]
    base = _latest(record.bases, image.version)
    kind = facts.kinds[record.kind]
    return _fill(
        image.version,
        kind,
        _latest(facts.derived, image.version),
        python=image.tag.python,
        os=record.os,
        libc=record.libc,
        base=base,
    )


def _distroless(version: UvVersion) -> Contents:
    facts = image_facts()
    return _fill(version, facts.kinds[_DISTROLESS], _latest(facts.distroless, version))


def _fill(  # noqa: PLR0913  the columns of one row
    version: UvVersion,
    kind: Kind,
    config: Config,
    *,
    python: str | None = None,
    os: str | None = None,
    libc: str | None = None,
    base: Base | None = None,
) -> Contents:
    return Contents(
        version=version,
        python=python,
        os=os,
        os_release=base.os_release if base else None,
        libc=libc,
        shells=kind.shells,
        git=kind.git,
        curl=kind.curl,
        compiler=kind.compiler,
        ca_certificates=kind.ca_certificates,
        user=kind.user,
        package_manager=kind.package_manager,
        entrypoint=config.entrypoint,
        env=config.env,
        binaries=config.binaries,
        base_image=base.image if base else None,
        twins=base.twins if base else (),
        job_image=kind.job_image,
        why_not=kind.why_not,
        remark=kind.remark,
    )


def _latest(entries: tuple[_Since, ...], version: UvVersion) -> _Since:
    return [entry for entry in entries if entry.first <= version][-1]


def describe(image: Published) -> str:
    """One line on what a tag gives: uv, Python, system, what it has for a job, how it moves.

    >>> from uvci.catalog.image_facts import Registry
    >>> from uvci.catalog.publication import publication
    >>> describe(publication(Registry.GHCR, "0.9.17-python3.12-bookworm-slim"))
    'uv 0.9.17, Python 3.12, Debian 12 (bookworm), no git, no compiler'
    """
    inside = contents(image)
    parts = [_uv_part(image), _python_part(inside), inside.system or "", _tools_part(inside)]
    return ", ".join(part for part in parts if part)


def _uv_part(image: Published) -> str:
    match image.kind:
        case TagKind.PINNED:
            return f"uv {image.version}"
        case TagKind.FLOATING if not image.tag.release:
            return f"newest uv ({image.version} on record)"
        case TagKind.FLOATING:
            return f"newest uv {image.tag.release} ({image.version} on record)"
        case TagKind.FROZEN:
            return f"frozen at uv {image.version}"


def _python_part(inside: Contents) -> str:
    if inside.os is None:
        return ""
    return f"Python {inside.python}" if inside.python else "no Python"


def _tools_part(inside: Contents) -> str:
    if not inside.has_shell:
        return "no shell: not for jobs"
    tools = {"git": inside.git, "compiler": inside.compiler}
    have = [name for name, there in tools.items() if there]
    lack = [f"no {name}" for name, there in tools.items() if not there]
    return ", ".join(have + lack + ([f"user {inside.user}"] if inside.user != "root" else []))
