"""`--fix` and `--diff`: fixes are applied until none is left."""

from collections.abc import Iterable, Iterator

from uvci.cli.checkout import Checkout, edited
from uvci.cli.report import chosen_fix
from uvci.cli.terminal import CYAN, GREEN, RED, Paint, printable
from uvci.rules.publishing.secrets import concealed, secret_words
from uvci.rules.rule import Applicability, FileEdit, Fix, Severity
from uvci.syntax.parse import parse
from uvci.workspace.snapshot import Snapshot

_MAX_PASSES = 100


def fix_all(checkout: Checkout, *, unsafe: bool) -> int:
    """Apply the chosen fix of every finding to the checkout's snapshot; how many were applied.

    Nothing is written. In one pass no two fixes touch: what is left waits for the next pass, where
    it is proven again on the text as it is then. Ends when no fix is left, or a text comes back.
    """
    applied = 0
    seen = {_texts(checkout.snapshot)}
    for _ in range(_MAX_PASSES):
        fixes = _apart(_offers(checkout, unsafe=unsafe))
        if not fixes:
            break
        before = checkout.snapshot
        fixes = _apply_soundly(checkout, fixes)
        if (now := _texts(checkout.snapshot)) in seen:
            checkout.snapshot = before
            break
        seen.add(now)
        applied += len(fixes)
    return applied


def write_texts(checkout: Checkout) -> list[str]:
    """Write the texts that fixes changed; sentences about those that cannot be written."""
    problems = []
    for path, (_, text) in checkout.changed_texts().items():
        try:
            (checkout.snapshot.root / path).write_bytes(text.encode("utf-8"))
        except OSError as error:
            problems.append(f"{checkout.shown(path)}: it cannot be written: {error.strerror}")
    return problems


def diff_of(checkouts: Iterable[Checkout], paint: Paint) -> str:
    """The changes that are not written yet, as one unified diff."""
    lines = [
        line
        for checkout in checkouts
        for path, (before, after) in checkout.changed_texts().items()
        for line in _diff(*_without_secrets(before, after), checkout.shown(path))
    ]
    return "".join(f"{paint(printable(line), *_codes(line))}\n" for line in lines)


def _without_secrets(before: str, after: str) -> tuple[str, str]:
    """Both texts with a `*` for every character of a secret that one of them holds."""
    old, new = parse(before), parse(after)
    words = {*secret_words(old), *secret_words(new)}
    return concealed(old, others=words), concealed(new, others=words)


def _codes(line: str) -> tuple[int, ...]:
    match line[:1]:
        case "+":
            return (GREEN,)
        case "-":
            return (RED,)
        case "@":
            return (CYAN,)
        case _:
            return ()


def _diff(before: str, after: str, name: str) -> Iterator[str]:
    from difflib import unified_diff  # noqa: PLC0415  only `--diff` needs it

    old, new = _marked(before.split("\n")), _marked(after.split("\n"))
    for line in unified_diff(old, new, name, name, lineterm=""):
        yield from line.split("\n")


def _marked(lines: list[str]) -> list[str]:
    """Lines as a diff shows them: a last one without its end is told apart."""
    *whole, last = lines
    return [*whole, f"{last}\n\\ No newline at end of file"] if last else whole


def _offers(checkout: Checkout, *, unsafe: bool) -> Iterator[Fix]:
    for finding in checkout.findings():
        fix = chosen_fix(finding)
        if fix and (unsafe or fix.applicability is Applicability.SAFE):
            yield fix


def _apart(fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes of which no edit meets one of a fix before it."""
    taken: list[FileEdit] = []
    kept = []
    for fix in fixes:
        if not any(_meet(edit, other) for edit in fix.edits for other in taken):
            kept.append(fix)
            taken += fix.edits
    return kept


def _meet(edit: FileEdit, other: FileEdit) -> bool:
    one, two = edit.edit.span, other.edit.span
    return edit.path == other.path and one.start <= two.end and two.start <= one.end


def _apply_soundly(checkout: Checkout, fixes: list[Fix]) -> list[Fix]:
    """Apply fixes together; each is proven alone, so where together they break more, only one."""
    before, errors = checkout.snapshot, _errors(checkout)
    checkout.snapshot = _applied(before, fixes)
    if len(fixes) > 1 and _errors(checkout) > errors:
        fixes = fixes[:1]
        checkout.snapshot = _applied(before, fixes)
    return fixes


def _errors(checkout: Checkout) -> int:
    return sum(finding.severity is Severity.ERROR for finding in checkout.findings())


def _applied(snapshot: Snapshot, fixes: Iterable[Fix]) -> Snapshot:
    return edited(snapshot, (edit for fix in fixes for edit in fix.edits))


def _texts(snapshot: Snapshot) -> frozenset[tuple[str, str]]:
    return frozenset(snapshot.buffers.items())
