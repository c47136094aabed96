"""What earlier runs printed, kept for as long as everything that they saw is the same.

A run reads files and prints. When the same call is made again and each file that was read, looked
for or listed has the same content, the answer is known, and no rule need be loaded.
"""

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

from uvci import __version__
from uvci.cli.options import Options, Outcome
from uvci.workspace.evidence import Evidence, still_holds
from uvci.workspace.repository import find_repository

_KEPT = 200
_LARGEST = 4 * 1024 * 1024
_ENVIRONMENT = ("CI_PROJECT_DIR", "NO_COLOR", "FORCE_COLOR", "TERM")


class Seen(TypedDict):
    """Everything a run saw: which repository each start led to, and what was looked at there."""

    repositories: dict[str, str]
    disks: list[Evidence]


def recall(options: Options) -> Outcome | None:
    """What the same call printed when everything was as it is now; None where that is not known."""
    if not options.repeatable:
        return None
    try:
        kept = json.loads(_place(options).read_bytes())
        seen: Seen = kept["seen"]
        outcome = Outcome(kept["out"], kept["err"], kept["code"])
        return outcome if _is_as_seen(seen) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(options: Options, outcome: Outcome, seen: Seen) -> None:
    """Keep what a run printed; where it cannot be kept, the next run works it out again."""
    if not options.repeatable:
        return
    kept = {"out": outcome.out, "err": outcome.err, "code": outcome.code, "seen": seen}
    data = json.dumps(kept).encode()
    if len(data) > _LARGEST:
        return
    with contextlib.suppress(OSError):
        place = _place(options)
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(data)
        unfinished.replace(place)
        _forget_oldest(place.parent)


def _is_as_seen(seen: Seen) -> bool:
    return all(
        str(find_repository(Path(start))) == root for start, root in seen["repositories"].items()
    ) and all(still_holds(evidence) for evidence in seen["disks"])


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=lambda place: place.stat().st_mtime, reverse=True)
    for place in kept[_KEPT:]:
        place.unlink(missing_ok=True)


def _place(options: Options) -> Path:
    call = json.dumps([*_circumstances(), *_call(options)])
    return _folder() / hashlib.blake2b(call.encode(), digest_size=16).hexdigest()


def _folder() -> Path:
    if named := os.environ.get("UVCI_CACHE_DIR"):
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415  not needed where the place is named

    return user_cache_path("uvci", appauthor=False) / "runs"


def _call(options: Options) -> Iterator[Any]:
    for name in Options.__slots__:
        yield str(getattr(options, name))
    for path in options.paths:
        yield [path.is_dir(), path.is_file(), os.path.lexists(path)]


def _circumstances() -> Iterator[Any]:
    """What else decides on the answer: this very program, the day, the place, the terminal."""
    yield [__version__, sys.version, _program()]
    yield time.strftime("%Y-%m-%d")
    yield str(Path.cwd())
    yield sys.stdout.isatty()
    yield [os.environ.get(name) for name in _ENVIRONMENT]


def _program() -> list[int]:
    """How many files the package has, their size and newest time: all else is the same program."""
    stack: list[str] = [os.path.dirname(os.path.dirname(__file__))]  # noqa: PTH120  pathlib is slow
    sizes: list[int] = []
    times: list[int] = []
    while stack:
        for entry in os.scandir(stack.pop()):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    stack.append(entry.path)
            else:
                known = entry.stat()
                sizes.append(known.st_size)
                times.append(known.st_mtime_ns)
    return [len(sizes), sum(sizes), max(times)]
