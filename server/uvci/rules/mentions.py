"""Whether anything refers to a variable's name."""

import re

from uvci.pipeline.sources import Files
from uvci.rules.rule import Context
from uvci.text.patterns import lazy_re

_BUILD_FILE = lazy_re(
    r"(?:.*/)?(?:[Mm]akefile|.*\.mk|[Jj]ustfile|Taskfile\.ya?ml|(?:docker-)?compose.*\.ya?ml"
    r"|(?:Docker|Container)file.*|.*[Dd]ockerfile|.*\.(?:sh|bash|ps1|hcl)|noxfile\.py|tox\.ini)"
)
_MOST = 200
"""How many build files are looked into; a repository with more may mention anything."""


def is_mentioned(name: str, context: Context) -> bool:
    """Whether a file of the pipeline, or a build file of the repository, mentions a variable.

    Where the pipeline sets it does not count. What includes that cannot be read may say counts.
    """
    if context.pipeline.unread:
        return True
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    setting = re.compile(
        rf"""(?:^[ \t]*(?:-[ \t]+)*|(?<!\$)\{{[ \t]*|,[ \t]*)"""
        rf"""["']?{re.escape(name)}["']?[ \t]*:(?=\s)""",
        re.MULTILINE,
    )
    for file in context.pipeline.files:
        text = file.document.text
        code = (m for m in word.finditer(text) if not _in_comment(text, m.start()))
        if sum(1 for _ in code) > len(setting.findall(text)):
            return True
    paths = build_files(context.files)
    texts = (context.files.read(path) for path in paths)
    return len(paths) > _MOST or any(text and word.search(text) for text in texts)


def _in_comment(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.lstrip().startswith("#")


def build_files(files: Files) -> tuple[str, ...]:
    """The files of a repository that builds run: Makefiles, Dockerfiles, scripts and their like."""
    return tuple(path for path in files.paths() if _BUILD_FILE.fullmatch(path))
