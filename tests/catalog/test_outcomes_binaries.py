"""How real releases of uv end and what they warn about, as the catalog and its rules say."""

from pathlib import Path

import pytest
from uvci.catalog.availability import Availability
from uvci.catalog.commands import (
    all_commands,
    failed_download_exit_code,
    find_command,
    find_flag,
    missing_lock_exit_code,
    stale_lock_exit_code,
)
from uvci.catalog.corrections import deprecated_flag
from uvci.catalog.versions import UvVersion

from tests.catalog.uv_binary import LOCK_FILE, run_uv

pytestmark = pytest.mark.slow

VERSIONS = ("0.4.30", "0.6.17", "0.8.24", "0.10.12", "0.12.5", "0.13.9")
STALE = LOCK_FILE.replace('requires-python = ">=3.9"', 'requires-python = ">=3.8"')
CLOSED = "http://127.0.0.1:9/"
UNREACHABLE = LOCK_FILE.replace(
    'source = { virtual = "." }\n',
    f"""\
source = {{ virtual = "." }}
dependencies = [{{ name = "gone" }}]

[[package]]
name = "gone"
version = "1"
source = {{ registry = "{CLOSED}" }}
wheels = [{{ url = "{CLOSED}gone-1-py3-none-any.whl" }}]
""",
)
WARNED = {
    "--native-tls": ["cache", "dir"],
    "--isolated": ["sync", "--offline", "--frozen"],
    "--system": ["venv", "--offline", "probe-environment"],
}


@pytest.mark.parametrize("at", VERSIONS)
@pytest.mark.parametrize("name", ["sync", "lock", "run", "export", "tree"])
def test_stale_and_missing_lock_files_have_the_exit_codes_on_record(
    at: str, name: str, tmp_path: Path
) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    match = find_command([name], version)
    assert match is not None
    rest = ["python", "--version"] if name == "run" else []
    arguments = [name, "--offline", "--locked", *rest]
    stale = run_uv(version, arguments, {}, tmp_path, STALE)
    assert stale.exit_code == stale_lock_exit_code(match.command, version), stale.errors
    missing = run_uv(version, arguments, {}, tmp_path, "")
    assert missing.exit_code == missing_lock_exit_code(match.command, version), missing.errors


@pytest.mark.parametrize("at", VERSIONS)
def test_a_failed_download_has_the_exit_code_on_record(at: str, tmp_path: Path) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    match = find_command(["sync"], version)
    assert match is not None
    variables = {"UV_HTTP_RETRIES": "0", "UV_CACHE_DIR": str(tmp_path / "cache")}
    outcome = run_uv(version, ["sync", "--frozen"], variables, tmp_path, UNREACHABLE)
    assert outcome.exit_code == failed_download_exit_code(match.command, version), outcome.errors
    assert "gone" in outcome.errors


@pytest.mark.parametrize("at", VERSIONS)
def test_a_uv_from_the_package_index_cannot_update_itself(at: str, tmp_path: Path) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    outcome = run_uv(version, ["self", "update"], {}, tmp_path)
    assert outcome.exit_code == 2
    assert "standalone installation scripts" in outcome.errors


@pytest.mark.parametrize("at", VERSIONS)
def test_outdated_flags_have_the_new_names_on_record_and_warn(at: str, tmp_path: Path) -> None:
    version = UvVersion.parse(at)
    assert version is not None
    warned = set()
    for command in all_commands():
        for name in command.flags:
            match = find_flag(command, name, version)
            assert match is not None
            old = deprecated_flag(command, match.flag)
            if old is None or match.availability is not Availability.KNOWN or version < old.since:
                continue
            for use in old.values.values() or ([old.use] if old.use else []):
                new = find_flag(command, use, version)
                assert new is not None
                assert new.availability is Availability.KNOWN, (command.name, name, use)
            warned |= {name} if old.warns else set()
    for name, (first, *rest) in WARNED.items():
        outcome = run_uv(version, [first, name, *rest], {}, tmp_path)
        loud = name in warned or name == "--isolated"
        loud |= name == "--native-tls" and version >= UvVersion(0, 11, 0)
        assert (f"`{name}` flag" in outcome.errors) == loud, (name, outcome)
