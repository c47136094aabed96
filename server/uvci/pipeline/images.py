"""A job's image, expanded for each set of variables (GitLab docs: `image`)."""

from collections.abc import Sequence

from msgspec.structs import replace

from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Expansion, ImageUse, Job, Variant
from uvci.pipeline.values import Items, LinkKind, Plain, Table, Unknown, Value, plains

_NO_CONTAINERS = ("windows", "mac", "osx", "shell", "ssh")
_NO_LINUX = ("windows", "saas-macos")
_SHARED = frozenset({LinkKind.DEFAULT, LinkKind.ROOT, LinkKind.EXTENDS})

_PROXIES = (
    "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX",
    "CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX",
)
"""What GitLab puts in front of an image of Docker Hub (GitLab docs: dependency proxy)."""


def read_image(value: Value | None, variants: Sequence[Variant]) -> ImageUse | Unknown | None:
    """The image that a job's `image:` names; None where nothing names one.

    The prefix of GitLab's dependency proxy stays a variable in the expanded texts.
    """
    match value:
        case None | Plain(value=None):
            return None
        case Unknown():
            return value
        case Plain():
            return _use(value, value, variants, None)
        case Table():
            name = value.entries.get("name")
            if isinstance(name, Plain):
                return _use(name, value, variants, value.entries.get("entrypoint"))
            if isinstance(name, Unknown):
                return name
            return Unknown("the image has no name", value.origin)
        case Items():
            return Unknown("a list names no image", value.origin)


def wants_no_container(job: Job) -> bool:
    """Whether the tags of the job speak of a runner that starts no container."""
    return _speak_of(_NO_CONTAINERS, job)


def leaves_image_aside(job: Job) -> bool:
    """Whether the job surely, or by its tags, runs in no container of its Linux image.

    An image that is typed in the job itself, or where the tags are, is meant: a Mac may run Docker.
    """
    tags = job.keywords.entries.get("tags")
    if tags is None or not isinstance(job.image, ImageUse):
        return False
    if _speak_of(_NO_LINUX, job):
        return True
    chain = job.image.name.origin.chain
    if not any(link.kind in _SHARED for link in chain) or chain == tags.origin.chain:
        return False
    return wants_no_container(job)


def _speak_of(words: Sequence[str], job: Job) -> bool:
    tags = plains(job.keywords.entries.get("tags"))
    return any(word in tag.text.casefold() for tag in tags for word in words)


def _use(
    name: Plain, value: Value, variants: Sequence[Variant], entrypoint: Value | None
) -> ImageUse:
    expansions = tuple(expand_image(name.text, variant) for variant in variants)
    return ImageUse(name, value, expansions, _entrypoint(entrypoint))


def expand_image(name: str, variant: Variant) -> Expansion:
    """What an image's name is with a job's variables, a dependency proxy's prefix left as it is."""
    expansion = expand_text(name, variant, Place.RUNNER)
    if expansion.text is not None:
        return expansion
    pieces = tuple(
        replace(piece, value=f"${{{piece.name}}}") if piece.name in _PROXIES else piece
        for piece in expansion.pieces
    )
    values = [piece.value for piece in pieces if piece.value is not None]
    text = "".join(values) if len(values) == len(pieces) else None
    return replace(expansion, text=text, pieces=pieces)


def _entrypoint(value: Value | None) -> tuple[str, ...] | Unknown | None:
    match value:
        case None | Plain(value=None):
            return None
        case Items():
            if all(isinstance(item, Plain) for item in value.values):
                return tuple(item.text for item in value.values if isinstance(item, Plain))
            return Unknown("not a list of texts", value.origin)
        case Unknown():
            return value
        case _:
            return Unknown("not a list of texts", value.origin)
