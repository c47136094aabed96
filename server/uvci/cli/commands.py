"""The command `uvci` as click reads it: its sub-commands, each imported when it is called."""

from collections.abc import Sequence
from importlib import import_module

import click

from uvci import __version__

_COMMANDS = ("check", "rule", "resolve", "graph", "migrate", "doctor", "catalog", "server")

INTERRUPTED = 130


class _Commands(click.Group):
    """Sub-commands by the name of their module in `uvci.cli`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"uvci.cli.{cmd_name}"), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="uvci %(version)s")
def uvci() -> None:
    """Check GitLab CI/CD pipelines that use uv, and help to write them."""


def run_command(arguments: Sequence[str]) -> int:
    """The exit code of a command line; what is wrong with the usage is one line."""
    try:
        code = uvci.main(arguments, prog_name="uvci", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as missing:
        missing.show()
        return missing.exit_code
    except click.ClickException as error:
        click.echo(f"uvci: {' '.join(error.format_message().split())}", err=True)
        return error.exit_code
    except click.Abort:
        click.echo("uvci: interrupted", err=True)
        return INTERRUPTED
    return code if isinstance(code, int) else 0
