"""How pip and the package managers of systems and languages are told to install uv."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from uvci.pipeline.shell.model import InstallMethod, ShellCommand, UvInstall, Word, program_name
from uvci.text.patterns import lazy_re

_PIP = lazy_re(r"pip[\d.]*", re.ASCII)
_PYTHON = lazy_re(r"(python|pypy)[\d.]*|py", re.ASCII)
_REQUIREMENT = lazy_re(r"uv\s*(?:\[[^\]]*\])?\s*(?P<specifier>[=<>!~@].*)?", re.DOTALL)
_EXACT = lazy_re(r"={2,3}\s*([0-9][^\s,;*]*)(?:\s*;.*)?", re.DOTALL)
_VERSION = lazy_re(r"v?(\d[\w.+-]*)", re.ASCII)
_PIP_VALUED = frozenset(
    """
    -r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links
    -t --target --prefix --root --trusted-host --proxy --cert --client-cert --cache-dir --timeout
    --retries --python-version --platform --implementation --abi --progress-bar --log --no-binary
    --only-binary --src --python --upgrade-strategy -C --config-settings --root-user-action
    --report --pip-args --suffix --exists-action --keyring-provider --use-feature
    """.split()  # noqa: SIM905  a table to read, not to scroll through
)
_CONSTRAINTS = frozenset({"-c", "--constraint"})
_REQUIREMENTS = frozenset({"-r", "--requirement", "-e", "--editable"})


class _Manager(Struct, frozen=True):
    """How a package manager is told to install uv: its verbs, uv's names, what parts a version."""

    verbs: frozenset[str]
    names: frozenset[str] = frozenset({"uv"})
    separator: str = "="


_ADD = _Manager(frozenset({"add"}))
_INSTALL = _Manager(frozenset({"install"}))
_CONDA = _Manager(frozenset({"install", "create"}), frozenset({"uv", "conda-forge::uv"}))
_MANAGERS: Mapping[str, _Manager] = {
    "apk": _ADD,
    "apt": _INSTALL,
    "apt-get": _INSTALL,
    "asdf": _INSTALL,
    "brew": _Manager(frozenset({"install", "upgrade"}), separator="@"),
    "cargo": _Manager(frozenset({"install", "binstall"}), separator="@"),
    "choco": _INSTALL,
    "conda": _CONDA,
    "dnf": _Manager(frozenset({"install"}), separator="-"),
    "mamba": _CONDA,
    "microdnf": _Manager(frozenset({"install"}), separator="-"),
    "micromamba": _CONDA,
    "mise": _Manager(frozenset({"install", "use", "i", "u"}), separator="@"),
    "pacman": _Manager(frozenset({"-S", "-Sy", "-Syu", "-Syyu", "--sync"})),
    "scoop": _Manager(frozenset({"install"}), frozenset({"uv", "main/uv"}), separator="@"),
    "winget": _Manager(frozenset({"install"}), frozenset({"astral-sh.uv", "uv"})),
    "yum": _Manager(frozenset({"install"}), separator="-"),
    "zypper": _Manager(frozenset({"install", "in"})),
}


def packaged_installs(command: ShellCommand, words: Sequence[Word]) -> Iterator[UvInstall]:
    """The installation of uv that a command is, if it is one; `words` as its program gets them."""
    name = program_name(words[0].value or "").lower()
    if name == "pipx":
        yield from _pip_installs(command, words, InstallMethod.PIPX)
    elif _PIP.fullmatch(name):
        yield from _pip_installs(command, words, InstallMethod.PIP)
    elif name in _MANAGERS:
        yield from _managed(command, words, _MANAGERS[name])
    elif (not name or _PYTHON.fullmatch(name)) and (at := _module_at(words)):
        yield from _pip_installs(command, words[at:], InstallMethod.PIP)


def _module_at(words: Sequence[Word]) -> int:
    """Where `pip` stands in `python -m pip`, 0 if it does not."""
    values = [word.value for word in words]
    at = values.index("-m") + 1 if "-m" in values else 0
    return at if at < len(values) and values[at] == "pip" else 0


def _pip_installs(
    command: ShellCommand, words: Sequence[Word], method: InstallMethod
) -> Iterator[UvInstall]:
    operands, options = _operands(words[1:], _PIP_VALUED)
    if not operands or operands[0].value != "install":
        return
    constrained = bool(_CONSTRAINTS & options.keys())
    alone = len(operands) == 2 and not _REQUIREMENTS & options.keys()
    target = options.get("-t") or options.get("--target")
    for word in operands[1:]:
        match = _REQUIREMENT.fullmatch(word.prefix)
        if match is None or (word.value is None and not match["specifier"]):
            continue
        specifier = match["specifier"] or ""
        exact = _EXACT.fullmatch(specifier) if word.value is not None else None
        yield UvInstall(
            method,
            command,
            command.pipeline or command.span,
            word.span,
            version=exact[1] if exact else None,
            pinned=specifier.startswith(("==", "~=", "@")) or word.value is None or constrained,
            directory=target.template if target else None,
            alone=alone,
        )


def _operands(
    words: Sequence[Word], valued: frozenset[str]
) -> tuple[list[Word], dict[str, Word | None]]:
    operands: list[Word] = []
    options: dict[str, Word | None] = {}
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if not word.prefix.startswith("-"):
            operands.append(word)
            continue
        name, equals, _ = word.prefix.partition("=")
        takes_next = not equals and name in valued and at < len(words)
        options[name] = words[at] if takes_next else None
        at += takes_next
    return operands, options


def _managed(
    command: ShellCommand, words: Sequence[Word], manager: _Manager
) -> Iterator[UvInstall]:
    values = [word.value for word in words[1:]]
    if not manager.verbs.intersection(value for value in values if value):
        return
    for word in words[1:]:
        value = word.prefix.removeprefix("--id=")
        name, separator, version = value.partition(manager.separator)
        if manager.separator == "-" and not version[:1].isdigit():
            name, separator, version = value, "", ""
        if name not in manager.names:
            continue
        exact = _VERSION.fullmatch(version.lstrip("=~"))
        known = exact[1] if exact and word.value is not None else None
        asked = bool(separator) or any(_asks_version(value) for value in values)
        yield UvInstall(
            InstallMethod.PACKAGE_MANAGER,
            command,
            command.pipeline or command.span,
            word.span,
            known,
            pinned=asked,
            alone=len([one for one in words[1:] if not one.prefix.startswith("-")]) <= 2,
        )
        return


def _asks_version(value: str | None) -> bool:
    return (value or "").startswith(("--version", "--tag", "--rev", "--branch", "-v="))
