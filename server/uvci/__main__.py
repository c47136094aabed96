"""`python -m uvci` and the command `uvci`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from uvci.cli.main import run  # noqa: PLC0415  an interrupt while importing is clean too

        sys.exit(run())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
