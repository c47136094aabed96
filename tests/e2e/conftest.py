"""What the tests in real editors share."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.fetched import Unavailable
from tests.e2e.report import VERSION


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """What cannot be fetched or run here is skipped, with its reason."""
    try:
        yield
    except Unavailable as reason:
        pytest.skip(f"{item.name}: {reason}")


@pytest.fixture
def note_version(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Call it with the editor's name and version, for the last lines of the run."""
    return lambda text: record_property(VERSION, text)
