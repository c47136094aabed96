"""`uvci server`: the language server, started by editors."""

import gc

import click

from uvci.cli.leaving_out import left_out


@click.command()
@click.option("--stdio", is_flag=True, help="Talk over standard input and output (the default).")
@click.option(
    "--tcp",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="For debugging: listen on this port of --host.",
)
@click.option(
    "--host", metavar="NAME", default="127.0.0.1", show_default=True, help="Where --tcp listens."
)
def server(tcp: int | None, host: str, *, stdio: bool) -> None:
    """Run the language server."""
    if stdio and tcp is not None:
        raise click.UsageError("--stdio and --tcp exclude each other.")
    # The protocol's classes are each made twice: what is left of the first must go, or it stays in
    # memory for as long as the server runs.
    gc.enable()
    # asyncio can do without TLS, which no editor speaks and which takes megabytes.
    with left_out("ssl"):
        from uvci.lsp.serve import serve_stdio, serve_tcp  # noqa: PLC0415  only for this command

    collect_rarely()
    code = serve_stdio() if tcp is None else serve_tcp(host, tcp)
    if code:
        click.get_current_context().exit(code)


def collect_rarely() -> None:
    """Keep pauses for garbage out of typing: next to none is cyclic, and trees are large.

    What was loaded until now stays, so it is never looked through. The rest is looked at less often
    than Python would, which may hold some megabytes for longer.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
