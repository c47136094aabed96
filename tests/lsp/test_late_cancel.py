"""What an editor cancels too late is answered already, and is nothing to write home about."""

import json
import subprocess

from editor import SERVER


def message(**content: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_a_cancellation_of_what_is_answered_is_not_told_as_an_error() -> None:
    done = subprocess.run(
        SERVER,
        input=message(id=1, method="initialize", params={"capabilities": {}})
        + message(method="initialized", params={})
        + message(method="$/cancelRequest", params={"id": 74})
        + message(id=2, method="shutdown")
        + message(method="exit"),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert b'"id":2' in done.stdout.replace(b" ", b"")
    assert done.stderr == b""
