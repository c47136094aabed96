"""How fast uvci is, as ratios within one run: `make bench`.

Nothing here passes or fails. yaml-language-server is installed from npm into an ignored folder.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "bench"
PYTHON = sys.executable
UVCI = (PYTHON, "-m", "uvci")
JSONSCHEMA = (PYTHON, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci")
EMPTY_SERVER = (
    "from pygls.lsp.server import LanguageServer; LanguageServer('empty', '1').start_io()"
)

JOB = """\
test-{name}{n}:
  stage: test
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_CACHE_DIR: .uv-cache
    NAME: "{n}"
  cache:
    key:
      files: [uv.lock]
    paths: [$UV_CACHE_DIR]
  script:
    - uv sync --locked
    - uv run pytest tests/{name}{n}
  after_script:
    - uv cache prune --ci
"""


def pipeline(lines: int, name: str = "") -> str:
    """A valid pipeline of about that many lines; none of its jobs is in one of another name."""
    return "".join(JOB.format(name=name, n=n) for n in range(lines // JOB.count("\n")))


def seconds(command: Sequence[str | Path], folder: Path, times: int = 9) -> float:
    """The median time of a whole process."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay below."""
    return sorted(values)[int(len(values) * 0.95)]


class Server:
    """A language server on a pipe, spoken to as plainly as possible."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.count = 0

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        while (line := self.process.stdout.readline()).strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message

    def request(self, method: str, params: dict[str, Any]) -> Any:
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        while (answer := self.read()).get("id") != self.count or "method" in answer:
            if "method" in answer and "id" in answer:
                self.send({"id": answer["id"], "result": [None]})
        return answer.get("result")

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self.send({"method": method, "params": params})

    def open(self, file: Path, settings: dict[str, Any] | None = None) -> str:
        uri = file.as_uri()
        root = file.parent.as_uri()
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root,
                "workspaceFolders": [{"uri": root, "name": "bench"}],
                "capabilities": {},
            },
        )
        self.notify("initialized", {})
        if settings:
            self.notify("workspace/didChangeConfiguration", {"settings": settings})
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": file.read_text()}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def memory(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024


@contextmanager
def running(command: Sequence[str | Path]) -> Any:
    """A server that is stopped afterwards."""
    server = Server(command)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def time_to_initialize(command: Sequence[str | Path]) -> float:
    """From spawning a server to its answer to `initialize`, the median."""
    taken = []
    for _ in range(9):
        start = time.perf_counter()
        with running(command) as server:
            params = {"processId": None, "rootUri": None, "capabilities": {}}
            server.request("initialize", params)
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def completions(server: Server, uri: str, line: int, column: int) -> list[float]:
    """How long each of a series of completions takes."""
    at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
    server.request("textDocument/completion", at)
    taken = []
    for _ in range(60):
        start = time.perf_counter()
        server.request("textDocument/completion", at)
        taken.append(time.perf_counter() - start)
    return taken


def yaml_language_server() -> tuple[str | Path, ...] | None:
    """The command that starts yaml-language-server, installed where it is not yet."""
    entry = CACHE / "node_modules/yaml-language-server/bin/yaml-language-server"
    if not entry.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / "package.json").write_text('{"private": true}')
        install = ("npm", "install", "--silent", "--no-audit", "--no-fund", "yaml-language-server")
        if subprocess.run(install, cwd=CACHE, check=False).returncode:
            return None
    return ("node", entry, "--stdio")


def gitlab_schema() -> str:
    """The address of the schema that check-jsonschema brings along."""
    spec = find_spec("check_jsonschema")
    assert spec
    assert spec.origin
    vendored = Path(spec.origin).parent / "builtin_schemas/vendor"
    return next(vendored.rglob("gitlab-ci.json")).as_uri()


def edit_times(root: Path, lines: int) -> list[float]:
    """The work from a keystroke to findings, at places all over a pipeline of that size."""
    from uvci.cli.server import collect_rarely
    from uvci.workspace.snapshot import Snapshot

    text = pipeline(lines)
    (root / ".gitlab-ci.yml").write_text(text)
    snapshot = Snapshot.open(root)
    snapshot.findings(".gitlab-ci.yml")
    collect_rarely()  # as the server does
    taken = []
    for step in range(100):
        at = text.index("pytest", len(text) * step // 101) + 6
        text = text[:at] + "x" + text[at:]
        start = time.perf_counter()
        snapshot = snapshot.with_buffer(".gitlab-ci.yml", text)
        snapshot.findings(".gitlab-ci.yml")
        taken.append(time.perf_counter() - start)
    return taken


def show(what: str, ours: float, theirs: float, unit: Callable[[float], str], budget: str) -> None:
    """One line of the table."""
    ratio = f"{ours / theirs:6.2f} x" if theirs else ""
    print(f"{what:<46} {unit(ours):>10} {unit(theirs):>10} {ratio:>9}   budget {budget}")


def milliseconds(value: float) -> str:
    """Seconds for reading."""
    return f"{value * 1000:.1f} ms"


def megabytes(value: float) -> str:
    """Bytes for reading."""
    return f"{value / 1e6:.0f} MB"


def measure(folder: Path) -> None:
    """Print every ratio of the design."""
    one = folder / "one"
    many = folder / "many"
    for place in (one, many):
        place.mkdir()
        subprocess.run(("git", "init", "-q", place), check=True)
        (place / "uv.lock").touch()
    file = one / ".gitlab-ci.yml"
    file.write_text(pipeline(1500))
    for number in range(500):
        (many / f"p{number}.gitlab-ci.yml").write_text(pipeline(60, f"{number}-"))

    print(f"{'':<46} {'uvci':>10} {'other':>10}")
    check = (*UVCI, "check")
    ours = seconds((*check, file), one)
    theirs = seconds((*JSONSCHEMA, file), one)
    show("check one file of 1,500 lines", ours, theirs, milliseconds, "<= 0.5 x check-jsonschema")
    ours = seconds((*check, many), many, 3)
    theirs = seconds((*JSONSCHEMA, *sorted(many.glob("*.yml"))), many, 3)
    show("check a folder of 500", ours, theirs, milliseconds, "<= 0.1 x check-jsonschema")
    ours = time_to_initialize((*UVCI, "server"))
    theirs = time_to_initialize((PYTHON, "-c", EMPTY_SERVER))
    show("spawn to initialize", ours, theirs, milliseconds, "<= 1.25 x an empty pygls server")
    measure_servers(file)
    small, large = (p95(edit_times(one, lines)) for lines in (1500, 15000))
    show("edit to findings, p95, 15,000 / 1,500", large, small, milliseconds, "<= 2 x, 10 ms")


def measure_servers(file: Path) -> None:
    """Completion and memory, beside yaml-language-server."""
    line, column = 2, len("  image: ghcr.io/astral-sh/uv:0.12.5-")
    with running((*UVCI, "server")) as server:
        uri = server.open(file)
        ours = completions(server, uri, line, column)
        our_memory = server.memory()
    command = yaml_language_server()
    if command is None:
        print("yaml-language-server could not be installed: completion and memory are left out")
        return
    settings = {"yaml": {"schemas": {gitlab_schema(): ".gitlab-ci.yml"}, "completion": True}}
    with running(command) as server:
        uri = server.open(file, settings)
        theirs = completions(server, uri, line, 2)
        their_memory = server.memory()
    budget = "<= 0.25 x yaml-language-server"
    show("completion, p95, 1,500 lines", p95(ours), p95(theirs), milliseconds, budget)
    show("memory, 1,500 lines open", our_memory, their_memory, megabytes, "<= 0.5 x")


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name))
