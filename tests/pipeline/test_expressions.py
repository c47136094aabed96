import pytest
from uvci.pipeline.expressions import UNKNOWN, NotKnown, evaluate, is_valid

VALUES: dict[str, str | None] = {"A": "1", "E": "", "N": None, "P": "/^1$/"}


def look_up(name: str) -> str | NotKnown | None:
    return VALUES.get(name, UNKNOWN)


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("$A", True),
        ("$E", False),
        ("$N", False),
        ("$A == '1'", True),
        ('$A != "1"', False),
        ("$N == null", True),
        ("$A =~ /^1/", True),
        ("$A !~ /2/", True),
        ("$A =~ $P", True),
        ("$A =~ $N", False),
        ("$A && $E || $A", True),
        ("$E && ($U || $A)", False),
        ("$A && $U", UNKNOWN),
        ("$A || $U", True),
        ("$U == 'x'", UNKNOWN),
        ("$A =~ /(a+)+$/", UNKNOWN),
    ],
)
def test_answers(expression: str, answer: object) -> None:
    assert evaluate(expression, look_up) is answer


@pytest.mark.parametrize(
    ("expression", "valid"),
    [
        ("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", True),
        ('$CI_COMMIT_TAG =~ /^v\\d+\\/x$/i && $X != ""', True),
        ("($A || $B) && $C", True),
        ("$A\n  && $B", True),
        ("${A}", False),
        ("$A = 'x'", False),
        ("$A ==", False),
        ("($A", False),
        ("A == 'x'", False),
        ("", False),
        ("(" * 200 + "$A" + ")" * 200, False),
    ],
)
def test_syntax(expression: str, valid: bool) -> None:
    assert is_valid(expression) is valid
