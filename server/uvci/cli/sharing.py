"""Many pipelines, looked at by as many processes as there are processors."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeAlias

from msgspec import Struct

from uvci.cli.checkout import Checkout
from uvci.rules.registry import RULES
from uvci.rules.rule import Finding, Fix

Target: TypeAlias = tuple[int, str]
"""The number of a checkout, and the path of a pipeline in it."""

_WORTH_A_PROCESS = 24
"""How many pipelines take longer than starting a process for them and reading what it found."""
_MOST_PROCESSES = 8
"""A container may see many more processors than it is given the time of."""
_RULES = {rule.code: rule for rule in RULES}


class _Sent(Struct, frozen=True):
    """A finding as one process tells another: its rule by the code; no fixes where not asked."""

    code: str
    rest: tuple[Any, ...]
    fixes: tuple[Fix, ...] | None


class _Seen(Struct, frozen=True):
    """What a helper saw of one checkout, findings by file."""

    number: int
    findings: dict[str, tuple[_Sent, ...]]
    problems: dict[str, str]
    folders: tuple[str, ...]


class _Helper(Struct, frozen=True):
    """A process with its share, and where it tells what it saw; no process where none could be."""

    process: int | None
    share: Sequence[Target]
    told: int


def look_at_all(
    checkouts: Sequence[Checkout], advance: Callable[[int], None], *, with_fixes: bool, alone: bool
) -> None:
    """Look at every pipeline of the checkouts; `with_fixes` where fixes will be asked for.

    `alone` leaves all work to this process, which then knows the pipelines themselves.
    """
    targets = [(n, path) for n, checkout in enumerate(checkouts) for path in checkout.paths]
    for number, path in targets:
        checkouts[number].snapshot.found_settings(path)  # what is wrong there is told in this order
    count = 1 if alone else _processes(len(targets))
    shares = [targets[n::count] for n in range(count)]
    with _helping(checkouts, shares[1:], with_fixes=with_fixes) as helpers:
        _look(checkouts, shares[0], advance)
        for helper in helpers:
            _take(checkouts, helper, advance)
    for checkout in checkouts:
        checkout.order_problems()


def _processes(targets: int) -> int:
    if not hasattr(os, "fork"):
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(processors, _MOST_PROCESSES, targets // _WORTH_A_PROCESS))


def _look(
    checkouts: Sequence[Checkout], share: Sequence[Target], advance: Callable[[int], None]
) -> None:
    for number, path in share:
        checkouts[number].look_at(path)
        advance(1)


@contextmanager
def _helping(
    checkouts: Sequence[Checkout], shares: Sequence[Sequence[Target]], *, with_fixes: bool
) -> Iterator[list[_Helper]]:
    """Helpers at work; however this ends, none is left."""
    helpers: list[_Helper] = []
    try:
        for share in shares:
            told, tell = os.pipe()
            process = _fork()
            if process == 0:
                _help(checkouts, share, tell, with_fixes=with_fixes)
            os.close(tell)
            helpers.append(_Helper(process, share, told))
        yield helpers
    finally:
        for helper in helpers:
            os.close(helper.told)
            if helper.process is not None:
                os.kill(helper.process, signal.SIGKILL)
                os.waitpid(helper.process, 0)


def _fork() -> int | None:
    try:
        return os.fork()
    except OSError:  # the machine has no room for another process
        return None


def _help(
    checkouts: Sequence[Checkout], share: Sequence[Target], tell: int, *, with_fixes: bool
) -> NoReturn:
    """The work of a helper; what it cannot do, the first process does again and tells of."""
    import pickle  # noqa: PLC0415  most runs have no helper

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the first process says that it is interrupted
    with suppress(BaseException):
        _look(checkouts, share, lambda _: None)
        seen = [_seen(n, checkout, with_fixes=with_fixes) for n, checkout in enumerate(checkouts)]
        with open(tell, "wb") as pipe:
            pickle.dump(seen, pipe, pickle.HIGHEST_PROTOCOL)
    os._exit(0)


def _seen(number: int, checkout: Checkout, *, with_fixes: bool) -> _Seen:
    findings = {
        path: tuple(_sent(finding, with_fixes=with_fixes) for finding in found)
        for path, found in checkout.by_file()
    }
    folders = tuple(checkout.snapshot.memory.settings)
    return _Seen(number, findings, dict(checkout.problems), folders)


def _sent(finding: Finding, *, with_fixes: bool) -> _Sent:
    rest = (
        *(finding.message, finding.path, finding.span, finding.severity, finding.jobs),
        *(finding.related, finding.tags),
    )
    return _Sent(finding.rule.code, rest, finding.fixes() if with_fixes else None)


def _take(checkouts: Sequence[Checkout], helper: _Helper, advance: Callable[[int], None]) -> None:
    """What a helper saw; its share is looked at here where it could not tell."""
    import pickle  # noqa: PLC0415  as above

    try:
        with open(helper.told, "rb", closefd=False) as pipe:
            told: list[_Seen] = pickle.load(pipe)  # noqa: S301  a process of our own wrote it
    except (EOFError, pickle.UnpicklingError):
        _look(checkouts, helper.share, advance)
        return
    for seen in told:
        checkout = checkouts[seen.number]
        for folder in seen.folders:
            checkout.snapshot.found_settings(f"{folder}/.")
        found = {path: _found(checkout, path, sent) for path, sent in seen.findings.items()}
        checkout.take(found, seen.problems)
    advance(len(helper.share))


def _found(checkout: Checkout, path: str, sent: Sequence[_Sent]) -> tuple[Finding, ...]:
    return tuple(_finding(checkout, path, number, one) for number, one in enumerate(sent))


def _finding(checkout: Checkout, path: str, number: int, sent: _Sent) -> Finding:
    message, place, span, severity, jobs, related, tags = sent.rest

    def fixes() -> tuple[Fix, ...]:
        if sent.fixes is not None:
            return sent.fixes
        return checkout.snapshot.findings(path)[number].fixes()

    return Finding(_RULES[sent.code], message, place, span, severity, jobs, fixes, related, tags)
