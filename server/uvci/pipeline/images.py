"""A job's image, expanded for each set of variables (GitLab docs: `image`)."""

from collections.abc import Sequence

from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import ImageUse, Variant
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value


def read_image(value: Value | None, variants: Sequence[Variant]) -> ImageUse | Unknown | None:
    """The image that a job's `image:` names; None where nothing names one."""
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


def _use(
    name: Plain, value: Value, variants: Sequence[Variant], entrypoint: Value | None
) -> ImageUse:
    expansions = tuple(expand_text(name.text, variant, Place.RUNNER) for variant in variants)
    return ImageUse(name, value, expansions, _entrypoint(entrypoint))


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
