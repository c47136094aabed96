"""Answers as a new process gives them: nothing is known of texts that were there before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from uvci.pipeline.stamps import Memory


@contextmanager
def forgetting() -> Iterator[None]:
    """Within, nothing is remembered; afterwards what was known is known again."""
    memories = [each for each in gc.get_objects() if isinstance(each, Memory)]
    assert len(memories) > 10
    known = [each._kept for each in memories]
    for memory in memories:
        memory._kept = {}
    try:
        yield
    finally:
        for memory, kept in zip(memories, known, strict=True):
            memory._kept = kept
