"""The command `uvci`: its sub-commands, each imported when it is called."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from uvci import __version__

UNUSABLE, INTERRUPTED = 2, 130
_COMMANDS = ("check", "rule", "resolve", "graph", "migrate", "doctor", "catalog", "server")


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


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command line: 0 fine, 1 findings, 2 wrong usage or unreadable input.

    What is wrong with the usage is one line on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        code = uvci.main(arguments, prog_name="uvci", standalone_mode=False)
        if not sys.stdout.closed:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as missing:
        missing.show()
        return missing.exit_code
    except click.ClickException as error:
        click.echo(f"uvci: {' '.join(error.format_message().split())}", err=True)
        return error.exit_code
    except click.Abort:
        click.echo("uvci: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output (`| head`) has enough of it; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001  a user is told in one line, whatever went wrong
        return _own_mistake(error)
    return code if isinstance(code, int) else 0


def _own_mistake(error: Exception) -> int:
    if os.environ.get("UVCI_TRACEBACK"):
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())
    click.echo(f"uvci: a mistake of uvci itself, please report it: {what}", err=True)
    click.echo("uvci: with UVCI_TRACEBACK=1 in the environment it tells where", err=True)
    return UNUSABLE
