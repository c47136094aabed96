from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.python_releases import end_of_life, is_end_of_life
from uvci.catalog.versions import UvSeries, UvVersion, newest, release_date, releases


@pytest.mark.parametrize("text", ["", "0.9", "v0.9.1", "0.9.1 ", "0.09.1", "0.9.1.2", "\u0660.9.1"])
def test_other_texts_are_no_version(text: str) -> None:
    assert UvVersion.parse(text) is None


def test_versions_order_by_number() -> None:
    texts = ["0.10.0", "0.9.2", "0.9.10", "1.0.0", "0.9.9"]
    ordered = sorted(filter(None, map(UvVersion.parse, texts)))
    assert list(map(str, ordered)) == ["0.9.2", "0.9.9", "0.9.10", "0.10.0", "1.0.0"]


@given(st.text())
def test_any_text_is_a_version_or_none(text: str) -> None:
    version, series = UvVersion.parse(text), UvSeries.parse(text)
    assert version is None or str(version) == text
    assert series is None or str(series) == text


def test_record_of_releases() -> None:
    record = releases()
    assert len(record.versions) == 333
    assert (str(record.newest), str(record.newest_read)) == ("0.13.9", "0.12.5")
    assert newest() == record.newest
    assert release_date(UvVersion(0, 12, 5)) == date(2026, 8, 14)
    assert release_date(UvVersion(0, 13, 9)) is None
    assert release_date(UvVersion(0, 9, 99)) is None


def test_neighbours_in_the_record() -> None:
    record = releases()
    assert record.before(UvVersion(0, 10, 0)) == UvVersion(0, 9, 30)
    assert record.after(UvVersion(0, 9, 99)) == UvVersion(0, 10, 0)
    assert record.before(record.versions[0]) is None
    assert record.after(record.newest) is None
    assert record.of(UvSeries(0, 0)) == (UvVersion(0, 0, 5),)
    assert record.of(UvSeries(0, 99)) == ()


@pytest.mark.parametrize(
    ("text", "assumed", "too_new"),
    [
        ("0.12.5", False, False),
        ("0.12.6", True, False),
        ("0.12.25", True, True),
        ("0.13.10", True, True),
        ("0.9.99", False, False),
    ],
)
def test_how_far_the_record_reaches(text: str, assumed: bool, too_new: bool) -> None:
    version = UvVersion.parse(text)
    assert version
    assert (releases().is_assumed(version), releases().is_too_new(version)) == (assumed, too_new)


@pytest.mark.parametrize(
    ("python", "year"),
    [("3.8", 2024), ("3.9", 2025), ("3.10", 2026), ("3.11", 2027), ("3.14", 2030)],
)
def test_python_is_maintained_to_the_end_of_october(python: str, year: int) -> None:
    assert end_of_life(python) == date(year, 10, 31)
    assert not is_end_of_life(python, date(year, 10, 31))
    assert is_end_of_life(python, date(year, 11, 1))


def test_longer_and_unknown_pythons() -> None:
    assert end_of_life("3.12.4") == end_of_life("3.12-rc") == end_of_life("3.12")
    assert end_of_life("2.7") is None
    assert end_of_life("3.120000") is None
    assert not is_end_of_life("pypy", date(2030, 1, 1))


@given(st.text(), st.dates())
def test_any_python_text_has_an_answer(python: str, today: date) -> None:
    last = end_of_life(python)
    assert is_end_of_life(python, today) == (last is not None and last < today)
