"""Where the commands of scripts stand in their file, in every way to type a script."""

import pytest
from uvci.pipeline.scripts import uv_commands

from tests.pipeline.pipelines import pipeline
from tests.pipeline.shell.cases import Case, cases

CASES = cases("placed")
NEWLINES = {"lf": "\n", "crlf": "\r\n"}


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=NEWLINES)
@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_command_is_found_where_it_is_typed(case: Case, newline: str) -> None:
    marked = Case(case.title, case.text.replace("\n", newline) + newline, {}, [])
    text, spans = marked.marked
    found = [call for job in pipeline(text).jobs for call in uv_commands(job)]
    assert sorted(call.span for call in found) == spans
