import pytest
from uvci.pipeline.values import Items, LinkKind, Plain, Table, plains

from tests.pipeline.pipelines import errors, job, pipeline, resolved


def merged(text: str) -> object:
    return resolved(text)["merged"]


def test_a_key_before_a_merge_loses_and_a_key_after_it_wins() -> None:
    text = ".t: &t {image: a, stage: x}\njob: {image: b, <<: *t, stage: test, script: s}\n"
    assert merged(text) == {
        ".t": {"image": "a", "stage": "x"},
        "job": {"image": "a", "stage": "test", "script": "s"},
    }


def test_the_first_of_a_list_of_merges_wins() -> None:
    text = ".a: &a {image: a}\n.b: &b {image: b, tags: [t]}\njob: {<<: [*a, *b], script: s}\n"
    assert (
        job(text).keywords.get(
            "image",
        )
        is not None
    )
    image = job(text).keywords.get("image")
    assert isinstance(image, Plain)
    assert image.text == "a"


def test_duplicate_keys_remember_what_lost() -> None:
    text = "job:\n  script: one\n  script: two\n"
    script = job(text).keywords.get("script")
    assert isinstance(script, Plain)
    assert script.text == "two"
    assert [shadow.span.of(text) for shadow in script.origin.shadows] == ["one"]


def test_an_alias_and_a_merge_are_links() -> None:
    text = ".t: &t {image: a}\n.s: &s [x]\njob: {<<: *t, script: *s}\n"
    found = job(text)
    image, script = found.keywords.get("image"), found.keywords.get("script")
    assert isinstance(image, Plain)
    assert isinstance(script, Items)
    assert [(link.kind, link.name) for link in image.origin.chain] == [(LinkKind.MERGE_KEY, "t")]
    first = next(plains(script))
    assert [(link.kind, link.name) for link in first.origin.chain] == [(LinkKind.ANCHOR, "s")]
    assert image.origin.chain[0].span.of(text) == "*t"


def test_scalars_are_read_as_psych_reads_them() -> None:
    text = "variables: {A: 3.10, B: 010, C: yes, D: 12:30}\njob: {script: s}\n"
    assert resolved(text)["root_variables"] == {
        "A": {"value": "3.1"},
        "B": {"value": "8"},
        "C": {"value": "true"},
        "D": {"value": "45000"},
    }


def test_a_date_is_refused() -> None:
    assert errors("variables: {A: 2025-01-01}\njob: {script: s}\n") == [
        "Tried to load unspecified class: Date"
    ]


def test_keys_that_are_no_text() -> None:
    assert errors("variables: {YES: a}\njob: {script: s}\n") == [
        "variables:true key must be an alphanumeric string"
    ]
    assert errors("1: {script: s}\n") == ["jobs:1 name should be a symbol"]


def test_a_root_merge_brings_jobs() -> None:
    text = ".all: &all\n  job: {script: s}\n<<: *all\n"
    assert [one.name for one in pipeline(text).jobs] == ["job"]


def test_a_second_document_is_the_configuration_only_after_a_header() -> None:
    text = "spec: {inputs: {a: {default: x}}}\n---\njob: {script: 'echo $[[ inputs.a ]]'}\n"
    script = job(text).keywords.get("script")
    assert isinstance(script, Plain)
    assert script.text == "echo x"
    assert [one.name for one in pipeline("job: {script: s}\n---\nother: {script: s}\n").jobs] == [
        "job"
    ]


def test_without_a_header_blocks_stay() -> None:
    script = job("job: {script: 'echo $[[ inputs.a ]]'}\n").keywords.get("script")
    assert isinstance(script, Plain)
    assert script.text == "echo $[[ inputs.a ]]"


def test_broken_pieces_leave_the_other_jobs() -> None:
    bad = "bad:\n  image: ghcr.io/astral-sh/uv:\n  script: [s]\n"
    text = f"good: {{script: s}}\n{bad}last: {{script: s}}\n"
    assert [one.name for one in pipeline(text).jobs] == ["good", "bad", "last"]
    assert isinstance(job(text, "bad").keywords, Table)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Please provide content of .gitlab-ci.yml"),
        (" \n\n", "Please provide content of .gitlab-ci.yml"),
        ("# nothing yet\n", "Invalid configuration format"),
        ("job: !ruby/object:Foo {script: s}\n", "Tried to load unspecified class: Foo"),
        ("job: {script: !ruby/regexp s}\n", "Tried to load unspecified class: Regexp"),
        ("job: {script: [!ruby/array:Foo [s]]}\n", "Tried to load unspecified class: Foo"),
        ("job: !!set {script: s}\n", "Tried to load unspecified class: Psych::Set"),
        ("job: !ruby/struct {script: s}\n", "Tried to load unspecified class: Struct"),
        ("job: {script: !str:Foo s}\n", "Tried to load unspecified class: Foo"),
    ],
)
def test_what_is_not_loaded(text: str, said: str) -> None:
    assert errors(text) == [said]


@pytest.mark.parametrize("tag", ["!foo", "!str", "!ruby/string", "!ruby/object:Foo", "!!str"])
def test_tags_that_are_passed_over(tag: str) -> None:
    assert merged(f"job: {{script: {tag} s}}\n") == {"job": {"script": "s"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 'c' d\n", "did not find expected key while parsing a block mapping"),
        ("a: 1\nb:\n  - c\n d: e\n", "did not find expected key while parsing a block mapping"),
        ("a: [1\n", "did not find expected ',' or ']' while parsing a flow sequence"),
        ("a: 1\nb: \x01\n", "control characters are not allowed"),
    ],
)
def test_a_syntax_error_is_said_to_be_where_the_thing_began(text: str, said: str) -> None:
    column = 4 if "[" in text else 1
    assert errors(text) == [f"(<unknown>): {said} at line 1 column {column}"]
