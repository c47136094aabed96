"""A terminal with one program in it: keys go in, the screen comes out."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.debian import installed
from tests.e2e.scenario import wait_for

WIDTH, HEIGHT = 140, 50


class Terminal:
    """A tmux server of its own, with one window."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.tmux = [installed("tmux", "tmux"), "-S", str(folder / "t"), "-f", "/dev/null"]
        self.environment = dict(environment)

    def start(self, command: Sequence[str | Path], cwd: Path) -> None:
        """Run a program that fills the screen."""
        line = shlex.join(str(word) for word in command)
        size = ["-x", str(WIDTH), "-y", str(HEIGHT)]
        self._tmux("new-session", "-d", *size, "-c", str(cwd), line)
        # An escape key is an escape key, at once, and not the start of a sequence.
        self._tmux("set-option", "-s", "escape-time", "0")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, such as `Enter` and `C-n`."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self._tmux("send-keys", "-l", text)

    def screen(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p")

    def coloured_screen(self) -> str:
        """What stands on the screen, with its colours as escape sequences."""
        return self._tmux("capture-pane", "-e", "-p")

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def see(self, text: str) -> str:
        """Wait until a text stands on the screen; the screen."""
        wait_for(lambda: text in self.screen(), f"«{text}» on the screen", shown=self.screen)
        return self.screen()

    def escape(self, gone: str) -> None:
        """Press Escape, and wait until a text is gone: a key right behind it would read as Alt."""
        self.press("Escape")
        wait_for(lambda: gone not in self.screen(), f"«{gone}» goes", shown=self.screen)

    def cursor_row(self) -> int:
        """The row of the screen that the cursor stands in; the first is 0."""
        return int(self._tmux("display-message", "-p", "#{cursor_y}"))

    def row(self, number: int) -> str:
        """One row of the screen."""
        return self.screen().splitlines()[number]

    def press_until(self, key: str, start: str, end: str, most: int = 60) -> None:
        """Press a key until what stands in the cursor's row goes on from `start` with `end`.

        The next press waits for that row to change, whatever else comes and goes on the screen.
        """

        def begun() -> bool:
            return start in self.row(self.cursor_row())

        wait_for(begun, f"«{start}» at the cursor", shown=self.screen)
        row = self.cursor_row()
        for _ in range(most):
            before = self.row(row)
            if start + end in before:
                return
            self.press(key)
            wait_for(
                lambda before=before: self.row(row) != before,
                f"{key} does something",
                shown=self.screen,
            )
        raise AssertionError(f"«{end}» is not reached by {most} times {key}\n{self.screen()}")

    def stop(self) -> None:
        """End the program, and the terminal."""
        self._tmux("kill-server")

    def _tmux(self, *arguments: str) -> str:
        ran = subprocess.run(
            [*self.tmux, *arguments], env=self.environment, capture_output=True, text=True
        )
        return ran.stdout
