"""UVC109: several pinned versions of uv in one pipeline."""

from collections.abc import Iterable
from functools import partial

from uvci.catalog.publication import Published, TagKind
from uvci.catalog.versions import UvVersion
from uvci.rules.images.one_version import one_version_fixes
from uvci.rules.images.uses import UvImage, pinned_versions, tag_origin, uv_images
from uvci.rules.rule import Context, Example, Finding, FixKind, Related, Rule, Severity


def check(context: Context) -> Iterable[Finding]:
    """Images that pin another uv than the newest one pinned in the pipeline."""
    if len(frozenset().union(*pinned_versions.distinct(context.jobs))) < 2:
        return
    pinned = [
        (image, image.found.version)
        for image in uv_images(context)
        if isinstance(image.found, Published) and image.found.kind is TagKind.PINNED
    ]
    newest = max(version for _, version in pinned)
    related = next(_related(image, newest, context) for image, v in pinned if v == newest)
    for image, version in pinned:
        if version != newest and len(image.job.variants) == 1:
            yield RULE.at(
                tag_origin(image, context),
                f"uv {version} is pinned for {{jobs}} and {newest} elsewhere in this pipeline; one "
                "variable for all would keep them together.",
                image.job.name,
                related=(related,),
                fixes=partial(one_version_fixes, context),
            )


def _related(image: UvImage, version: UvVersion, context: Context) -> Related:
    origin = tag_origin(image, context)
    return Related(origin.path, origin.span, f"uv {version} is pinned here")


RULE = Rule(
    code="UVC109",
    name="uv-version-drift",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Compares the uv versions that the images of a pipeline pin. Versions of a "
    "`parallel:matrix` are meant to differ and are left out.",
    why="A version that is written in several places is updated in some of them. The jobs then "
    "resolve, lock and build with different rules.",
    check=check,
    whole=True,
    examples=(
        Example(
            bad="""\
lint:
  image: ghcr.io/astral-sh/uv:«0.12.4-python3.13-trixie-slim»
  script:
    - uvx ruff check

test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
            good="""\
variables:
  UV_VERSION: "0.12.5"

lint:
  image: ghcr.io/astral-sh/uv:$UV_VERSION-python3.13-trixie-slim
  script:
    - uvx ruff check

test:
  image: ghcr.io/astral-sh/uv:$UV_VERSION-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
        ),
    ),
    references=("https://docs.astral.sh/uv/guides/integration/gitlab/",),
)
