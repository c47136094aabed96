"""UVC502: trusted publishing without an ID token that uv can use."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals, replaced, typed_pair
from uvci.rules.places import job_owner
from uvci.rules.publishing.id_tokens import (
    AUDIENCES,
    SINCE,
    IdToken,
    id_tokens,
    is_for_publishing,
    token_name,
)
from uvci.rules.publishing.uploads import (
    Target,
    has_credentials,
    publish_runs,
    trusted_publishing,
    upload_target,
)
from uvci.rules.rule import Change, Context, Example, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.uv_jobs import Absent, UvRun
from uvci.rules.variables.settings import name_of


class _Call(Struct, frozen=True, eq=False):
    """A call of `uv publish` that has no credentials. `always`: it insists on an ID token."""

    run: UvRun
    target: Target
    tokens: tuple[IdToken, ...]
    always: bool

    @property
    def place(self) -> Origin:
        """The flag that insists, or else the call."""
        call = self.run.call
        flag = call.command.flag("--trusted-publishing")
        if flag is None:
            return Origin(call.path, call.span)
        return Origin(call.path, span_in_file(call.line, flag.span))


def check(context: Context) -> Iterable[Finding]:
    """Calls of `uv publish` that are to use an ID token and will not find it."""
    for job in context.jobs:
        for run in publish_runs(job, context):
            call = _read(run, context)
            if call is not None:
                yield from _judge(call, context)


def _read(run: UvRun, context: Context) -> _Call | None:
    """The call, where it is known what it does about trusted publishing."""
    mode = trusted_publishing(run, context)
    if mode not in ("always", "automatic"):
        return None
    target = upload_target(run, context)
    tokens = id_tokens(run.job, run.variant)
    if target is None or tokens is None or has_credentials(run):
        return None
    return _Call(run, target, tokens, always=mode == "always")


def _judge(call: _Call, context: Context) -> Iterator[Finding]:
    job, version = call.run.job, call.run.version
    if call.target is Target.GITLAB:
        if call.always:
            yield RULE.at(
                call.place,
                "GitLab's package registry takes no ID tokens, so `uv publish` of {jobs} fails; "
                "drop `--trusted-publishing`, and publish with `CI_JOB_TOKEN`.",
                job.name,
            )
    elif version is not None and version < SINCE:
        if call.always or any(map(is_for_publishing, call.tokens)):
            what = "fails" if call.always else "makes nothing of the ID token"
            yield RULE.at(
                call.place,
                f"uv {version} knows trusted publishing from GitHub only, so `uv publish` of "
                f"{{jobs}} {what}; use uv {SINCE} or later.",
                job.name,
            )
    else:
        yield from _look_for_token(call, context)


def _look_for_token(call: _Call, context: Context) -> Iterator[Finding]:
    audience = AUDIENCES[call.target]
    name = token_name(audience)
    token = next((one for one in call.tokens if one.name == name), None)
    if token is not None:
        if token.audiences is not None and audience not in token.audiences:
            yield _wrong_audience(token, audience, call, context)
        return
    if call.run.setting(name) is not Absent.UNSET:
        return
    other = next((one for one in call.tokens if one.is_for(audience)), None)
    if other is None:
        if call.always:
            yield _missing(name, audience, call, context)
    elif not _is_used(other.name, call):
        yield _wrong_name(other, name, call, context)


def _is_used(name: str, call: _Call) -> bool:
    """Whether a script of the job mentions the token itself."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(line.text) for line in call.run.job.scripts)


def _wrong_audience(token: IdToken, audience: str, call: _Call, context: Context) -> Finding:
    return RULE.at(
        token.aud.origin if token.aud else token.origin,
        f"{call.target.value} takes ID tokens for the audience `{audience}` only, so it turns "
        f"`uv publish` of {{jobs}} away; set `aud` to `{audience}`.",
        call.run.job.name,
        fixes=partial(_set_audience, token, audience, context),
    )


def _wrong_name(token: IdToken, name: str, call: _Call, context: Context) -> Finding:
    return RULE.at(
        name_of(token.origin),
        f"uv looks for the ID token `{name}` when it publishes to {call.target.value}, so it does "
        f"not see `{token.name}` of {{jobs}}; rename it.",
        call.run.job.name,
        fixes=partial(_rename, token, name, context),
    )


def _missing(name: str, audience: str, call: _Call, context: Context) -> Finding:
    return RULE.at(
        call.place,
        f"`--trusted-publishing always` fails without the ID token `{name}`, and there is none in "
        f"{{jobs}}; ask GitLab for it under `id_tokens`, with the audience `{audience}`.",
        call.run.job.name,
        fixes=partial(_ask, name, audience, call, context),
    )


def _set_audience(token: IdToken, audience: str, context: Context) -> tuple[Fix, ...]:
    if token.aud is None or "$" in token.aud.text:
        return ()
    edits = replaced(token.aud.origin, audience, context)
    declares = arrivals(edits, context)
    return (Fix(f"Set `aud` to `{audience}`", edits, preferred=True, declares=declares),)


def _rename(token: IdToken, name: str, context: Context) -> tuple[Fix, ...]:
    pair = typed_pair(token.origin, context)
    if pair is None:
        return ()
    declares = (Change("*", ("id_tokens",)),)
    return (Fix(f"Rename it to `{name}`", pair.renamed(name), preferred=True, declares=declares),)


def _ask(name: str, audience: str, call: _Call, context: Context) -> tuple[Fix, ...]:
    owner = job_owner(call.run.job, context)
    if owner is None:
        return ()
    pair = owner.get("id_tokens")
    if pair is not None:
        edits = owner.add_below(pair, name, {"aud": audience})
    elif "id_tokens" in call.run.job.keywords.entries:
        return ()  # it has some from elsewhere, which its own would replace
    else:
        edits = owner.add("id_tokens", {name: {"aud": audience}}, before=owner.get("script"))
    declares = (Change(call.run.job.name, ("id_tokens",)),)
    return (Fix(f"Add the ID token `{name}`", edits, preferred=True, declares=declares),)


RULE = Rule(
    code="UVC502",
    name="trusted-publishing-token",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Looks at jobs that publish to PyPI or TestPyPI without stored credentials: whether "
    "`id_tokens` holds the token that uv looks for, with the audience that the index takes, and "
    "whether the job's uv knows trusted publishing from GitLab, which it does from 0.8.18 on.",
    why="uv asks the index for its audience and looks for a token of that name: `PYPI_ID_TOKEN` "
    "for `pypi`, `TESTPYPI_ID_TOKEN` for `testpypi`. With another name it finds none, and a token "
    "for another audience is turned away. GitLab's own registry knows no trusted publishing.",
    check=check,
    examples=(
        Example(
            bad="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv build
    - uv publish «--trusted-publishing always»
""",
            good="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  id_tokens:
    PYPI_ID_TOKEN:
      aud: pypi
  script:
    - uv build
    - uv publish --trusted-publishing always
""",
        ),
        Example(
            bad="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  id_tokens:
    «ID_TOKEN»:
      aud: pypi
  script:
    - uv build
    - uv publish
""",
            good="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  id_tokens:
    PYPI_ID_TOKEN:
      aud: pypi
  script:
    - uv build
    - uv publish
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/package/#publishing-your-package",
        "https://docs.gitlab.com/ci/yaml/#id_tokens",
    ),
)
