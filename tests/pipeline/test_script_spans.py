"""Where the commands of scripts stand in their file, in every way to type a script."""

import json
from collections.abc import Callable

import pytest
from uvci.pipeline.scripts import uv_commands

from tests.pipeline.pipelines import pipeline
from tests.pipeline.shell.cases import Case, cases

CASES = cases("placed")
NEWLINES = {"lf": "\n", "crlf": "\r\n"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_command_is_found_where_it_is_typed(case: Case, newline: str) -> None:
    marked = Case(case.title, case.text.replace("\n", newline) + newline, {}, [])
    text, spans = marked.marked
    found = [call for job in pipeline(text).jobs for call in uv_commands(job)]
    assert sorted(call.span for call in found) == spans


def _plain(script: str) -> str | None:
    """As a plain scalar, where a script may be one."""
    bare = script.replace("«", "").replace("»", "")
    hard = "\n" in bare or ": " in bare or " #" in bare or bare != bare.strip()
    return None if hard or not bare[:1].isalnum() else script


def _single(script: str) -> str | None:
    """In single quotes; a line ends as two, where no blanks around that would be lost."""
    return f"'{_folded_lines(script)}'" if _can_fold(script) else None


def _can_fold(script: str) -> bool:
    bare = script.replace("«", "").replace("»", "")
    return all(line == line.strip() != "" for line in bare.split("\n"))


def _folded_lines(script: str) -> str:
    return script.replace("'", "''").replace("\n", "\n\n      ")


def _double(script: str) -> str:
    """In double quotes, on one line."""
    return f'"{_escaped(script)}"'


def _double_escaped(script: str) -> str:
    r"""In double quotes, each letter that has a further spelling (`\x75`, `\u00e9`) in that."""
    spelled = {"u": "\\x75", "e": "\\u0065", "é": "\\xe9", "🎉": "\\U0001F389", " ": "\\x20"}
    return f'"{"".join(spelled.get(char) or _ESCAPES.get(char, char) for char in script)}"'


def _double_broken(script: str) -> str:
    """In double quotes, over several lines of the file."""
    first, *others = (_escaped(line) for line in script.split("\n"))
    lines = [f"\\{line}" if line.startswith(" ") else line for line in others]
    broken = "\\n\\\n      ".join([first, *lines])
    return f'"{broken}"'.replace(" && ", " \\\n      && ")


def _escaped(script: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in script)


def _literal(script: str) -> str:
    return "|2-\n" + _indented(script)


def _kept(script: str) -> str:
    return "|2+ # a comment\n" + _indented(script) + "\n"


def _folded(script: str) -> str | None:
    """In a folded block, where no line is indented further."""
    return ">-\n      " + script.replace("\n", "\n\n      ") if _can_fold(script) else None


def _anchored(script: str) -> str:
    return "&one !!str |2-\n" + _indented(script)


def _indented(script: str) -> str:
    return "\n".join(f"      {line}" if line else "" for line in script.split("\n"))


STYLES: dict[str, Callable[[str], str | None]] = {
    "plain": _plain,
    "single": _single,
    "double": _double,
    "double escaped": _double_escaped,
    "double broken": _double_broken,
    "literal": _literal,
    "kept": _kept,
    "folded": _folded,
    "anchored": _anchored,
}
SCRIPTS = [case for case in cases("uv") if case.text.strip()]


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
@pytest.mark.parametrize("style", STYLES)
def test_every_script_is_read_the_same_in_every_style(style: str, newline: str) -> None:
    written = [(case, STYLES[style](case.text)) for case in SCRIPTS]
    typed = [(case, text) for case, text in written if text is not None]
    assert len(typed) > 35, style
    for case, text in typed:
        variables = json.dumps(case.variables)
        file = f"job:\n  variables: {variables}\n  script:\n    - {text}\n"
        content, spans = Case(case.title, file.replace("\n", newline), {}, []).marked
        (job,) = pipeline(content).jobs
        wanted = case.marked[0]
        assert [line.text.rstrip("\n") for line in job.scripts] == [wanted.rstrip("\n")], case.title
        assert sorted(call.span for call in uv_commands(job)) == spans, (case.title, content)
