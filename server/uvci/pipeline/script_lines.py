"""The items of a job's scripts (GitLab docs: `script`, `before_script`, `after_script`)."""

from collections.abc import Callable

from uvci.pipeline.model import ScriptLine, Section
from uvci.pipeline.values import Table, plains


def read_scripts(keywords: Table, text_of: Callable[[str], str]) -> tuple[ScriptLine, ...]:
    """The flattened items of all scripts, in the order they run; `text_of` gives a file's text."""
    return tuple(
        ScriptLine(section, index, plain.text, plain, text_of(plain.origin.path))
        for section in Section
        for index, plain in enumerate(plains(keywords.entries.get(section.value)))
        if plain.value is not None
    )
