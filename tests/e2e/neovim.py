"""Neovim, driven over its own socket: keys go in as a user's, questions are asked in Lua."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.debian import Unpacked
from tests.e2e.fetched import REPOSITORY
from tests.e2e.scenario import environment, wait_for

INIT = f"""
vim.opt.runtimepath:append("{REPOSITORY / "editors/neovim"}")
vim.opt.completeopt = {{ "menuone", "noselect", "popup" }}
vim.lsp.enable("uvci")
"""


class Neovim:
    """One running Neovim."""

    def __init__(self, unpacked: Unpacked, home: Path) -> None:
        self.command = unpacked.command("nvim")
        self.environment = environment(home)
        self.environment["VIMRUNTIME"] = str(unpacked.root / "usr/share/nvim/runtime")
        self.parsers = unpacked.root / "usr/lib/nvim"
        self.home = home
        self.socket = home / "s"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, file: Path, more: str = "") -> None:
        """Open a file, with the user's configuration, and `more` Lua behind it."""
        init = self.home / "init.lua"
        init.write_text(INIT + more)
        settings = ["-n", "--cmd", f"set runtimepath+={self.parsers}", "-u", init]
        self.process = subprocess.Popen(
            [*self.command, "--headless", *settings, "--listen", self.socket, file],
            env=self.environment,
            cwd=file.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.socket.exists, "Neovim listens")

    def screen(self) -> list[str | Path]:
        """The command that shows it in a terminal."""
        return [*self.command, "--server", self.socket, "--remote-ui"]

    def version(self) -> str:
        """Its version, such as `NVIM v0.12.4`."""
        ran = subprocess.run(
            [*self.command, "--version"], env=self.environment, capture_output=True, text=True
        )
        return ran.stdout.splitlines()[0].removeprefix("NVIM v")

    def ask(self, lua: str) -> Any:
        """The value of a Lua expression."""
        quoted = f"vim.json.encode({lua})".replace("'", "''")
        return json.loads(self._remote("--remote-expr", f"luaeval('{quoted}')") or "null")

    def keys(self, typed: str) -> None:
        """Type keys, in Vim's notation."""
        self._remote("--remote-send", typed)

    def _remote(self, *arguments: str) -> str:
        ran = subprocess.run(
            [*self.command, "--server", self.socket, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return ran.stdout

    def text(self) -> str:
        """The buffer."""
        return "\n".join([*self.ask("vim.api.nvim_buf_get_lines(0, 0, -1, false)"), ""])

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.keys("<C-\\><C-n>:qall!<CR>")
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
