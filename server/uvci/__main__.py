"""`python -m uvci` and the command `uvci`."""

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A check is over in a moment and makes next to no cyclic garbage: looking for some would take
    # a third of its time. The server turns it on again.
    gc.disable()
    try:
        from uvci.cli.main import run  # noqa: PLC0415  an interrupt while importing is clean too

        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
