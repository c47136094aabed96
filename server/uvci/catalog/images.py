"""The parts of an image's name as a pipeline writes it, and which of uv's registries it means."""

import re
from functools import lru_cache

from msgspec import Struct

from uvci.catalog.image_facts import Registry
from uvci.catalog.spelling import distance
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_OPAQUE = lazy_re(r"\$\{[^{}]*\}|\$\[\[.*?\]\]|\{\{.*?\}\}", re.DOTALL)
_PROXY = lazy_re(
    r"\$\{?CI_DEPENDENCY_PROXY_(?:DIRECT_)?GROUP_IMAGE_PREFIX\}?/"
    r"|[^/]+/(?:.+/)?dependency_proxy/containers/"
)
_HUB_HOSTS = ("docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com")
_REAL_HOSTS = frozenset({"gcr.io"})
_GHCR_OWNER = "astral-sh"
_OWNER_SLIPS = frozenset({"astral", "astral-uv", "astral-io", "astral_sh", "astral.sh"})


class ImageRef(Struct, frozen=True):
    """An image's name taken apart; spans are relative to `text`.

    `host` is empty where none is written (Docker Hub then), `proxy` is the prefix of GitLab's
    dependency proxy, as written or expanded. `tag` and `digest` are None where absent.
    """

    text: str
    name: str
    name_span: Span
    proxy: str
    host: str
    path: str
    tag: str | None
    tag_span: Span | None
    digest: str | None
    digest_span: Span | None

    @property
    def registry(self) -> Registry | None:
        """Which of the places uv is published at it pulls from; None for any other image."""
        return _registry(self.proxy, self.host, self.path)

    @property
    def effective_tag(self) -> str | None:
        """The tag that decides what is pulled: `latest` by default, None where a digest does."""
        if self.digest is not None:
            return None
        return "latest" if self.tag is None else self.tag


@lru_cache(maxsize=1024)
def parse_image(text: str) -> ImageRef:
    """The parts of an image's name; total over all texts, variables are left as they stand.

    >>> ref = parse_image("ghcr.io/astral-sh/uv:0.12.5-alpine")
    >>> ref.registry, ref.tag, ref.tag_span
    (<Registry.GHCR: 'ghcr.io/astral-sh/uv'>, '0.12.5-alpine', Span(start=21, end=34))
    """
    masked = _OPAQUE.sub(lambda match: "_" * len(match[0]), text)
    at = masked.find("@")
    end = len(text) if at < 0 else at
    colon = masked.find(":", masked.rfind("/", 0, end) + 1, end)
    name_end = end if colon < 0 else colon
    proxy, host, path = _split_name(text[:name_end])
    return ImageRef(
        text,
        text[:name_end],
        Span(0, name_end),
        proxy,
        host,
        path,
        None if colon < 0 else text[colon + 1 : end],
        None if colon < 0 else Span(colon + 1, end),
        None if at < 0 else text[at + 1 :],
        None if at < 0 else Span(at + 1, len(text)),
    )


def correct_name(image: ImageRef) -> str | None:
    """The name that was meant where registry or repository is one slip from uv's, else None.

    Other projects' images, mirrors and names that hold variables are left alone.

    >>> correct_name(parse_image("ghrc.io/astral-sh/uv:0.12.5"))
    'ghcr.io/astral-sh/uv'
    """
    owner, _, repository = image.path.partition("/")
    if image.registry or repository != "uv" or not _is_near_owner(owner):
        return None
    if image.proxy or image.host in _HUB_HOSTS:
        # Docker Hub allows no hyphen in an owner's name: astral-sh cannot exist there.
        return f"{image.proxy or 'docker.io/'}astral/uv" if owner == _GHCR_OWNER else None
    if not image.host:
        return Registry.GHCR.value if owner == _GHCR_OWNER else None
    return Registry.GHCR.value if _is_near_host(image.host) else None


def _split_name(name: str) -> tuple[str, str, str]:
    """Proxy prefix, host and path; a first part is a host when it could not be an owner."""
    if match := _PROXY.match(name):
        return match[0], "", name[match.end() :]
    first, slash, rest = name.partition("/")
    if slash and "$" not in first and ("." in first or ":" in first or first == "localhost"):
        return "", first.lower(), rest
    return "", "", name


def _registry(proxy: str, host: str, path: str) -> Registry | None:
    if host == "ghcr.io" and path == "astral-sh/uv":
        return Registry.GHCR
    on_hub = bool(proxy) or not host or host in _HUB_HOSTS
    return Registry.DOCKER_HUB if on_hub and path == "astral/uv" else None


def _is_near_owner(owner: str) -> bool:
    return owner in _OWNER_SLIPS or distance(owner, _GHCR_OWNER, 1) <= 1


def _is_near_host(host: str) -> bool:
    return host not in _REAL_HOSTS and distance(host, "ghcr.io", 1) <= 1
