"""The arrows between the layers, and what the pure core must not know."""

import subprocess
import sys
from functools import cache

import grimp
import pytest

MAY_IMPORT = {
    "text": set(),
    "catalog": {"text"},
    "syntax": {"text"},
    "pipeline": {"text", "catalog", "syntax"},
    "rules": {"text", "catalog", "syntax", "pipeline"},
    "features": {"text", "catalog", "syntax", "pipeline", "rules"},
    "workspace": {"text", "catalog", "syntax", "pipeline", "rules", "features"},
    "cli": {"text", "catalog", "syntax", "pipeline", "rules", "features", "workspace"},
    "lsp": {"text", "catalog", "syntax", "pipeline", "rules", "features", "workspace"},
}
# The command that starts the server is the one door between the two adapters.
DOORS = {("uvci.cli.server", "uvci.lsp.serve")}
CORE = ("text", "catalog", "syntax", "pipeline", "rules", "features")
PROTOCOL = {"pygls", "lsprotocol"}
READS_PACKAGE_DATA = "uvci.catalog.package_data"
OUTSIDE_WORLD = {"os", "subprocess", "socket", "shutil", "tempfile", "asyncio", "http"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("uvci", include_external_packages=True, cache_dir=None)


def imports_of(layer: str) -> set[tuple[str, str]]:
    """Every `importer, imported` of the layer, imports inside functions included."""
    modules = {f"uvci.{layer}"} | graph().find_descendants(f"uvci.{layer}")
    return {
        (module, imported)
        for module in modules
        for imported in graph().find_modules_directly_imported_by(module)
    }


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_layers_import_only_what_lies_below(layer: str) -> None:
    allowed = {layer, *MAY_IMPORT[layer]}
    own = {(a, b) for a, b in imports_of(layer) - DOORS if b.startswith("uvci.")}
    assert not sorted((a, b) for a, b in own if b.split(".")[1] not in allowed)


def test_every_package_is_a_layer() -> None:
    packages = {name.removeprefix("uvci.") for name in graph().find_children("uvci")}
    assert packages - {"__main__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("layer", CORE)
def test_the_core_knows_neither_protocol_nor_outside_world(layer: str) -> None:
    imported = {(a, b) for a, b in imports_of(layer) if a != READS_PACKAGE_DATA}
    assert imported
    assert not sorted((a, b) for a, b in imported if b in PROTOCOL | OUTSIDE_WORLD)


def test_only_the_server_knows_the_protocol() -> None:
    for layer in MAY_IMPORT.keys() - {"lsp"}:
        assert not [pair for pair in imports_of(layer) if pair[1] in PROTOCOL]


@pytest.mark.parametrize("module", ["uvci.cli.main", "uvci.cli.check", "uvci.workspace"])
def test_checking_loads_no_protocol(module: str) -> None:
    script = f"import sys, {module}; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "uvci" in loaded
    assert not loaded & PROTOCOL
