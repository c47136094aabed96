"""UVC504: packages over a connection that anyone on the way can change."""

import re
from collections.abc import Iterable, Iterator

from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.rules.publishing.addresses import Purpose, addresses
from uvci.rules.publishing.given import settings_given
from uvci.rules.rule import Context, Example, Finding, FixKind, Rule, Severity
from uvci.text.patterns import lazy_re

_PLAIN_HTTP = lazy_re(
    r"http://(?:[^/@\s]*@)?(\[[0-9a-f:.]+\]|[^/:\s]+)(?::[^/\s]*)?", re.IGNORECASE
)
_TRUSTING = frozenset({"UV_INSECURE_HOST", "--allow-insecure-host", "--trusted-host"})
_PORT = lazy_re(r":\d+$")
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
            yield from _trusted(job)


def _unencrypted(job: Job, context: Context) -> Iterator[Finding]:
    for address in addresses(job):
        found = _PLAIN_HTTP.match(address.text)
        if found is None or _is_near(found[1]):
            continue
        risk = "read what is uploaded, the credentials too"
        if address.purpose is not Purpose.UPLOAD:
            risk = "put other packages in their place"
        yield RULE.at(
            address.place(context),
            f"The connection to `{found[1]}` is not encrypted: whoever sits between it and "
            f"{{jobs}} can {risk}; use `https://`.",
            job.name,
        )


def _trusted(job: Job) -> Iterator[Finding]:
    for given in settings_given(job):
        hosts = (given.value or "").split() if given.name in _TRUSTING else []
        far = [host for host in hosts if not _is_near(_PORT.sub("", host))]
        if far:
            yield RULE.at(
                given.origin,
                f"uv does not look at the certificate of `{far[0]}` in {{jobs}}, so anyone can "
                "answer in its place; name its certificate authority in `SSL_CERT_FILE` instead.",
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
    "`--allow-insecure-host`, in jobs that call uv. The job's own machine and services beside it "
    "(`http://devpi:3141`) are left alone.",
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
