"""The same script typed in every style of YAML, as an item of a list that is indented by four.

Marks (`«`, `»`, a cursor) stay where they are: to YAML they are letters like any other.
"""

from collections.abc import Callable

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def _plain(script: str) -> str | None:
    """As a plain scalar, where a script may be one."""
    bare = script.replace("«", "").replace("»", "")
    hard = "\n" in bare or ": " in bare or " #" in bare or bare != bare.strip()
    return None if hard or not bare[:1].isalnum() else script


def _single(script: str) -> str | None:
    """In single quotes; a line ends as two, where no blanks around that would be lost."""
    return f"'{_folded_lines(script)}'" if _can_fold(script) else None


def _can_fold(script: str) -> bool:
    bare = script.replace("«", "").replace("»", "")
    return all(line == line.strip() != "" for line in bare.split("\n"))


def _folded_lines(script: str) -> str:
    return script.replace("'", "''").replace("\n", "\n\n      ")


def _double(script: str) -> str:
    """In double quotes, on one line."""
    return f'"{_escaped(script)}"'


def _double_escaped(script: str) -> str:
    r"""In double quotes, each letter that has a further spelling (`\x75`, `\u00e9`) in that."""
    spelled = {"u": "\\x75", "e": "\\u0065", "é": "\\xe9", "🎉": "\\U0001F389", " ": "\\x20"}
    return f'"{"".join(spelled.get(char) or _ESCAPES.get(char, char) for char in script)}"'


def _double_broken(script: str) -> str:
    """In double quotes, over several lines of the file."""
    first, *others = (_escaped(line) for line in script.split("\n"))
    lines = [f"\\{line}" if line.startswith(" ") else line for line in others]
    broken = "\\n\\\n      ".join([first, *lines])
    return f'"{broken}"'.replace(" && ", " \\\n      && ")


def _escaped(script: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in script)


def _literal(script: str) -> str:
    return "|2-\n" + _indented(script)


def _kept(script: str) -> str:
    return "|2+ # a comment\n" + _indented(script) + "\n"


def _folded(script: str) -> str | None:
    """In a folded block, where no line is indented further."""
    return ">-\n      " + script.replace("\n", "\n\n      ") if _can_fold(script) else None


def _anchored(script: str) -> str:
    return "&one !!str |2-\n" + _indented(script)


def _indented(script: str) -> str:
    return "\n".join(f"      {line}" if line else "" for line in script.split("\n"))


STYLES: dict[str, Callable[[str], str | None]] = {
    "plain": _plain,
    "single": _single,
    "double": _double,
    "double escaped": _double_escaped,
    "double broken": _double_broken,
    "literal": _literal,
    "kept": _kept,
    "folded": _folded,
    "anchored": _anchored,
}
