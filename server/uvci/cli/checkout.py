"""One repository in a run of `uvci check`: its state, which fixes move on."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from uvci.cli.report import Item, Source
from uvci.rules.publishing.secrets import quieted
from uvci.rules.rule import FileEdit, Finding, Severity
from uvci.text.edits import TextEdit, apply_edits
from uvci.workspace.disk import Refusal
from uvci.workspace.snapshot import Snapshot


class Checkout(Struct, eq=False, dict=True):
    """The pipelines that the files at `paths` are part of; with `alone`, only those files.

    Findings below the severity `least` are left out. `problems` are sentences about files that
    cannot be read.
    """

    snapshot: Snapshot
    paths: tuple[str, ...]
    least: Severity = Severity.HINT
    alone: bool = False
    problems: dict[str, str] = field(default_factory=dict)
    _files: dict[str, tuple[Finding, ...] | None] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)

    def look_at(self, path: str) -> None:
        """Check the pipelines that the file at `path` is part of; `findings` then has theirs."""
        for file in self._files_of(path):
            if file not in self._files:
                self._files[file] = None
                self.snapshot.findings(file)

    def take(self, findings: dict[str, tuple[Finding, ...]], problems: dict[str, str]) -> None:
        """Take over what another process saw, findings by file."""
        self._files |= findings
        self.problems |= problems

    def order_problems(self) -> None:
        """Put the problems in the order of `paths`, whoever found them."""
        found = {path: self.problems[path] for path in self.paths if path in self.problems}
        self.problems.clear()
        self.problems |= found

    def by_file(self) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        """The files that were looked at, each with all that is wrong in it."""
        for path in sorted(self._files):
            taken = self._files[path]
            yield path, self.snapshot.findings(path) if taken is None else taken

    def findings(self) -> list[Finding]:
        """What is wrong in all files that were looked at, by file and place."""
        return [
            finding
            for _, found in self.by_file()
            for finding in found
            if finding.severity >= self.least
        ]

    def items(self) -> Iterator[Item]:
        """The findings as reports show them."""
        for finding in self.findings():
            if source := self.source(finding.path):
                yield Item(quieted(finding, source.secrets), source, self.source)

    def sources(self) -> Iterator[Source]:
        """The files that were looked at."""
        for path in sorted(self._files):
            if source := self.source(path):
                yield source

    def _files_of(self, path: str) -> Iterable[str]:
        if refusal := self.snapshot.refusal(path):
            if refusal.refusal is not Refusal.TOO_BIG:
                self.problems[path] = refusal.message
                return ()
            return (path,)
        if self.alone:
            return (path,)
        roots = self.snapshot.roots_of(path)
        usable = [root for root in roots if self.snapshot.refusal(root) is None]
        files = [file.path for root in usable for file in self.snapshot.pipeline(root).files]
        return dict.fromkeys([*files, *roots])

    def source(self, path: str) -> Source | None:
        """A file as reports show it, None where there is none; one too big to be read is empty."""
        text = "" if self.snapshot.refusal(path) else self.snapshot.files().read(path)
        if text is None:
            return None
        known = self._sources.get(path)
        if known is None or known.text is not text:
            read = partial(self.snapshot.document, path)
            known = Source(self.snapshot.root, path, self.shown(path), text, read)
            self._sources[path] = known
        return known

    def shown(self, path: str) -> str:
        """A path as the user would type it: from the working folder, if the file is below that."""
        return shown(self.snapshot.root / path)

    def changed_texts(self) -> dict[str, tuple[str, str]]:
        """The files whose text is not that on disk: the stored text and the present one."""
        stored = self.snapshot.disk.load
        changed = {}
        for path, text in self.snapshot.buffers.items():
            before = stored(path)
            if isinstance(before, str) and before != text:
                changed[path] = (before, text)
        return changed


def edited(snapshot: Snapshot, edits: Iterable[FileEdit]) -> Snapshot:
    """The state in which some files are edited; nothing is written."""
    by_path: dict[str, list[TextEdit]] = {}
    for each in edits:
        by_path.setdefault(each.path, []).append(each.edit)
    for path, changes in by_path.items():
        text = snapshot.files().read(path)
        if text is not None:
            snapshot = snapshot.with_buffer(path, apply_edits(text, changes))
    return snapshot


def shown(place: Path) -> str:
    """A place as the user would type it from the working folder; whole where it is not below."""
    here = Path(os.path.realpath(Path.cwd()))
    return place.relative_to(here).as_posix() if place.is_relative_to(here) else place.as_posix()
