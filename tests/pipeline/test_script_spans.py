"""Where the commands of scripts stand in their file, in every way to type a script."""

import json

import pytest
from uvci.pipeline.scripts import uv_commands

from tests.pipeline.pipelines import pipeline
from tests.pipeline.shell.cases import Case, cases
from tests.pipeline.shell.styles import STYLES

CASES = cases("placed")
NEWLINES = {"lf": "\n", "crlf": "\r\n"}


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_command_is_found_where_it_is_typed(case: Case, newline: str) -> None:
    marked = Case(case.title, case.text.replace("\n", newline) + newline, {}, [])
    text, spans = marked.marked
    found = [call for job in pipeline(text).jobs for call in uv_commands(job)]
    assert sorted(call.span for call in found) == spans


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
