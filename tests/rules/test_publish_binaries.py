"""What real releases of uv refuse to publish, as the rules about publishing say."""

from pathlib import Path

import pytest
from uvci.catalog.versions import UvVersion
from uvci.rules.publishing.publish_flags import APART

from tests.catalog.uv_binary import run_uv

pytestmark = pytest.mark.slow

VERSIONS = ("0.4.30", "0.6.17", "0.8.24", "0.10.12", "0.12.5", "0.13.9")
NOWHERE = "http://127.0.0.1:9/"
INDEX_SINCE = UvVersion(0, 5, 8)
FILE = "dist/probe-1-py3-none-any.whl"


def errors_of(version: UvVersion, arguments: list[str], folder: Path, **variables: str) -> str:
    outcome = run_uv(version, ["publish", *arguments], {"GITLAB_CI": "true", **variables}, folder)
    assert outcome.exit_code == 2, outcome
    return outcome.errors


def built(folder: Path) -> None:
    place = folder / "project" / FILE
    place.parent.mkdir(parents=True)
    place.touch()


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> UvVersion:
    found = UvVersion.parse(request.param)
    assert found is not None
    return found


def test_nothing_to_publish_is_an_error(version: UvVersion, tmp_path: Path) -> None:
    for files in ([], ["dist/*"], ["dist/*.whl"]):
        assert "No files found to publish" in errors_of(version, files, tmp_path)


def test_existing_files_are_not_skipped_by_that_flag(version: UvVersion, tmp_path: Path) -> None:
    built(tmp_path)
    errors = errors_of(version, ["--skip-existing", "--publish-url", NOWHERE], tmp_path)
    assert "does not support `--skip-existing`" in errors
    assert "--check-url" in errors


def test_flags_that_exclude_each_other_are_refused(version: UvVersion, tmp_path: Path) -> None:
    built(tmp_path)
    pairs = [pair for pair in APART if version >= INDEX_SINCE or "--index" not in pair]
    for first, second in pairs:
        errors = errors_of(version, [first, "https://a.example", second, NOWHERE], tmp_path)
        assert "cannot be used with" in errors, (first, second)


def test_uv_toml_says_where_packages_go_and_how(version: UvVersion, tmp_path: Path) -> None:
    built(tmp_path)
    settings = tmp_path / "project" / "uv.toml"
    settings.write_text(f'publish-url = "{NOWHERE}"\n')
    assert NOWHERE in errors_of(version, ["--token", "a"], tmp_path)
    assert NOWHERE not in errors_of(version, ["--no-config", "--token", "a"], tmp_path)
    settings.write_text(f'publish-url = "{NOWHERE}"\ntrusted-publishing = "always"\n')
    refused = "not allowed when using trusted publishing"
    assert refused in errors_of(version, [], tmp_path, UV_PUBLISH_TOKEN="a")


def test_trusted_publishing_takes_no_credentials(version: UvVersion, tmp_path: Path) -> None:
    built(tmp_path)
    always = ["--trusted-publishing", "always", "--publish-url", NOWHERE]
    refused = "not allowed when using trusted publishing"
    assert refused in errors_of(version, [*always, "--token", "a"], tmp_path)
    assert refused in errors_of(version, always, tmp_path, UV_PUBLISH_USERNAME="")
