"""What is left to do about a secret in the file once the project's settings hold a new one.

GitLab hands a project's CI/CD variables to every job, and they win over `variables` of the file
(GitLab docs: CI/CD variable precedence). A setting goes where nothing else sets that name;
a secret within a longer text becomes a use of a variable.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from uvci.catalog.tokens import find_passwords, find_tokens
from uvci.pipeline.model import Job, Scope, ScriptLine, Variable
from uvci.pipeline.shell.commands import find_commands, find_exports
from uvci.rules.edits import arrivals, places_of
from uvci.rules.publishing.given import Given, without
from uvci.rules.rule import Applicability, Context, FileEdit, Fix
from uvci.rules.script_edits import removed_export, removed_prefix, rewritten
from uvci.rules.variables.fixes import removed
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_FLAG_VARIABLES = {
    ("publish", "--token"): "UV_PUBLISH_TOKEN",
    ("publish", "-t"): "UV_PUBLISH_TOKEN",
    ("publish", "--password"): "UV_PUBLISH_PASSWORD",
    ("publish", "-p"): "UV_PUBLISH_PASSWORD",
    ("self update", "--token"): "UV_GITHUB_TOKEN",
}
_NAMES = {
    "A GitLab access token": "GITLAB_TOKEN",
    "A GitLab deploy token": "GITLAB_DEPLOY_TOKEN",
    "A GitLab runner token": "GITLAB_RUNNER_TOKEN",
    "A GitLab trigger token": "GITLAB_TRIGGER_TOKEN",
    "A GitLab feed token": "GITLAB_FEED_TOKEN",
    "A GitLab application secret": "GITLAB_APPLICATION_SECRET",
    "A PyPI token": "PYPI_TOKEN",
    "A GitHub token": "GITHUB_TOKEN",
    "A Hugging Face token": "HF_TOKEN",
}
"""What to call a variable with such a token; one of a job is worthless when the job has ended."""
_HOST = lazy_re(r"@([^/:\s\"'?#\\]+)")
_QUOTES = lazy_re(r"\\.|['\"]", re.DOTALL)


def setting_fixes(given: Given, context: Context) -> tuple[Fix, ...]:
    """A setting of uv that is a secret: it goes, since uv gets the variable of the project."""
    words = " ".join(given.call.command.subcommand) if given.call else ""
    if not given.name.startswith("-"):
        name: str | None = given.name
    else:
        name = _FLAG_VARIABLES.get((words, given.name))
    value = given.text.strip() if given.line is None else given.value
    if name is None:
        return _login_fixes(given, context)
    if _is_set_otherwise(name, value, context):
        return ()
    return _agreed(without(given, context), name)


def _login_fixes(given: Given, context: Context) -> tuple[Fix, ...]:
    """What `uv auth login` is given, which no variable of uv's own holds."""
    services = given.call.command.positionals if given.call else ()
    host = services[0].value if services else None
    if given.line is None or host is None or "$env:" in given.line.text:
        return ()
    kind = "PASSWORD" if "password" in given.name else "TOKEN"
    name = f"{_capitals(host.removeprefix('https://').partition('/')[0])}_{kind}"
    if not name[0].isalpha() or _is_taken(name, context):
        return ()
    quoted = given.text.startswith('"')
    span = Span(given.start + quoted, given.start + len(given.text) - quoted)
    if not _expands(given.line.text, Span(given.start, given.start)):
        return ()
    return _used(rewritten(given.line, span, f"${name}"), name, context)


def address_fixes(job: Job, given: Given, span: Span, context: Context) -> tuple[Fix, ...]:
    """The password of an address in a setting of uv becomes a variable."""
    if given.line is not None:
        return _in_line(given.line, span.shift(given.start), context)
    return _in_value(job, given.name, given, span, context)


def variable_fixes(job: Job, variable: Variable, span: Span, context: Context) -> tuple[Fix, ...]:
    """A token in a variable of the file, which goes where it is nothing but that."""
    raw, origin = variable.raw or "", variable.origin
    if origin is None:
        return ()
    if span.of(raw) != raw.strip():
        given = Given(variable.name, raw, None, None, origin)
        return _in_value(job, variable.name, given, span, context)
    if _is_set_otherwise(variable.name, raw.strip(), context):
        return ()
    return _agreed(removed(variable.name, origin, context), variable.name)


def script_fixes(line: ScriptLine, span: Span, context: Context) -> tuple[Fix, ...]:
    """A token in a script: what sets a variable to it goes, else a variable stands in for it."""
    for name, whole, value, outlives in _assignments(line.text):
        if value.covers(span) and value.of(line.text).strip("\"'") == span.of(line.text):
            if _is_set_otherwise(name, span.of(line.text), context):
                return ()
            remove = removed_prefix if not outlives else partial(removed_export, context=context)
            edits = remove(line, whole)
            declares = places_of(line.plain.origin, context)
            fixes = (Fix(f"Remove `{name}`", edits, preferred=True, declares=declares),)
            return _agreed(fixes, name) if edits else ()
    return _in_line(line, span, context)


def _assignments(script: str) -> Iterator[tuple[str, Span, Span, bool]]:
    """Name, place, place of the value, and whether it holds for more than one command."""
    for export in find_exports(script):
        if export.value_span is not None:
            yield export.name, export.span, export.value_span, True
    for command in find_commands(script):
        for one in command.assignments:
            yield one.name, one.span, one.value_span, False


def _in_value(job: Job, name: str, given: Given, span: Span, context: Context) -> tuple[Fix, ...]:
    held = [variant.variables.get(name) for variant in job.variants]
    if not all(variable.expand for variable in held if variable is not None):
        return ()
    stand_in = _stand_in(given.text, span, context)
    return _used(given.edited(span, f"${stand_in}", context), stand_in, context) if stand_in else ()


def _in_line(line: ScriptLine, span: Span, context: Context) -> tuple[Fix, ...]:
    stand_in = _stand_in(line.text, span, context)
    if stand_in is None or "$env:" in line.text or not _expands(line.text, span):
        return ()
    return _used(rewritten(line, span, f"${stand_in}"), stand_in, context)


def _used(edits: tuple[FileEdit, ...], name: str, context: Context) -> tuple[Fix, ...]:
    if not edits:
        return ()
    fix = Fix(f"Use `${name}`", edits, preferred=True, declares=arrivals(edits, context))
    return _agreed((fix,), name)


def _agreed(fixes: Iterable[Fix], variable: str) -> tuple[Fix, ...]:
    """Fixes that only work once the author has set the variable elsewhere."""
    once = f"once `{variable}` is a masked CI/CD variable of the project"
    return tuple(
        replace(fix, title=f"{fix.title}, {once}", applicability=Applicability.UNSAFE)
        for fix in fixes
    )


def _is_set_otherwise(name: str, value: str | None, context: Context) -> bool:
    """Whether the file sets the variable to something else too, which the project's would hide."""
    pipeline = context.pipeline
    variables = [pipeline.root_variables.get(name)]
    for job in (*pipeline.jobs, *pipeline.hidden):
        variables += [variant.variables.get(name) for variant in job.variants]
    return any(
        one is not None and one.scope is not Scope.PREDEFINED and (one.raw or "").strip() != value
        for one in variables
    )


def _stand_in(text: str, span: Span, context: Context) -> str | None:
    """The variable to use in place of a secret; None where another one would have that name."""
    name = _name_for(text, span)
    if name is None or _is_taken(name, context):
        return None
    for file in context.pipeline.files:
        typed = file.document.text
        places = [*find_passwords(typed), *(token.span for token in find_tokens(typed))]
        if any(_name_for(typed, one) == name and one.of(typed) != span.of(text) for one in places):
            return None
    return name


def _is_taken(name: str, context: Context) -> bool:
    """Whether a file of the pipeline may set a variable of that name."""
    word = re.compile(rf"(?<![\w${{]){name}(?!\w)")
    return any(word.search(file.document.text) for file in context.pipeline.files)


def _capitals(host: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", host).strip("_").upper()


def _name_for(text: str, span: Span) -> str | None:
    """What a secret is called by its kind, or else by the host that it is for."""
    kind = next((token.kind for token in find_tokens(span.of(text))), None)
    if kind is not None:
        return _NAMES.get(kind)
    host = _HOST.match(text, span.end)
    letters = _capitals(host[1]) if host else ""
    return f"{letters}_PASSWORD" if letters[:1].isalpha() else None


def _expands(script: str, span: Span) -> bool:
    """Whether a shell puts in the value of a variable at a place in a script."""
    words = [word.span for command in find_commands(script) for word in command.words]
    words += [whole for _, whole, _, _ in _assignments(script)]
    around = [word for word in words if word.covers(span)]
    if not around:
        return False  # a comment, or a text that is passed on
    word = min(around, key=len)
    quote = ""
    for found in _QUOTES.finditer(script, word.start, span.start):
        mark = found[0]
        if not quote and mark in ("'", '"'):
            quote = mark
        elif mark == quote:
            quote = ""
    return quote != "'"
