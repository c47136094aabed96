"""What the editors' tests need from elsewhere: fetched once into an ignored folder, and kept."""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".cache" / "e2e"
ATTEMPTS = 3


class Unavailable(Exception):  # noqa: N818  it is a state of the world, told as a skip
    """Something cannot be fetched or run here; the message says what and why, in one line."""


def fetched(name: str, recipe: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` fills, made only when it is missing or its `recipe` has changed.

    Tests run in several processes: one makes it, the others wait.
    """
    folder = CACHE / name
    stamp = CACHE / f"{name}.stamp"
    wanted = hashlib.sha256(recipe.encode()).hexdigest()
    with locked(name):
        if not (stamp.exists() and stamp.read_text() == wanted):
            stamp.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            make(folder)
            stamp.write_text(wanted)
    return folder


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Alone with what is called `name`, among all processes of this checkout."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fetch(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """The output of a command that needs the network, tried again where it fails."""
    for _ in range(ATTEMPTS):
        try:
            ran = subprocess.run(
                command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            raise Unavailable(f"{command[0]} is not installed") from None
        if ran.returncode == 0:
            return ran.stdout
    told = (ran.stderr.strip() or ran.stdout.strip() or "it said nothing").splitlines()
    shown = " ".join(str(word) for word in command[:2])
    raise Unavailable(f"{shown} failed {ATTEMPTS} times: {told[-1]}")
