"""What a run of `uvci check` found, as every output format gets it."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from uvci.rules.publishing import plaintext_secret
from uvci.rules.publishing.secrets import any_of, concealed, secret_words
from uvci.rules.rule import Applicability, Finding, Fix, Severity
from uvci.syntax.tree import Document
from uvci.text.lines import LineIndex, Position
from uvci.text.span import Span


class Source(Struct, frozen=True, eq=False, dict=True):
    """One checked file: `path` from the `repository` folder, `shown` as the user would type it."""

    repository: Path
    path: str
    shown: str
    text: str
    read: Callable[[], Document | None]

    @cached_property
    def document(self) -> Document:
        """Its text parsed; nothing where it is too big to be read."""
        return self.read() or Document("")

    @cached_property
    def secrets(self) -> re.Pattern[str] | None:
        """The secrets in its text, which no message may quote."""
        return any_of(secret_words(self.document))

    @cached_property
    def lines(self) -> LineIndex:
        """Where its lines begin."""
        return LineIndex(self.text)

    def start(self, span: Span) -> Position:
        """Where a span begins: line and column in code points, both 1-based."""
        return _one_based(self.lines.position(span.start))

    def end(self, span: Span) -> Position:
        """Where a span ends, like `start`; the column is the one behind the last character."""
        return _one_based(self.lines.position(span.end))


class Item(Struct, frozen=True, eq=False, dict=True):
    """One finding in its file. `source_of` finds the other files of the same repository."""

    finding: Finding
    source: Source
    source_of: Callable[[str], Source | None]

    @property
    def start(self) -> Position:
        """Where it begins, 1-based."""
        return self.source.start(self.finding.span)

    @property
    def end(self) -> Position:
        """Where it ends, 1-based."""
        return self.source.end(self.finding.span)

    @cached_property
    def fix(self) -> Fix | None:
        """The proven fix that `--fix` takes, None where there is none."""
        return chosen_fix(self.finding)


class Report(Struct, frozen=True, dict=True):
    """All findings to be shown, by file and place, and what was done.

    `files` are all that were looked at, `fixed` counts applied fixes, `silenced` the findings that
    got a comment. `unsafe` tells that the user wants unsafe fixes too.
    """

    items: tuple[Item, ...]
    files: tuple[Source, ...] = ()
    fixed: int = 0
    silenced: int = 0
    unsafe: bool = False

    def text_of(self, source: Source) -> str:
        """The text of a file as it may be shown: as long as it is, without the secrets in it."""
        text = self._texts.get(source)
        if text is None:
            text = self._texts[source] = concealed(source.document, self._secrets[source])
        return text

    @cached_property
    def _texts(self) -> dict[Source, str]:
        return {}

    @cached_property
    def _secrets(self) -> defaultdict[Source, list[Span]]:
        found: defaultdict[Source, list[Span]] = defaultdict(list)
        for item in self.items:
            if item.finding.rule is plaintext_secret.RULE:
                found[item.source].append(item.finding.span)
        return found

    @cached_property
    def severities(self) -> Counter[Severity]:
        """How many findings of each severity there are."""
        return Counter(item.finding.severity for item in self.items)

    @cached_property
    def fixable(self) -> Counter[Applicability]:
        """How many findings can be fixed, by what their fixes are."""
        fixes = (item.fix for item in self.items)
        return Counter(fix.applicability for fix in fixes if fix is not None)


def chosen_fix(finding: Finding) -> Fix | None:
    """The fix to take when nobody can be asked: the preferred one, or the only one."""
    fixes = finding.fixes()
    preferred = next((fix for fix in fixes if fix.preferred), None)
    return preferred or (fixes[0] if len(fixes) == 1 else None)


def _one_based(position: Position) -> Position:
    return Position(position.line + 1, position.column + 1)
