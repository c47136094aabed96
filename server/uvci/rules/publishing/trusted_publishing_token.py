"""UVC502: trusted publishing without an ID token that uv can use."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct

from uvci.pipeline.scripts import span_in_file
from uvci.pipeline.values import Origin
from uvci.rules.images.uses import upgraded
from uvci.rules.publishing.id_token_fixes import (
    asked,
    changed_or_asked,
    renamed,
    set_audience,
)
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
from uvci.rules.rule import Context, Example, Finding, FixKind, Rule, Severity
from uvci.rules.uv_jobs import Absent, UvRun, runs_unseen_commands
from uvci.rules.variables.settings import name_of
from uvci.text.patterns import lazy_re

_OTHERS = lazy_re(r"twine|hatch|flit|pdm|poetry|attest|sigstore|oidc|mint-token")
"""What else may look for an ID token by itself."""


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

    @property
    def insistence(self) -> str:
        """What insists, as it is written."""
        if self.run.call.command.flag("--trusted-publishing"):
            return "`--trusted-publishing always`"
        return '`trusted-publishing = "always"` of the project'


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
    if target is None or tokens is None or has_credentials(run, context):
        return None
    return _Call(run, target, tokens, always=mode == "always")


def _judge(call: _Call, context: Context) -> Iterator[Finding]:
    job, version = call.run.job, call.run.version
    if call.target is Target.GITLAB:
        if call.always:
            yield RULE.at(
                call.place,
                "GitLab's package registry takes no ID tokens, so `uv publish` of {jobs} fails; "
                f"drop {call.insistence}, and publish with `CI_JOB_TOKEN`.",
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
                fixes=partial(upgraded, job, SINCE.__le__, context),
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
    if other is not None:
        if not _is_used(other.name, call):
            yield _wrong_name(other, name, call, context)
    elif call.always:
        yield _missing(name, audience, call, context)
    elif (idle := _idle(call, context)) is not None:
        yield _for_another(idle, name, audience, call, context)


def _idle(call: _Call, context: Context) -> IdToken | None:
    """A token to publish with that surely no call of the job looks for, so it must be for this."""
    job = call.run.job
    if runs_unseen_commands(job) or any(_OTHERS.search(line.text) for line in job.scripts):
        return None
    runs = [run for run in publish_runs(job, context) if run.variant is call.run.variant]
    targets = [upload_target(run, context) for run in runs]
    if None in targets:
        return None
    wanted = {token_name(AUDIENCES[target]) for target in targets if target in AUDIENCES}
    return next(
        (
            one
            for one in call.tokens
            if is_for_publishing(one) and one.name not in wanted and not _is_used(one.name, call)
        ),
        None,
    )


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
        fixes=partial(set_audience, token, audience, context),
    )


def _wrong_name(token: IdToken, name: str, call: _Call, context: Context) -> Finding:
    return RULE.at(
        name_of(token.origin),
        f"uv looks for the ID token `{name}` when it publishes to {call.target.value}, so it does "
        f"not see `{token.name}` of {{jobs}}; rename it.",
        call.run.job.name,
        fixes=partial(renamed, token, name, context),
    )


def _for_another(
    token: IdToken, name: str, audience: str, call: _Call, context: Context
) -> Finding:
    return RULE.at(
        name_of(token.origin),
        f"uv looks for the ID token `{name}` when it publishes to {call.target.value}, and "
        f"`{token.name}` of {{jobs}} is for another index; ask GitLab for `{name}`, with the "
        f"audience `{audience}`.",
        call.run.job.name,
        fixes=partial(changed_or_asked, token, name, audience, call.run.job, context),
    )


def _missing(name: str, audience: str, call: _Call, context: Context) -> Finding:
    return RULE.at(
        call.place,
        f"{call.insistence} fails without the ID token `{name}`, and there is none in "
        f"{{jobs}}; ask GitLab for it under `id_tokens`, with the audience `{audience}`.",
        call.run.job.name,
        fixes=partial(asked, name, audience, call.run.job, context),
    )


RULE = Rule(
    code="UVC502",
    name="trusted-publishing-token",
    severity=Severity.WARNING,
    fix=FixKind.SOMETIMES,
    what="Looks at jobs that publish to PyPI or TestPyPI without stored credentials, by an address "
    "or by the name of an index of the project: whether `id_tokens` holds the token that uv looks "
    "for, with the audience that the index takes, and whether the job's uv knows trusted "
    "publishing from GitLab, which it does from 0.8.18 on.",
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
