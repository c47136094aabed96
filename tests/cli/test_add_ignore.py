"""`--add-ignore`."""

import pytest
from uvci.pipeline.resolve import resolve
from uvci.pipeline.sources import MemoryFiles
from uvci.syntax.parse import parse
from uvci.syntax.witness import comments_of

from tests.cli.command_line import BAD, BAD_TAG, GOOD, CommandLine
from tests.rules.corpus import read
from tests.shared import shared

DRIFT = "variables:\n  UV_VERSION: 0.10\n  UV_LINK_MOD: copy\n"


def test_what_is_found_is_silenced_and_counted(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", DRIFT + BAD)
    done = uvci("check", "--add-ignore")
    assert (done.code, done.out) == (0, "Silenced 3 findings. Nothing to report in 1 file.\n")
    assert uvci.read(".gitlab-ci.yml") == (
        "variables:\n"
        "  UV_VERSION: 0.10  # uvci: ignore[UVC106]\n"
        "  UV_LINK_MOD: copy  # uvci: ignore[UVC301]\n"
        "test:\n"
        "  # uvci: ignore[UVC101]\n"
        f"  image: {BAD_TAG}  # why\n"
        "  script: [echo]\n"
    )


def test_a_second_time_changes_nothing(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", DRIFT + BAD)
    uvci("check", "--add-ignore")
    once = uvci.read(".gitlab-ci.yml")
    assert uvci("check", "--add-ignore").out == "Nothing to report in 1 file.\n"
    assert uvci.read(".gitlab-ci.yml") == once


def test_several_findings_of_one_line_share_a_comment(uvci: CommandLine) -> None:
    line = f"test: {{image: {BAD_TAG}, script: [uv sync], cache: {{paths: [~/.cache/uv]}}}}"
    uvci.write(".gitlab-ci.yml", f"{line}\n")
    uvci("check", "--add-ignore", "--select", "UVC101,UVC201")
    assert uvci.read(".gitlab-ci.yml") == f"{line}  # uvci: ignore[UVC101, UVC201]\n"


def test_only_what_is_selected_is_silenced(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", DRIFT + BAD)
    uvci("check", "--add-ignore", "--select", "UVC301")
    assert uvci.read(".gitlab-ci.yml").count("uvci: ignore") == 1


def test_an_included_file_is_silenced_where_it_is_typed(uvci: CommandLine) -> None:
    root = "include: /ci/base.yml\nunit:\n  extends: .base\n"
    uvci.write(".gitlab-ci.yml", root)
    uvci.write("ci/base.yml", f".base:\n  image: {BAD_TAG}\n  script: [echo]\n")
    assert uvci("check", ".gitlab-ci.yml", "--add-ignore").code == 0
    assert "# uvci: ignore[UVC101]\n" in uvci.read("ci/base.yml")
    assert uvci.read(".gitlab-ci.yml") == root


def test_a_diff_shows_the_comments_and_writes_none(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", DRIFT + GOOD)
    done = uvci("check", "--add-ignore", "--diff", "--select", "UVC301")
    assert done.code == 1
    assert "+  UV_LINK_MOD: copy  # uvci: ignore[UVC301]\n" in done.out
    assert uvci.read(".gitlab-ci.yml") == DRIFT + GOOD


def test_a_comment_that_cannot_help_is_not_written(uvci: CommandLine) -> None:
    text = "test:\n  script: [echo\n"
    uvci.write(".gitlab-ci.yml", text)
    done = uvci("check", "--add-ignore")
    assert done.code == 1
    assert uvci.read(".gitlab-ci.yml") == text
    unused = "# uvci: ignore[UVC101]\ntest:\n  script: [echo]\n"
    uvci.write(".gitlab-ci.yml", unused)
    assert "UVC002" in uvci("check", "--add-ignore").out
    assert uvci.read(".gitlab-ci.yml") == unused


def test_standard_input_is_silenced_to_standard_output(uvci: CommandLine) -> None:
    done = uvci("check", "-", "--add-ignore", "--select", "UVC301", stdin=DRIFT + GOOD)
    assert done.out == (DRIFT + GOOD).replace("copy\n", "copy  # uvci: ignore[UVC301]\n")


def test_silencing_and_mending_exclude_each_other(uvci: CommandLine) -> None:
    done = uvci("check", "--add-ignore", "--fix")
    assert done.code == 2
    assert "choose one" in done.err


@pytest.mark.parametrize("number", range(12))
def test_real_pipelines_keep_their_meaning_and_comments(uvci: CommandLine, number: int) -> None:
    text = read(sorted((shared("corpus") / "uv").glob("*.yml"))[number * 3])
    uvci.write(".gitlab-ci.yml", text)
    uvci("check", "--add-ignore")
    after = uvci.read(".gitlab-ci.yml")
    assert [*comments_of(after)] != [] or after == text
    kept = [comment for comment in comments_of(after) if "uvci: ignore" not in comment]
    assert kept == [*comments_of(text)]
    names = (".gitlab-ci.yml",)
    one, two = (resolve(names[0], MemoryFiles({names[0]: each})) for each in (text, after))
    assert one.get("merged") == two.get("merged")
    assert [left for left in uvci("check").out.splitlines() if "UVC002" in left] == []
    assert len(parse(after).problems) == len(parse(text).problems)
