import pytest
from uvci.pipeline.caches import Side, place_path
from uvci.pipeline.expansion import Place, expand_text, names_in
from uvci.pipeline.model import Scope, Variable, Variant

from tests.pipeline.pipelines import job


def variant(**values: str | None) -> Variant:
    return Variant({name: Variable(name, raw, Scope.JOB, None) for name, raw in values.items()})


@pytest.mark.parametrize(
    ("text", "place", "result"),
    [
        ("a-$A-${A}", Place.RUNNER, "a-1-1"),
        ("%A%", Place.RUNNER, "%A%"),
        ("%A%", Place.GITLAB, "1"),
        ("$$A", Place.RUNNER, "$A"),
        ("$$A", Place.GITLAB, "$$A"),
        ("${NOPE:-x}", Place.RUNNER, ""),
        ("${A:-x}", Place.HELPER, "1"),
        ("${E:-x}", Place.HELPER, "x"),
        ("${A:+x}", Place.HELPER, "x"),
        ("$NOPE", Place.RUNNER, None),
        ("$U", Place.RUNNER, None),
        ("$N", Place.RUNNER, "n-1"),
        ("$L", Place.RUNNER, "$A"),
        ("$LOOP", Place.RUNNER, None),
        ("$A", Place.NOBODY, "$A"),
        ("100% $", Place.RUNNER, "100% $"),
        ("${", Place.RUNNER, "${"),
        (r"\$A", Place.SHELL, "$A"),
    ],
)
def test_expansion(text: str, place: Place, result: str | None) -> None:
    values = variant(A="1", E="", U=None, N="n-$A", L="$$A", LOOP="$POOL", POOL="$LOOP")
    found = expand_text(text, values, place)
    assert found.text == result
    assert "".join(piece.span.of(text) for piece in found.pieces) == text


def test_expand_false_keeps_dollars() -> None:
    values = Variant(
        {
            "R": Variable("R", "$A", Scope.JOB, None, expand=False),
            "A": Variable("A", "1", Scope.JOB, None),
        }
    )
    assert expand_text("x$R", values, Place.RUNNER).text == "x$A"


def test_variables_that_double_each_other_end_soon() -> None:
    values = {f"V{n}": f"$V{n + 1}$V{n + 1}" for n in range(60)}
    assert expand_text("$V0", variant(**values, V60="xx"), Place.RUNNER).text is None


def test_names() -> None:
    assert names_in("$A-${B}-$$C-${D:-x}") == ("A", "B")
    assert names_in("${D:-x}", Place.HELPER) == ("D",)


def test_precedence() -> None:
    text = """\
variables: {A: root, B: root, C: root, D: root}
workflow: {rules: [{variables: {B: workflow, C: workflow, D: workflow}}]}
job:
  variables: {C: job, D: job, E: job}
  parallel: {matrix: [{D: [matrix], E: [matrix]}]}
  rules: [{variables: {E: rule}}]
  script: s
"""
    (only,) = job(text).variants
    assert {name: one.raw for name, one in only.variables.items()} == {
        "A": "root",
        "B": "workflow",
        "C": "job",
        "D": "matrix",
        "E": "rule",
    }
    assert only.variables["C"].scope is Scope.JOB
    origin = only.variables["C"].origin
    assert origin is not None
    assert [shadow.span.of(text) for shadow in origin.shadows] == ["workflow", "root"]


def test_rules_are_alternatives_up_to_the_first_that_always_matches() -> None:
    text = """\
job:
  variables: {A: own}
  rules:
    - {if: $X, variables: {A: one}}
    - {if: $Y, when: never, variables: {A: two}}
    - {variables: {A: three}}
    - {variables: {A: four}}
  script: s
"""
    assert [one.variables["A"].raw for one in job(text).variants] == ["one", "three"]


def test_many_alternatives_become_unknown() -> None:
    rules = "".join(f"    - {{if: $X{n}, variables: {{A: '{n}', B: same}}}}\n" for n in range(40))
    (only,) = job(f"job:\n  script: s\n  rules:\n{rules}").variants
    assert only.variables["A"].raw is None
    assert only.variables["B"].raw == "same"


def test_a_matrix_names_its_jobs() -> None:
    text = "job: {script: s, parallel: {matrix: [{A: ['3.12', x], B: 1}, {C: [y]}]}}\n"
    assert [one.label for one in job(text).variants] == ["[3.12, 1]", "[x, 1]", "[y]"]
    assert job(text).variants[0].matrix == {"A": "3.12", "B": "1"}


def test_a_matrix_has_an_end() -> None:
    values = ", ".join(str(n) for n in range(50))
    matrix = f"{{A: [{values}], B: [{values}], C: [{values}]}}"
    text = f"job: {{script: s, parallel: {{matrix: [{matrix}]}}}}\n"
    assert len(job(text).variants) == 200


def test_the_image_is_expanded_for_each_entry() -> None:
    text = """\
variables: {UV: 0.9.17}
job:
  image: ghcr.io/astral-sh/uv:$UV-python$PY-alpine
  parallel: {matrix: [{PY: ["3.12", 3.10]}]}
  script: s
"""
    image = job(text).image
    assert hasattr(image, "expansions")
    assert [one.text for one in image.expansions] == [
        "ghcr.io/astral-sh/uv:0.9.17-python3.12-alpine",
        "ghcr.io/astral-sh/uv:0.9.17-python3.1-alpine",
    ]


@pytest.mark.parametrize(
    ("path", "side", "relative"),
    [
        (".cache/uv", Side.INSIDE, ".cache/uv"),
        (".cache//uv/", Side.INSIDE, ".cache/uv"),
        ("./.cache/x/../uv", Side.INSIDE, ".cache/uv"),
        ("$CI_PROJECT_DIR/.cache/uv", Side.INSIDE, ".cache/uv"),
        ("${CI_PROJECT_DIR}", Side.INSIDE, "."),
        ("$UV_CACHE_DIR", Side.INSIDE, ".cache/uv"),
        ("$DIR/uv", Side.INSIDE, ".cache/uv"),
        ("$CI_PROJECT_DIR-cache", Side.OUTSIDE, ""),
        ("/root/.cache/uv", Side.OUTSIDE, ""),
        ("~/.cache/uv", Side.OUTSIDE, ""),
        ("../uv", Side.OUTSIDE, ""),
        ("$CI_PROJECT_DIR/../uv", Side.OUTSIDE, ""),
        ("/builds/group/project/.cache", Side.UNKNOWN, ""),
        ("$HOME/.cache", Side.UNKNOWN, ""),
        ("x/$CI_PROJECT_DIR", Side.UNKNOWN, ""),
    ],
)
def test_where_a_path_lies(path: str, side: Side, relative: str) -> None:
    values = variant(UV_CACHE_DIR="$CI_PROJECT_DIR/.cache/uv/", DIR=".cache")
    found = place_path(path, values)
    assert (found.side, found.relative) == (side, relative)
