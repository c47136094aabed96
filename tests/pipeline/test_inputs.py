import pytest
from uvci.pipeline.values import LinkKind, Plain

from tests.pipeline.pipelines import errors, job, resolved

TEMPLATE = """\
spec:
  inputs:
    name: {default: first}
    count: {type: number, default: 2}
    list: {type: array, default: [a, b]}
    flag: {type: boolean, default: true}
    pick: {default: x, options: [x, y]}
    shape: {default: v1, regex: ^v\\d+$}
---
"""


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("$[[ inputs.name ]]", "first"),
        ("a-$[[inputs.name]]-$[[ inputs.count ]]", "a-first-2"),
        ("$[[ inputs.count ]]", 2),
        ("$[[ inputs.flag ]]", True),
        ("$[[ inputs.list ]]", ["a", "b"]),
        ("l=$[[ inputs.list ]]", 'l=["a", "b"]'),
        ("$[[ inputs.list[1] ]]", "b"),
        ("$[[ inputs.name | truncate(1,3) ]]", "irs"),
        ("$[[ inputs.name | expand_vars | posix_escape ]]", "first"),
        ("$[[ inputs.name | split('i') ]]", ["f", "rst"]),
        ("$[[ matrix.X ]]", "$[[ matrix.X ]]"),
        ("$[[ x", "$[[ x"),
    ],
)
def test_blocks(typed: str, value: object) -> None:
    result = resolved(f'{TEMPLATE}.x: {{v: "{typed}"}}\njob: {{script: s}}\n')
    assert result["merged"] == {".x": {"v": value}, "job": {"script": "s"}}


def test_lists_are_spliced_and_keys_replaced() -> None:
    text = f"{TEMPLATE}'$[[ inputs.name ]]-job':\n  script: [x, '$[[ inputs.list ]]', y]\n"
    assert resolved(text)["merged"] == {"first-job": {"script": ["x", "a", "b", "y"]}}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("{a: }", "`a` input: required value has not been provided"),
        ("{a: {type: number, default: x}}", "`a` input: default value is not a number"),
        (
            "{a: {default: z, options: [x]}}",
            "`a` input: `z` cannot be used because it is not in the list of allowed options",
        ),
        (
            "{a: {default: z, regex: ^v}}",
            "`a` input: default value does not match required RegEx pattern",
        ),
        ("{a: {default: z, type: int}}", "header:spec:inputs:a input type unknown value: int"),
        ("{a: {default: z, type: int}, b: }", "header:spec:inputs:a input type unknown value: int"),
        (
            "{a: , b: , c: , d: }",
            (
                "`a` input: required value has not been provided, `b` input: required value has not"
                " been provided, `c` input: required value has not been provided"
            ),
        ),
        (
            "{a: {type: number, default: 2, options: [1]}}",
            ("`a` input: `2` cannot be used because it is not in the list of the allowed options"),
        ),
        (
            "{a: {type: array, default: [x, y, z], options: [x]}}",
            "`a` input: y, z cannot be used because it is not in the list of allowed options",
        ),
    ],
)
def test_faults_of_a_spec(spec: str, message: str) -> None:
    assert errors(f"spec: {{inputs: {spec}}}\n---\njob: {{script: s}}\n") == [message]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("{spec: {inputs: {}}, x: 1}", "header config contains unknown keys: x"),
        ("{spec: {Input: {}}}", "header:spec config contains unknown keys: input"),
        ("{spec: {inputs: [a]}}", "header:spec:inputs config should be a hash"),
        ("{spec: {inputs: {a: b}}}", "header:spec:inputs:a config should be a hash"),
        (
            "{spec: {inputs: {a: {value: 1}, b: {options: x}}}}",
            (
                "header:spec:inputs:a config contains unknown keys: value,"
                " header:spec:inputs:b input options should be an array"
            ),
        ),
        (
            "{spec: {inputs: {a: {default: x, rules: []}}}}",
            "header:spec:inputs:a config these keys cannot be used together: default, rules",
        ),
        (
            "{spec: {inputs: {a: {regex: 1}}}}",
            "header:spec:inputs:a input regex should be a string",
        ),
        (
            "{spec: {component: [name, branch]}}",
            "header:spec:component config contains unknown values: branch",
        ),
    ],
)
def test_faults_of_a_header(header: str, said: str) -> None:
    assert errors(f"{header}\n---\njob: {{script: s}}\n") == [said]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("inputs.b", "unknown interpolation provided: `b` in `inputs.b`"),
        ("input.name", "unknown interpolation provided: `input` in `input.name`"),
        ("inputs", "invalid interpolation access pattern"),
        (
            "inputs.name | upper",
            (
                "no function matching `upper`: check that the function name, arguments, and types"
                " are correct"
            ),
        ),
    ],
)
def test_faults_of_a_block(block: str, message: str) -> None:
    assert errors(f"{TEMPLATE}job: {{script: 'echo $[[ {block} ]]'}}\n") == [message]


def test_a_given_input_is_typed_where_it_is_given() -> None:
    text = "include:\n  - local: a.yml\n    inputs: {image: 'uv:1'}\n"
    template = "spec: {inputs: {image: }}\n---\njob: {image: '$[[ inputs.image ]]', script: s}\n"
    image = job(text, a_yml=template).keywords.get("image")
    assert isinstance(image, Plain)
    assert image.origin.path == ".gitlab-ci.yml"
    assert image.origin.span.of(text) == "'uv:1'"
    assert LinkKind.INPUT in {link.kind for link in image.origin.chain}


def test_inputs_that_nothing_takes() -> None:
    text = "include:\n  - local: a.yml\n    inputs: {b: 1}\njob: {script: s}\n"
    assert errors(text, {"a.yml": "x: {script: s}\n"}) == [
        "`a.yml`: Given inputs not defined in the `spec` section of the included configuration file"
    ]
    spec = "spec: {inputs: {a: {default: x}}}\n---\nx: {script: s}\n"
    assert errors(text, {"a.yml": spec}) == ["`a.yml`: unknown input arguments: b"]


def test_a_missing_input_is_unknown() -> None:
    text = (
        "spec: {inputs: {a: }}\n---\njob: {image: '$[[ inputs.a ]]', script: 'x $[[ inputs.a ]]'}\n"
    )
    found = job(text)
    assert not isinstance(found.image, Plain)
    assert found.scripts == ()


def test_inputs_are_given_by_name() -> None:
    text = "include:\n  - local: a.yml\n    inputs: [b]\njob: {script: s}\n"
    spec = "spec: {inputs: {a: {default: x}}}\n---\nx: {script: s}\n"
    assert errors(text, {"a.yml": spec}) == ["`a.yml`: Given inputs must be a hash"]
