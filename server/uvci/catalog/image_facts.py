"""uv's image variants and registries as recorded, typed: the one reader of `images.json`."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

from msgspec import Struct

from uvci.catalog.package_data import CatalogError, load_json
from uvci.catalog.versions import UvVersion, stored_version


class Registry(Enum):
    """The two places uv's images are published at; the value is the full repository name."""

    GHCR = "ghcr.io/astral-sh/uv"
    DOCKER_HUB = "docker.io/astral/uv"


class RegistryRecord(Struct, frozen=True):
    """Since when a registry has the distroless and the derived images.

    `gaps` are the releases whose derived images it never got.
    """

    distroless_first: UvVersion
    derived_first: UvVersion
    gaps: frozenset[UvVersion]


class Kind(Struct, frozen=True):
    """What images of one kind have in common; `job_image` is None where it is not known."""

    shells: tuple[str, ...]
    job_image: bool | None
    why_not: str | None
    user: str
    package_manager: str | None
    git: bool
    curl: bool
    compiler: bool
    ca_certificates: bool
    remark: str


class Config(Struct, frozen=True):
    """How images are set up from release `first` on, until the next entry."""

    first: UvVersion
    binaries: tuple[str, ...]
    entrypoint: tuple[str, ...]
    env: tuple[tuple[str, str], ...]


class Base(Struct, frozen=True):
    """The image a variant is built on from release `first` on; `twins` are built just the same."""

    first: UvVersion
    image: str
    os_release: str | None
    twins: tuple[str, ...]


class VariantRecord(Struct, frozen=True):
    """One suffix of tags (`python3.12-trixie`); `last` is None while it is still published."""

    suffix: str
    kind: str
    os: str
    libc: str
    first: UvVersion
    last: UvVersion | None
    bases: tuple[Base, ...]


class ImageFacts(Struct, frozen=True):
    """All that is on record about uv's images; `first_series` began the tags like `0.4`."""

    registries: Mapping[Registry, RegistryRecord]
    kinds: Mapping[str, Kind]
    distroless: tuple[Config, ...]
    derived: tuple[Config, ...]
    variants: Mapping[str, VariantRecord]
    first_series: UvVersion


@cache
def image_facts() -> ImageFacts:
    """The record, read once.

    Raises:
        CatalogError: when the package's data is corrupt.
    """
    data = load_json("images.json")
    try:
        variants = [_variant(entry) for entry in data["variants"]]
        return ImageFacts(
            {Registry(entry["name"]): _registry(entry) for entry in data["registries"]},
            {name: _kind(entry) for name, entry in data["kinds"].items()},
            tuple(_config(entry) for entry in data["configs"]["distroless"]),
            tuple(_config(entry) for entry in data["configs"]["derived"]),
            {variant.suffix: variant for variant in variants},
            stored_version(data["first_series"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"images.json has no readable image record: {error!r}") from error


def _registry(entry: dict[str, Any]) -> RegistryRecord:
    return RegistryRecord(
        stored_version(entry["distroless"]),
        stored_version(entry["derived"]),
        frozenset(map(stored_version, entry["gaps"])),
    )


def _kind(entry: dict[str, Any]) -> Kind:
    return Kind(**{**entry, "shells": tuple(entry["shells"])})


def _config(entry: dict[str, Any]) -> Config:
    return Config(
        stored_version(entry["first"]),
        tuple(entry["binaries"]),
        tuple(entry["entrypoint"]),
        tuple(entry["env"].items()),
    )


def _variant(entry: dict[str, Any]) -> VariantRecord:
    last = entry["last"]
    return VariantRecord(
        entry["suffix"],
        entry["kind"],
        entry["os"],
        entry["libc"],
        stored_version(entry["first"]),
        stored_version(last) if last else None,
        tuple(_base(base) for base in entry["bases"]),
    )


def _base(entry: dict[str, Any]) -> Base:
    first = stored_version(entry["first"])
    return Base(first, entry["image"], entry["os_release"], tuple(entry["twins"]))
