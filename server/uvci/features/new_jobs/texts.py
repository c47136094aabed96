"""New jobs as text: what is typed, and the same with the places where editors stop."""

from collections.abc import Iterator

from msgspec import Struct

from uvci.features.new_jobs.jobs import NEW_JOBS, TEST, Blocks, NewJob, extending
from uvci.features.new_jobs.surroundings import Surroundings, free_name, surroundings
from uvci.features.snippet import escape, placeholder
from uvci.features.view import View
from uvci.syntax.layout import file_indents
from uvci.syntax.writing import written_pair
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_STOP = lazy_re(r"⟦(\d):([^⟧]*)⟧")


class JobText(Struct, frozen=True):
    """A new job for a pipeline: its name, its lines at column 0, and the same as a snippet.

    `first` is the job that comes with a template, where it is the first one of the pipeline.
    """

    job: NewJob
    name: str
    lines: tuple[str, ...]
    snippet: tuple[str, ...]
    first: str | None = None


def job_texts(view: View, offset: int, typed: Span | None = None) -> Iterator[JobText]:
    """The jobs that make sense in a pipeline, as they are written around `offset`.

    `typed` is where a name is being typed.
    """
    near = surroundings(view)
    for job in NEW_JOBS if near else ():
        blocks = job.write(near) if near else None
        if near is None or blocks is None:
            continue
        found = _text(view, job, free_name(view, *job.names, but=typed), blocks, offset)
        alone = found.name.startswith(".") and _is_first(view, typed)
        yield _with_first(found, near, offset) if alone else found


def _is_first(view: View, typed: Span | None) -> bool:
    """Whether GitLab would refuse the pipeline for having no job."""
    jobs = (job for job in view.pipeline.jobs if job.name_origin.span != typed)
    is_root = view.path.rpartition("/")[2] == ".gitlab-ci.yml"
    return is_root and not view.pipeline.unread and next(jobs, None) is None


def _with_first(found: JobText, near: Surroundings, offset: int) -> JobText:
    """A template with a job that extends it."""
    name = free_name(near.view, *TEST.names)
    other = _text(near.view, TEST, name, extending(near, found.name), offset)
    lines, snippet = (*found.lines, "", *other.lines), (*found.snippet, "", *other.snippet)
    return JobText(found.job, found.name, lines, snippet, name)


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
