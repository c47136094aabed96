"""The command `uvci`, from its command line to its exit code."""

import os
import sys
from collections.abc import Sequence

from uvci.cli.plain import plain_options

UNUSABLE, INTERRUPTED = 2, 130


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command line: 0 fine, 1 findings, 2 wrong usage or unreadable input.

    What is wrong with the usage is one line on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        code = _code(sys.argv[1:] if arguments is None else arguments)
        if not sys.stdout.closed:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\n")  # behind the terminal's `^C`, as click does it
        _tell("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output (`| head`) has enough of it; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001  a user is told in one line, whatever went wrong
        return _own_mistake(error)
    return code


def _code(arguments: Sequence[str]) -> int:
    options = plain_options(arguments, os.environ)
    if options is not None:
        from uvci.cli.run import print_check  # noqa: PLC0415  loads all rules

        return print_check(options)
    from uvci.cli.commands import run_command  # noqa: PLC0415  loads click

    return run_command(arguments)


def _own_mistake(error: Exception) -> int:
    if os.environ.get("UVCI_TRACEBACK"):
        raise error
    what = " ".join(f"{type(error).__name__}: {error}".split())
    _tell(f"a mistake of uvci itself, please report it: {what}")
    _tell("with UVCI_TRACEBACK=1 in the environment it tells where")
    return UNUSABLE


def _tell(what: str) -> None:
    sys.stderr.write(f"uvci: {what}\n")
