"""The package's image data says what was measured, no more and no less."""

import json

import pytest
from uvci.catalog import image_facts, package_data, versions
from uvci.catalog.package_data import CatalogError, load_json

from tests.catalog.make_images import TARGET, render
from tests.shared import shared


def test_image_data_is_in_step_with_the_facts() -> None:
    facts = json.loads((shared("facts") / "uv-images.json").read_text("utf-8"))
    assert TARGET.read_text("utf-8") == render(facts), "run tests/catalog/make_images.py"


def test_missing_file_is_named() -> None:
    with pytest.raises(CatalogError, match=r"^nothing\.json"):
        load_json("nothing.json")


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"releases": ["0.1.0"]},
        {"releases": {"0.1": None}, "newest_read": "0.1.0", "unrecorded": []},
        {"releases": {"0.1.0": "today"}, "newest_read": "0.1.0", "unrecorded": []},
        {"releases": {"0.1.0": None}, "newest_read": 1, "unrecorded": []},
    ],
)
def test_corrupt_data_is_a_catalog_error(broken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (versions, image_facts):
        monkeypatch.setattr(module, "load_json", lambda _name: broken)
    with pytest.raises(CatalogError, match=r"^images\.json"):
        versions.releases.__wrapped__()
    with pytest.raises(CatalogError, match=r"^images\.json"):
        image_facts.image_facts.__wrapped__()


def test_text_that_is_no_json_is_a_catalog_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        package_data, "__spec__", type("Spec", (), {"loader": type("L", (), {"get_data": _junk})})
    )
    with pytest.raises(CatalogError, match="reinstall"):
        load_json.__wrapped__("images.json")


def _junk(_path: str) -> bytes:
    return b"{"
