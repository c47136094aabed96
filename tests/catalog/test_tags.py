import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.tags import MalformedTag, Tag, TagSlip, parse_tag
from uvci.catalog.versions import UvSeries, UvVersion

V = UvVersion(0, 9, 17)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("latest", Tag()),
        ("0.9.17", Tag(V)),
        ("0.9", Tag(UvSeries(0, 9))),
        ("alpine", Tag(base="alpine")),
        ("0.9-alpine3.22", Tag(UvSeries(0, 9), base="alpine3.22")),
        ("0.9.17-python3.12-bookworm-slim", Tag(V, "3.12", "bookworm", slim=True)),
        ("python3.14-rc-trixie", Tag(python="3.14-rc", base="trixie")),
        ("python3.12-dhi", Tag(python="3.12", hardened=True)),
        ("0.9.17-alpine3.23-dhi", Tag(V, base="alpine3.23", hardened=True)),
        ("debian-slim", Tag(base="debian", slim=True)),
    ],
)
def test_well_formed_tags(text: str, tag: Tag) -> None:
    assert parse_tag(text) == tag
    assert tag.text == text


@pytest.mark.parametrize(
    ("text", "slip", "meant"),
    [
        ("v0.9.17", TagSlip.LEADING_V, "0.9.17"),
        ("v0.9-alpine", TagSlip.LEADING_V, "0.9-alpine"),
        ("latest-alpine", TagSlip.LATEST_PREFIX, "alpine"),
        ("latest-python3.12-slim-trixie", TagSlip.LATEST_PREFIX, "python3.12-trixie-slim"),
        ("slim-trixie", TagSlip.WRONG_ORDER, "trixie-slim"),
        ("0.9.17-python3.12-slim-bookworm", TagSlip.WRONG_ORDER, "0.9.17-python3.12-bookworm-slim"),
        ("trixie-python3.12", TagSlip.WRONG_ORDER, "python3.12-trixie"),
        ("python3.12-alpine-0.9.17", TagSlip.WRONG_ORDER, "0.9.17-python3.12-alpine"),
        ("python3.12", TagSlip.NO_BASE, "python3.12"),
        ("0.9.17-python3.12-slim", TagSlip.NO_BASE, "0.9.17-python3.12-slim"),
        ("slim", TagSlip.NO_BASE, "slim"),
        ("python3.12.4-trixie", TagSlip.PYTHON_PATCH, "python3.12-trixie"),
        ("3.12-alpine", TagSlip.BARE_PYTHON, "python3.12-alpine"),
        ("0.9.17-3.12-alpine", TagSlip.BARE_PYTHON, "0.9.17-python3.12-alpine"),
        ("python-3.12-alpine", TagSlip.UNKNOWN_WORD, "python3.12-alpine"),
        ("py3.12-alpine", TagSlip.UNKNOWN_WORD, "python3.12-alpine"),
        ("0.9.17-trixe-slim", TagSlip.UNKNOWN_WORD, "0.9.17-trixie-slim"),
        ("0.9.17-Alpine", TagSlip.UNKNOWN_WORD, "0.9.17-alpine"),
        ("debian12", TagSlip.UNKNOWN_WORD, "bookworm"),
        ("nightly", TagSlip.UNKNOWN_WORD, None),
        ("0", TagSlip.UNKNOWN_WORD, None),
        ("0.9.17.1", TagSlip.UNKNOWN_WORD, None),
        ("", TagSlip.UNKNOWN_WORD, None),
        ("-", TagSlip.UNKNOWN_WORD, None),
        ("0.9.17-", TagSlip.UNKNOWN_WORD, None),
    ],
)
def test_malformed_tags_say_what_was_meant(text: str, slip: TagSlip, meant: str | None) -> None:
    tag = parse_tag(text)
    assert isinstance(tag, MalformedTag)
    assert tag.slip is slip
    assert (tag.meant and tag.meant.text) == meant


def test_parts_are_exchanged() -> None:
    tag = Tag(V, "3.12", "bookworm", slim=True)
    assert tag.with_release(UvVersion(0, 12, 5)).text == "0.12.5-python3.12-bookworm-slim"
    assert tag.with_release(None).text == "python3.12-bookworm-slim"
    assert tag.with_python("3.13").text == "0.9.17-python3.13-bookworm-slim"
    assert tag.with_python(None).text == "0.9.17-bookworm-slim"


@pytest.mark.parametrize("base", ["trixie-slim", "alpine3.22", "dhi", "alpine3.23-dhi", "debian"])
def test_base_is_exchanged_whole(base: str) -> None:
    tag = Tag(V, "3.12", "bookworm", slim=True)
    assert tag.with_base(base).text == f"0.9.17-python3.12-{base}"
    assert tag.with_base(base).base_text == base


WORDS = st.sampled_from(
    [
        "latest",
        "v0.9.17",
        "0.9.17",
        "0.9",
        "python3.12",
        "python3.12.1",
        "3.12",
        "rc",
        "alpine",
        "alpine3.22",
        "debian",
        "bookworm",
        "trixie",
        "slim",
        "dhi",
        "foo",
        "py3.12",
        "python",
        "trixe",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=6).map("-".join))


@given(TEXTS)
def test_any_text_is_read(text: str) -> None:
    tag = parse_tag(text)
    if isinstance(tag, Tag):
        assert tag.text == text
    else:
        assert tag.text == text
        assert tag.meant is None or tag.meant.text != text or tag.slip is TagSlip.NO_BASE


@given(
    st.sampled_from([None, V, UvSeries(0, 12)]),
    st.sampled_from([None, "3.9", "3.14", "3.14-rc"]),
    st.sampled_from(["alpine", "alpine3.22", "debian", "bookworm", "trixie"]),
    st.booleans(),
    st.booleans(),
)
def test_composed_tags_come_apart_again(
    release: UvVersion | UvSeries | None,
    python: str | None,
    base: str,
    slim: bool,
    hardened: bool,
) -> None:
    tag = Tag(release, python, base, slim, hardened)
    assert parse_tag(tag.text) == tag
