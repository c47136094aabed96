"""Hover of uv's commands and flags inside scripts."""

from uvci.catalog.commands import find_command
from uvci.catalog.variables import find_variable
from uvci.features.cards.command import command_card, flag_card, program_card
from uvci.features.cards.variable import variable_card
from uvci.features.hover.spot import Here
from uvci.features.uv_release import uv_version
from uvci.features.view import Hover
from uvci.pipeline.scripts import known_in_all
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.pipeline.shell.model import UvCommand
from uvci.pipeline.shell.uv_commands import find_uv_commands
from uvci.syntax.sources import source_map
from uvci.syntax.tree import Scalar
from uvci.text.span import Span


def script_hover(here: Here) -> Hover | None:
    """What the uv command, flag or `UV_` variable at the cursor of a script is."""
    node = here.at.node
    if not isinstance(node, Scalar):
        return None
    sources = source_map(here.view.document.text, node)
    at = sources.reached(here.view.document.text, here.offset)
    if at is None:
        return None
    commands = find_uv_commands(node.text, known_in_all(here.job) if here.job else {})
    for command in reversed(commands):
        if command.span.touches(at) and (found := _in_command(here, command, at)):
            markdown, span = found
            return Hover(markdown, sources.span(span))
    found = _set_variable(here, node.text, at)
    return Hover(found[0], sources.span(found[1])) if found else None


def _in_command(here: Here, uv: UvCommand, at: int) -> tuple[str, Span] | None:
    version = uv_version(here.view, here.job)
    words = list(uv.subcommand)
    if uv.name_span.touches(at) or uv.subcommand_span.touches(at):
        markdown = command_card(words, version) if words else program_card(version)
        start = uv.name_span.start
        whole = Span(start, max(uv.subcommand_span.end, uv.name_span.end))
        return (markdown, whole) if markdown else None
    found = find_command(words, version)
    for flag in uv.all_flags:
        if flag.span.touches(at) and (found or not words):
            on_name = flag.name_span.touches(at)
            value = None if on_name else flag.value
            markdown = flag_card(found.command if found else None, flag.name, version, value)
            return (markdown, flag.name_span if on_name else flag.span) if markdown else None
    return None


def _set_variable(here: Here, script: str, at: int) -> tuple[str, Span] | None:
    set_here = [(each.name, each.span) for each in find_exports(script)]
    for command in find_commands(script):
        set_here += [(each.name, each.span) for each in command.assignments]
    for name, span in set_here:
        variable = find_variable(name)
        if variable and span.touches(at):
            return variable_card(variable, uv_version(here.view, here.job)), span
    return None
