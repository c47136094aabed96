"""Cases as texts: `cases/CODE-name.txt` holds what a rule finds something in, or must not.

A case begins with `=== bad: title` or `=== good: title`; `=== fixed` after a bad one shows it after
the preferred fix. `--- path` begins another file of the repository. `«…»` marks each finding.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from uvci.text.span import Span

CASES = Path(__file__).parent / "cases"
PIPELINE = ".gitlab-ci.yml"
_HEAD = re.compile(r"^=== (bad|good|fixed)(?:: (.*))?\n", re.MULTILINE)
_FILE = re.compile(r"^--- (\S+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    code: str
    title: str
    kind: str
    text: str
    spans: tuple[Span, ...]
    files: dict[str, str] = field(default_factory=dict)
    fixed: str | None = None


def read_cases() -> list[Case]:
    return [case for path in sorted(CASES.glob("*.txt")) for case in _read(path)]


def _read(path: Path) -> list[Case]:
    _, *parts = _HEAD.split(path.read_text("utf-8"))
    cases: list[Case] = []
    for kind, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if kind == "fixed":
            cases[-1] = replace(cases[-1], fixed=body)
            continue
        text, *others = _FILE.split(body)
        plain, spans = unmark(text)
        files = dict(zip(others[::2], others[1::2], strict=True))
        code = path.name.partition("-")[0]
        cases.append(Case(code, title, kind, plain, spans, files))
    return cases


def unmark(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text without its marks, and what they marked."""
    plain, spans, start = "", [], 0
    for piece in re.split("([«»])", text):
        match piece:
            case "«":
                start = len(plain)
            case "»":
                spans.append(Span(start, len(plain)))
            case _:
                plain += piece
    return plain, tuple(spans)
