"""File patterns as GitLab reads them: in `include:local`, `rules:exists` and `rules:changes`."""

import re
from collections.abc import Sequence
from functools import lru_cache

LONGEST = 512
MOST_WILDCARDS = 6


@lru_cache(maxsize=256)
def include_pattern(pattern: str) -> re.Pattern[str]:
    """What `include:local` with `*` matches: `*` within a folder, `**` at any depth.

    Everything else is literal, `?` and braces included; dotfiles match too.

    >>> bool(include_pattern("a/**/*.yml").fullmatch("a/x.yml"))
    True
    """
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern.lstrip("/"))
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(meanings.get(part) or re.escape(part) for part in parts), re.DOTALL)


@lru_cache(maxsize=256)
def path_pattern(pattern: str) -> re.Pattern[str]:
    """What a pattern of `rules:exists` matches: as Ruby's fnmatch with `**` and `{a,b}`."""
    return re.compile(_translate(pattern.lstrip("/")), re.DOTALL)


def _translate(pattern: str) -> str:
    out: list[str] = []
    at = depth = 0
    while at < len(pattern):
        char = pattern[at]
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            out.append("(?:.*/)?")
            at += 3
            continue
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "[" and (end := pattern.find("]", at + 2)) > 0:
            out.append(_class(pattern[at + 1 : end]))
            at = end
        elif char == "{" and "}" in pattern[at:]:
            out.append("(?:")
            depth += 1
        elif char == "}" and depth:
            out.append(")")
            depth -= 1
        elif char == "," and depth:
            out.append("|")
        elif char == "\\" and at + 1 < len(pattern):
            at += 1
            out.append(re.escape(pattern[at]))
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out) + ")" * depth


def _class(inside: str) -> str:
    negated = inside[:1] in ("!", "^")
    body = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[1:] if negated else inside)
    try:
        re.compile(f"[{body}]")
    except re.error:
        return re.escape(f"[{inside}]")
    return f"[^/{body}]" if negated else f"[{body}]"


def is_bounded(pattern: str) -> bool:
    """Whether the pattern can be matched in bounded time."""
    return len(pattern) <= LONGEST and len(re.findall(r"\*+|\{", pattern)) <= MOST_WILDCARDS


def any_path(patterns: Sequence[str], paths: Sequence[str]) -> bool | None:
    """Whether one of `patterns` matches one of `paths`; None where that would take too long."""
    if not all(map(is_bounded, patterns)):
        return None
    compiled = [path_pattern(pattern) for pattern in patterns]
    return any(one.fullmatch(path) for one in compiled for path in paths)
