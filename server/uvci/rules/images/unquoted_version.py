"""UVC106: a version that YAML reads as a number."""

from collections.abc import Iterable
from functools import partial

from uvci.pipeline.model import ImageUse, Job, Part, Variable
from uvci.pipeline.values import Origin
from uvci.rules.edits import arrivals
from uvci.rules.rule import Context, Example, FileEdit, Finding, Fix, FixKind, Rule, Severity
from uvci.rules.variables.settings import typed_variables
from uvci.syntax.scalars import as_text, read_scalar
from uvci.syntax.tree import Scalar, Style
from uvci.text.edits import TextEdit
from uvci.text.patterns import lazy_re

_NUMBER = lazy_re(r"[0-9][0-9_]*(?:\.[0-9_]*)?")
_VERSION_NAME = lazy_re(r"UV_PYTHON|(?:.*_)?VERSION")
_HINTED = frozenset({"UV_PYTHON", "UV_VERSION", "PYTHON_VERSION"})


def check(context: Context) -> Iterable[Finding]:
    """Plain numbers as versions, or as parts of an image's name."""
    parts: dict[str, frozenset[str]] = {}
    for job, variable in typed_variables(context):
        origin = variable.origin
        if origin is None or not (typed := _typed_number(origin)):
            continue
        if job.name not in parts:
            parts[job.name] = _image_parts(job)
        in_image = variable.name in parts[job.name]
        if not in_image and not _VERSION_NAME.fullmatch(variable.name):
            continue
        read = as_text(read_scalar(typed))
        if read == typed.text and ("." not in read or not (in_image or variable.name in _HINTED)):
            continue
        yield RULE.at(
            origin,
            _message(variable, typed.text, read),
            job.name,
            severity=Severity.HINT if read == typed.text else Severity.ERROR,
            fixes=partial(_fixes, origin, typed, context),
        )


def _typed_number(origin: Origin) -> Scalar | None:
    node = origin.node
    if not isinstance(node, Scalar) or node.style is not Style.PLAIN or node.tag is not None:
        return None
    return node if _NUMBER.fullmatch(node.text) else None


def _image_parts(job: Job) -> frozenset[str]:
    """The names of the variables that the job's image is made of."""
    if not isinstance(job.image, ImageUse):
        return frozenset()
    return frozenset(
        piece.name
        for expansion in job.image.expansions
        for piece in expansion.pieces
        if piece.part is Part.VARIABLE
    )


def _message(variable: Variable, typed: str, read: str) -> str:
    if typed == read:
        return (
            f"`{variable.name}` is a number to YAML, and a version such as 3.10 would lose its "
            "last zero; quote it."
        )
    return (
        f"GitLab reads `{typed}` as the number {read}, so `{variable.name}` is `{read}` in "
        f"{{jobs}}; quote it."
    )


def _fixes(origin: Origin, node: Scalar, context: Context) -> tuple[Fix, ...]:
    edits = (FileEdit(origin.path, TextEdit(node.span, f'"{node.text}"')),)
    title = f'Quote it: `"{node.text}"`'
    return (Fix(title, edits, preferred=True, declares=arrivals(edits, context)),)


RULE = Rule(
    code="UVC106",
    name="unquoted-version",
    severity=Severity.ERROR,
    fix=FixKind.ALWAYS,
    what="Finds version numbers without quotes that GitLab's YAML loader turns into another text: "
    "in variables whose name says version, in `UV_PYTHON`, and in variables that an image is made "
    "of. Where the text happens to survive (`0.9`) it is a hint.",
    why="YAML reads `3.10` as the number 3.1, `0.10` as 0.1 and `1_0` as 10. The image or the "
    "Python of that version does not exist, or worse, it does.",
    check=check,
    examples=(
        Example(
            bad="""\
variables:
  PYTHON_VERSION: «3.10»

test:
  image: python:$PYTHON_VERSION
  script:
    - pytest
""",
            good="""\
variables:
  PYTHON_VERSION: "3.10"

test:
  image: python:$PYTHON_VERSION
  script:
    - pytest
""",
        ),
    ),
    references=(
        "https://docs.astral.sh/uv/guides/integration/gitlab/",
        "https://docs.gitlab.com/ci/variables/",
    ),
)
