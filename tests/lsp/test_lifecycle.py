"""Every request is answered, whenever it comes, and the process ends with the code it should."""

from pathlib import Path

import pytest
from wire import EXIT, INITIALIZE, INITIALIZED, SHUTDOWN, message, told

HOVER = message(
    id=7,
    method="textDocument/hover",
    params={"textDocument": {"uri": "file:///x.yml"}, "position": {"line": 0, "character": 0}},
)
READY = INITIALIZE + INITIALIZED


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        pytest.param(READY + SHUTDOWN + EXIT, 0, id="goodbye"),
        pytest.param(READY + SHUTDOWN, 0, id="goodbye, then the end of the input"),
        pytest.param(READY + EXIT, 1, id="exit alone"),
        pytest.param(READY, 1, id="the client is gone"),
        pytest.param(EXIT, 1, id="exit before anything"),
    ],
)
def test_the_exit_code_tells_whether_the_client_said_goodbye(messages: bytes, code: int) -> None:
    ended = told(messages)
    assert ended.code == code
    assert ended.log == ""


@pytest.mark.parametrize(
    ("messages", "code", "text"),
    [
        pytest.param(HOVER, -32002, "initialize", id="before initialize"),
        pytest.param(READY + SHUTDOWN + HOVER, -32600, "shut down", id="after shutdown"),
    ],
)
def test_a_request_at_the_wrong_time_is_told_so(messages: bytes, code: int, text: str) -> None:
    number, reason = told(messages, EXIT).error(7)
    assert number == code
    assert text in reason


def test_a_second_initialize_is_refused_and_the_first_stays() -> None:
    again = message(id=2, method="initialize", params={"capabilities": {}})
    ended = told(READY, again, SHUTDOWN, EXIT)
    assert ended.error(2)[0] == -32600
    assert ended.code == 0


def test_a_notification_before_initialize_is_dropped() -> None:
    opened = {"uri": "file:///x.yml", "languageId": "yaml", "version": 1, "text": "a: b"}
    early = message(method="textDocument/didOpen", params={"textDocument": opened})
    ended = told(early, READY, SHUTDOWN, EXIT)
    assert [each.get("id") for each in ended.sent] == [1, "bye"]
    assert ended.log == ""


def test_a_request_that_cannot_be_read_is_answered() -> None:
    wrong = message(id=7, method="textDocument/hover", params={"position": "there"})
    ended = told(READY, wrong, SHUTDOWN, EXIT)
    assert ended.error(7) == (-32602, "textDocument/hover: its parameters are ill-formed.")
    assert ended.code == 0


def test_a_method_from_the_future_is_no_failure_to_show() -> None:
    ended = told(READY, message(id=7, method="textDocument/dream", params={}), SHUTDOWN, EXIT)
    assert ended.error(7)[0] == -32601
    assert "window/showMessage" not in {each.get("method") for each in ended.sent}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        pytest.param(
            "textDocument/rename",
            {"position": {"line": 0, "character": 1}, "newName": "default"},
            id="rename to a keyword",
        ),
        pytest.param(
            "textDocument/rename",
            {"position": {"line": 1, "character": 3}, "newName": "x"},
            id="rename of what has no name",
        ),
        pytest.param(
            "textDocument/prepareRename",
            {"position": {"line": 4, "character": 11}},
            id="prepare where GitLab gives the name",
        ),
    ],
)
def test_a_refusal_is_an_answer_and_leaves_no_trace_in_the_log(
    tmp_path: Path, method: str, params: dict[str, object]
) -> None:
    (tmp_path / ".git").mkdir()
    uri = (tmp_path / ".gitlab-ci.yml").as_uri()
    text = "test:\n  script: [x]\nlint:\n  script:\n    - echo $CI_COMMIT_SHA\n"
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    opened = message(method="textDocument/didOpen", params={"textDocument": document})
    asked = message(id=7, method=method, params={"textDocument": {"uri": uri}, **params})
    ended = told(READY, opened, asked, await_answer=7, then=SHUTDOWN + EXIT)
    code, reason = ended.error(7)
    assert code == -32803
    assert reason.endswith(".")
    assert ended.log == ""
    assert "window/showMessage" not in {each.get("method") for each in ended.sent}
