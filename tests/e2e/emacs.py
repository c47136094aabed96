"""Emacs of Debian's next release, in a terminal; questions are asked through its server."""

import json
import subprocess
from pathlib import Path

from tests.e2e.debian import Unpacked
from tests.e2e.fetched import REPOSITORY
from tests.e2e.scenario import environment, wait_for
from tests.e2e.terminal import Terminal

INIT = f"""
(setq native-comp-jit-compilation nil native-comp-enable-subr-trampolines nil
      make-backup-files nil auto-save-default nil create-lockfiles nil
      eldoc-idle-delay 0.1)
(add-to-list 'load-path "{REPOSITORY / "editors/emacs"}")
(require 'uvci)
"""
EGLOT = """
(add-hook 'uvci-mode-hook #'eglot-ensure)
(setq eglot-send-changes-idle-time 0.1)
(server-start)
"""
# Installed by Emacs itself, lsp-mode would find its parts when they are called.
LSP_MODE = """
(dolist (folder (directory-files "{packages}" t "^[a-z]")) (add-to-list 'load-path folder))
(mapc #'require '(lsp-mode lsp-lens lsp-diagnostics lsp-completion lsp-modeline lsp-headerline))
(add-hook 'uvci-mode-hook #'lsp-deferred)
(lsp-register-custom-settings '(("uvci.ignore" ["UVC205"])))
(setq lsp-auto-guess-root t lsp-idle-delay 0.1 lsp-enable-snippet nil)
(server-start)
"""


class Emacs:
    """One running Emacs."""

    def __init__(self, unpacked: Unpacked, folder: Path, client: str = EGLOT) -> None:
        packages = unpacked.root / "usr/share/emacs/site-lisp/elpa-src"
        self.socket = folder / "e"
        self.init = folder / "init.el"
        self.init.write_text(
            f'(setq server-name "{self.socket}")\n{INIT}{client.format(packages=packages)}'
        )
        data, programs = _folders(unpacked.root)
        dump = next(programs.glob("*.pdmp"))
        self.command = [*unpacked.command("emacs-nox"), "--dump-file", str(dump)]
        self.client = unpacked.command("emacsclient.emacs")
        self.environment = {
            **environment(folder / "home"),
            "EMACSLOADPATH": str(data / "lisp"),
            "EMACSDATA": str(data / "etc"),
            "EMACSDOC": str(data / "etc"),
            "EMACSPATH": str(programs),
        }
        self.terminal = Terminal(folder, self.environment)

    def version(self) -> str:
        """Its version, such as `30.2`."""
        ask = ["-Q", "--batch", "--eval", "(princ emacs-version)"]
        return subprocess.run(
            [*self.command, *ask], env=self.environment, capture_output=True, text=True
        ).stdout

    def start(self, file: Path) -> None:
        """Open a file, with the user's configuration."""
        self.terminal.start([*self.command, "-Q", "-l", self.init, file], file.parent)
        wait_for(self.socket.exists, "Emacs listens", shown=self.terminal.screen)

    def ask(self, lisp: str) -> str:
        """What an expression in the selected window's buffer prints."""
        plain = f'(json-encode (substring-no-properties (format "%s" {lisp})))'
        there = f"(progn (require 'json) (with-current-buffer (window-buffer) {plain}))"
        ran = subprocess.run(
            [*self.client, "--socket-name", str(self.socket), "--eval", there],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=20,
        )
        return str(json.loads(json.loads(ran.stdout))) if ran.returncode == 0 else ""

    def command_named(self, name: str) -> None:
        """Press M-x, and a command's name."""
        self.terminal.press("M-x")
        self.terminal.type(name)
        self.terminal.press("Enter")

    def stop(self) -> None:
        """End it."""
        self.terminal.stop()


def _folders(root: Path) -> tuple[Path, Path]:
    """Where its Lisp and data lie, and where its programs."""
    data = next((root / "usr/share/emacs").glob("[0-9]*"))
    programs = next((root / "usr/libexec/emacs").glob("*/*"))
    return data, programs
