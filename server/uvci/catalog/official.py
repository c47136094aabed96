"""Docker's official images that hold no uv, and the image of uv that is alike."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from uvci.catalog.image_facts import Registry
from uvci.catalog.images import ImageRef
from uvci.catalog.neighbours import nearest_tags, variant_tags
from uvci.catalog.publication import Published, publication, variant_range
from uvci.catalog.tags import CODENAMES, Tag, numbers_in
from uvci.catalog.versions import newest
from uvci.text.patterns import lazy_re

_PATH = lazy_re(r"(?:library/)?(python|debian|ubuntu|alpine|docker|node)")
_HUB = ("", "docker.io", "index.docker.io", "registry-1.docker.io")
_MINOR = lazy_re(r"3(?:\.\d+)?", re.ASCII)
_SERIES = lazy_re(r"3\.\d+(?!\.?\d)", re.ASCII)
_PATCH = lazy_re(r"(3\.\d+)\.\d+", re.ASCII)
_SYSTEM = lazy_re(r"alpine(?:3\.\d+)?|" + "|".join(CODENAMES), re.ASCII)
_DEBIAN = lazy_re(r"([a-z]+|\d+)(?:\.\d+)?(?:-\d{8})?(?:-slim)?", re.ASCII)
_ALPINE = lazy_re(r"(3\.\d+)(?:\.\d+)?", re.ASCII)
_NUMBERS = {"11": "bullseye", "12": "bookworm", "13": "trixie"}
_ALL = 100


class Counterpart(Struct, frozen=True):
    """The image of uv that comes nearest to an official one.

    `same`: what the image is built on and its Python stay the same; not so where the tag leaves the
    Python open, or says more of it than uv's tags do.
    """

    tag: Tag
    same: bool


def official_name(image: ImageRef) -> str | None:
    """`python`, `debian`, `docker`, … where one of Docker Hub's official images is meant.

    >>> from uvci.catalog.images import parse_image
    >>> official_name(parse_image("docker.io/library/python:3.13-slim"))
    'python'
    """
    found = _PATH.fullmatch(image.path) if image.host in _HUB else None
    return found[1] if found else None


@lru_cache(maxsize=256)
def counterpart(name: str, tag: str, registry: Registry = Registry.GHCR) -> Counterpart | None:
    """The newest image of uv with the same Python, system and size; None where there is none.

    `name` is that of the official image. A system that uv no longer builds on becomes the nearest.

    >>> counterpart("python", "3.12-slim-trixie").tag.variant
    'python3.12-trixie-slim'
    """
    meant = _python_tag(tag) if name == "python" else _system_tag(name, tag)
    if meant is None:
        return None
    wanted = meant.with_release(newest())
    if isinstance(publication(registry, wanted.text), Published):
        return Counterpart(wanted, name != "python" or bool(_SERIES.match(tag)))
    alike = (near for near in nearest_tags(registry, wanted, _ALL) if _is_alike(near, wanted))
    found = next(alike, None)
    return Counterpart(found, same=False) if found else None


def _is_alike(near: Tag, wanted: Tag) -> bool:
    if near.is_distroless or near.hardened:
        return False
    return (near.python, near.slim, _is_alpine(near)) == (
        wanted.python,
        wanted.slim,
        _is_alpine(wanted),
    )


def _is_alpine(tag: Tag) -> bool:
    return (tag.base or "").startswith("alpine")


def _system_tag(name: str, tag: str) -> Tag | None:
    if name == "debian" and (found := _DEBIAN.fullmatch(tag)):
        base = "debian" if found[1] in ("latest", "stable") else _NUMBERS.get(found[1], found[1])
        slim = "slim" in tag.split("-")
        return Tag(base=base, slim=slim) if base in (*CODENAMES, "debian") else None
    if name == "alpine":
        found = _ALPINE.fullmatch(tag)
        return Tag(base=f"alpine{found[1]}") if found else _moving_alpine(tag)
    return None


def _moving_alpine(tag: str) -> Tag | None:
    return Tag(base="alpine") if tag in ("latest", "3") else None


def same_with_uv(image: ImageRef) -> Tag | None:
    """The variant of uv's image that is made from this official Python image, without a release.

    None for other images, for what pins more than uv's tags say (a patch release, a digest), and
    where uv never published the like. A tag that leaves the operating system open follows the
    newest Debian, and so does the answer. Source: the base images in uv's publishing workflow.

    >>> from uvci.catalog.images import parse_image
    >>> same_with_uv(parse_image("python:3.12-slim-bookworm")).variant
    'python3.12-bookworm-slim'
    """
    tag = image.effective_tag
    if official_name(image) != "python" or tag is None or _PATCH.match(tag):
        return None
    return next(filter(_was_published, _python_tags(tag)), None)


def _python_tag(tag: str) -> Tag | None:
    """What an official Python tag comes nearest to, published or not."""
    tags = list(_python_tags(tag))
    return next(filter(_was_published, tags), tags[0] if tags else None)


def _was_published(tag: Tag) -> bool:
    return variant_range(Registry.GHCR, tag.variant) is not None


def _python_tags(tag: str) -> Iterator[Tag]:
    """The variants that an official Python tag may mean, the newest Python and Debian first."""
    words = [word for word in tag.split("-") if word != "latest"]
    if words and (patch := _PATCH.fullmatch(words[0])):
        words[0] = patch[1]
    python = words.pop(0) if words and _MINOR.fullmatch(words[0]) else "3"
    slim = words[:1] == ["slim"]
    rest = words[1:] if slim else words
    if len(rest) > 1 or not all(map(_SYSTEM.fullmatch, rest)):
        return
    for each in _pythons(python):
        for base in rest or reversed(CODENAMES):
            yield Tag(python=each, base=base, slim=slim)


def _pythons(python: str) -> list[str]:
    """The Pythons that a tag's first word may mean, newest first."""
    if python != "3":
        return [python]
    known = {tag.python for tag in variant_tags() if tag.python and "rc" not in tag.python}
    return sorted(known, key=numbers_in, reverse=True)
