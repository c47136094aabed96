"""SARIF as it is printed, held against the standard's own schema."""

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.command_line import BAD, CommandLine
from tests.e2e.fetched import Unavailable, fetch, fetched

pytestmark = pytest.mark.slow

# npm's package of Microsoft's matchers for SARIF holds the schema of the standard (MIT licence).
PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
SCHEMA = "package/lib/schemas/sarif-2.1.0-rtm.5.json"
DEMO = Path(__file__).resolve().parents[1] / "demo"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    try:
        folder = fetched("sarif", PACKAGE + SCHEMA, _unpack)
    except Unavailable as reason:
        pytest.skip(f"the schema of SARIF: {reason}")
    loaded: dict[str, Any] = json.loads((folder / "schema.json").read_text())
    return loaded


def _unpack(folder: Path) -> None:
    fetch(["npm", "pack", PACKAGE], cwd=folder)
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        held = archive.extractfile(SCHEMA)
        assert held
        (folder / "schema.json").write_bytes(held.read())


@pytest.mark.parametrize("pipeline", ["", "test:\n  script: [echo]\n", BAD, "a: [\n"])
def test_it_is_valid(uvci: CommandLine, schema: dict[str, Any], pipeline: str) -> None:
    uvci.write("ä b/.gitlab-ci.yml", pipeline)
    assert "2.1.0" in schema["properties"]["version"]["enum"]
    jsonschema.validate(json.loads(uvci("check", "--output-format", "sarif").out), schema)


def test_it_is_valid_with_related_places_and_fixes(
    uvci: CommandLine, schema: dict[str, Any]
) -> None:
    shutil.copytree(DEMO, uvci.folder, dirs_exist_ok=True)
    log = json.loads(uvci("check", "--output-format", "sarif").out)
    results = log["runs"][0]["results"]
    assert any("relatedLocations" in result for result in results)
    assert any("fixes" in result for result in results)
    jsonschema.validate(log, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**log, "version": "2.0.0"}, schema)
