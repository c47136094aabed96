"""UVC505: an address of GitLab's package registry for the other direction."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from uvci.catalog.tokens import find_maskable
from uvci.pipeline.model import Job
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals
from uvci.rules.publishing.addresses import Address, Purpose, addresses
from uvci.rules.publishing.configured_indexes import configured_indexes
from uvci.rules.publishing.uploads import REGISTRY, configured_address, publish_runs
from uvci.rules.rule import (
    Applicability,
    Context,
    Example,
    FileEdit,
    Finding,
    Fix,
    FixKind,
    Rule,
    Severity,
)
from uvci.text.patterns import lazy_re
from uvci.text.span import Span

_TAIL = lazy_re(r"/packages/pypi(?:/simple)?/?$")
_OWN = "${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/pypi"


def check(context: Context) -> Iterable[Finding]:
    """Upload addresses to read from and the other way round, and groups to upload to."""
    for job in context.jobs:
        for address in addresses(job):
            found = REGISTRY.fullmatch(address.text)
            message = _judge(address.purpose, found) if found else None
            if message is not None:
                yield RULE.at(
                    address.place(context),
                    message,
                    job.name,
                    fixes=partial(_fixes, address, context),
                )
        yield from _configured(job, context)


def _configured(job: Job, context: Context) -> Iterator[Finding]:
    """The same for what the project's own files name, at the call that goes by it."""
    for run in publish_runs(job, context):
        found = REGISTRY.fullmatch(configured_address(run, context) or "")
        message = _judge(Purpose.UPLOAD, found) if found else None
        if message is not None:
            yield RULE.at(Origin(run.call.path, run.call.span), message, job.name)
    for one in configured_indexes(job, context):
        found = REGISTRY.fullmatch(one.text)
        message = _judge(Purpose.INDEX, found) if found else None
        if message is not None:
            message = f"{message[:-1]} to `{one.name}` of {one.file}."
            yield RULE.at(one.origin, message, job.name)


def _judge(purpose: Purpose, found: re.Match[str]) -> str | None:
    if purpose is Purpose.FILES:
        return None
    if purpose is not Purpose.UPLOAD:
        return (
            None
            if found["simple"]
            else (
                "GitLab takes uploads here and lists packages below `/simple`, so uv finds none of "
                "them in {jobs}; add `/simple`."
            )
        )
    if found["scope"] == "groups":
        return (
            "GitLab takes no uploads for a group, so `uv publish` of {jobs} fails; upload to a "
            "project, the group's address then lists its packages too."
        )
    return found["simple"] and (
        "GitLab lists packages at `/simple` and takes uploads at the address without it, so "
        "`uv publish` of {jobs} fails; drop `/simple`."
    )


def _fixes(address: Address, context: Context) -> tuple[Fix, ...]:
    typed, span = address.given, address.span
    found = _TAIL.search(span.of(typed.text)) if span else None
    if span is None or found is None:
        return ()
    if address.purpose is not Purpose.UPLOAD:
        title, wanted, place = "Add `/simple`", "/packages/pypi/simple", Span(*found.span())
    elif "/groups/" in span.of(typed.text):
        return _for_own_project(address, span, context)
    else:
        title, wanted, place = "Drop `/simple`", "/packages/pypi", Span(*found.span())
    edits = typed.edited(place.shift(span.start), wanted, context)
    return _offered(title, edits, Applicability.SAFE, context)


def _for_own_project(address: Address, span: Span, context: Context) -> tuple[Fix, ...]:
    """The registry of the project itself, which is where most upload to."""
    text = address.given.text
    if any(find_maskable(text)) or text.startswith("'"):
        return ()
    edits = address.given.edited(span, _OWN, context)
    return _offered("Upload to the project's own registry", edits, Applicability.UNSAFE, context)


def _offered(
    title: str, edits: tuple[FileEdit, ...], how: Applicability, context: Context
) -> tuple[Fix, ...]:
    declares = arrivals(edits, context)
    return (Fix(title, edits, how, preferred=True, declares=declares),) if edits else ()


RULE = Rule(
    code="UVC505",
    name="registry-url-shape",
    severity=Severity.ERROR,
    fix=FixKind.SOMETIMES,
    what="Looks at addresses of GitLab's package registry that uv gets, also from the project's "
    "own files: an index and a check URL end in `/packages/pypi/simple`, uploads go to "
    "`/packages/pypi` of a project.",
    why="Both addresses exist, so GitLab does not say what is wrong: at the upload address uv "
    "finds no package, at the other one `uv publish` fails. A group has an index only.",
    check=check,
    examples=(
        Example(
            bad="""\
publish:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_PUBLISH_URL: «${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/packages/pypi/simple»
    UV_PUBLISH_USERNAME: gitlab-ci-token
    UV_PUBLISH_PASSWORD: $CI_JOB_TOKEN
  script:
    - uv build
    - uv publish
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
    - uv publish
""",
        ),
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INDEX: internal=«${CI_API_V4_URL}/groups/42/-/packages/pypi»
    UV_INDEX_INTERNAL_USERNAME: gitlab-ci-token
    UV_INDEX_INTERNAL_PASSWORD: $CI_JOB_TOKEN
  script:
    - uv sync
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  variables:
    UV_INDEX: internal=${CI_API_V4_URL}/groups/42/-/packages/pypi/simple
    UV_INDEX_INTERNAL_USERNAME: gitlab-ci-token
    UV_INDEX_INTERNAL_PASSWORD: $CI_JOB_TOKEN
  script:
    - uv sync
""",
        ),
    ),
    references=("https://docs.gitlab.com/user/packages/pypi_repository/",),
)
