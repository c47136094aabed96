"""UVC112: packages that have no wheels for Alpine."""

from collections.abc import Iterable
from functools import lru_cache, partial

from uvci.catalog.contents import contents
from uvci.catalog.publication import Published
from uvci.pipeline.uv_lock import LockedPackage, wheel_tags
from uvci.rules.images.locked import installing, surely_installed
from uvci.rules.images.uses import UvImage, definitions, images_with, retagged, tag_origin
from uvci.rules.rule import Context, Example, Finding, Fix, FixKind, Rule, Severity

_NAMED = 3


def check(context: Context) -> Iterable[Finding]:
    """Alpine images in jobs that install locked packages with wheels for other Linuxes only."""
    for images, found in images_with(lambda each: contents(each).libc == "musl", context):
        job, python = images[0].job, found.tag.python
        packages = surely_installed(installing(job, context), job, context, python)
        names = sorted({package.name for package in packages if _lacks_musl(package, python)})
        if names:
            yield RULE.at(
                tag_origin(images[0], context),
                f"{_listed(names)} without a wheel for Alpine: in {{jobs}} uv will build from "
                "source, or fail; a Debian image such as `trixie-slim` needs neither.",
                job.name,
                fixes=partial(_fixes, images[0], found, context),
                related=definitions(images[0]),
            )


def _listed(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names[:_NAMED]]
    rest = f" and {len(names) - _NAMED} more packages" if len(names) > _NAMED else ""
    return ", ".join(shown) + rest + (" is" if len(names) == 1 else " are")


def _lacks_musl(package: LockedPackage, python: str | None) -> bool:
    """Whether it has wheels for Linux and that Python, and none of them runs on musl."""
    return _only_for_glibc(package.wheels, python)


@lru_cache(maxsize=4096)
def _only_for_glibc(wheels: tuple[str, ...], python: str | None) -> bool:
    tags = frozenset(tag for wheel in wheels for tag in wheel_tags(wheel))
    fitting = [tag for tag in tags if _fits(tag.interpreter, tag.abi, python)]
    platforms = {tag.platform for tag in fitting}
    runs = any(each == "any" or each.startswith("musllinux") for each in platforms)
    return not runs and any(each.startswith(("manylinux", "linux")) for each in platforms)


def _fits(interpreter: str, abi: str, python: str | None) -> bool:
    if python is None or (interpreter.startswith("py") and not interpreter.startswith("pypy")):
        return True
    return interpreter == f"cp{python.replace('.', '')}" or abi == "abi3"


def _fixes(image: UvImage, found: Published, context: Context) -> tuple[Fix, ...]:
    return retagged(image, [found.tag.with_base("trixie-slim")], context)


RULE = Rule(
    code="UVC112",
    name="musl-without-wheels",
    severity=Severity.INFO,
    fix=FixKind.SOMETIMES,
    what="Finds Alpine images of uv in jobs that install a project whose `uv.lock` names packages "
    "with wheels for Linux, but none for musl, Alpine's C library.",
    why="uv has to build such packages from source, which takes long and needs a compiler that "
    "the image does not hold.",
    check=check,
    examples=(
        Example(
            bad="""\
test:
  image: ghcr.io/astral-sh/uv:«0.12.5-python3.13-alpine»
  script:
    - uv run --locked pytest
""",
            good="""\
test:
  image: ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie-slim
  script:
    - uv run --locked pytest
""",
            files={
                "pyproject.toml": '[project]\nname = "app"\ndependencies = ["fast"]\n',
                "uv.lock": 'version = 1\n\n[[package]]\nname = "app"\nsource = { virtual = "." }\n'
                'dependencies = [{ name = "fast" }]\n\n'
                '[[package]]\nname = "fast"\nversion = "1.0"\n'
                'source = { registry = "https://pypi.example.org/simple" }\n'
                'wheels = [{ url = "https://pypi.example.org/'
                'fast-1.0-cp313-cp313-manylinux_2_28_x86_64.whl" }]\n',
            },
        ),
    ),
    references=("https://docs.astral.sh/uv/guides/integration/docker/#available-images",),
)
