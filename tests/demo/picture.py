"""Draws what `uvci check` prints on the demo pipeline, for the README: `make pictures` runs it.

Usage: python tests/demo/picture.py [FILE]; without FILE the picture goes to standard output.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).resolve().parent
WIDTH = 108
COMMAND = "uvci check --select UVC1"

# rich's own frame, without the web fonts it would load from elsewhere.
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture() -> str:
    """The output of the checker as an SVG."""
    with tempfile.TemporaryDirectory() as repository:
        for name in (".gitlab-ci.yml", "pyproject.toml", "uv.lock"):
            shutil.copy(HERE / name, repository)
        (Path(repository) / ".git").mkdir()
        run = subprocess.run(
            [*(sys.executable, "-m", "uvci"), *COMMAND.split()[1:], "--color", "always"],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        console.print(Text(f"$ {COMMAND}", style="bold"))
        console.print(Text.from_ansi(run.stdout))
        return console.export_svg(title=COMMAND, theme=MONOKAI, code_format=FRAME, unique_id="uvci")


if __name__ == "__main__":
    drawn = picture()
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(drawn, encoding="utf-8")
    else:
        sys.stdout.write(drawn)
