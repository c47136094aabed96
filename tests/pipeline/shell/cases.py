"""Cases written as text: a title, the script, and what is found in it, line by line.

`== title` begins a case, `@ NAME=value` is a variable of the job, `-- ` begins a line of the
answer. `«…»` in a script marks a span, `▮` a cursor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from uvci.pipeline.shell import (
    Condition,
    Export,
    Flag,
    ShellCommand,
    ShellCursor,
    UvCommand,
    UvInstall,
    Word,
)
from uvci.text.span import Span


@dataclass(frozen=True)
class Case:
    title: str
    text: str
    variables: dict[str, str]
    answer: list[str]

    @property
    def marked(self) -> tuple[str, list[Span]]:
        """The script without its marks, and the spans they stood around, in order."""
        script = ""
        starts: list[int] = []
        spans: list[Span] = []
        for char in self.text:
            if char == "«":
                starts.append(len(script))
            elif char == "»":
                spans.append(Span(starts.pop(), len(script)))
            else:
                script += char
        return script, sorted(spans)

    @property
    def cursor(self) -> tuple[str, int]:
        return self.text.replace("▮", ""), self.text.index("▮")


def cases(name: str) -> list[Case]:
    return list(_read((Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Case]:
    for block in text.split("\n== ")[1:]:
        title, *lines = block.rstrip("\n").split("\n")
        script = [line for line in lines if not line.startswith(("@ ", "-- ")) and line != "--"]
        variables = dict(line[2:].split("=", 1) for line in lines if line.startswith("@ "))
        answer = [line[3:] for line in lines if line.startswith("-- ")]
        yield Case(title, "\n".join(script).replace("␠", " "), variables, answer)


def show_uv(uv: UvCommand) -> str:
    facts = [
        " ".join(uv.subcommand) or "(no command)",
        _labelled("global", map(_flag, uv.global_flags)),
        _labelled("flags", map(_flag, uv.flags)),
        _labelled("args", map(_word, uv.positionals)),
        _labelled("runs", map(_word, uv.child)),
        "opaque" if uv.opaque else "",
        "" if uv.program.value == "uv" else f"as {uv.program.value}",
        _circumstances(uv.command),
    ]
    return " | ".join(fact for fact in facts if fact)


def show_command(command: ShellCommand) -> str:
    words = " ".join(_word(word) for word in command.words)
    around = _circumstances(command)
    return f"{words} | {around}" if around else words


def show_export(export: Export) -> str:
    value = "?" if export.template is None else export.template
    return f"{export.kind.value} {export.name}={value}" + (" | maybe" if export.conditional else "")


def show_install(install: UvInstall) -> str:
    facts = [
        install.method.value,
        install.version or ("pinned" if install.pinned else "unpinned"),
        f"into {install.directory}" if install.directory else "",
        "unmanaged" if install.unmanaged else "",
        "maybe" if install.command.condition is Condition.MAYBE else "",
    ]
    return " | ".join(fact for fact in facts if fact)


def _circumstances(command: ShellCommand) -> str:
    assigned = [
        f"{a.name}={'?' if a.template is None else a.template}" for a in command.assignments
    ]
    exported = [f"{e.name}={'?' if e.template is None else e.template}" for e in command.exports]
    facts = [
        _labelled("under", (f"[{wrapper}]" for wrapper in command.wrappers)),
        _labelled("with", assigned),
        _labelled("without", list(command.withheld)),
        _labelled("after", exported),
        "" if command.directory == "." else f"in {command.directory or '?'}",
        "" if command.condition is Condition.ALWAYS else command.condition.value,
        f"function {command.function}" if command.function else "",
        "negated" if command.negated else "",
        "tested" if command.tested else "",
        "background" if command.background else "",
        "piped" if command.in_pipeline else "",
    ]
    return " | ".join(fact for fact in facts if fact)


def _labelled(label: str, items: Iterator[str] | list[str]) -> str:
    text = " ".join(items)
    return f"{label} {text}" if text else ""


def _flag(flag: Flag) -> str:
    if flag.value_span is None:
        return flag.name
    return f"{flag.name}={'?' if flag.value is None else flag.value}"


def _word(word: Word) -> str:
    return "?" if word.value is None else repr(word.value) if " " in word.value else word.value


def show_cursor(cursor: ShellCursor | None, script: str) -> str:
    if cursor is None:
        return "nothing"
    facts = [
        _labelled("behind", map(_word, cursor.before)),
        _labelled("before", map(_word, cursor.after)),
        f"prefix {cursor.prefix!r}",
        f"replaces {cursor.replace.of(script)!r} at {cursor.replace.start}",
        f"quoted {cursor.quote}" if cursor.quote else "",
        f"value of {cursor.assignment}" if cursor.assignment else "",
        f"value of {cursor.flag}" if cursor.flag else "",
        f"uv {' '.join(cursor.uv.subcommand)}".rstrip() if cursor.uv else "",
        "in child" if cursor.in_child else "",
    ]
    return " | ".join(fact for fact in facts if fact)
