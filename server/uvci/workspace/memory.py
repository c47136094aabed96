"""What a snapshot has worked out, and how much of it still holds after an edit."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import TypeVar

from msgspec import Struct, field

from uvci.pipeline.sources import Settings
from uvci.rules.asking import Looked
from uvci.rules.rule import Context, Finding, Rule
from uvci.syntax.tree import Document
from uvci.workspace.configuration import Configuration
from uvci.workspace.disk import Disk
from uvci.workspace.files import RecordedFiles
from uvci.workspace.settings_files import FoundSettings

T = TypeVar("T")

_YAML = frozenset({".yml", ".yaml"})
SETTINGS_FILES = frozenset({"uvci.toml", "pyproject.toml"})


class Built(Struct, frozen=True, eq=False):
    """A pipeline and what it was built from; `findings` are filled when first asked for."""

    context: Context
    files: RecordedFiles
    configuration: Configuration
    findings: list[tuple[Finding, ...]] = field(default_factory=list)

    def depends_on(self, path: str, *, listing: bool) -> bool:
        """Whether another text at `path`, or its coming or going (`listing`), may change it."""
        return path in self.files.asked or (listing and bool(self.files.listed))


class Memory(Struct, frozen=True, eq=False):
    """What is known, by path of a file; settings by folder.

    `includers` says whether a file has an `include`; `starts` are what GitLab starts pipelines
    from, by the settings' `root`. `outdated` are pipelines as they last were, until they are built
    again: what they depended on is the best guess at what they will depend on. `looked` is what
    the rules know of the jobs, by settings and rules. `former` are documents as they were before an
    edit, of which the next ones are made.
    """

    built: dict[str, Built] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    settings: dict[str, FoundSettings] = field(default_factory=dict)
    projects: dict[object, dict[str, Disk]] = field(default_factory=dict)
    includers: dict[str, bool] = field(default_factory=dict)
    outdated: dict[str, Built] = field(default_factory=dict)
    starts: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    roots: dict[str, tuple[str, ...]] = field(default_factory=dict)
    looked: dict[object, Looked] = field(default_factory=dict)
    former: dict[str, Document] = field(default_factory=dict)

    def after(self, path: str, *, listing: bool) -> "Memory":
        """What still holds after the text at `path` changed; `listing`: it came or went."""
        documents = _without(self.documents, path)
        former = dict(self.former)
        if path in self.documents:
            former[path] = self.documents[path]
        if PurePosixPath(path).name in SETTINGS_FILES:
            return Memory(documents=documents, outdated=self.outdated | self.built)
        kept = {
            root: built
            for root, built in tuple(self.built.items())
            if not built.depends_on(path, listing=listing)
        }
        includers = _without(self.includers, path)
        outdated = self.outdated | self.built
        memory = Memory(
            kept, documents, self.settings, self.projects, includers, outdated, former=former
        )
        if not listing and PurePosixPath(path).suffix in _YAML:
            memory.looked.update(self.looked)
        return memory

    def looked_at(self, rules: Sequence[Rule], settings: Settings) -> Looked:
        """What these rules know of the repository's jobs under these settings."""
        return self.looked.setdefault((settings, tuple([rule.code for rule in rules])), Looked())

    def last_built(self) -> tuple[Built, ...]:
        """Every pipeline as it is, or as it last was."""
        return tuple((self.outdated | self.built).values())


def _without(known: dict[str, T], path: str) -> dict[str, T]:
    return {name: value for name, value in tuple(known.items()) if name != path}
