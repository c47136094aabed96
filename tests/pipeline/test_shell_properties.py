"""What holds for every script: real ones, and ones nobody would write."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from uvci.pipeline.shell import (
    Word,
    find_commands,
    find_exports,
    find_uv_commands,
    find_uv_installs,
    read_script,
    words_at,
)
from uvci.pipeline.shell.uv_flags import takes_value

from tests.shared import shared

_PIECES = st.sampled_from(
    r"""
    uv uvx run sync pip install --extra --with= -p -m -- - python -m env time sudo xargs sh -c bash
    powershell eval trap retry find -exec cd export UV_X=1 UV_X unset A+=2 ( ) { } [ ] [[ ]] if then
    elif else fi for in do done while case esac ;; && || | & ; ! < > >> 2>&1 <<EOF EOF <<< <( $( ` '
    " \ # $X ${X} ${X:-uv} $((1)) $[[x]] $[[ $' $env:X= é 🎉 * ~ {a,b} = /uv
    """.split()  # noqa: SIM905  what scripts are made of, to read and not to scroll
)
_SCRIPTS = st.lists(
    st.tuples(_PIECES, st.sampled_from(["", " ", "\n", " \\\n", "\t"])), max_size=25
).map(lambda pieces: "".join(piece.strip() + gap for piece, gap in pieces))


class _Loader(yaml.SafeLoader):
    """GitLab's tags read as plain lists."""


def _plain(loader: _Loader, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return None


_Loader.add_multi_constructor("!", _plain)


@cache
def corpus_scripts() -> tuple[str, ...]:
    scripts: dict[str, None] = {}
    for path in sorted(shared("corpus").rglob("*.yml")):
        for document in _documents(path):
            scripts |= dict.fromkeys(_scripts(document))
    return tuple(scripts)


def _documents(path: Path) -> list[Any]:
    try:
        return list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=_Loader))
    except (yaml.YAMLError, ValueError):
        return []


def _scripts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _scripts(item)
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("before_script", "script", "after_script"):
                yield from _texts(value)
            else:
                yield from _scripts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def assert_sound(script: str) -> None:
    """Every span lies inside the script and covers what it is said to cover."""
    for command in find_commands(script):
        assert 0 <= command.span.start < command.span.end <= len(script)
        for word in command.words:
            assert_typed(word, script)
    for uv in find_uv_commands(script, {"X": "uv pip", "A": None}):
        assert uv.command.span.covers(uv.name_span)
        assert uv.span.covers(uv.name_span)
        assert uv.name_span.end <= len(script)
        for flag in uv.all_flags:
            assert flag.span.covers(flag.name_span)
            assert flag.value_span is None or flag.span.covers(flag.value_span)
    for export in find_exports(script):
        assert export.span.end <= len(script)
    for install in find_uv_installs(script, {"X": "pip"}):
        assert install.span.covers(install.target)


def assert_typed(word: Word, script: str) -> None:
    assert word.raw == word.span.of(script)
    assert word.value is None or word.value == word.template == word.prefix


@given(_SCRIPTS)
@settings(max_examples=300)
def test_shell_shaped_text_never_fails(script: str) -> None:
    assert_sound(script)


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_any_text_never_fails(script: str) -> None:
    assert_sound(script)


@given(_SCRIPTS, st.integers(min_value=0, max_value=80))
@settings(max_examples=200)
def test_a_cursor_anywhere_never_fails(script: str, offset: int) -> None:
    cursor = words_at(script, offset)
    if cursor is None:
        return
    assert cursor.replace.start <= offset <= cursor.replace.end <= len(script)


@pytest.mark.parametrize(
    "script", ["(" * 3000, "$(" * 3000, "if x; then " * 500, "a && " * 3000 + "uv sync", '"' * 3001]
)
def test_depth_never_fails(script: str) -> None:
    assert_sound(script)


def test_every_letter_is_safe() -> None:
    """The grammar must never see what lies far beyond C's table of letters: it would crash."""
    program = (
        "from uvci.pipeline.shell import find_commands\n"
        "for code in (*range(0x80, 0xD800, 97), *range(0xE000, 0x110000, 997)):\n"
        "    letter = chr(code)\n"
        "    text = f'uv sync; {{{letter}..1}}; echo ${{{letter}}} {letter}'\n"
        "    words = [word.value for word in find_commands(text)[-1].words]\n"
        "    assert words[0] == 'echo', ascii(text)\n"
        "    assert words[-1] == letter, ascii(text)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_long_list_is_read_to_its_end() -> None:
    script = "a && " * 2000 + "uv sync"
    assert len(find_uv_commands(script)) == 1


def test_real_scripts_are_sound() -> None:
    scripts = corpus_scripts()
    assert len(scripts) > 4000
    for script in scripts:
        assert_sound(script)


def test_real_simple_lines_are_their_words() -> None:
    """Where nothing but blanks has a meaning, words are what stands between blanks."""
    plain = [
        script.strip()
        for script in corpus_scripts()
        if script.strip().isascii()
        and not set(script.strip()) & set("\n\\'\"`$;&|<>(){}[]#!*?=")
        and script.startswith(("uv", "git", "pip", "npm", "poetry", "ls"))
    ]
    assert len(plain) > 200
    for script in plain:
        (command,) = find_commands(script)
        assert [word.value for word in command.words] == script.split()


def test_real_uv_commands_read_alone_as_in_their_script() -> None:
    """A command cut out of its script is the same command: no context changes its words."""
    checked = 0
    for script in corpus_scripts():
        for uv in find_uv_commands(script):
            if "\\" in uv.span.of(script) or "$[[" in script:
                continue
            alone = find_uv_commands(uv.span.of(script))[0]
            assert (alone.subcommand, len(alone.all_flags), len(alone.child)) == (
                uv.subcommand,
                len(uv.all_flags),
                len(uv.child),
            )
            checked += 1
    assert checked > 150


def test_half_typed_real_scripts_keep_what_stands_before() -> None:
    """However much of its last line is typed, a script's earlier lines stay found."""
    for script in corpus_scripts():
        lines = script.rstrip().split("\n")
        if len(lines) < 2 or "uv" not in script or "<<" in script:
            continue
        whole = find_uv_commands("\n".join(lines[:-1]))
        for length in range(0, len(lines[-1]), 9):
            typed = "\n".join([*lines[:-1], lines[-1][:length]])
            found = {uv.span for uv in find_uv_commands(typed)}
            assert {uv.span for uv in whole if uv.command.words[-1].span.end < len(typed)} <= found


def test_flags_with_values_are_those_of_every_release() -> None:
    facts = json.loads(shared("facts/uv-cli-ci.json").read_text(encoding="utf-8"))
    for name, command in facts["commands"].items():
        flags = {**facts["global_flags"], **command["flags"]}
        for flag, facet in flags.items():
            if "alias_of" in facet:
                continue
            for spelling in (flag, *facet.get("aliases", ()), facet.get("short", flag)):
                expected = facet.get("value", False)
                assert takes_value(tuple(name.split()), spelling) is expected, (name, spelling)


def test_the_same_text_is_read_once() -> None:
    read_script.cache_clear()
    find_commands("uv sync # once")
    find_exports("uv sync # once")
    assert read_script.cache_info().misses == 1
