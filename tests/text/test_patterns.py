"""Patterns cost nothing until they are used."""

import ast
import re
from pathlib import Path

import pytest
import uvci
from uvci.text.patterns import lazy_re

MODULES = sorted(Path(uvci.__file__).parent.rglob("*.py"))


def test_a_lazy_pattern_answers_as_a_compiled_one() -> None:
    source, text = r"(?P<word>[a-z]+)-?", "uv-run--locked"
    lazy, compiled = lazy_re(source, re.IGNORECASE), re.compile(source, re.IGNORECASE)
    for _ in range(2):  # the first use compiles it
        assert lazy.findall(text) == compiled.findall(text)
        assert lazy.sub("x", text) == compiled.sub("x", text)
        assert [one.span("word") for one in lazy.finditer(text)] == [
            one.span("word") for one in compiled.finditer(text)
        ]
    assert lazy.pattern == source
    assert lazy.flags == compiled.flags
    assert lazy.groupindex == compiled.groupindex


@pytest.mark.parametrize("name", [None, "fullmatch", "match", "search", "split"])
def test_its_first_use_may_be_any(name: str | None) -> None:
    lazy = lazy_re(r"a+")
    if name is None:
        assert lazy.pattern == "a+"
    else:
        assert str(getattr(lazy, name)("aa")) == str(getattr(re.compile(r"a+"), name)("aa"))


def test_loading_a_module_compiles_none() -> None:
    eager = [
        f"{module.name}:{node.lineno}"
        for module in MODULES
        for node in ast.parse(module.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
        for call in ast.walk(node.value)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "re.compile"
    ]
    assert eager == []
