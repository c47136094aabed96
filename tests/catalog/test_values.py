import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvci.catalog.phases import OLDEST_TRIED
from uvci.catalog.values import ValueProblem, check_value, is_on, valid_values
from uvci.catalog.variable import Checked, UvVariable
from uvci.catalog.variables import all_variables, find_variable
from uvci.catalog.versions import UvVersion


def known(name: str) -> UvVariable:
    variable = find_variable(name)
    assert variable is not None, name
    return variable


def problem(name: str, text: str, at: str | None) -> ValueProblem | None:
    return check_value(known(name), text, UvVersion.parse(at) if at else None)


REFUSED = [
    # name, value, uv, nearest, every command, exit code
    ("UV_FROZEN", "", "0.8.24", "0", False, 2),
    ("UV_FROZEN", "", "0.13.9", "0", True, 2),
    ("UV_FROZEN", "maybe", "0.13.9", None, True, 2),
    ("UV_FROZEN", " true", "0.13.9", "true", True, 2),
    ("UV_FROZEN", "ture", None, "true", False, 2),
    ("UV_FROZEN", "", None, "0", False, 2),
    ("UV_SYSTEM_PYTHON", "", "0.13.9", "0", False, 2),
    ("UV_PUBLISH_NO_ATTESTATIONS", "1", "0.13.9", "true", False, 2),
    ("UV_PUBLISH_NO_ATTESTATIONS", "no", None, "false", False, 2),
    ("UV_NO_DEFAULT_GROUPS", "1", "0.9.30", "true", False, 2),
    ("UV_LINK_MODE", "Copy", "0.13.9", "copy", False, 2),
    ("UV_LINK_MODE", "hard-link", "0.8.24", "hardlink", False, 2),
    ("UV_LINK_MODE", "reflink", "0.8.24", "clone", False, 2),
    ("UV_LINK_MODE", "", "0.4.30", None, False, 2),
    ("UV_PYTHON_PREFERENCE", "only_system", "0.13.9", "only-system", True, 2),
    ("UV_PYTHON_DOWNLOADS", "no", "0.13.9", None, True, 1),
    ("UV_PYTHON_DOWNLOADS", "nevr", None, "never", True, 1),
    ("UV_TORCH_BACKEND", "cu130", "0.7.22", None, False, 2),
    ("UV_HTTP_TIMEOUT", "30s", "0.13.9", "30", True, 2),
    ("UV_HTTP_TIMEOUT", "1.5", "0.13.9", None, True, 2),
    ("UV_HTTP_RETRIES", "4294967296", "0.13.9", "4294967295", True, 2),
    ("UV_CONCURRENT_BUILDS", "0", "0.8.24", "1", True, 1),
    ("UV_CONCURRENT_BUILDS", "0", "0.13.9", "1", True, 2),
    ("UV_CONCURRENT_BUILDS", "", "0.8.24", None, True, 1),
    ("UV_EXCLUDE_NEWER", "2024-1-1", "0.13.9", "2024-01-01", False, 2),
    ("UV_EXCLUDE_NEWER", "2024-02-30", None, None, False, 2),
    ("UV_EXCLUDE_NEWER", "yesterday", None, None, False, 2),
    ("UV_EXCLUDE_NEWER", "7 days", "0.8.24", None, False, 2),
    ("UV_EXCLUDE_NEWER", "false", "0.10.12", None, False, 2),
    ("UV_NO_BUILD_PACKAGE", "numpy, scipy", "0.13.9", "numpy scipy", True, 2),
    ("UV_CACHE_DIR", "", None, None, True, 2),
    ("UV_PROJECT", "", "0.13.9", None, True, 2),
    ("UV_PUBLISH_URL", "gitlab.example.com/pypi", "0.13.9", None, False, 2),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]}={case[1]!r}@{case[2]}")
def test_refused(case: tuple[str, str, str | None, str | None, bool, int]) -> None:
    name, text, at, nearest, every, exit_code = case
    found = problem(name, text, at)
    assert found is not None
    assert (found.nearest, found.breaks_every_command) == (nearest, every)
    assert found.exit_code == exit_code
    assert found.expects


@pytest.mark.parametrize(
    ("name", "text", "at"),
    [
        ("UV_FROZEN", "YES", None),
        ("UV_FROZEN", "off", "0.4.30"),
        ("UV_FROZEN", "maybe", "0.4.29"),
        ("UV_NO_DEFAULT_GROUPS", "1", "0.13.9"),
        ("UV_NO_DEFAULT_GROUPS", "1", None),
        ("UV_NO_WRAP", "", None),
        ("UV_LINK_MODE", "copy", None),
        ("UV_LINK_MODE", "reflink", "0.9.30"),
        ("UV_LINK_MODE", "reflink", None),
        ("UV_LINK_MODE", "teleport", None),
        ("UV_PYTHON_DOWNLOADS", "Never", "0.13.9"),
        ("UV_TORCH_BACKEND", "cu130", None),
        ("UV_TORCH_BACKEND", "cu999", "0.99.0"),
        ("UV_PYTHON_ARCH", "riscv64", "0.13.9"),
        ("UV_HTTP_TIMEOUT", "30s", "0.8.24"),
        ("UV_HTTP_TIMEOUT", "30s", None),
        ("UV_HTTP_TIMEOUT", "+5", "0.13.9"),
        ("UV_HTTP_TIMEOUT", "", "0.13.9"),
        ("UV_LOCK_TIMEOUT", "soon", "0.13.9"),
        ("UV_CONCURRENT_BUILDS", "", "0.13.9"),
        ("UV_CONCURRENT_BUILDS", "", None),
        ("UV_EXCLUDE_NEWER", "7 days", "0.13.9"),
        ("UV_EXCLUDE_NEWER", "7 days", None),
        ("UV_EXCLUDE_NEWER", "2024-01-01T00:00:00Z", None),
        ("UV_NO_BUILD_PACKAGE", "numpy scipy", "0.13.9"),
        ("UV_PUBLISH_URL", "https://gitlab.example.com/pypi", None),
        ("UV_PUBLISH_TOKEN", "", None),
        ("UV_SYSTEM_CERTS", "maybe", "0.10.12"),
        ("UV_INDEX", "", None),
    ],
)
def test_not_refused_or_not_known(name: str, text: str, at: str | None) -> None:
    assert problem(name, text, at) is None


def test_long_choices_are_cut() -> None:
    found = problem("UV_TORCH_BACKEND", "gpu", "0.13.9")
    assert found is None or len(found.expects) < 80
    refused = problem("UV_TORCH_BACKEND", "cu130", "0.7.22")
    assert refused is not None
    assert "…" in refused.expects


def texts(name: str, at: str | None) -> list[str]:
    version = UvVersion.parse(at) if at else None
    return [value.text for value in valid_values(known(name), version)]


def test_values_to_offer() -> None:
    assert texts("UV_LOCKED", None) == ["1", "0", "true", "false"]
    assert texts("UV_PUBLISH_NO_ATTESTATIONS", None) == ["true", "false"]
    assert texts("UV_LINK_MODE", "0.8.24") == ["clone", "copy", "hardlink", "symlink"]
    assert "reflink" in texts("UV_LINK_MODE", "0.13.9")
    assert "cu130" not in texts("UV_TORCH_BACKEND", "0.7.22")
    assert texts("UV_CACHE_DIR", None)[0] == "$CI_PROJECT_DIR/.uv-cache"


def test_what_is_offered_is_explained_and_taken() -> None:
    for variable in all_variables():
        for value in valid_values(variable, None):
            assert value.doc.endswith("."), (variable.name, value.text)
            if "$" not in value.text:
                assert check_value(variable, value.text, None) is None, (variable.name, value.text)


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("UV_LOCKED", "Yes", True),
        ("UV_LOCKED", "off", False),
        ("UV_LOCKED", "", None),
        ("UV_NO_WRAP", "0", True),
        ("UV_CACHE_DIR", "1", None),
    ],
)
def test_on_or_off(name: str, text: str, answer: bool | None) -> None:
    assert is_on(known(name), text) is answer


@given(
    st.sampled_from(all_variables()),
    st.text() | st.from_regex(r"[0-9+\-Pd ]{0,30}"),
    st.sampled_from([None, "0.1.0", "0.4.30", "0.9.2", "0.13.9", "9.9.9"]),
)
def test_any_text_has_an_answer(variable: UvVariable, text: str, at: str | None) -> None:
    version = UvVersion.parse(at) if at else None
    found = check_value(variable, text, version)
    if found is not None:
        assert found.checked is not Checked.LENIENT
        assert version is None or version >= OLDEST_TRIED
    valid_values(variable, version)
    is_on(variable, text)
