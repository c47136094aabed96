"""`workspace/executeCommand`: what an editor extension asks beyond the protocol's own requests."""

from typing import Any

from uvci import __version__
from uvci.lsp.refusal import RequestRefusedError
from uvci.lsp.server import UvciServer
from uvci.lsp.session import Opened

STATUS = "uvci.status"
RESOLVE = "uvci.resolve"
GRAPH = "uvci.graph"


def register(server: UvciServer) -> None:
    """Make the server answer these commands."""
    server.command(STATUS)(status)
    server.command(RESOLVE)(resolve)
    server.command(GRAPH)(graph)


async def status(server: UvciServer, uri: str) -> dict[str, Any]:
    """What a status line shows of a document.

    `version` is the server's; `catalog` the day of the newest uv on record; `uv` the releases that
    the document's jobs run, empty where none is known; `roots` the pipelines it is part of.
    """
    opened = server.session.opened(uri)
    known = await server.compute(_status_of, opened) if opened else {}
    return {"version": __version__, "catalog": await server.compute(_catalog_day), **known}


async def resolve(server: UvciServer, uri: str, job: str = "") -> str:
    """The pipeline of a document as GitLab would build it, or only the `job` named, as YAML.

    A comment behind each value tells which file and line it is from. Empty where there is none.
    """
    opened = server.session.opened(uri)
    return await server.compute(_resolved, opened, job) if opened else ""


def _resolved(opened: Opened, job: str) -> str:
    from uvci.features.effective_yaml import effective_yaml  # noqa: PLC0415  after `initialize`

    view = opened.view()
    if view is None or (job and view.pipeline.job(job) is None):
        return ""
    return "\n".join(effective_yaml(view.pipeline, job or None, origins=True)) + "\n"


async def graph(server: UvciServer, uri: str, only: str = "", form: str = "text") -> str:
    """A picture of a document's pipeline; empty where the document is in none.

    `only` is `pipeline` or `caches`, or empty for both; `form` is `text`, `svg` or `mermaid`.
    """
    opened = server.session.opened(uri)
    return await server.compute(_drawn, opened, only, form) if opened else ""


def _drawn(opened: Opened, only: str, form: str) -> str:
    from uvci.features.context import context_of  # noqa: PLC0415  after `initialize`
    from uvci.features.graph.picture import ALL, Form, Subject, picture  # noqa: PLC0415  as above

    try:
        subjects = frozenset({Subject(only)}) if only else ALL
        wanted = Form(form)
    except ValueError as unknown:
        raise RequestRefusedError(f"There is no such picture: {unknown}.") from unknown
    view = opened.view()
    return "\n".join(picture(context_of(view), wanted, subjects)) + "\n" if view else ""


def _catalog_day() -> str:
    from uvci.catalog.versions import newest, release_date  # noqa: PLC0415  after `initialize`

    return str(release_date(newest()))


def _status_of(opened: Opened) -> dict[str, Any]:
    from uvci.pipeline.releases import release  # noqa: PLC0415  loaded after `initialize`

    roots = opened.snapshot.roots_of(opened.path)
    view = opened.view()
    jobs = view.pipeline.jobs if view else ()
    here = [job for job in jobs if job.name_origin.path == opened.path]
    used = {str(known.version) for job in here if (known := release(job))}
    return {"uv": sorted(used), "roots": list(roots)}
