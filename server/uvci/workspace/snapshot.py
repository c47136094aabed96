"""One state of a repository, and everything that can be asked of it.

A snapshot never changes: an edit makes the next one, which keeps whatever the edit cannot have
touched. Editors and the command line both ask only snapshots.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from msgspec.structs import replace

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.model import Pipeline
from uvci.pipeline.python_project import PythonProject, read_project
from uvci.rules.rule import Context, Finding
from uvci.syntax.parse import parse
from uvci.syntax.tree import Document
from uvci.workspace import membership
from uvci.workspace.configuration import Configuration
from uvci.workspace.disk import Disk, Unreadable, too_big
from uvci.workspace.files import RecordedFiles, RepositoryFiles, project_disks
from uvci.workspace.findings import check_root, refused_whole, unite
from uvci.workspace.interruption import counted
from uvci.workspace.memory import SETTINGS_FILES, Built, Memory
from uvci.workspace.roots import Standing
from uvci.workspace.settings import ConfigError
from uvci.workspace.settings_files import FoundSettings, find_settings

if TYPE_CHECKING:
    from uvci.features.view import View

Override: TypeAlias = Callable[[Configuration], Configuration]
"""What an editor or a command line makes of the settings in files (see `ReadSettings.over`)."""


def _unchanged(configuration: Configuration) -> Configuration:
    return configuration


class Snapshot:
    """One state of a repository: its files on disk, with the editor's buffers before them.

    All paths are posix and relative to the repository's folder, `root`. Nothing here raises on what
    is in the files. `named` are files that the user says are pipelines, whatever they are called.
    `memory` is this package's own.
    """

    def __init__(
        self,
        disk: Disk,
        buffers: Mapping[str, str],
        override: Override,
        named: frozenset[str],
        memory: Memory,
    ) -> None:
        self.disk = disk
        self.buffers = buffers
        self.override = override
        self.named = named
        self.memory = memory

    @classmethod
    def open(cls, root: Path, override: Override = _unchanged) -> "Snapshot":
        """The repository at `root`, no buffer open."""
        return cls.of(Disk(root), override)

    @classmethod
    def of(cls, disk: Disk, override: Override = _unchanged) -> "Snapshot":
        """What is stored on `disk`, no buffer open."""
        return cls(disk, {}, override, frozenset(), Memory())

    # ------------------------------------------------------------ the next snapshot

    def with_buffer(self, path: str, text: str) -> "Snapshot":
        """The next snapshot, in which the file at `path` has this text."""
        known = self.files().read(path)
        memory = self.memory if known == text else self.memory.after(path, listing=known is None)
        return Snapshot(self.disk, {**self.buffers, path: text}, self.override, self.named, memory)

    def without_buffer(self, path: str) -> "Snapshot":
        """The next snapshot, in which the disk says again what stands in the file at `path`."""
        buffers = {name: text for name, text in self.buffers.items() if name != path}
        stored = self.disk.load(path)
        same = stored == self.buffers.get(path)
        memory = self.memory if same else self.memory.after(path, listing=stored is None)
        return Snapshot(self.disk, buffers, self.override, self.named, memory)

    def with_changed_files(self, paths: Iterable[str]) -> "Snapshot":
        """The next snapshot, after somebody wrote, made or deleted files on disk."""
        changed = tuple(paths)
        memory = self.memory
        for path in changed:
            if path not in self.buffers:
                memory = memory.after(path, listing=True)
        return Snapshot(self.disk.changed(changed), self.buffers, self.override, self.named, memory)

    def with_override(self, override: Override) -> "Snapshot":
        """The next snapshot, with other settings from the editor or the command line."""
        memory = Memory(documents=self.memory.documents, settings=self.memory.settings)
        return Snapshot(self.disk, self.buffers, override, self.named, memory)

    def with_named(self, paths: Iterable[str]) -> "Snapshot":
        """The next snapshot, in which the user says that the files at `paths` are pipelines."""
        memory = replace(self.memory, built={}, roots={})
        named = self.named | frozenset(paths)
        return Snapshot(self.disk, self.buffers, self.override, named, memory)

    # ------------------------------------------------------------ files and settings

    @property
    def root(self) -> Path:
        """The repository's folder."""
        return self.disk.root

    def files(self, configuration: Configuration | None = None) -> RepositoryFiles:
        """The repository's files; with a configuration also those of the projects it names."""
        if configuration is None or not configuration.includes:
            return RepositoryFiles(self.disk, self.buffers)
        key = (configuration.includes, configuration.folder)
        if key not in self.memory.projects:
            folder = self.root / configuration.folder
            self.memory.projects[key] = project_disks(dict(configuration.includes), folder)
        return RepositoryFiles(self.disk, self.buffers, self.memory.projects[key])

    def refusal(self, path: str) -> Unreadable | None:
        """Why a file that is there cannot be used; None where it can be, or is not there."""
        if (text := self.buffers.get(path)) is not None:
            return too_big(text)
        loaded = self.disk.load(path)
        return loaded if isinstance(loaded, Unreadable) else None

    def document(self, path: str) -> Document | None:
        """The parsed text of a file, None where there is none."""
        known = self.memory.documents
        if path not in known:
            text = self.files().read(path)
            if text is None:
                return None
            known[path] = parse(text, self.memory.former.pop(path, None))
        return known[path]

    def configuration(self, path: str) -> Configuration:
        """The settings in force for a file."""
        return self.override(self.found_settings(path).configuration)

    def found_settings(self, path: str) -> FoundSettings:
        """The settings written for a file, and the file they stand in."""
        folder = PurePosixPath(path).parent.as_posix()
        known = self.memory.settings
        if folder not in known:
            known[folder] = find_settings(self.disk, folder)
        return known[folder]

    def settings_errors(self) -> tuple[ConfigError, ...]:
        """What is wrong in the settings files that were read so far, each file once."""
        errors = {found.path: found.error for found in self.memory.settings.values() if found.error}
        return tuple(errors.values())

    # ------------------------------------------------------------ pipelines

    def roots_of(self, path: str) -> tuple[str, ...]:
        """The roots of the pipelines that a file is part of; empty where it is in none."""
        known = self.memory.roots
        if path not in known:
            known[path] = membership.roots_of(self, path)
        return known[path]

    def standing(self, root: str) -> Standing:
        """Whether GitLab starts pipelines from `root`, or it is a template for others."""
        return membership.standing(self, root)

    def pipeline(self, root: str) -> Pipeline:
        """The pipeline that starts from `root`."""
        return self._built(root).context.pipeline

    def project(self, root: str) -> PythonProject:
        """The Python project around the pipeline that starts from `root`."""
        return self._built(root).context.project

    def context(self, root: str) -> Context:
        """All that a rule may look at in the pipeline that starts from `root`."""
        return self._built(root).context

    def dependents(self, path: str) -> frozenset[str]:
        """The files of known pipelines whose findings may change when the file at `path` does."""
        everywhere = PurePosixPath(path).name in SETTINGS_FILES
        return frozenset(
            file.path
            for built in self.memory.last_built()
            if everywhere or built.depends_on(path, listing=True)
            for file in built.context.pipeline.files
        )

    def _built(self, root: str) -> Built:
        known = self.memory.built
        if root not in known:
            known[root] = self._build(root)
        return known[root]

    def _build(self, root: str) -> Built:
        configuration = self.configuration(root)
        files = RecordedFiles(self.files(configuration))
        for path in (root, *filter(_is_yaml, self.buffers)):
            self.document(path)
        documents = self.memory.documents
        pipeline = build_pipeline(root, files, configuration.core, documents)
        for file in pipeline.files:
            files.asked.add(file.path)
            documents.setdefault(file.path, file.document)
        files.asked.add(root)
        project = read_project(files)
        context = Context(pipeline, project, files, configuration.core)
        return Built(context, files, configuration)

    # ------------------------------------------------------------ answers

    def view(self, path: str) -> "View | None":
        """What editor features need to answer about a file, None where it is no pipeline file."""
        roots = self.roots_of(path) if self.refusal(path) is None else ()
        document = self.document(path)
        if not roots or document is None:
            return None
        from uvci.features.view import View  # noqa: PLC0415  only editors ask for it

        context = self.context(roots[0])
        return View(
            path,
            document,
            context.pipeline,
            context.project,
            context.files,
            context.settings,
            partial(self.findings, path),
            findings_after=partial(self.findings_after, path),
        )

    def findings(self, path: str) -> tuple[Finding, ...]:
        """What is wrong in a file, by place, over all pipelines that it is part of.

        Calling `fixes` of these findings offers only fixes that are proven.
        """
        roots = self.roots_of(path)
        if not roots:
            return ()
        if refusal := self.refusal(path):
            return refused_whole(path, refusal)
        return unite(
            [finding for finding in self._checked(root) if finding.path == path]
            for root in counted(roots, str)
        )

    def pipeline_files(self) -> tuple[str, ...]:
        """Every file of the repository that is part of a pipeline: named like one, or included."""
        found = dict.fromkeys(sorted({*self.disk.listing.pipelines, *self.named}))
        for path in counted(tuple(found), str):
            for root in self.roots_of(path) if self.refusal(path) is None else ():
                found |= dict.fromkeys(file.path for file in self.pipeline(root).files)
        return tuple(path for path in found if self.files().exists(path))

    def findings_after(self, path: str, texts: Mapping[str, str]) -> tuple[Finding, ...]:
        """What would be wrong in a file if those at the paths of `texts` had those texts."""
        snapshot = self
        for changed, text in texts.items():
            snapshot = snapshot.with_buffer(changed, text)
        return snapshot.findings(path)

    def _checked(self, root: str) -> tuple[Finding, ...]:
        built = self._built(root)
        if not built.findings:
            built.findings.append(tuple(check_root(self, root, built)))
        return built.findings[0]


def _is_yaml(path: str) -> bool:
    return path.endswith((".yml", ".yaml"))
