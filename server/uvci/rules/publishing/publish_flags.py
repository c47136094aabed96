"""UVC506: flags that `uv publish` refuses, alone or together."""

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from uvci.catalog.conflicts import Conflict, find_conflicts
from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.shell.model import Flag
from uvci.pipeline.values import Origin
from uvci.rules.conflicts import value_for
from uvci.rules.edits import arrivals
from uvci.rules.publishing.uploads import (
    CREDENTIALS,
    REGISTRY,
    credential_flags,
    publish_runs,
    trusted_publishing,
    upload_address,
)
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    Finding,
    Fix,
    FixKind,
    Related,
    Rule,
    Severity,
)
from uvci.rules.script_edits import removed_word, rewritten
from uvci.rules.uv_jobs import UvRun
from uvci.rules.variables.fixes import removed

_LONG = {"-t": "--token", "-u": "--username", "-p": "--password"}
APART = (
    ("--token", "--username"),
    ("--token", "--password"),
    ("--index", "--publish-url"),
    ("--index", "--check-url"),
)
"""Flags that exclude each other (seen with uv 0.4.30 to 0.13.9; `--index` from 0.5.8 on)."""
_VARIABLES = (*CREDENTIALS, "UV_PUBLISH_URL", "UV_PUBLISH_INDEX", "UV_PUBLISH_CHECK_URL")


def check(context: Context) -> Iterable[Finding]:
    """Calls of `uv publish` that exit with 2 for how they are called."""
    for job in context.jobs:
        for run in publish_runs(job, context):
            yield from _skipping(run, context)
            yield from _two_flags(run, context)
            yield from _flag_and_variable(run, context)
            yield from _trusted_with_credentials(run, context)


def _at(flag: Flag, run: UvRun) -> Origin:
    return Origin(run.call.path, span_in_file(run.call.line, flag.span))


def _skipping(run: UvRun, context: Context) -> Iterator[Finding]:
    flag = run.call.command.flag("--skip-existing")
    if flag is not None:
        yield RULE.at(
            _at(flag, run),
            "uv does not publish with `--skip-existing`, since no registry says reliably that a "
            "file exists, so this exits with 2 in {jobs}; name the index in `--check-url`, and uv "
            "looks there first.",
            run.job.name,
            fixes=partial(_checking, flag, run, context),
        )


def _checking(flag: Flag, run: UvRun, context: Context) -> tuple[Fix, ...]:
    """`--check-url` in its place where the index is known; nothing where uv looks already."""
    line, command = run.call.line, run.call.command
    looks = command.flag("--check-url", "--index")
    if looks or isinstance(run.setting("UV_PUBLISH_CHECK_URL"), str):
        return _drop(flag, run, context)
    address = upload_address(run, context)
    found = REGISTRY.fullmatch(address) if isinstance(address, str) else None
    if found is None or not isinstance(address, str) or "@" in address:
        return ()
    if found["scope"] != "projects" or found["simple"]:
        return ()
    # Without braces it needs no quotes, neither in YAML nor in a shell.
    index = address.rstrip("/").replace("${", "$").replace("}", "") + "/simple"
    edits = rewritten(line, flag.span, f"--check-url {index}")
    fix = Fix("Use `--check-url`", edits, preferred=True, declares=arrivals(edits, context))
    return (fix,) if edits else ()


def _two_flags(run: UvRun, context: Context) -> Iterator[Finding]:
    given = {_LONG.get(flag.name, flag.name): flag for flag in run.call.command.all_flags}
    for first, second in APART:
        if first in given and second in given:
            one, other = given[first], given[second]
            yield RULE.at(
                _at(one, run),
                f"`{one.name}` and `{other.name}` exclude each other, so `uv publish` exits with 2 "
                "in {jobs}; keep one of them.",
                run.job.name,
                fixes=partial(_either, one, other, run, context),
                related=(
                    Related(run.call.path, _at(other, run).span, f"`{other.name}` is given here"),
                ),
            )
            return


def _either(one: Flag, other: Flag, run: UvRun, context: Context) -> tuple[Fix, ...]:
    """Either of them goes; a token is enough, a user or a password alone is not."""
    drops = [one, other]
    if one.name in ("--token", "-t") and not _has_user_and_password(run):
        drops.reverse()
    return _choice(fix for flag in drops for fix in _drop(flag, run, context))


def _choice(offers: Iterable[Fix]) -> tuple[Fix, ...]:
    """Fixes between which the author has to choose; the first is the likely one."""
    fixes = tuple(replace(fix, applicability=Applicability.UNSAFE) for fix in offers)
    return tuple(replace(fix, preferred=fix is fixes[0]) for fix in fixes)


def _has_user_and_password(run: UvRun) -> bool:
    names = ("UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD")
    flags = credential_flags(run)
    return all(name in flags or run.is_surely_set(name) for name in names)


def _flag_and_variable(run: UvRun, context: Context) -> Iterator[Finding]:
    flags = {_LONG.get(flag.name, flag.name): flag for flag in run.call.command.all_flags}
    set_ = {name: text for name in _VARIABLES if (text := value_for(run, name)) is not None}
    for conflict in find_conflicts("publish", set_, flags, run.version):
        if conflict.with_flag and conflict.first in _VARIABLES:
            yield _clash(conflict, flags[conflict.second], run, context)
            return


def _clash(conflict: Conflict, flag: Flag, run: UvRun, context: Context) -> Finding:
    name = conflict.first
    variable = run.variant.variables.get(name)
    origin = variable.origin if variable else None
    return RULE.at(
        _at(flag, run),
        f"`{flag.name}` and `{name}` exclude each other, so `uv publish` exits with 2 in {{jobs}}; "
        "keep one of them.",
        run.job.name,
        fixes=partial(_flag_or_variable, flag, name, origin, run, context),
        related=(Related(origin.path, origin.span, f"`{name}` is set here"),) if origin else (),
    )


def _flag_or_variable(
    flag: Flag, name: str, origin: Origin | None, run: UvRun, context: Context
) -> tuple[Fix, ...]:
    others = removed(name, origin, context) if origin else ()
    return _choice((*_drop(flag, run, context), *others))


def _trusted_with_credentials(run: UvRun, context: Context) -> Iterator[Finding]:
    """`--trusted-publishing always` takes no credentials beside it, also no empty ones."""
    flag = run.call.command.flag("--trusted-publishing")
    if trusted_publishing(run, context) != "always":
        return
    given = [one.name for one in credential_flags(run).values()]
    given += [name for name in CREDENTIALS if run.is_surely_set(name)]
    if given:
        what = "`--trusted-publishing always`" if flag else "`trusted-publishing` of the project"
        yield RULE.at(
            _at(flag, run) if flag else Origin(run.call.path, run.call.span),
            f"{what} takes no credentials beside it, and `{given[0]}` is set, so `uv publish` "
            "exits with 2 in {jobs}; drop one of them.",
            run.job.name,
            fixes=partial(_untrusted, flag, run, context) if flag else tuple,
        )


def _untrusted(flag: Flag, run: UvRun, context: Context) -> tuple[Fix, ...]:
    return _choice(_drop(flag, run, context))


def _drop(flag: Flag, run: UvRun, context: Context) -> tuple[Fix, ...]:
    edits = removed_word(run.call.line, flag.span)
    declares = arrivals(edits, context)
    title = f"Drop `{flag.name}`"
    return (Fix(title, edits, preferred=True, declares=declares),) if edits else ()


RULE = Rule(
    code="UVC506",
    name="publish-flags",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Finds flags that `uv publish` refuses: `--skip-existing`, which it knows only to say so, "
    "`--token` beside a user or a password, `--index` beside `--publish-url` or `--check-url`, and "
    "`--trusted-publishing always` beside any credentials; the variables for the same count too.",
    why="uv exits with 2 before it uploads anything. twine skips what exists by the registry's "
    "answer to an upload; uv looks at the simple index that `--check-url` names, and leaves out "
    "files that are there already.",
    check=check,
    examples=(
        Example(
            bad="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_PUBLISH_URL: ${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/pypi
    UV_PUBLISH_USERNAME: gitlab-ci-token
    UV_PUBLISH_PASSWORD: $CI_JOB_TOKEN
  script:
    - uv build
    - uv publish «--skip-existing»
""",
            good="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_PUBLISH_URL: ${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/pypi
    UV_PUBLISH_USERNAME: gitlab-ci-token
    UV_PUBLISH_PASSWORD: $CI_JOB_TOKEN
  script:
    - uv build
    - uv publish --check-url $CI_API_V4_URL/projects/$CI_PROJECT_ID/packages/pypi/simple
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/guides/package/#publishing-your-package",),
)
