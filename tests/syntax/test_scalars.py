import math

import pytest
from uvci.syntax.parse import parse
from uvci.syntax.scalars import (
    Date,
    DateKind,
    ScalarValue,
    Symbol,
    as_text,
    read_plain,
    read_scalar,
)
from uvci.syntax.tree import Scalar


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *((word, True) for word in ("yes", "Yes", "YES", "on", "On", "true", "True", "TRUE")),
        *((word, False) for word in ("no", "No", "NO", "off", "OFF", "false", "False", "FALSE")),
        *((word, None) for word in ("~", "null", "Null", "NULL", "")),
        *((word, word) for word in ("y", "n", "Y", "N", "nul", "yess", "~a", "truth")),
        ("3.10", 3.1),
        ("3.9", 3.9),
        ("0.10", 0.1),
        ("3.10.1", "3.10.1"),
        ("1.2.3rc1", "1.2.3rc1"),
        (">=0.5", ">=0.5"),
        ("08", "08"),
        ("09", "09"),
        ("0o10", "0o10"),
        ("1e3", "1e3"),
        ("010", 8),
        ("0x1F", 31),
        ("0b11", 3),
        ("-0x1F", -31),
        ("1_000", 1000),
        ("1,000", 1000),
        ("1__0", "1__0"),
        ("1.5e+3", 1500.0),
        ("1.5e3", "1.5e3"),
        ("5.", 5.0),
        (".5", 0.5),
        ("+1", 1),
        (".", "."),
        ("-.", "-."),
        (".inf", math.inf),
        ("-.inf", -math.inf),
        ("12:30", 45000),
        ("1:30", 5400),
        ("190:20:30", 685230),
        ("1:30.5", 5430.0),
        ("60:99", "60:99"),
        ("2024-01-01", Date("2024-01-01")),
        ("2024-02-30", "2024-02-30"),
        ("2024-01-01 10:00:00", Date("2024-01-01 10:00:00", DateKind.TIME)),
        ("2024-01-01T10:00:00Z", Date("2024-01-01T10:00:00Z", DateKind.TIME)),
        ("2024-13-01 10:00:00", "2024-13-01 10:00:00"),
        (":x", Symbol("x")),
        (':"a b"', Symbol("a b")),
        ("x:", "x:"),
        ("$UV_VERSION", "$UV_VERSION"),
        ("on\nx", "on\nx"),
        ("on\non", True),
    ],
)
def test_plain_scalars_are_read_as_psych_does(typed: str, value: ScalarValue) -> None:
    read = read_plain(typed)
    assert (type(read), read) == (type(value), value)


def test_not_a_number_is_a_number() -> None:
    assert as_text(read_plain(".nan")) == "NaN"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ('"3.10"', "3.10"),
        ("'yes'", "yes"),
        ("|\n  12\n", "12\n"),
        ("!!str 3.10", "3.10"),
        ("!str yes", "yes"),
        ("! 12", "12"),
        ('!!int "3"', 3),
        ("!!float 3", 3.0),
        ("!foo 3.10", 3.1),
        ("!foo '3.10'", 3.1),
        ("!!binary aGk=", "hi"),
        ("&anchor yes", True),
        ("!!str", ""),
        ("", None),
        ('""', ""),
    ],
)
def test_quotes_and_tags_count(typed: str, value: ScalarValue) -> None:
    document = parse(f"a: {typed}\n")
    assert document.mapping
    node = document.mapping.get("a")
    assert isinstance(node, Scalar)
    read = read_scalar(node)
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (8, "8"),
        (3.1, "3.1"),
        (5.0, "5.0"),
        (1500.0, "1500.0"),
        (-2.5, "-2.5"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1e15, "1000000000000000.0"),
        (1e16, "1.0e+16"),
        (1e20, "1.0e+20"),
        (1.25e100, "1.25e+100"),
        (0.0001, "0.0001"),
        (0.00001, "1.0e-05"),
        (1.5e-7, "1.5e-07"),
        (123456789.125, "123456789.125"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (Symbol("x"), "x"),
        (Date("2024-01-01"), "2024-01-01"),
        ("text", "text"),
    ],
)
def test_values_become_text_as_in_ruby(value: ScalarValue, text: str) -> None:
    assert as_text(value) == text


def test_a_number_of_any_length_is_read() -> None:
    assert isinstance(read_plain("1" * 10_000), int)
    assert as_text(read_plain("1" * 3_000)) == "1" * 3_000
    assert as_text(read_plain("0x" + "f" * 10_000))
