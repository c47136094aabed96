import pytest
from uvci.pipeline.uv_lock import Lock, holds, read_lock

LOCK = """\
version = 1
requires-python = ">=3.11"
[[package]]
name = "app"
source = { editable = "." }
dependencies = [
    { name = "web", extra = ["fast"] },
    { name = "numbers", version = "1.0", marker = "python_full_version < '3.12'" },
    { name = "numbers", version = "2.0", marker = "python_full_version >= '3.12'" },
    { name = "twins" },
    { name = "windows", marker = "sys_platform == 'win32'" },
]
[package.optional-dependencies]
gpu = [{ name = "cuda", marker = "platform_machine == 'x86_64'" }, { name = "torch" }]
[package.dev-dependencies]
dev = [{ name = "test" }]
docs = [{ name = "web" }]
[[package]]
name = "web"
version = "1.0"
source = { registry = "https://example.com/simple" }
dependencies = [{ name = "app" }]
[package.optional-dependencies]
fast = [{ name = "loop" }]
[[package]]
name = "loop"
version = "1.0"
source = { registry = "https://example.com/simple" }
dependencies = [{ name = "web" }, { name = "nowhere" }]
"""
OTHERS = (
    "numbers 1.0, numbers 2.0, twins 1.0, twins 2.0, windows 1.0, cuda 1.0, torch 1.0, test 1.0"
)
ENTRY = '[[package]]\nname = "{}"\nversion = "{}"\nsource = {{ registry = "r" }}\n'
TEXT = LOCK + "".join(ENTRY.format(*one.split()) for one in OTHERS.split(", "))


def lock(text: str = TEXT) -> Lock:
    found = read_lock(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("groups", "extras", "python", "expected"),
    [
        ([], [], "3.13", "app 1.0?, loop 1.0, numbers 2.0, web 1.0"),
        ([], [], "3.11", "app 1.0?, loop 1.0, numbers 1.0, web 1.0"),
        ([], [], None, "app 1.0?, loop 1.0, web 1.0"),
        (["dev", "other"], [], None, "app 1.0?, loop 1.0, test 1.0, web 1.0"),
        (["docs"], ["gpu"], None, "app 1.0?, loop 1.0, torch 1.0, web 1.0"),
    ],
)
def test_what_is_surely_installed(
    groups: list[str], extras: list[str], python: str | None, expected: str
) -> None:
    found = lock().installed(groups, extras, python)
    names = sorted(f"{one.name} {one.version or '1.0?'}" for one in found)
    assert ", ".join(names) == expected


def test_without_a_project_nothing_is_sure() -> None:
    assert (
        lock(TEXT.replace('editable = "."', 'editable = "member"')).installed([], [], "3.13") == ()
    )


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("sys_platform != 'win32' and platform_python_implementation != 'PyPy'", True),
        ("platform_machine == 'x86_64'", False),
        ("platform_machine == 'aarch64' or platform_machine == 'x86_64'", True),
        ("'linux' in sys_platform", True),
        ("python_full_version == '3.13.*'", True),
        ("python_full_version < '3.13.4'", False),
        ("extra == 'extra-3-app-cpu'", False),
        ("sys_platform ==", False),
    ],
)
def test_markers(marker: str, expected: bool) -> None:
    assert holds(marker, "3.13") is expected


@pytest.mark.parametrize("marker", ["os_name ~= 'x'", "'linux' ~= sys_platform", "os_name =="])
def test_a_marker_that_compares_nothing_holds_for_no_python(marker: str) -> None:
    assert not holds(marker, "3.12")


def test_extras_that_are_no_list_are_none() -> None:
    lock = read_lock(TEXT.replace('extra = ["fast"]', "extra = 1"))
    assert lock is not None
    assert "loop" not in {one.name for one in lock.installed((), (), "3.12")}
