"""UVC504: packages over a connection that anyone on the way can change."""

import re
from collections.abc import Iterable, Iterator

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.pipeline.values import Origin
from uvci.rules.publishing.addresses import Purpose, addresses
from uvci.rules.publishing.configured_indexes import configured_indexes, configured_texts
from uvci.rules.publishing.given import settings_given
from uvci.rules.publishing.uploads import configured_address, publish_runs
from uvci.rules.rule import Context, Example, Finding, FixKind, Rule, Severity
from uvci.text.patterns import lazy_re

_PLAIN_HTTP = lazy_re(
    r"http://(?:[^/@\s]*@)?(\[[0-9a-f:.]+\]|[^/:\s]+)(?::[^/\s]*)?", re.IGNORECASE
)
_TRUSTING = frozenset({"UV_INSECURE_HOST", "--allow-insecure-host", "--trusted-host"})
_PORT = lazy_re(r":\d+/?$")
_SCHEME = lazy_re(r"^https?://", re.IGNORECASE)
_NEAR = lazy_re(
    r"(?:.+\.)?(?:localhost|svc|cluster\.local)|host\.docker\.internal"
    r"|127(?:\.\d+){3}|\[?::1\]?|0\.0\.0\.0"
)
"""The job's own machine, and services of the cluster that its pod runs in."""


def check(context: Context) -> Iterable[Finding]:
    """Addresses without TLS, and hosts whose certificate is not looked at, in jobs that call uv."""
    for job in context.jobs:
        if uv_commands(job):
            yield from _unencrypted(job, context)
            yield from _trusted(job, context)


def _unencrypted(job: Job, context: Context) -> Iterator[Finding]:
    for address in addresses(job):
        if host := _unencrypted_host(address.text):
            is_upload = address.purpose is Purpose.UPLOAD
            yield _of_address(host, address.place(context), job, is_upload=is_upload)
    for run in publish_runs(job, context):
        origin, text = Origin(run.call.path, run.call.span), configured_address(run, context)
        if host := _unencrypted_host(text or ""):
            yield _of_address(host, origin, job, "the project's own settings name", is_upload=True)
    for one in configured_indexes(job, context):
        if host := _unencrypted_host(one.text):
            yield _of_address(host, one.origin, job, f"`{one.name}` of {one.file} names")


def _unencrypted_host(address: str) -> str | None:
    """The host of an address without TLS, unless it is a near one."""
    found = _PLAIN_HTTP.match(address)
    return None if found is None or _is_near(found[1]) else found[1]


def _of_address(
    host: str, origin: Origin, job: Job, by: str = "", *, is_upload: bool = False
) -> Finding:
    risk = "answer with other packages"
    if is_upload:
        risk = "read what is uploaded, the credentials too"
    named = f"`{host}`, which {by}," if by else f"`{host}`"
    return RULE.at(
        origin,
        f"The connection to {named} is not encrypted: whoever sits between it and {{jobs}} can "
        f"{risk}; use `https://`.",
        job.name,
    )


def _trusted(job: Job, context: Context) -> Iterator[Finding]:
    for given in settings_given(job):
        hosts = (given.resolved or "").split() if given.name in _TRUSTING else []
        if far := _far(hosts):
            yield _of_host(far, given.origin, job)
    for one in configured_texts("allow-insecure-host", job, context):
        if far := _far([one.text]):
            yield _of_host(f"{far}, which {one.file} trusts,", one.origin, job)


def _far(hosts: list[str]) -> str:
    """The first host of which that matters, as a message names it; empty where there is none."""
    for host in hosts:
        name = _PORT.sub("", _SCHEME.sub("", host))
        if name == "*":
            return "any host"
        if not _is_near(name):
            return f"`{host}`"
    return ""


def _of_host(host: str, origin: Origin, job: Job) -> Finding:
    return RULE.at(
        origin,
        f"uv does not look at the certificate of {host} in {{jobs}}, so anyone can answer in its "
        "place; put its certificate authority beside the others into the file that `SSL_CERT_FILE` "
        "names instead.",
        job.name,
    )


def _is_near(host: str) -> bool:
    """Whether a host is the job's own machine or a service beside it, or may be."""
    name = host.lower()
    if "$" in name or "%" in name or "<" in name:
        return True
    return _NEAR.fullmatch(name) is not None or not ("." in name or ":" in name)


RULE = Rule(
    code="UVC504",
    name="insecure-index",
    severity=Severity.WARNING,
    fix=FixKind.NEVER,
    what="Finds `http://` addresses of indexes and registries that uv gets, `UV_INSECURE_HOST` and "
    "`--allow-insecure-host`, in jobs that call uv, also where the project's own files set them. "
    "The job's own machine and services beside it (`http://devpi:3141`) are left alone.",
    why="What uv downloads is run. Without TLS, or with a certificate that nobody looks at, "
    "everyone between the runner and the index decides what that is, and reads the credentials "
    "that are sent along.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_DEFAULT_INDEX: «http://pypi.example.org/simple»
  script:
    - uv run --locked pytest
""",
            instead="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_DEFAULT_INDEX: https://pypi.example.org/simple
  script:
    - uv run --locked pytest
""",
        ),
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INSECURE_HOST: «pypi.example.org»
  script:
    - uv run --locked pytest
""",
            instead="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    SSL_CERT_FILE: $CI_PROJECT_DIR/ci/authorities.pem
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/reference/environment/#uv_insecure_host",
        "https://docs.astral.sh/uv/concepts/authentication/certificates/",
    ),
)
