"""What holds for every test."""

from hypothesis import settings

from tests.e2e.report import pytest_terminal_summary

# Here, as a run on several processors reads no other `conftest.py` before it ends.
__all__ = ["pytest_terminal_summary"]

# How long an example takes says more of the machine than of the code: benchmarks look at that.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
