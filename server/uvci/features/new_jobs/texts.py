"""New jobs as text: what is typed, and the same with the places where editors stop."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.features.new_jobs.jobs import NEW_JOBS, Blocks, NewJob
from uvci.features.new_jobs.surroundings import free_name, surroundings
from uvci.features.snippet import escape, placeholder
from uvci.features.view import View
from uvci.syntax.layout import file_indents
from uvci.syntax.writing import written_pair
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_STOP = lazy_re(r"⟦(\d):([^⟧]*)⟧")


class JobText(Struct, frozen=True):
    """A new job for a pipeline: its name, its lines at column 0, and the same as a snippet."""

    job: NewJob
    name: str
    lines: tuple[str, ...]
    snippet: tuple[str, ...]


def job_texts(view: View, offset: int, typed: Span | None = None) -> Iterator[JobText]:
    """The jobs that make sense in a pipeline, as they are written around `offset`.

    `typed` is where a name is being typed.
    """
    near = surroundings(view)
    for job in NEW_JOBS if near else ():
        blocks = job.write(near) if near else None
        if blocks is not None:
            yield _text(view, job, free_name(view, *job.names, but=typed), blocks, offset)


def _text(view: View, job: NewJob, name: str, blocks: Blocks, offset: int) -> JobText:
    lines = written_pair(name, blocks, file_indents(view.document, offset))
    plain = tuple(_STOP.sub(r"\2", line) for line in lines)
    head = lines[0] if name.startswith(".") else f"{placeholder(1, name)}:"
    return JobText(job, name, plain, (head, *map(_with_stops, lines[1:])))


def _with_stops(line: str) -> str:
    """A line as a snippet holds it."""
    pieces = _STOP.split(line)
    found = [escape(pieces[0])]
    for at in range(1, len(pieces), 3):
        found += [placeholder(int(pieces[at]), pieces[at + 1]), escape(pieces[at + 2])]
    return "".join(found)
