"""`uvci server`: the language server, started by editors."""

import gc

import click


@click.command()
@click.option("--stdio", is_flag=True, help="Talk over standard input and output (the default).")
@click.option("--tcp", type=click.IntRange(0, 65535), metavar="PORT", help="For debugging: listen.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where --tcp listens.")
def server(tcp: int | None, host: str, *, stdio: bool) -> None:
    """Run the language server."""
    if stdio and tcp is not None:
        raise click.UsageError("--stdio and --tcp exclude each other.")
    from uvci.lsp.serve import serve_stdio, serve_tcp  # noqa: PLC0415  no other command needs it

    gc.enable()
    if tcp is None:
        serve_stdio()
    else:
        serve_tcp(host, tcp)
