"""The names in one file, read off its keys and values."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from uvci.features.entries import ROOT_KEYS
from uvci.features.naming.symbols import Occurrence, Role, Symbol, SymbolKind
from uvci.features.naming.texts import TypedText, inputs_used, variables_set, variables_used
from uvci.syntax.paths import key_text
from uvci.syntax.tree import Alias, Broken, Document, Mapping, Node, Pair, Scalar, Sequence, walk
from uvci.text.span import Span

REFERENCE = "!reference"


@lru_cache(maxsize=64)
def scan(path: str, document: Document) -> tuple[Occurrence, ...]:
    """All names in a file, by place. What only the effective pipeline tells is left out."""
    found = _Scan(path, document)
    found.read()
    return tuple(sorted(found.occurrences.values(), key=lambda each: each.span))


class _Scan:
    """One file while it is read. Aliases are followed where they stand in for a value."""

    def __init__(self, path: str, document: Document) -> None:
        self.path, self.document = path, document
        self.occurrences: dict[tuple[SymbolKind, Span], Occurrence] = {}
        self.shell: set[Span] = set()
        self.followed: set[tuple[Span, str]] = set()
        self.entry = ""

    # ------------------------------------------------------------ what is found

    def add(  # noqa: PLR0913  an occurrence has this many parts
        self,
        kind: SymbolKind,
        name: str,
        span: Span,
        role: Role,
        *,
        node: Scalar | None = None,
        pair: Pair | None = None,
        home: str = "",
        keys: tuple[str, ...] = (),
    ) -> None:
        symbol = Symbol(kind, name, home, keys)
        found = Occurrence(symbol, self.path, span, role, self.entry, node, pair)
        self.occurrences.setdefault((kind, span), found)

    def key(self, kind: SymbolKind, pair: Pair, home: str = "") -> None:
        """The key of `pair` defines a name."""
        if isinstance(pair.key, Scalar) and not pair.is_merge:
            span = TypedText(self.document.text, pair.key).whole
            self.add(kind, pair.key.text, span, Role.DEFINITION, pair=pair, home=home)

    def names(self, kind: SymbolKind, node: Node, role: Role = Role.USE) -> None:
        """Each scalar in `node` is a name."""
        for scalar in self.scalars(node, kind.value):
            if scalar.text:
                span = TypedText(self.document.text, scalar).whole
                self.add(kind, scalar.text, span, role, node=scalar)

    # ------------------------------------------------------------ the document

    def read(self) -> None:
        root = self.document.mapping
        for pair in root.pairs if root else ():
            self.entry = key_text(pair.key)
            self.root_pair(pair)
            for node in walk(pair.value):
                self.anything(node)
        self.entry = ""
        self.header()
        for name, nodes in self.document.anchors.items():
            for node in nodes:
                self.anchor(name, node)

    def root_pair(self, pair: Pair) -> None:
        match self.entry:
            case "stages":
                self.names(SymbolKind.STAGE, pair.value, Role.DEFINITION)
            case "include":
                self.includes(pair.value)
            case "workflow":
                self.keyword("rules", _value(pair.value, "rules"))
            case name if name not in ROOT_KEYS and not pair.is_merge:
                self.key(SymbolKind.ENTRY, pair)
                self.job(pair.value)
            case "default":
                self.job(pair.value)
            case keyword:
                self.keyword(keyword, pair.value)

    def header(self) -> None:
        for inputs in self.mappings(_value(_value(self.document.header, "spec"), "inputs")):
            for pair in inputs.pairs:
                self.key(SymbolKind.INPUT, pair, home=self.path)

    def anything(self, node: Node) -> None:
        """What a node names wherever it stands."""
        if not isinstance(node, Alias | Broken) and node.anchor:
            self.anchor(node.anchor, node)
        match node:
            case Alias() if node.target is not None:
                span = Span(node.span.start + 1, node.span.end)
                home = f"{self.path}:{node.target.span.start}"
                self.add(SymbolKind.ANCHOR, node.name, span, Role.USE, home=home)
            case Sequence(tag="!reference"):
                self.reference(node)
            case Scalar() if "$" in node.text or "%" in node.text:
                self.text(node)
            case _:
                return

    def text(self, scalar: Scalar) -> None:
        typed = TypedText(self.document.text, scalar)
        in_shell = scalar.span in self.shell
        for name, span in variables_used(scalar.text, by_shell=in_shell):
            self.add(SymbolKind.VARIABLE, name, typed.span(span), Role.USE)
        for name, span in inputs_used(scalar.text):
            self.add(SymbolKind.INPUT, name, typed.span(span), Role.USE, home=self.path)

    def anchor(self, name: str, node: Node) -> None:
        at = self.document.text.rfind(f"&{name}", 0, node.span.start)
        if at >= 0:
            span, home = Span(at + 1, at + 1 + len(name)), f"{self.path}:{node.span.start}"
            self.add(SymbolKind.ANCHOR, name, span, Role.DEFINITION, home=home)

    def reference(self, node: Sequence) -> None:
        steps = [item for item in node.items if isinstance(item, Scalar)]
        keys = tuple(step.text for step in steps)
        if len(steps) < len(node.items) or not keys:
            return
        for index, step in enumerate(steps):
            kind = SymbolKind.KEYWORD
            if index == 0 and step.text not in ROOT_KEYS:
                kind = SymbolKind.ENTRY
            elif index and keys[index - 1] == "variables":
                kind = SymbolKind.VARIABLE
            below = keys[: index + 1] if kind is SymbolKind.KEYWORD else ()
            span = TypedText(self.document.text, step).whole
            self.add(kind, step.text, span, Role.USE, node=step, keys=below)

    # ------------------------------------------------------------ jobs

    def job(self, node: Node | None) -> None:
        for job in self.mappings(node):
            for pair in job.pairs:
                if not pair.is_merge:
                    self.keyword(key_text(pair.key), pair.value)

    def keyword(self, keyword: str, value: Node | None) -> None:
        """What the value of a job's keyword names."""
        read = _READERS.get(keyword)
        if read is not None and value is not None:
            read(self, value)

    def entries(self, value: Node) -> None:
        self.names(SymbolKind.ENTRY, value)

    def stage(self, value: Node) -> None:
        self.names(SymbolKind.STAGE, value)

    def inherit(self, value: Node) -> None:
        inherited = _value(value, "variables")
        if inherited is not None and not isinstance(inherited, Scalar):
            self.names(SymbolKind.VARIABLE, inherited)

    def environment(self, value: Node) -> None:
        if (stopper := _value(value, "on_stop")) is not None:
            self.names(SymbolKind.ENTRY, stopper)

    def trigger(self, value: Node) -> None:
        if (included := _value(value, "include")) is not None:
            self.includes(included)

    def parallel(self, value: Node) -> None:
        for entry in self.mappings(_value(value, "matrix")):
            self.variables(entry)

    def rules(self, value: Node) -> None:
        """Of `rules`, and of `services`, which may set variables too."""
        for item in self.mappings(value):
            self.variables(_value(item, "variables"))
            self.keyword("needs", _value(item, "needs"))

    def hooks(self, value: Node) -> None:
        if (script := _value(value, "pre_get_sources_script")) is not None:
            self.script(script)

    def needs(self, node: Node) -> None:
        if isinstance(node, Scalar):
            return
        for item in self.items(node, "needs"):
            if isinstance(item, Scalar):
                self.names(SymbolKind.ENTRY, item)
            elif isinstance(item, Mapping) and not (item.pair("project") or item.pair("pipeline")):
                if (job := item.get("job")) is not None:
                    self.names(SymbolKind.ENTRY, job)
                for entry in self.mappings(_value(item.get("parallel"), "matrix")):
                    self.variables(entry)

    def variables(self, node: Node | None) -> None:
        for table in self.mappings(node):
            for pair in table.pairs:
                self.key(SymbolKind.VARIABLE, pair)

    def includes(self, node: Node) -> None:
        for item in self.items(node, "include"):
            if isinstance(item, Scalar):
                self.names(SymbolKind.FILE, item)
            elif isinstance(item, Mapping):
                for key in ("local", "remote"):
                    if (file := item.get(key)) is not None:
                        self.names(SymbolKind.FILE, file)
                if item.pair("artifact") and (job := item.get("job")) is not None:
                    self.names(SymbolKind.ENTRY, job)

    def script(self, node: Node) -> None:
        for scalar in self.scalars(node, "script"):
            self.shell.add(scalar.span)
            typed = TypedText(self.document.text, scalar)
            for name, span in variables_set(scalar.text):
                self.add(SymbolKind.VARIABLE, name, typed.span(span), Role.DEFINITION)

    # ------------------------------------------------------------ shapes

    def items(self, node: Node | None, reason: str) -> Iterator[Node]:
        """The scalars and mappings in a value that may be one or (nested) many."""
        match node:
            case Alias():
                yield from self.items(self.target(node, reason), reason)
            case Sequence() if node.tag != REFERENCE:
                for item in node.items:
                    yield from self.items(item, reason)
            case Scalar() | Mapping():
                yield node
            case _:
                return

    def scalars(self, node: Node, reason: str) -> Iterable[Scalar]:
        return (one for one in self.items(node, reason) if isinstance(one, Scalar))

    def mappings(self, node: Node | None) -> Iterator[Mapping]:
        """The mappings in a value, with those merged into them."""
        for item in self.items(node, "mapping"):
            if isinstance(item, Mapping):
                yield item
                for pair in item.pairs:
                    if pair.is_merge:
                        yield from self.mappings(pair.value)

    def target(self, alias: Alias, reason: str) -> Node | None:
        """What an alias stands for, the first time it does so for this reason."""
        target = alias.target
        if target is None or (target.span, reason) in self.followed:
            return None
        self.followed.add((target.span, reason))
        return target


def _value(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


_READERS: dict[str, Callable[[_Scan, Node], None]] = {
    "extends": _Scan.entries,
    "dependencies": _Scan.entries,
    "needs": _Scan.needs,
    "stage": _Scan.stage,
    "variables": _Scan.variables,
    "inherit": _Scan.inherit,
    "environment": _Scan.environment,
    "trigger": _Scan.trigger,
    "parallel": _Scan.parallel,
    "rules": _Scan.rules,
    "services": _Scan.rules,
    "hooks": _Scan.hooks,
    "script": _Scan.script,
    "before_script": _Scan.script,
    "after_script": _Scan.script,
}
