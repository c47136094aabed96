"""What an image of uv holds, how its tag moves, and why one cannot be pulled, as Markdown."""

from collections.abc import Iterator

from uvci.catalog.contents import Contents, contents
from uvci.catalog.neighbours import current_variant, elsewhere, neighbours, newest_pin
from uvci.catalog.publication import (
    Missing,
    MissingReason,
    Publication,
    Published,
    TagKind,
    Unknown,
    UnknownReason,
)
from uvci.catalog.versions import newest, release_date, releases
from uvci.features.markdown import bullets, card, code, codes, listed

_REFERENCE = "[uv: container images](https://docs.astral.sh/uv/guides/integration/docker/)"
_SLIPS = {
    MissingReason.NEVER_EXISTED: "uv never published such a tag.",
    MissingReason.NOT_RELEASED: "There is no such release of uv.",
    MissingReason.GAP: "This release's images were left out by accident.",
    MissingReason.LEADING_V: "Tags start with the bare number, without a `v`.",
    MissingReason.LATEST_PREFIX: "`latest` stands alone: nothing can follow it.",
    MissingReason.BARE_PYTHON: "A Python is written `python3.13`, not `3.13`.",
    MissingReason.PYTHON_PATCH: "A Python has two numbers here: `python3.13`.",
    MissingReason.WRONG_ORDER: "The order is another: uv, Python, system, `slim`.",
    MissingReason.NO_BASE: "A Python needs a system behind it, as in `python3.13-trixie-slim`.",
}


def publication_card(found: Publication, *facts: str) -> str:
    """What a tag stands for, whether or not it is published; `facts` are bullets put first."""
    match found:
        case Published():
            return published_card(found, *facts)
        case Missing():
            return _missing_card(found, *facts)
        case Unknown():
            return _unknown_card(found, *facts)


def published_card(image: Published, *facts: str) -> str:
    """What a published tag holds and how it moves."""
    inside = contents(image)
    lines = [*facts, _tools(inside), _system(inside), *_movement(image), _assumption(image)]
    return card(f"**{_title(image, inside)}**", _warning(inside), bullets(lines), _REFERENCE)


def _title(image: Published, inside: Contents) -> str:
    uv = f"uv {image.version}"
    if inside.os is None:
        return f"{uv} and nothing else: no shell, no system, no Python"
    python = f"Python {inside.python}" if inside.python else "no Python"
    return ", ".join(part for part in (uv, python, inside.system, _shells(inside)) if part)


def _shells(inside: Contents) -> str:
    names = [shell.rpartition("/")[2] for shell in inside.shells]
    return listed(names) if names else "no shell"


def _warning(inside: Contents) -> str:
    if inside.job_image is False:
        return (
            "GitLab cannot run a job in it: the runner starts scripts with `sh` or `bash`, and "
            'neither is there. `entrypoint: [""]` alone does not help.'
        )
    if inside.entrypoint:
        return (
            f"Its entrypoint is {code(inside.entrypoint[0])}: as a job's image it needs "
            '`entrypoint: [""]`.'
        )
    if inside.job_image is None:
        return inside.why_not or ""
    return ""


def _tools(inside: Contents) -> str:
    tools = {
        "git": inside.git,
        "curl": inside.curl,
        "C compiler": inside.compiler,
        "CA certificates": inside.ca_certificates,
    }
    have = [name for name, there in tools.items() if there]
    lack = [name for name, there in tools.items() if not there]
    if inside.os is None:
        return ""
    parts = [f"Has {listed(have)}" if have else "", f"no {listed(lack, 'or')}" if lack else ""]
    return "; ".join(part for part in parts if part)


def _system(inside: Contents) -> str:
    if inside.os is None:
        return ""
    manager = f", packages with {code(inside.package_manager)}" if inside.package_manager else ""
    base = f", built on {code(inside.base_image)}" if inside.base_image else ""
    return f"{inside.libc}, runs as {inside.user}{manager}{base}"


def _movement(image: Published) -> Iterator[str]:
    day = release_date(image.version)
    released = f"uv {image.version} was released on {day}" if day else ""
    match image.kind:
        case TagKind.PINNED:
            yield f"Pinned: always this uv{'. ' + released if released else ''}"
            yield _newer(image)
        case TagKind.FLOATING:
            follows = f"uv {image.tag.release}" if image.tag.release else "uv"
            yield f"Floating: moves with every release of {follows}. {released}".rstrip()
        case TagKind.FROZEN:
            yield f"Frozen: uv stopped publishing this variant after {image.version} ({day})"
            yield _replacement(image)


def _newer(image: Published) -> str:
    pin = newest_pin(image.registry, image.tag)
    if pin is None or pin.version is None or pin.version <= image.version:
        return _replacement(image) if image.range.last else "The newest on record"
    ended = f"; the variant ended there, uv is at {newest()}" if image.range.last else ""
    return f"Newer: {code(pin.text)}{ended}"


def _replacement(image: Published) -> str:
    current = current_variant(image.registry, image.tag)
    return f"Still published: {code(current.text)}" if current else ""


def _assumption(image: Published) -> str:
    if not image.assumed:
        return ""
    return (
        f"Assumed: which images exist is on record up to uv {releases().newest_read}, and "
        "nothing is known to have changed since"
    )


def _missing_card(missing: Missing, *facts: str) -> str:
    near = neighbours(missing)
    other = elsewhere(missing)
    lines = [
        *facts,
        f"Nearest published: {codes(tag.text for tag in near)}" if near else "",
        f"{code(other.value)} has it" if other else "",
    ]
    title = f"**Not published:** {code(missing.text)}. {_reason(missing)}"
    return card(title, bullets(lines), _REFERENCE)


def _reason(missing: Missing) -> str:
    variant = code(missing.tag.variant) if missing.tag and missing.tag.variant else "This image"
    match missing.reason:
        case MissingReason.ENDED:
            return f"{variant} ended with uv {missing.boundary}."
        case MissingReason.NOT_YET:
            return f"{variant} starts with uv {missing.boundary}."
        case reason:
            return _SLIPS[reason]


def _unknown_card(unknown: Unknown, *facts: str) -> str:
    title = f"**Unknown:** {code(unknown.text)}. {_why_unknown(unknown)}"
    return card(title, bullets(facts), _REFERENCE)


def _why_unknown(unknown: Unknown) -> str:
    match unknown.reason:
        case UnknownReason.TOO_NEW:
            return f"It is newer than what is on record (uv {newest()})."
        case UnknownReason.UNRECORDED:
            return "Whether this release's images were ever pushed is not on record."
        case UnknownReason.UNRESOLVED:
            return "It holds a variable that is known only when the job runs."
