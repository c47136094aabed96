"""uv's guide for GitLab, piece by piece: what the editor offers, says, finds and changes there.

Each test is one thing the guide shows and one way to work with it, in a repository of its own.
"""

from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
from uvci.features.actions import code_actions
from uvci.features.completion import complete
from uvci.features.hover import hover
from uvci.features.view import CodeAction, CompletionItem, View
from uvci.rules.rule import Finding, Severity
from uvci.text.edits import apply_edits
from uvci.text.span import Span
from uvci.workspace.snapshot import Snapshot

PIPELINE = ".gitlab-ci.yml"
LOCKED = {
    "uv.lock": 'version = 1\nrequires-python = ">=3.10"\n',
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.10"\n',
}
REQUIREMENTS = {"requirements.txt": "httpx\n"}
IMAGE = "  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim\n"
SYNC = "  script:\n    - uv sync --locked\n"
PIP = "  script:\n    - uv pip install -r requirements.txt\n"
PRUNE = "  after_script:\n    - uv cache prune --ci\n"
BLOCK = """\
variables:
  UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache
cache:
  key:
    files:
      - uv.lock
  paths:
    - $UV_CACHE_DIR
"""
CACHE = indent(BLOCK, "  ")
COMPOSED = "  image: ghcr.io/astral-sh/uv:$UV_VERSION-python$PYTHON_VERSION-$BASE_LAYER\n"
VERSIONS = """\
variables:
  UV_VERSION: "0.12.5"
  PYTHON_VERSION: "3.13"
  BASE_LAYER: "trixie-slim"

"""


class Editor:
    """A pipeline open at its `$0`, in a repository on disk."""

    def __init__(self, folder: Path, marked: str, files: dict[str, str]) -> None:
        self.text, self.offset = marked.replace("$0", "", 1), max(marked.find("$0"), 0)
        (folder / ".git").mkdir()
        for name, content in {**files, PIPELINE: self.text}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
        self.snapshot = Snapshot.open(folder)

    @property
    def view(self) -> View:
        view = self.snapshot.view(PIPELINE)
        assert view is not None
        return view

    def items(self) -> list[CompletionItem]:
        return list(complete(self.view, self.offset).items)

    def labels(self) -> list[str]:
        return [item.label for item in self.items()]

    def completed(self, label: str) -> str:
        (item,) = [item for item in self.items() if item.label == label]
        return apply_edits(self.text, [item.edit, *item.additional])

    def hover(self) -> str:
        found = hover(self.view, self.offset)
        assert found is not None
        return found.markdown

    def answer(self) -> str:
        return self.hover().splitlines()[0]

    def found(self, code: str) -> list[Finding]:
        return [each for each in self.snapshot.findings(PIPELINE) if each.rule.code == code]

    def only(self, code: str) -> Finding:
        (finding,) = self.found(code)
        return finding

    def actions(self) -> dict[str, CodeAction]:
        found = code_actions(self.view, Span(self.offset, self.offset))
        return {action.title: action for action in found}

    def pressed(self, title: str) -> str:
        action = self.actions()[title]
        assert not action.disabled
        return apply_edits(self.text, [each.edit for each in action.edits()])

    def preferred(self) -> list[str]:
        return [title for title, action in self.actions().items() if action.preferred]


Open = Callable[..., Editor]


@pytest.fixture
def at(tmp_path: Path) -> Open:
    """Opens pipelines, each in a repository of a locked project unless it is given other files."""
    made = 0

    def open_(marked: str, files: dict[str, str] | None = None) -> Editor:
        nonlocal made
        made += 1
        folder = tmp_path / str(made)
        folder.mkdir()
        return Editor(folder, marked, LOCKED if files is None else files)

    return open_


# ---------------------------------------------------------------- image: ghcr.io/astral-sh/uv:…

NAMES = ("ghcr.io/astral-sh/uv", "docker.io/astral/uv", "astral/uv")
WAYS = ("  image: {}\n", "  image:\n    name: {}\n")


@pytest.mark.parametrize("way", WAYS)
def test_image_completion_of_the_registry(at: Open, way: str) -> None:
    offered = at("test:\n" + way.format("$0") + SYNC).labels()
    assert [f"{name}:" for name in NAMES] == [each for each in offered if each[:-1] in NAMES]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rest", [SYNC, ""], ids=["whole", "half-typed"])
def test_image_completion_of_the_tag_in_steps(at: Open, name: str, way: str, rest: str) -> None:
    def offered(tag: str) -> list[str]:
        return at("test:\n" + way.format(f"{name}:{tag}$0") + rest).labels()

    releases = offered("")
    pinned = [label for label in releases if label[:1].isdigit()]
    assert len(releases) < 100
    assert pinned[0].endswith("-")
    assert pinned[0].count(".") == 2
    assert offered("0.12.5-")[:2] == ["0.12.5-python3.14-", "0.12.5-python3.13-"]
    bases = offered("0.12.5-python3.13-")
    assert bases[0] == "0.12.5-python3.13-trixie-slim"
    assert not any("bookworm" in base for base in bases)


def test_image_completion_inside_an_open_quote(at: Open) -> None:
    editor = at('test:\n  image: "astral/uv:0.12.5-python3.13-$0\n' + SYNC)
    assert editor.labels()[0] == "0.12.5-python3.13-trixie-slim"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_image_hover(at: Open, name: str, way: str) -> None:
    text = "test:\n" + way.format(f"{name}:0.12.5-pyth$0on3.13-trixie-slim") + SYNC
    editor = at(text)
    assert editor.answer() == "**uv 0.12.5, Python 3.13, Debian 13 (trixie), sh and bash**"
    for fact in ("glibc", "no git", "Pinned", "was released on 2026-08-14", "Newer: `"):
        assert fact in editor.hover()


def test_image_hover_of_a_tag_that_moves(at: Open) -> None:
    assert "Floating: moves" in at("test:\n  image: astral/uv:0.12$0-alpine\n" + SYNC).hover()


UNFIT = {
    "0.11.16-python3.12-bookworm-slim": (
        "UVC101",
        "ended with uv 0.9.30",
        "Use the image `0.11.16-python3.12-trixie-slim`",
    ),
    "python3.12-bookworm": (
        "UVC102",
        "will stay at uv 0.9.30",
        "Use the image `python3.12-trixie`",
    ),
    "0.11-alpine": ("UVC103", "may change without a change of yours", "Use the image `0.11."),
    "0.12.5": ("UVC104", "has no shell", "Use the image `0.12.5-python3.14-trixie-slim`"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tag", UNFIT)
def test_image_finding(at: Open, tag: str, way: str) -> None:
    code, reason, _ = UNFIT[tag]
    editor = at("test:\n" + way.format(f"ghcr.io/astral-sh/uv:{tag}") + SYNC)
    finding = editor.only(code)
    assert reason in finding.message
    assert "job `test`" in finding.message
    assert finding.span.of(editor.text) == tag


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("tag", UNFIT)
def test_image_action(at: Open, tag: str, way: str) -> None:
    code, _, title = UNFIT[tag]
    editor = at("test:\n" + way.format(f"docker.io/astral/uv:$0{tag}") + SYNC)
    (best,) = editor.preferred()
    assert best.startswith(title)
    assert at(editor.pressed(best)).found(code) == []


# ---------------------------------------------------------------- the composed tag


@pytest.mark.parametrize("typed", ["$0", "ghcr.io/astral-sh/uv:$0"])
@pytest.mark.parametrize("rest", [SYNC, ""], ids=["whole", "half-typed"])
def test_composed_completion_of_the_template(at: Open, typed: str, rest: str) -> None:
    editor = at(f"test:\n  image: {typed}\n" + rest)
    (label,) = [each for each in editor.labels() if "$UV_VERSION" in each]
    done = editor.completed(label)
    assert COMPOSED in done
    assert at(done).found("UVC101") == []
    for name in ("UV_VERSION", "PYTHON_VERSION", "BASE_LAYER"):
        assert f'  {name}: "' in done


VALUES = {
    "UV_VERSION": (["0.12.5", "0.11.16"], ["0.8.10", "latest"]),
    "PYTHON_VERSION": (["3.14", "3.13", "3.9"], ["3.8", "3.7"]),
    "BASE_LAYER": (["trixie-slim", "trixie", "alpine"], ["bookworm-slim", "bookworm"]),
}


@pytest.mark.parametrize("typed", ["{}: $0", '{}: "$0'], ids=["whole", "half-typed"])
@pytest.mark.parametrize("name", VALUES)
def test_composed_completion_of_values(at: Open, name: str, typed: str) -> None:
    lines = VERSIONS.splitlines(keepends=True)
    variables = "".join(
        f"  {typed.format(name)}\n" if f" {name}:" in line else line for line in lines
    )
    offered = at(f"{variables}test:\n{COMPOSED}{SYNC}").labels()
    published, missing = VALUES[name]
    assert [value for value in offered if value in published] == published
    assert not set(offered) & set(missing)


def test_composed_hover(at: Open) -> None:
    editor = at(VERSIONS + "test:\n" + COMPOSED.replace("-python", "-pyt$0hon") + SYNC)
    assert editor.answer() == "**uv 0.12.5, Python 3.13, Debian 13 (trixie), sh and bash**"
    shown = editor.hover()
    assert "`ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim`" in shown
    assert "`$PYTHON_VERSION` is `3.13` (pipeline, line 3)" in shown


def test_composed_hover_of_a_part(at: Open) -> None:
    editor = at(VERSIONS.replace("trixie-slim", "book$0worm-slim") + "test:\n" + COMPOSED + SYNC)
    assert "`0.12.5-python3.13-bookworm-slim`: **not published**" in editor.answer()


def test_composed_finding_for_a_job_with_a_part_of_its_own(at: Open) -> None:
    own = '  variables:\n    PYTHON_VERSION: "3.7"\n'
    good, bad = "good:\n" + COMPOSED + SYNC, "bad:\n" + COMPOSED + own + SYNC
    assert at(VERSIONS + good + bad).only("UVC101").jobs == ("bad",)


def test_composed_finding_for_each_matrix_entry(at: Open) -> None:
    matrix = '  parallel:\n    matrix:\n      - PYTHON_VERSION: ["3.13", "3.7", "3.6"]\n'
    found = at(VERSIONS + "test:\n" + COMPOSED + SYNC + matrix).found("UVC101")
    assert len(found) == 2
    assert all(any(old in each.message for each in found) for old in ("python3.7", "python3.6"))


def test_composed_action_edits_the_right_variable(at: Open) -> None:
    wrong = VERSIONS.replace("trixie-slim", "bookworm-slim")
    editor = at(wrong + "test:\n" + COMPOSED.replace("image: ", "image: $0") + SYNC)
    (best,) = editor.preferred()
    assert editor.pressed(best) == VERSIONS + "test:\n" + COMPOSED + SYNC


def test_composed_action_edits_the_right_matrix_entry(at: Open) -> None:
    matrix = '  parallel:\n    matrix:\n      - PYTHON_VERSION: ["3.13", "{}"]\n'
    job = "test:\n" + COMPOSED.replace("image: ", "image: $0") + SYNC
    editor = at(VERSIONS + job + matrix.format("3.7"))
    (title,) = [each for each in editor.actions() if each.startswith("Use the image")]
    changed = editor.pressed(title)
    assert changed.startswith(VERSIONS)
    assert matrix.format("3.10") in changed


def test_composed_action_extracts_and_inlines(at: Open) -> None:
    literal = "test:\n" + IMAGE + SYNC
    extract = at(literal.replace("0.12.5", "$00.12.5"))
    composed = extract.pressed("Extract the tag into $UV_VERSION, $PYTHON_VERSION, $BASE_LAYER")
    assert composed == VERSIONS + "test:\n" + COMPOSED + SYNC
    inline = at(composed.replace("image: ", "image: $0"))
    (title,) = [each for each in inline.actions() if each.startswith("Write the tag out")]
    assert inline.pressed(title) == literal


# ---------------------------------------------------------------- versions quoted

UNQUOTED = VERSIONS.replace('"3.13"', "$03.10") + "test:\n" + COMPOSED + SYNC


@pytest.mark.parametrize("rest", [COMPOSED + SYNC, ""], ids=["whole", "half-typed"])
def test_quotes_completion(at: Open, rest: str) -> None:
    editor = at("variables:\n  PYTHON_VERSION: $0\ntest:\n" + rest)
    assert '  PYTHON_VERSION: "3.10"\n' in editor.completed("3.10")


def test_quotes_hover(at: Open) -> None:
    assert at(UNQUOTED).answer().startswith("GitLab reads **`3.1`**")


def test_quotes_finding(at: Open) -> None:
    editor = at(UNQUOTED)
    assert editor.only("UVC106").severity is Severity.ERROR
    assert "use `0.12.5-python3.10-trixie-slim`" in editor.only("UVC101").message


def test_quotes_finding_of_a_release(at: Open) -> None:
    editor = at(VERSIONS.replace('"0.12.5"', "0.10") + "test:\n" + COMPOSED + SYNC)
    assert "use `0.10-python3.13-trixie-slim`" in editor.only("UVC101").message


def test_quotes_action(at: Open) -> None:
    editor = at(UNQUOTED)
    assert editor.preferred() == ['Quote it: `"3.10"`']
    fixed = at(editor.pressed('Quote it: `"3.10"`'))
    assert not fixed.found("UVC106") + fixed.found("UVC101")


# ---------------------------------------------------------------- distroless and its entrypoint


def test_distroless_hover(at: Open) -> None:
    editor = at("test:\n  image: ghcr.io/astral-sh/uv:0.12.$05\n" + SYNC)
    assert "no shell" in editor.answer()
    assert '`entrypoint: [""]` alone does not help' in editor.hover()


@pytest.mark.parametrize("entrypoint", ["", '    entrypoint: [""]\n'])
def test_distroless_finding(at: Open, entrypoint: str) -> None:
    editor = at("test:\n  image:\n    name: ghcr.io/astral-sh/uv:latest\n" + entrypoint + SYNC)
    finding = editor.only("UVC104")
    assert finding.severity is Severity.ERROR
    assert ("an empty entrypoint changes nothing" in finding.message) is bool(entrypoint)


def test_distroless_finding_of_a_missing_entrypoint(at: Open) -> None:
    editor = at("test:\n  image: ghcr.io/astral-sh/uv:0.4.5-python3.12-bookworm\n" + SYNC)
    assert 'set `entrypoint: [""]`' in editor.only("UVC105").message


@pytest.mark.parametrize("way", WAYS)
def test_distroless_actions(at: Open, way: str) -> None:
    editor = at("test:\n" + way.format("ghcr.io/astral-sh/uv:0.12.$05") + SYNC)
    assert editor.preferred() == ["Use the image `0.12.5-python3.14-trixie-slim`"]
    (guide,) = [title for title in editor.actions() if "entrypoint" in title]
    assert "brings no shell" in guide
    wanted = '  image:\n    name: ghcr.io/astral-sh/uv:0.12.5\n    entrypoint: [""]\n'
    assert editor.pressed(guide) == "test:\n" + wanted + SYNC


def test_distroless_action_where_the_entrypoint_is_all_that_is_missing(at: Open) -> None:
    image = "ghcr.io/astral-sh/uv:0.4.5-python3.12-bookworm"
    editor = at(f"test:\n  image: $0{image}\n" + SYNC)
    (title,) = editor.preferred()
    wanted = f'  image:\n    name: {image}\n    entrypoint: [""]\n'
    assert editor.pressed(title) == "test:\n" + wanted + SYNC


# ---------------------------------------------------------------- UV_LINK_MODE: copy


@pytest.mark.parametrize("rest", ["test:\n" + IMAGE + SYNC, ""], ids=["whole", "half-typed"])
def test_link_mode_completion(at: Open, rest: str) -> None:
    assert at("variables:\n  UV_LINK$0\n" + rest).labels()[0] == "UV_LINK_MODE"
    values = at("variables:\n  UV_LINK_MODE: $0\n" + rest).labels()
    assert set(values) == {"clone", "copy", "hardlink", "symlink", "reflink"}


def test_link_mode_hover(at: Open) -> None:
    kept = "variables:\n  UV_LINK$0_MODE: copy\ntest:\n" + IMAGE + CACHE + SYNC + PRUNE
    shown = at(kept).hover()
    assert "different file systems" in shown
    assert "Not needed here" in shown


def test_link_mode_finding(at: Open) -> None:
    missing = at("test:\n" + IMAGE + SYNC).only("UVC307")
    copied = "variables:\n  UV_LINK_MODE: copy\ntest:\n" + IMAGE + CACHE + SYNC + PRUNE
    redundant = at(copied).only("UVC307")
    assert missing.severity is redundant.severity is Severity.HINT
    assert "set `UV_LINK_MODE: copy`" in missing.message
    assert "only makes job `test` slower" in redundant.message


def test_link_mode_action(at: Open) -> None:
    editor = at("te$0st:\n" + IMAGE + SYNC)
    (title,) = [each for each in editor.actions() if each.startswith("Set `UV_LINK_MODE`")]
    changed = editor.pressed(title)
    assert "variables:\n  UV_LINK_MODE: copy\n" in changed
    assert at(changed).found("UVC307") == []


# ---------------------------------------------------------------- the cache block


@pytest.mark.parametrize("rest", [SYNC, ""], ids=["whole", "half-typed"])
def test_cache_completion(at: Open, rest: str) -> None:
    job = "test:\n" + IMAGE + "  variables:\n    UV_CACHE_DIR: .uv-cache\n  cache:\n"
    assert at(job + "    $0\n" + rest).labels()[:2] == ["key", "paths"]
    assert "files" in at(job + "    key:\n      $0\n" + rest).labels()
    files = at(job + "    key:\n      files:\n        - $0\n" + rest).labels()
    assert files == ["uv.lock", "pyproject.toml"]
    assert at(job + "    paths:\n      - $0\n" + rest).labels()[0] == "$UV_CACHE_DIR"
    assert at(job + "    paths: [$U$0\n" + rest).labels()[0] == "$UV_CACHE_DIR"


def test_cache_hover(at: Open) -> None:
    job = "test:\n" + IMAGE + CACHE + SYNC + PRUNE
    block = at(job.replace("cache:\n", "ca$0che:\n", 1))
    assert "`$CI_PROJECT_DIR/.uv-cache`" in block.answer()
    assert "content of `uv.lock`" in block.answer()
    assert "Saved only when the job succeeds" in block.hover()
    assert "uv.lock" in at(job.replace("- uv.lock", "- uv.$0lock")).answer()
    path = at(job.replace("- $UV_CACHE_DIR", "- $UV_$0CACHE_DIR"))
    assert path.answer() == "**`$UV_CACHE_DIR`** is `$CI_PROJECT_DIR/.uv-cache` (job, line 4)"


def test_cache_findings(at: Open) -> None:
    job = "test:\n" + IMAGE + CACHE + SYNC + PRUNE
    assert not at(job).snapshot.findings(PIPELINE)
    outside = at(job.replace("$CI_PROJECT_DIR/.uv-cache", "/tmp/uv"))
    assert "outside the project folder" in outside.only("UVC201").message
    other = at(job.replace("- $UV_CACHE_DIR", "- .cache/uv"))
    assert "it uses `.uv-cache`" in other.only("UVC203").message
    assert "nothing is cached" in at("test:\n" + IMAGE + SYNC).only("UVC205").message


CACHED = {
    "Cache uv in this job": "test:\n" + IMAGE + CACHE + SYNC + PRUNE,
    "Cache uv in `default`, for every job without a cache": (
        "variables:\n  UV_CACHE_DIR: $CI_PROJECT_DIR/.uv-cache\n\ndefault:\n"
        + CACHE[CACHE.index("  cache:") :]
        + "\ntest:\n"
        + IMAGE
        + SYNC
    ),
    "Cache uv in a template `.uv-cache` to extend": (
        "test:\n  extends: .uv-cache\n" + IMAGE + SYNC + PRUNE + "\n.uv-cache:\n" + CACHE
    ),
}


@pytest.mark.parametrize("title", CACHED)
def test_cache_action(at: Open, title: str) -> None:
    editor = at("te$0st:\n" + IMAGE + SYNC)
    assert editor.pressed(title) == CACHED[title]
    assert at(CACHED[title]).found("UVC205") == []


# ---------------------------------------------------------------- uv cache prune --ci


@pytest.mark.parametrize("section", ["script", "after_script"])
@pytest.mark.parametrize("rest", ["\nnext:\n" + IMAGE + SYNC, ""], ids=["whole", "half-typed"])
def test_prune_completion(at: Open, section: str, rest: str) -> None:
    job = "test:\n" + IMAGE + f"  {section}:\n    - uv "
    assert "cache" in at(job + "$0" + rest).labels()
    assert at(job + "cache $0" + rest).labels()[0] == "prune --ci"
    assert at(job + "cache prune --$0" + rest).labels()[:2] == ["--ci", "--force"]


def test_prune_hover(at: Open) -> None:
    editor = at("test:\n" + IMAGE + CACHE + SYNC + PRUNE.replace("prune", "pr$0une"))
    assert editor.answer().startswith("**`uv cache prune`** · Deletes")
    assert "- Keeps wheels built from source" in editor.hover()
    assert "- Drops downloaded wheels" in editor.hover()


def test_prune_findings(at: Open) -> None:
    job = "test:\n" + IMAGE + CACHE
    assert "end with `uv cache prune --ci`" in at(job + SYNC).only("UVC209").message
    early = "  script:\n    - uv cache prune --ci\n    - uv sync --locked\n"
    assert "prune last" in at(job + early).only("UVC210").message
    assert "add `--ci`" in at(job + SYNC + PRUNE.replace(" --ci", "")).only("UVC210").message


def test_prune_action(at: Open) -> None:
    job = "test:\n" + IMAGE + CACHE
    editor = at(job.replace("- $UV_", "- $0$UV_") + SYNC)
    after, last = [title for title in editor.actions() if title.startswith("Prune ")]
    assert editor.preferred() == [after]
    assert "also when the script fails, but within 5 minutes" in after
    assert "skipped when the script fails" in last
    assert editor.pressed(after) == job + SYNC + PRUNE
    assert editor.pressed(last) == job + SYNC + "    - uv cache prune --ci\n"


# ---------------------------------------------------------------- uv pip and its environment

SCOPES = {
    "pipeline": "variables:\n  {}\n\ntest:\n" + IMAGE + PIP,
    "job": "test:\n" + IMAGE + PIP + "  variables:\n    {}\n",
    "rule": "test:\n" + IMAGE + PIP + "  rules:\n    - variables:\n        {}\n",
    "half-typed": "test:\n" + IMAGE + "  variables:\n    {}",
}


@pytest.mark.parametrize("scope", SCOPES)
def test_pip_completion(at: Open, scope: str) -> None:
    text = SCOPES[scope]
    assert at(text.format("UV_SYS$0"), REQUIREMENTS).labels()[0] == "UV_SYSTEM_PYTHON"
    values = at(text.format("UV_SYSTEM_PYTHON: $0"), REQUIREMENTS)
    assert values.labels()[0] == "1"
    assert 'UV_SYSTEM_PYTHON: "1"' in values.completed("1")


def test_pip_hover(at: Open) -> None:
    other = "other:\n" + IMAGE + '  variables:\n    UV_SYSTEM_PYTHON: "0"\n' + SYNC
    text = 'variables:\n  UV_SYSTEM$0_PYTHON: "1"\ntest:\n' + IMAGE + PIP + other
    shown = at(text).hover()
    assert "- Here: `1` (pipeline, line 2) in `test`" in shown
    assert "- Here: `0` (job, line 10) in `other`" in shown
    assert "`uv sync` and `uv run` ignore it" in shown


def test_pip_finding(at: Open) -> None:
    job = "test:\n" + IMAGE + PIP
    assert "exits with 2" in at(job, REQUIREMENTS).only("UVC401").message
    for right in (
        'variables:\n  UV_SYSTEM_PYTHON: "1"\n' + job,
        job.replace("install", "install --system"),
        job.replace("    - uv pip", "    - uv venv\n    - uv pip"),
    ):
        assert at(right, REQUIREMENTS).found("UVC401") == []


@pytest.mark.parametrize("value", ["0", "1"])
def test_pip_finding_of_no_system(at: Open, value: str) -> None:
    job = "test:\n" + IMAGE + PIP.replace("install", "install --no-system")
    editor = at(f'variables:\n  UV_SYSTEM_PYTHON: "{value}"\n' + job, REQUIREMENTS)
    assert editor.only("UVC403").severity is Severity.ERROR


INSTALLING = {
    "Set `UV_SYSTEM_PYTHON` for this job": (
        "test:\n" + IMAGE + '  variables:\n    UV_SYSTEM_PYTHON: "1"\n' + PIP
    ),
    "Set `UV_SYSTEM_PYTHON` for every job": (
        'variables:\n  UV_SYSTEM_PYTHON: "1"\n\ntest:\n' + IMAGE + PIP
    ),
    "Add `--system`": "test:\n" + IMAGE + PIP.replace("install", "install --system"),
    "Make an environment first, with `uv venv`": (
        "test:\n" + IMAGE + PIP.replace("uv pip", "uv venv && uv pip")
    ),
}


@pytest.mark.parametrize("title", INSTALLING)
def test_pip_action(at: Open, title: str) -> None:
    editor = at("test:\n" + IMAGE + PIP.replace("uv pip", "uv $0pip"), REQUIREMENTS)
    assert editor.pressed(title) == INSTALLING[title]
    assert at(INSTALLING[title], REQUIREMENTS).found("UVC401") == []


# ---------------------------------------------------------------- key files for uv pip


@pytest.mark.parametrize("typed", ["\n        - $0\n", " [$0"], ids=["whole", "half-typed"])
def test_key_files_completion(at: Open, typed: str) -> None:
    job = "test:\n" + IMAGE + PIP + "  cache:\n    key:\n      files:" + typed
    files = {**LOCKED, **REQUIREMENTS}
    assert at(job, files).labels() == ["requirements.txt", "pyproject.toml", "uv.lock"]


def test_key_files_completion_of_the_file_that_the_job_reads(at: Open) -> None:
    job = "test:\n" + IMAGE + PIP.replace("requirements.txt", "ci/dev.in")
    editor = at(
        job + "  cache:\n    key:\n      files:\n        - $0\n", {**LOCKED, "ci/dev.in": ""}
    )
    assert editor.labels()[0] == "ci/dev.in"


def test_key_files_finding(at: Open) -> None:
    job = "test:\n" + IMAGE + CACHE + PIP + PRUNE
    assert "`uv.lock` is not in the repository" in at(job, REQUIREMENTS).only("UVC207").message
    assert at(job, {**LOCKED, **REQUIREMENTS}).found("UVC207") == []


@pytest.mark.parametrize("files", [REQUIREMENTS, {**LOCKED, **REQUIREMENTS}], ids=["gone", "both"])
def test_key_files_action(at: Open, files: dict[str, str]) -> None:
    job = "test:\n" + IMAGE + CACHE + PIP + PRUNE
    editor = at(job.replace("- uv.lock", "- uv.$0lock"), files)
    switched = editor.pressed("Key the cache on `requirements.txt`")
    assert switched == job.replace("- uv.lock", "- requirements.txt")
