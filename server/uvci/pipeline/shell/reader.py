"""Walks the syntax tree of a script: what each construct means for the commands inside."""

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from uvci.pipeline.shell.declarations import exported, read_declaration
from uvci.pipeline.shell.grammar import Source, flat_list
from uvci.pipeline.shell.model import Condition, ExportKind, ShellCommand, Word
from uvci.pipeline.shell.parts import (
    BRACES,
    REDIRECTS,
    Typed,
    read_assignment,
    read_command,
    split_at_braces,
    unquoted,
)
from uvci.pipeline.shell.place import Place
from uvci.pipeline.shell.state import Scope
from uvci.pipeline.shell.wrappers import peel
from uvci.text.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node

# Far beyond any script that people write, far below Python's own limit on nested calls.
_DEEPEST = 90
_QUESTIONS = frozenset({"[", "[[", "test", "command", "which", "type", "hash", "grep", "false"})
_OPENERS = frozenset({"if", "then", "elif", "else", "for", "while", "until", "do", "case"})
_LEAVES = frozenset({"word", "comment", "raw_string", "heredoc_content", "string_content"})


class Reader:
    """Walks the tree of one text and adds its commands to a list."""

    def __init__(self, source: Source, commands: list[ShellCommand], depth: int = 0) -> None:
        self._source = source
        self._commands = commands
        self._depth = depth

    def read(self, scope: Scope, place: Place) -> None:
        """Add the commands of the whole text; `scope` is left as the text leaves its shell."""
        self._visit(self._source.root, scope, place)

    def _visit(self, node: "Node", scope: Scope, place: Place) -> None:
        if self._depth > _DEEPEST or node.type in _LEAVES:
            return
        self._depth += 1
        construct = self._CONSTRUCTS.get(node.type)
        if construct is None:
            self._statements(node.children, scope, place)
        else:
            construct(self, node, scope, place)
        self._depth -= 1

    def _negated(self, node: "Node", scope: Scope, place: Place) -> None:
        inner = replace(place, negated=not place.negated, tested=True)
        self._statements(node.children, scope, inner)

    def _subshell(self, node: "Node", scope: Scope, place: Place) -> None:
        self._statements(node.children, scope.copy(), place)

    def _substitution(self, node: "Node", scope: Scope, place: Place) -> None:
        inner = replace(place, pipeline=None, negated=False)
        self._statements(node.children, scope.copy(), inner)

    def _body(self, node: "Node", scope: Scope, place: Place) -> None:
        self._branch(node.children, scope, place.maybe())

    def _statements(self, nodes: "Sequence[Node]", scope: Scope, place: Place) -> None:
        for index, node in enumerate(nodes):
            if not node.is_named:
                continue
            if index + 1 < len(nodes) and nodes[index + 1].type == "&":
                self._visit(node, scope.copy(), replace(place, background=True))
            else:
                self._visit(node, scope, place)

    def _branch(self, nodes: "Sequence[Node]", scope: Scope, place: Place) -> None:
        inner = scope.copy()
        self._statements(nodes, inner, place)
        scope.join(inner, len(scope.exports))

    def _conditional(self, node: "Node", scope: Scope, place: Place) -> None:
        body: list[Node] = []
        asks = node.type == "elif_clause"  # whose condition the grammar does not name
        for index, child in enumerate(node.children):
            if not child.is_named:
                asks = asks and child.type != "then"
            elif asks or node.field_name_for_child(index) == "condition":
                self._visit(child, scope, replace(place, tested=True))
            else:
                body.append(child)
        before = scope.copy()
        branch = scope.copy()
        outcomes = [before]
        for child in body:
            if child.type in ("elif_clause", "else_clause"):
                other = before.copy()
                self._visit(child, other, place.maybe())
                outcomes.append(other)
            else:
                self._visit(child, branch, place.maybe())
        for outcome in (branch, *outcomes[1:]):
            scope.join(outcome, len(before.exports))

    def _error(self, node: "Node", scope: Scope, place: Place) -> None:
        """What does not parse: behind an `if` or `do` that is not closed, all may not happen."""
        for child in node.children:
            if child.type in _OPENERS:
                place = place.maybe()
            elif child.is_named:
                self._visit(child, scope, place)

    def _function(self, node: "Node", scope: Scope, place: Place) -> None:
        name = node.child_by_field_name("name")
        start, end = self._source.bounds(name) if name else (0, 0)
        inner = replace(place.maybe(), function=self._source.text.text[start:end])
        body = Scope(None, scope.exports)
        self._statements([c for c in node.children if c != name], body, inner)
        scope.exports += body.exports[len(scope.exports) :]

    def _pipeline(self, node: "Node", scope: Scope, place: Place) -> None:
        whole = self._source.span(*self._source.bounds(node))
        for child in node.children:
            if child.is_named:
                self._visit(child, scope.copy(), replace(place, pipeline=whole))

    def _list(self, node: "Node", scope: Scope, place: Place) -> None:
        items = flat_list(node)
        last_or = max((i for i, (operator, _) in enumerate(items) if operator == "||"), default=0)
        asks = False
        for index, (operator, item) in enumerate(items):
            tested = place.tested or index < last_or
            here = replace(place, tested=tested)
            if operator == "||" or (operator and asks):
                self._branch([item], scope, here.maybe())
            elif operator and place.condition is Condition.ALWAYS:
                self._visit(item, scope, replace(here, condition=Condition.AFTER_SUCCESS))
            else:
                self._visit(item, scope, here)
            asks = asks or self._is_question(item)

    def _is_question(self, node: "Node") -> bool:
        """Whether what follows `&&` depends on a state of the world and not on success."""
        if node.type in ("test_command", "negated_command"):
            return True
        start, end = self._source.bounds(node)
        text = self._source.text.text[start:end]
        words = text.split(None, 1)
        return bool(words) and (words[0] in _QUESTIONS or text.startswith("(("))

    def _redirected(self, node: "Node", scope: Scope, place: Place) -> None:
        body = node.child_by_field_name("body")
        redirects = [child for child in node.children if child.type in REDIRECTS]
        if body is not None and body.type == "command":
            self._command(body, scope, place, redirects)
            return
        if body is not None:
            self._visit(body, scope, place)
        for redirect in redirects:
            self._redirect(redirect, scope, place)

    def _redirect(self, node: "Node", scope: Scope, place: Place) -> None:
        """What stands in a redirection: `<(…)`, and what follows a here-document's start."""
        maybe = False
        for child in node.children:
            maybe = maybe or child.type == "||"
            if child.type == "pipeline":
                here = replace(place, pipeline=self._source.span(*self._source.bounds(child)))
                self._statements(child.children, scope.copy(), here)
            elif child.is_named:
                self._visit(child, scope, place.maybe() if maybe else place)

    def _assignment(self, node: "Node", scope: Scope, place: Place) -> None:
        self._statements(node.children, scope, place)
        if assignment := read_assignment(self._source, *self._source.bounds(node)):
            conditional = place.condition is Condition.MAYBE
            scope.export(exported(assignment, ExportKind.ASSIGNMENT, conditional=conditional))

    def _command(
        self, node: "Node", scope: Scope, place: Place, redirects: "Sequence[Node]" = ()
    ) -> None:
        parts = read_command(self._source, node, redirects)
        for child in parts.inner:
            if child.type in REDIRECTS:
                self._redirect(child, scope, place)
            elif child.type == "variable_assignment":
                self._statements(child.children, scope, place)
            else:
                self._visit(child, scope, place)
        if not parts.words:
            conditional = place.condition is Condition.MAYBE
            for each in parts.assignments:
                scope.export(exported(each, ExportKind.ASSIGNMENT, conditional=conditional))
            return
        ends = [self._source.bounds(n)[1] for n in redirects if n.type == "file_redirect"]
        start, end = self._source.bounds(node)
        span = self._source.span(start, max(end, *ends, 0))
        if node.type == "command":
            self._simple(parts.words, span, scope, place.under((), parts.assignments))
        else:
            self._declaration(parts.words, span, scope, place)

    def _blocks(self, typed: list[Typed], scope: Scope, place: Place) -> None:
        """The commands of PowerShell's `try { … } catch { … }`, and of `time { …; }`."""
        sure = typed[0].word.raw == "time"
        for block in split_at_braces(typed):
            span = Span(block[0].word.span.start, block[-1].word.span.end)
            inner = place if sure or block[0] is typed[0] else place.maybe()
            self._simple(block, span, scope, inner)

    def _simple(self, typed: list[Typed], span: Span, scope: Scope, place: Place) -> None:
        if any(item.word.raw in BRACES for item in typed):
            self._blocks(typed, scope, place)
            return
        words = tuple(item.word for item in typed)
        peeled = peel(words)
        assigned = [
            read_assignment(self._source, typed[i].start, typed[i].end) for i in peeled.assigned
        ]
        place = place.maybe() if peeled.keyword else place
        place = place.without(peeled.withheld).under(peeled.names, [a for a in assigned if a])
        inside = Scope(peeled.directory(words, scope.directory), scope.exports)
        command = self._add(words[peeled.start :], span, inside, place)
        if peeled.in_shell:
            scope.apply(command, conditional=place.condition is Condition.MAYBE)
            inside = scope if peeled.runners == ("eval",) else inside
        if command.name == "find":
            self._find_actions(typed[peeled.start :], inside, place)
        if peeled.script:
            place = place.maybe() if peeled.runners == ("trap",) else place
            place = place.under(peeled.runners, ())
            text = unquoted(self._source, typed[slice(*peeled.script)])
            source = Source(self._source.script, text)
            Reader(source, self._commands, self._depth + 1).read(inside, place)

    def _find_actions(self, typed: list[Typed], scope: Scope, place: Place) -> None:
        """The commands of `find … -exec uv … ;`."""
        values = [item.word.value for item in typed]
        place = place.maybe().under(["find -exec"], ())
        for start, value in enumerate(values):
            if value not in ("-exec", "-execdir", "-ok"):
                continue
            end = next((i for i in range(start, len(values)) if values[i] in (";", "+")), None)
            if action := typed[start + 1 : end]:
                span = Span(action[0].word.span.start, action[-1].word.span.end)
                folder = scope.directory if value == "-exec" else None
                self._simple(action, span, Scope(folder, scope.exports), place)

    def _declaration(self, typed: list[Typed], span: Span, scope: Scope, place: Place) -> None:
        """`export`, `declare`, `unset` and their like."""
        words = tuple(item.word for item in typed)
        self._add(words, span, scope, place)
        conditional = place.condition is Condition.MAYBE
        for export in read_declaration(self._source, typed, conditional=conditional):
            scope.export(export)

    def _add(self, words: tuple[Word, ...], span: Span, scope: Scope, place: Place) -> ShellCommand:
        command = ShellCommand(
            span=span,
            words=words,
            assignments=place.assignments,
            wrappers=place.wrappers,
            pipeline=place.pipeline,
            condition=place.condition,
            tested=place.tested,
            negated=place.negated,
            background=place.background,
            function=place.function,
            directory=scope.directory,
            exports=scope.exports,
            withheld=place.withheld,
        )
        self._commands.append(command)
        return command

    _CONSTRUCTS: ClassVar["dict[str, Callable[[Reader, Node, Scope, Place], None]]"] = {
        "case_item": _body,
        "command": _command,
        "command_substitution": _substitution,
        "declaration_command": _command,
        "ERROR": _error,
        "do_group": _body,
        "elif_clause": _conditional,
        "else_clause": _body,
        "function_definition": _function,
        "if_statement": _conditional,
        "list": _list,
        "negated_command": _negated,
        "pipeline": _pipeline,
        "process_substitution": _substitution,
        "redirected_statement": _redirected,
        "subshell": _subshell,
        "unset_command": _command,
        "variable_assignment": _assignment,
        "while_statement": _conditional,
    }
