"""Editors from Debian: of the next release unpacked without installing, of this one installed."""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.fetched import Unavailable, fetch, fetched, locked

SUITE = "sid"
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu")
# Pulled in by what compiles, which no editor does here.
NOT_NEEDED = re.compile(
    r"^(binutils|gcc|cpp|emacs-el|lib(a|hwa|l|t|ub)san|lib[a-z0-9]+-[0-9]+-dev|"
    r"libc6-dev|libgprofng|linux-libc-dev)"
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Programs with all their libraries, in a folder of their own."""

    root: Path

    def command(self, program: str) -> list[str]:
        """The command line that runs one of its programs with its own libraries."""
        loader = self.root / "usr/lib64/ld-linux-x86-64.so.2"
        libraries = ":".join(str(self.root / name) for name in LIBRARIES)
        return [str(loader), "--library-path", libraries, str(self.root / "usr/bin" / program)]


def unpacked(*packages: str) -> Unpacked:
    """Packages of Debian's newest suite with what they depend on; nothing here is installed."""
    name = f"debian-{packages[0]}"
    return Unpacked(fetched(name, f"{SUITE} {packages} 1", lambda to: _unpack(packages, to)))


def _unpack(packages: tuple[str, ...], folder: Path) -> None:
    if os.uname().machine != "x86_64":
        raise Unavailable("Debian's packages are fetched for x86-64 only")
    state = folder.with_name(f"{folder.name}-apt")
    shutil.rmtree(state, ignore_errors=True)
    options = _own_apt(state)
    fetch(["apt-get", *options, "update"])
    fetch(["apt-get", *options, "install", "--yes", "--download-only", *packages])
    archives = sorted((state / "cache/archives").glob("*.deb"))
    wanted = [archive for archive in archives if not NOT_NEEDED.match(archive.name)]
    with ThreadPoolExecutor() as workers:
        list(workers.map(lambda archive: fetch(["dpkg-deb", "-x", archive, folder]), wanted))
    shutil.rmtree(state)


def _own_apt(state: Path) -> list[str]:
    """Options that give apt a state folder of its own, and the machine's own mirror."""
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True)
    status, sources = state / "status", state / "sources.list"
    status.touch()
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    sources.write_text(f"deb [signed-by={keys}] {_mirror()} {SUITE} main\n")
    settings = {
        "Dir::State": state,
        "Dir::State::lists": state / "lists",
        "Dir::State::status": status,
        "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "1",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _mirror() -> str:
    """The address this machine takes Debian's packages from, by its own configuration."""
    places = (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list"))
    texts = [place.read_text() for place in places if place.exists()]
    for text in texts:
        if found := re.search(r"^(?:URIs:|deb(?:\s+\[.*?\])?)\s*(\S+)", text, re.MULTILINE):
            return found[1]
    raise Unavailable("this machine's apt names no mirror of Debian")


def installed(program: str, *packages: str) -> str:
    """A program of this machine's own suite, installed where it is missing."""
    with locked("apt"):
        if not shutil.which(program):
            _install(*packages)
    if found := shutil.which(program):
        return found
    raise Unavailable(f"{program} is not there after installing {', '.join(packages)}")


def has_file(file: Path, *packages: str) -> Path:
    """A file that packages of this machine's own suite bring, installed where it is missing."""
    with locked("apt"):
        if not file.exists():
            _install(*packages)
    if file.exists():
        return file
    raise Unavailable(f"{file} is not there after installing {', '.join(packages)}")


def _install(*packages: str) -> None:
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    fetch([*as_root, "apt-get", "update"], environment=environment)
    fetch(
        [*as_root, "apt-get", "install", "--yes", "--no-install-recommends", *packages],
        environment=environment,
    )
