"""What is freed of the protocol's classes is nothing that they need."""

import subprocess
import sys
from contextlib import suppress

import attrs
from lsprotocol import converters, types
from uvci.lsp.leftovers import drop_leftovers, generated_methods

ANSWER = """
import sys
from lsprotocol import types
from uvci.lsp.leftovers import drop_leftovers, generated_methods

def held():
    copies = {id(copy := method.__globals__): copy for method in generated_methods()}
    return sum(map(sys.getsizeof, copies.values()))

before = held()
drop_leftovers()
print(before, held())
"""


def test_next_to_nothing_is_left_of_the_copies() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANSWER], capture_output=True, text=True, check=True
    )
    before, after = map(int, done.stdout.split())
    assert after < before / 20


def test_every_class_can_still_be_made_shown_and_compared() -> None:
    drop_leftovers()
    classes = [cls for cls in vars(types).values() if isinstance(cls, type) and attrs.has(cls)]
    assert len(classes) > 400
    for cls in classes:
        one, other = cls.__new__(cls), cls.__new__(cls)
        for field in attrs.fields(cls):
            object.__setattr__(one, field.name, "x")
            object.__setattr__(other, field.name, "x")
        # A validator may refuse the values; what it may not do is miss a name.
        with suppress(TypeError, ValueError):
            cls(**{field.alias: "x" for field in attrs.fields(cls) if field.init})
        assert one == other
        assert repr(one) == repr(other)


def test_messages_are_read_and_written_as_before() -> None:
    converter = converters.get_converter()
    at = {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 4}}
    raw = {"range": at, "message": "no", "severity": 1, "code": "U001", "data": {"a": [1]}}
    before = converter.unstructure(converter.structure(raw, types.Diagnostic))
    drop_leftovers()
    read = converters.get_converter().structure(raw, types.Diagnostic)
    assert read == types.Diagnostic(
        types.Range(types.Position(1, 2), types.Position(1, 4)),
        "no",
        types.DiagnosticSeverity.Error,
        code="U001",
        data={"a": [1]},
    )
    assert converters.get_converter().unstructure(read) == before == raw


def test_there_are_methods_to_look_at() -> None:
    assert {"__init__", "__eq__", "__repr__"} <= {method.__name__ for method in generated_methods()}


def test_the_server_loads_no_tls_and_leaves_it_to_others() -> None:
    code = (
        "import sys; import uvci.cli.server as door\n"
        "with door.left_out('ssl'): import uvci.lsp.serve as serve\n"
        "print(sorted({'ssl', 'hashlib', 'asyncio'} & sys.modules.keys()))\n"
        "import ssl; print(ssl.SSLContext.__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["['asyncio']", "SSLContext"]
