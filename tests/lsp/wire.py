"""A server given its messages as bytes: for what no well-behaved client sends."""

import json
import subprocess
from dataclasses import dataclass
from subprocess import PIPE
from typing import IO, Any

from editor import SERVER


def message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


INITIALIZE = message(id=1, method="initialize", params={"capabilities": {}})
INITIALIZED = message(method="initialized", params={})
SHUTDOWN = message(id="bye", method="shutdown")
EXIT = message(method="exit")


@dataclass
class Ended:
    """What a server that has ended left behind."""

    code: int
    log: str
    sent: list[dict[str, Any]]

    def error(self, identity: int | str) -> tuple[int, str]:
        """The code and the message of the error that a request was answered with."""
        found = next(each for each in self.sent if each.get("id") == identity)["error"]
        return found["code"], found["message"]


def told(*messages: bytes, await_answer: int | None = None, then: bytes = b"") -> Ended:
    """The server that was sent these messages, and `then` once that request is answered."""
    with subprocess.Popen(SERVER, stdin=PIPE, stdout=PIPE, stderr=PIPE) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        server.stdin.write(b"".join(messages))
        server.stdin.flush()
        sent: list[dict[str, Any]] = []
        while await_answer is not None and all(each.get("id") != await_answer for each in sent):
            received = _next(server.stdout)
            assert received is not None, "it ended without an answer"
            sent.append(received)
        server.stdin.write(then)
        server.stdin.close()
        while (received := _next(server.stdout)) is not None:
            sent.append(received)
        log = server.stderr.read().decode()
    return Ended(server.returncode, log, sent)


def _next(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None at the end of the stream."""
    length = 0
    while (line := stream.readline()) and line.strip():
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    found: dict[str, Any] | None = json.loads(stream.read(length)) if line else None
    return found
