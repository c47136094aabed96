import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from uvci.catalog.contents import contents, describe
from uvci.catalog.image_facts import Registry
from uvci.catalog.neighbours import current_variant, elsewhere, nearest_tags, neighbours, newest_pin
from uvci.catalog.publication import (
    Missing,
    MissingReason,
    Published,
    TagKind,
    Unknown,
    UnknownReason,
    publication,
)
from uvci.catalog.tags import Tag, parse_tag

GHCR, HUB = Registry.GHCR, Registry.DOCKER_HUB


def tag(text: str) -> Tag:
    parsed = parse_tag(text)
    assert isinstance(parsed, Tag)
    return parsed


def missing(text: str, registry: Registry = GHCR) -> Missing:
    found = publication(registry, text)
    assert isinstance(found, Missing)
    return found


def published(text: str, registry: Registry = GHCR) -> Published:
    found = publication(registry, text)
    assert isinstance(found, Published)
    return found


@pytest.mark.parametrize(
    ("text", "reason", "boundary"),
    [
        ("0.10.0-bookworm", MissingReason.ENDED, "0.9.30"),
        ("0.13.0-python3.12-bookworm-slim", MissingReason.ENDED, "0.9.30"),
        ("0.10-bookworm", MissingReason.ENDED, "0.9.30"),
        ("0.8.11-trixie", MissingReason.NOT_YET, "0.8.12"),
        ("0.4.3-alpine", MissingReason.NOT_YET, "0.4.4"),
        ("0.3", MissingReason.NOT_YET, "0.4.0"),
        ("0.8.10-alpine", MissingReason.GAP, None),
        ("0.9.31-alpine", MissingReason.NOT_RELEASED, None),
        ("0.9.99", MissingReason.NOT_RELEASED, None),
        ("0.12.5-python3.12-debian-slim", MissingReason.NEVER_EXISTED, None),
        ("0.12.5-python3.15-trixie", MissingReason.NEVER_EXISTED, None),
        ("v0.9.17", MissingReason.LEADING_V, None),
        ("latest-alpine", MissingReason.LATEST_PREFIX, None),
        ("slim-trixie", MissingReason.WRONG_ORDER, None),
        ("python3.14", MissingReason.NO_BASE, None),
        ("nightly", MissingReason.NEVER_EXISTED, None),
        ("", MissingReason.NEVER_EXISTED, None),
    ],
)
def test_why_a_tag_is_missing(text: str, reason: MissingReason, boundary: str | None) -> None:
    found = missing(text)
    assert found.reason is reason
    assert (found.boundary and str(found.boundary)) == boundary


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.14.0", UnknownReason.TOO_NEW),
        ("0.14-alpine", UnknownReason.TOO_NEW),
        ("0.13.10-trixie", UnknownReason.TOO_NEW),
        ("0.13.9-python3.15-trixie", UnknownReason.TOO_NEW),
        ("0.13.9-alpine3.24", UnknownReason.TOO_NEW),
        ("0.13-forky", UnknownReason.TOO_NEW),
        ("0.13.9-ubuntu", UnknownReason.TOO_NEW),
        ("0.9.19-alpine", UnknownReason.UNRECORDED),
        ("0.9.19", UnknownReason.UNRECORDED),
        ("$UV_VERSION-alpine", UnknownReason.UNRESOLVED),
        ("python{{ version }}-alpine", UnknownReason.UNRESOLVED),
    ],
)
def test_what_cannot_be_known_is_unknown(text: str, reason: UnknownReason) -> None:
    for registry in Registry:
        found = publication(registry, text)
        assert isinstance(found, Unknown)
        assert found.reason is reason


@pytest.mark.parametrize(
    ("text", "kind", "version", "assumed"),
    [
        ("0.9.17-python3.12-bookworm-slim", TagKind.PINNED, "0.9.17", False),
        ("0.13.9-alpine", TagKind.PINNED, "0.13.9", True),
        ("latest", TagKind.FLOATING, "0.13.9", True),
        ("0.9", TagKind.FLOATING, "0.9.30", False),
        ("0.12-alpine", TagKind.FLOATING, "0.12.24", True),
        ("trixie-slim", TagKind.FLOATING, "0.13.9", True),
        ("0.9-bookworm", TagKind.FROZEN, "0.9.30", False),
        ("0.8-bookworm", TagKind.FROZEN, "0.8.24", False),
        ("alpine3.20", TagKind.FROZEN, "0.5.31", False),
        ("python3.14-rc-trixie", TagKind.FROZEN, "0.8.24", False),
    ],
)
def test_how_a_tag_moves(text: str, kind: TagKind, version: str, assumed: bool) -> None:
    found = published(text)
    assert (found.kind, str(found.version), found.assumed) == (kind, version, assumed)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("0.11.16-bookworm", "0.11.16-trixie"),
        ("0.11.16-python3.12-bookworm-slim", "0.11.16-python3.12-trixie-slim"),
        ("0.11.1-alpine3.20", "0.11.1-alpine3.22"),
        ("0.11.1-python3.12-alpine3.20", "0.11.1-python3.12-alpine3.23"),
        ("0.10.0-python3.8-bookworm", "0.9.30-python3.8-bookworm"),
        ("0.7.2-python3.12-debian-slim", "0.7.2-python3.12-bookworm-slim"),
        ("0.12.5-python3.12-debian-slim", "0.12.5-python3.12-trixie-slim"),
        ("0.8.0-trixie", "0.8.12-trixie"),
        ("0.8.10-alpine", "0.8.11-alpine"),
        ("0.9.31-alpine", "0.9.30-alpine"),
        ("0.9.99", "0.9.30"),
        ("0.3", "0.4"),
        ("0.10-bookworm", "0.10-trixie"),
        ("0.12.5-python3.15-trixie", "0.12.5-python3.14-trixie"),
        ("0.12.5-python3.9-dhi", "0.12.5-python3.9-trixie"),
        ("python3.14", "python3.14-trixie"),
        ("python3.12-slim", "python3.12-trixie-slim"),
        ("slim", "trixie-slim"),
        ("bullseye", "trixie"),
        ("v0.9.17-slim-trixie", "0.9.17-trixie-slim"),
    ],
)
def test_best_neighbour(text: str, best: str) -> None:
    assert neighbours(missing(text))[0].text == best


def test_nothing_is_near_a_tag_that_means_nothing() -> None:
    assert neighbours(missing("nightly")) == ()


def test_the_other_registry_is_named_where_it_has_the_tag() -> None:
    assert elsewhere(missing("0.8.12-alpine", HUB)) is GHCR
    assert elsewhere(missing("0.7.0-alpine", HUB)) is GHCR
    assert elsewhere(missing("0.5.31-alpine3.20", HUB)) is GHCR
    assert elsewhere(missing("0.8.10-alpine", HUB)) is None
    assert elsewhere(missing("0.10.0-bookworm", HUB)) is None


@pytest.mark.parametrize(
    ("text", "current"),
    [
        ("python3.12-bookworm-slim", "python3.12-trixie-slim"),
        ("0.9-bookworm", "0.9-trixie"),
        ("alpine3.20", "alpine3.22"),
        ("python3.14-rc-alpine", "python3.14-alpine"),
        ("python3.8-alpine", None),
    ],
)
def test_current_variant_of_a_frozen_tag(text: str, current: str | None) -> None:
    found = current_variant(GHCR, tag(text))
    assert (found and found.text) == current


def test_newest_pin_of_a_variant() -> None:
    pins = {text: newest_pin(GHCR, tag(text)) for text in ("latest", "bookworm", "0.9-alpine")}
    assert {text: pin.text for text, pin in pins.items() if pin} == {
        "latest": "0.13.9",
        "bookworm": "0.9.30-bookworm",
        "0.9-alpine": "0.13.9-alpine",
    }
    assert newest_pin(GHCR, tag("python3.8-trixie")) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("0.12.5-python3.13-trixie", "uv 0.12.5, Python 3.13, Debian 13 (trixie), git, compiler"),
        ("latest", "newest uv (0.13.9 on record), no shell: not for jobs"),
        (
            "0.9-alpine",
            "newest uv 0.9 (0.9.30 on record), no Python, Alpine 3.22, no git, no compiler",
        ),
        ("bookworm", "frozen at uv 0.9.30, no Python, Debian 12 (bookworm), git, compiler"),
        ("0.9.2-python3.12-alpine", "uv 0.9.2, Python 3.12, Alpine, no git, no compiler"),
        (
            "0.12.5-alpine-dhi",
            "uv 0.12.5, no Python, Alpine 3.23, no git, no compiler, user nonroot",
        ),
    ],
)
def test_one_line_on_a_tag(text: str, line: str) -> None:
    assert describe(published(text)) == line


def test_contents_change_with_the_release() -> None:
    assert contents(published("0.4.5-alpine")).entrypoint == ("/usr/local/bin/uv",)
    assert contents(published("0.4.6-alpine")).entrypoint == ()
    assert contents(published("0.7.22-alpine")).env == ()
    assert contents(published("0.8.0-alpine")).env == (("UV_TOOL_BIN_DIR", "/usr/local/bin"),)
    assert contents(published("debian")).system == "Debian 13 (trixie)"
    assert contents(published("0.8.24-debian")).system == "Debian 12 (bookworm)"


WORDS = st.sampled_from(
    [
        "latest",
        "v0.9.17",
        "0.9.17",
        "0.9.99",
        "0.9",
        "0.14",
        "0.13.9",
        "python3.12",
        "python3.15",
        "rc",
        "alpine",
        "alpine3.99",
        "debian",
        "bookworm",
        "trixie",
        "forky",
        "slim",
        "dhi",
        "foo",
        "$X",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=5).map("-".join))


@given(TEXTS, st.sampled_from(Registry))
@example("0.8.10-python3.12-trixie-slim-dhi", HUB)
def test_every_text_has_an_answer(text: str, registry: Registry) -> None:
    found = publication(registry, text)
    match found:
        case Published():
            assert found.tag.text == text
            assert contents(found).version == found.version
            near = nearest_tags(registry, found.tag)
        case Missing():
            near = neighbours(found)
        case Unknown():
            return
    assert all(isinstance(publication(registry, each.text), Published) for each in near)
    assert text not in [each.text for each in near]
