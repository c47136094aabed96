"""What no pipeline should be: a clear message, never a traceback, in bounded time."""

import pytest

from tests.cli.command_line import CommandLine, process

DEEP = 10_000
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
PYRAMID = ".a0: &a0 {k: v}\n" + "".join(
    f".a{i}: &a{i}\n  b: {{<<: *a{i - 1}}}\n  c: *a{i - 1}\n" for i in range(1, 40)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"# " + b"x" * 2 * 1024 * 1024, "UVC001 The provided YAML is too big"),
        (b"a: " + b"[" * DEEP + b"]" * DEEP, "UVC001 The parsed YAML is too big"),
        (b"a: " + b"[" * DEEP, "UVC001 The parsed YAML is too big"),
        (b"".join(b" " * i + b"a:\n" for i in range(1500)), "UVC001 The parsed YAML is too big"),
        ((BOMB + "test:\n  script: *a11\n").encode(), "UVC001 The parsed YAML is too big"),
        (
            (PYRAMID + "test:\n  <<: *a39\n  script: [a]\n").encode(),
            "The parsed YAML is too big",
        ),
        (b"test:\n\tscript: [a]\n", "UVC001 (<unknown>): found character that cannot start"),
        (b"a: b\0c\n", "UVC001 (<unknown>): control characters are not allowed"),
        (b"", "UVC001 "),
        (b"- a\n", "UVC001 Invalid configuration format"),
        (b"<<<<<<< ours\ntest:\n=======\n>>>>>>> theirs\n", "UVC001 (<unknown>): "),
    ],
    ids=["big", "deep", "open", "steps", "bomb", "pyramid", "tab", "nul", "empty", "list", "merge"],
)
def test_a_finding_in_gitlabs_words(uvci: CommandLine, text: bytes, said: str) -> None:
    uvci.write(".gitlab-ci.yml", text)
    done = uvci("check", "--output-format", "concise")
    assert (done.code, done.err) == (1, "")
    assert said in done.out


def test_bytes_that_are_not_utf8(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", b"test:\n  script: [\xfc]\n")
    said = "uvci: .gitlab-ci.yml: It is not UTF-8: byte 0xfc on line 2. Save it as UTF-8.\n"
    for arguments in ((), (".gitlab-ci.yml",), ("--fix",)):
        done = uvci("check", *arguments)
        assert (done.code, done.out, done.err) == (2, "", said)
    piped = uvci("check", "-", stdin=b"a: \xfc\n")
    assert (piped.code, piped.err) == (2, said.replace("line 2", "line 1"))


def test_an_included_file_that_is_not_utf8_leaves_the_rest(uvci: CommandLine) -> None:
    uvci.write(".gitlab-ci.yml", "include: /ci/a.yml\ntest:\n  script: [a]\n  scirpt: [b]\n")
    uvci.write("ci/a.yml", b"a: \xfc\n")
    done = uvci("check", "--output-format", "concise")
    assert done.code in (1, 2)
    assert "unknown keys: scirpt" in done.out


def test_a_folder_without_pipelines(uvci: CommandLine) -> None:
    uvci.write("docker-compose.yml", "a: 1\n")
    done = uvci("check")
    assert (done.code, done.out) == (2, "")
    assert "there is no pipeline in this folder" in done.err
    assert done.err.count("\n") == 1


def test_includes_that_leave_the_repository(uvci: CommandLine) -> None:
    uvci.write("../secret.yml", "leaked:\n  script: [a]\n")
    uvci.write(".gitlab-ci.yml", "include: ['../secret.yml', '/link.yml']\ntest:\n  script: [a]\n")
    (uvci.folder / "link.yml").symlink_to(uvci.folder.parent / "secret.yml")
    done = uvci("check", "--output-format", "concise")
    assert done.code == 1
    assert "does not exist!" in done.out
    assert "leaked" not in uvci("resolve", ".gitlab-ci.yml").out


def test_a_link_out_of_the_repository_is_followed_only_when_it_is_named(
    uvci: CommandLine,
) -> None:
    uvci.write(".gitlab-ci.yml", "test:\n  script: [a]\n")
    outside = uvci.write("../outside.yml", "test:\n  script: [a]\n  scirpt: [b]\n")
    (uvci.folder / "x.gitlab-ci.yml").symlink_to(outside)
    assert uvci("check").code == 0
    named = uvci("check", "x.gitlab-ci.yml", "--output-format", "concise")
    assert named.code == 1
    assert "unknown keys: scirpt" in named.out


def test_names_that_are_odd(uvci: CommandLine) -> None:
    uvci.write("ü \n:%/.gitlab-ci.yml", "test:\n  script: [a]\n  scirpt: [a]\n")
    for form in ("full", "concise", "json", "gitlab", "sarif", "junit", "github"):
        assert uvci("check", "--output-format", form).code == 1, form


def test_a_loop_of_links_ends(uvci: CommandLine) -> None:
    (uvci.folder / "loop.gitlab-ci.yml").symlink_to("loop.gitlab-ci.yml")
    uvci.write(".gitlab-ci.yml", "test:\n  script: [a]\n")
    assert uvci("check").code == 0
    assert uvci("check", "loop.gitlab-ci.yml").code == 2


def test_a_process_ends_without_a_traceback(uvci: CommandLine) -> None:
    done = process(uvci.folder, "check", "nope.yml")
    assert done.returncode == 2
    assert done.stderr == "uvci: nope.yml: there is no such file or folder\n"
