"""All files of a pipeline: the root, what it includes, and what those include (GitLab docs)."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, field

from uvci.pipeline.expressions import UNKNOWN
from uvci.pipeline.globs import include_pattern, is_bounded
from uvci.pipeline.include_entries import Ask, Refused, Wanted, read_includes
from uvci.pipeline.include_rules import is_included
from uvci.pipeline.inputs import NO_INPUTS, read_inputs
from uvci.pipeline.interpolation import Fault, Interpolator
from uvci.pipeline.layers import Layer
from uvci.pipeline.load import Chain
from uvci.pipeline.loading import loading_messages
from uvci.pipeline.model import Phase, Problem, SourceFile
from uvci.pipeline.sources import Files, Settings
from uvci.pipeline.stamps import Memory
from uvci.pipeline.validation.rules import include_rules_fault
from uvci.pipeline.values import NOWHERE, Link, LinkKind, Origin, Unknown, Value
from uvci.syntax.parse import parse
from uvci.syntax.tree import Document
from uvci.syntax.tree import Mapping as MappingNode
from uvci.text.span import Span

MOST_FILES = 150
_TOO_MANY = f"Maximum of {MOST_FILES} nested includes are allowed!"
_TEMPLATES = ("gitlab-org/gitlab", "lib/gitlab/ci/templates/")
_layers: Memory[tuple[Layer, ...]] = Memory(512)
_VERSIONS = 3
"""Of how many texts of a file its layer is kept: the last ones, as each holds a whole document."""


class Gathered(Struct):
    """The files of a pipeline. `layers` come with the lowest precedence first.

    `unread` are the includes of which nothing is known, `decided` is False where rules may leave
    a file out. `files` starts with the root.
    """

    layers: list[Layer] = field(default_factory=list)
    files: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: list[Unknown] = field(default_factory=list)
    decided: bool = True

    @property
    def complete(self) -> bool:
        """Whether all that the files say is known.

        A file that is missing or does not parse could say anything.
        """
        broken = any(document.broken for document in self.files.values())
        refused = any(problem.phase is Phase.INCLUDE for problem in self.problems)
        return self.decided and not (self.unread or broken or refused)

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The files, the root first."""
        return tuple(SourceFile(path, document) for path, document in self.files.items())


def gather(
    root: str, files: Files, settings: Settings, documents: Mapping[str, Document]
) -> Gathered:
    """The root file and all it includes, read from `documents` before `files`."""
    gatherer = _Gatherer(files, settings, documents)
    document = documents.get(root) or _parsed(files.read(root) or "")
    place = _Place(root, "", ())
    gatherer.add(place, document, None, NOWHERE)
    found = gatherer.gathered
    found.files = {root: found.files.pop(root), **found.files}
    return found


class _Place(Struct, frozen=True):
    """A file on its way into the pipeline: `chain` are the includes that lead to it."""

    path: str
    project: str
    chain: Chain
    maybe: bool = False

    @property
    def label(self) -> str:
        return f"{self.project}:{self.path}" if self.project else self.path

    def leads_through(self, other: "_Place") -> bool:
        return other.label == self.label or any(link.name == other.label for link in self.chain)


class _Gatherer(Struct):
    """Collects files depth first: what a file includes comes before the file."""

    files: Files
    settings: Settings
    documents: Mapping[str, Document]
    gathered: Gathered = field(default_factory=Gathered)
    count: int = 0

    def add(self, place: _Place, document: Document, inputs: Value | None, origin: Origin) -> None:
        """Take in one file, after all that it includes."""
        layer = self.layer(place, document, inputs, origin)
        self.gathered.files.setdefault(place.label, document)
        self.check(place, document, origin)
        includes = layer.entries.get("include")
        if includes is not None:
            for wanted in read_includes(
                includes.value, undefined_is_empty=self.settings.undefined_is_empty
            ):
                match wanted:
                    case Refused():
                        self.refuse(wanted.message, wanted.origin)
                    case Unknown():
                        self.gathered.unread.append(wanted)
                    case Wanted():
                        self.follow(place, wanted)
        self.gathered.layers.append(layer)

    def layer(
        self, place: _Place, document: Document, given: Value | None, origin: Origin
    ) -> Layer:
        """The file with its inputs; the one of the last time where nothing changed."""
        inputs = NO_INPUTS
        if document.header is not None or given is not None:
            inputs = read_inputs(place.label, document, given, origin)
            for fault in inputs.faults:
                self.report_fault(place, fault)
        key = (place.label, inputs.placed, place.chain, place.maybe)
        known = _layers.get(key) or ()
        if kept := next((layer for layer in known if layer.document is document), None):
            return kept
        interpolate = Interpolator(place.label, inputs.values) if document.header else None
        layer = Layer(
            place.label,
            document,
            place.chain,
            interpolate,
            inputs,
            place.maybe,
            [*known[:1]],
        )
        _layers.keep(key, (layer, *known[: _VERSIONS - 1]))
        return layer

    def report_fault(self, place: _Place, fault: Fault) -> None:
        file = f"`{place.path}`: " if place.chain else ""
        self.refuse(file + fault.message, fault.origin, file)

    def check(self, place: _Place, document: Document, origin: Origin) -> None:
        """Report what GitLab's loader says about a file."""
        if place.chain and not document.text.strip():
            self.refuse(f"Local file `{place.path}` is empty!", origin)
            return
        for message, span in loading_messages(document):
            if place.chain:
                self.problem(f"`{place.path}`: {message}", place.label, span, Phase.INCLUDE)
            else:
                self.problem(message, place.label, span, Phase.LOAD)
        if place.chain and isinstance(document.root, MappingNode) and not document.root.pairs:
            said = f"Included file `{place.path}` does not have valid YAML syntax!"
            self.refuse(said, origin)

    def follow(self, place: _Place, wanted: Wanted) -> None:
        """Take in what an include asks for, unless its rules keep it out."""
        if fault := include_rules_fault(wanted.rules):
            self.refuse(fault, wanted.origin)
            return
        answer = is_included(
            wanted.rules, self.files, undefined_is_empty=self.settings.undefined_is_empty
        )
        if answer is False:
            return
        maybe = place.maybe or answer is UNKNOWN
        for path, project in self.located(place, wanted):
            label = f"{project}:{path}" if project else path
            link = Link(LinkKind.INCLUDE, label, place.label, wanted.origin.span)
            target = _Place(path, project, (*place.chain, link), maybe)
            if not self.enter(place, target, wanted):
                return

    def enter(self, place: _Place, target: _Place, wanted: Wanted) -> bool:
        """Take in one file; False when there is no room for more."""
        self.count += 1
        if self.count > MOST_FILES or place.leads_through(target):
            self.refuse(_TOO_MANY, wanted.origin)
            return False
        self.gathered.decided = self.gathered.decided and not target.maybe
        if target.project:
            text = self.files.foreign(target.project, target.path)
            document = None if text is None else _parsed(text)
        else:
            document = self.documents.get(target.path) or self.read(target.path)
        if document is not None:
            self.add(target, document, wanted.inputs, wanted.origin)
        elif target.project or self.files.exists(target.path) is None:
            self.leave_unread(target.label, wanted.origin)
        else:
            self.refuse(self.why_not(target.path), wanted.origin)
        return True

    def why_not(self, path: str) -> str:
        """Why a local file has no text: it is not there, or nobody can read it."""
        if self.files.exists(path):
            return f"Local file `{path}` cannot be read; save it as UTF-8, in at most 2 MiB."
        return f"Local file `{path}` does not exist!"

    def read(self, path: str) -> Document | None:
        text = self.files.read(path)
        return None if text is None else _parsed(text)

    def located(self, place: _Place, wanted: Wanted) -> Iterator[tuple[str, str]]:
        """Path and project of each file that is wanted; reports those that cannot be."""
        match wanted.ask:
            case Ask.LOCAL:
                yield from self.local(place, wanted)
            case Ask.PROJECT:
                yield from self.elsewhere(wanted, [(wanted.project, wanted.location.lstrip("/"))])
            case Ask.TEMPLATE:
                project, folder = _TEMPLATES
                yield from self.elsewhere(wanted, [(project, folder + wanted.location)])
            case Ask.COMPONENT:
                yield from self.elsewhere(wanted, _component_files(wanted.location))
            case Ask.REMOTE | Ask.ARTIFACT:
                yield from self.elsewhere(wanted, [(wanted.location, "")])

    def local(self, place: _Place, wanted: Wanted) -> Iterator[tuple[str, str]]:
        location = wanted.location.lstrip("/")
        if "*" in location:
            yield from self.matching(place, wanted, location)
            return
        if not location.lower().endswith((".yml", ".yaml")):
            message = f"Included file `{location}` does not have YAML extension!"
            self.refuse(message, wanted.origin)
            return
        path = posixpath.normpath(location)
        if path.startswith("../") or path == "..":
            self.refuse(f"Local file `{location}` does not exist!", wanted.origin)
            return
        yield path, place.project

    def matching(self, place: _Place, wanted: Wanted, location: str) -> Iterator[tuple[str, str]]:
        if place.project or not is_bounded(location):
            self.leave_unread(location, wanted.origin)
            return
        pattern = include_pattern(location)
        for path in self.files.paths():
            if pattern.fullmatch(path) and path not in self.gathered.files:
                if path.lower().endswith((".yml", ".yaml")):
                    yield path, ""
                else:
                    message = f"Included file `{path}` does not have YAML extension!"
                    self.refuse(message, wanted.origin)

    def elsewhere(
        self, wanted: Wanted, places: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        for project, path in places:
            if self.files.foreign(project, path) is not None:
                yield path, project
                return
        self.leave_unread(wanted.project or wanted.location, wanted.origin)

    def leave_unread(self, name: str, origin: Origin) -> None:
        self.gathered.unread.append(Unknown(f"`{name}` cannot be read here", origin))

    def refuse(self, message: str, origin: Origin, file: str | None = None) -> None:
        phase = Phase.INCLUDE if self.count or not message.startswith("header:") else Phase.LOAD
        self.problem(message, origin.path, origin.span, phase, file)

    def problem(
        self, message: str, path: str, span: Span, phase: Phase, file: str | None = None
    ) -> None:
        problem = Problem(message, path, span, phase=phase, file=file)
        if problem not in self.gathered.problems:
            self.gathered.problems.append(problem)


@lru_cache(maxsize=512)
def _parsed(text: str) -> Document:
    return parse(text)


def _component_files(location: str) -> list[tuple[str, str]]:
    """The files that may hold the component `host/group/project/name@version`."""
    address = location.partition("@")[0]
    _, _, path = address.partition("/")
    project, _, name = path.rpartition("/")
    return [(project, f"templates/{name}.yml"), (project, f"templates/{name}/template.yml")]
