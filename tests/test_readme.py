"""What the project's own pages promise holds."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "editors").glob("*/README.md")),
]
HOSTS = re.compile(
    r"py" + r"pi\.org|python" + r"hosted\.org|registry\.np" + r"mjs|deb\.debian" + r"\.org"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    links += re.findall(r'\bsrc(?:set)?="(?!https?:)([^"]+)"', text)
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


def test_every_picture_of_the_extension_is_there_and_small() -> None:
    folder = ROOT / "editors/vscode"
    shown = set(re.findall(r"images/[\w-]+\.png", (folder / "package.json").read_text("utf-8")))
    assert len(shown) >= 5
    for name in shown:
        assert (folder / name).stat().st_size < 100_000, name


def test_the_picture_of_the_readme_shows_what_the_checker_says_today() -> None:
    spec = importlib.util.spec_from_file_location("picture", ROOT / "tests/demo/picture.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    drawn = (ROOT / "tests/demo/check.svg").read_text(encoding="utf-8")
    assert module.picture() == drawn, "make pictures draws it anew"


def test_the_picture_of_a_pipeline_is_what_is_drawn_today() -> None:
    file = ROOT / "tests/features/graph/library.yml"
    run = subprocess.run(
        (sys.executable, "-m", "uvci", "graph", file, "--output-format", "svg"),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    drawn = (ROOT / "tests/demo/graph.svg").read_text(encoding="utf-8")
    assert run.stdout == drawn, "make pictures draws it anew"


def test_no_file_names_the_host_of_a_package_registry() -> None:
    listed = subprocess.run(
        ("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=True
    )
    named = [
        name
        for name in listed.stdout.split("\0")
        if name
        and (ROOT / name).is_file()
        and HOSTS.search((ROOT / name).read_text("utf-8", "ignore"))
    ]
    assert named == []
