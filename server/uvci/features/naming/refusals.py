"""Why a name had better stay as it is."""

import re
from collections.abc import Iterator

from uvci.catalog.gitlab import find_predefined, find_runner_control
from uvci.catalog.variables import find_variable
from uvci.features.context import document_of
from uvci.features.entries import ROOT_KEYS
from uvci.features.naming.index import occurrences, occurrences_of
from uvci.features.naming.symbols import Role, Symbol, SymbolKind
from uvci.features.view import View
from uvci.pipeline.effective import DEFAULT_STAGE, EDGES
from uvci.pipeline.model import JobKind
from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.values import Plain
from uvci.rules.mentions import build_files
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_LONGEST = 255
_VARIABLE = lazy_re("[A-Za-z_][A-Za-z0-9_]*")
_ANCHOR = lazy_re(r"[^\s,\[\]{}*&!|>'\"%@`#:]+")


def why_not(view: View, symbol: Symbol) -> str:
    """Why a name cannot be changed at all; empty where it can."""
    found = occurrences_of(view, symbol)
    defined = any(each.role is Role.DEFINITION for each in found)
    match symbol.kind:
        case SymbolKind.ENTRY:
            return _entry(view, symbol, defined=defined)
        case SymbolKind.STAGE:
            return _stage(view, symbol, defined=defined)
        case SymbolKind.VARIABLE:
            return _variable(view, symbol, defined=defined)
        case _:
            return "" if defined else f"`{symbol.name}` is not defined in this file."


def why_not_called(view: View, symbol: Symbol, name: str) -> str:
    """Why a name cannot become `name`; empty where it can."""
    taken = {
        each.symbol.name
        for each in occurrences(view)
        if each.symbol.kind is symbol.kind and each.symbol.home.partition(":")[0] in ("", view.path)
    }
    if name in taken:
        return f"`{name}` is taken: this pipeline has it already."
    match symbol.kind:
        case SymbolKind.ENTRY:
            return _entry_called(symbol, name)
        case SymbolKind.STAGE:
            return _stage_called(name)
        case SymbolKind.VARIABLE:
            return _variable_called(name)
        case _:
            return "" if _ANCHOR.fullmatch(name) else f"`{name}` is no name for an anchor."


def _entry(view: View, symbol: Symbol, *, defined: bool) -> str:
    if not defined:
        return _elsewhere(view, symbol)
    job = view.pipeline.job(symbol.name)
    if job and view.pipeline.unread and not (job.complete and _stands_alone(view, symbol.name)):
        return f"`{symbol.name}` may add to a job of an include that cannot be read here."
    return _by_text(view, symbol, "CI_JOB_NAME")


def _stands_alone(view: View, name: str) -> bool:
    job = view.pipeline.job(name)
    keys = job.keywords.entries.keys() if job else set()
    return bool(keys & {"script", "run", "trigger"}) or name.startswith(".")


def _entry_called(symbol: Symbol, name: str) -> str:
    if not name.strip() or name != name.strip() or "\n" in name:
        return "A job needs a name, without blanks around it."
    if len(name) > _LONGEST:
        return f"A job's name has at most {_LONGEST} characters."
    if name in ROOT_KEYS:
        return f"`{name}` is a keyword of GitLab and cannot name a job."
    if name.startswith(".") and not symbol.name.startswith("."):
        return f"A dot in front would hide `{symbol.name}`: it would not run any more."
    if symbol.name.startswith(".") and not name.startswith("."):
        return f"Without the dot in front `{symbol.name}` would run as a job."
    return ""


def _stage(view: View, symbol: Symbol, *, defined: bool) -> str:
    if symbol.name in EDGES:
        return f"`{symbol.name}` is GitLab's own stage."
    if not defined:
        return _elsewhere(view, symbol)
    if view.pipeline.unread:
        return f"An include that cannot be read here may use the stage `{symbol.name}`."
    if symbol.name == DEFAULT_STAGE:
        for job in view.pipeline.jobs:
            stage = job.keywords.entries.get("stage")
            if not isinstance(stage, Plain):
                return f"`{job.name}` names no stage and so runs in `{DEFAULT_STAGE}`."
    return _by_text(view, symbol, "CI_JOB_STAGE")


def _stage_called(name: str) -> str:
    if not name.strip() or "\n" in name:
        return "A stage needs a name."
    return f"`{name}` is GitLab's own stage." if name in EDGES else ""


def _by_text(view: View, symbol: Symbol, variable: str) -> str:
    """Something may compare the name with what GitLab says in a variable."""
    word = re.compile(rf"(?<![\w.-]){re.escape(symbol.name)}(?![\w.-])")
    for each in occurrences_of(view, Symbol(SymbolKind.VARIABLE, variable)):
        document = document_of(view, each.path)
        text = document.text if document else ""
        start, end = text.rfind("\n", 0, each.span.start) + 1, text.find("\n", each.span.end)
        if word.search(text[start : end if end >= 0 else len(text)]):
            line = text.count("\n", 0, each.span.start) + 1
            return f"Line {line} of `{each.path}` compares `${variable}` with `{symbol.name}`."
    return ""


def _variable(view: View, symbol: Symbol, *, defined: bool) -> str:
    name = symbol.name
    if find_variable(name):
        return f"uv reads `{name}`: another name would have no effect."
    if find_predefined(name) or name.startswith("CI_"):
        return f"`{name}` is GitLab's own variable."
    if find_runner_control(name):
        return f"The runner reads `{name}`: another name would have no effect."
    if not defined:
        return f"`{name}` is not set in this pipeline's files."
    if view.pipeline.unread:
        return f"An include that cannot be read here may use `{name}`."
    found = occurrences_of(view, symbol)
    if not any(each.role is Role.USE and each.node is None for each in found):
        return f"No text of the pipeline uses `{name}`: a program that a job runs may read it."
    return next(iter(_readers(view, name)), "")


def _readers(view: View, name: str) -> Iterator[str]:
    """Who else may read a variable, as reasons to keep its name."""
    for job in view.pipeline.jobs:
        if job.kind is JobKind.TRIGGER and any(name in each.variables for each in job.variants):
            yield f"The pipeline that `{job.name}` starts gets `{name}` too."
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    known = {
        (each.path, each.span) for each in occurrences_of(view, Symbol(SymbolKind.VARIABLE, name))
    }
    for job in (*view.pipeline.jobs, *view.pipeline.hidden):
        for line in job.scripts:
            for match in word.finditer(line.text):
                path, span = line.plain.origin.path, span_in_file(line, Span(*match.span()))
                if (path, span) not in known and not _is_comment(line.text, match.start()):
                    yield f"The script of `{job.name}` mentions `{name}` in a way that may matter."
    for path in build_files(view.files):
        text = view.files.read(path)
        if text and word.search(text):
            yield f"`{path}` mentions `{name}`."


def _is_comment(script: str, offset: int) -> bool:
    return script[script.rfind("\n", 0, offset) + 1 : offset].lstrip().startswith("#")


def _variable_called(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        return f"`{name}` is no name for a variable: letters, digits and `_`, no digit first."
    if find_variable(name) or find_predefined(name) or find_runner_control(name):
        return f"`{name}` has a meaning of its own already."
    if name.upper() in {"YES", "NO", "ON", "OFF", "TRUE", "FALSE", "NULL"}:
        return f"YAML reads `{name}` as something else than a name."
    return ""


def _elsewhere(view: View, symbol: Symbol) -> str:
    if view.pipeline.unread:
        return f"`{symbol.name}` comes from an include that cannot be read here."
    return f"`{symbol.name}` is not defined in this pipeline's files."
