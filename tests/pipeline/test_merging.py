from uvci.pipeline.model import JobKind
from uvci.pipeline.values import LinkKind, Plain, Table, plains

from tests.pipeline.pipelines import errors, job, pipeline, resolved


def image_of(text: str, name: str = "job") -> Plain:
    image = job(text, name).keywords.get("image")
    assert isinstance(image, Plain)
    return image


def test_an_extended_value_knows_its_way() -> None:
    text = ".a: {image: old, script: s}\n.b: {extends: .a, image: new}\njob: {extends: .b}\n"
    image = image_of(text)
    assert image.text == "new"
    assert image.origin.span.of(text) == "new"
    assert [link.name for link in image.origin.chain] == [".b"]
    assert [shadow.span.of(text) for shadow in image.origin.shadows] == ["old"]
    script = job(text).keywords.get("script")
    assert isinstance(script, Plain)
    assert [link.name for link in script.origin.chain] == [".b", ".a"]
    assert script.origin.chain[0].span.of(text) == ".b"


def test_a_value_of_the_job_itself_has_no_chain() -> None:
    assert image_of("job: {image: x, script: s}\n").origin.chain == ()


def test_null_removes_what_was_extended() -> None:
    text = ".a: {cache: {paths: [x]}}\njob: {extends: .a, cache: null, script: s}\n"
    assert job(text).caches == ()


def test_defaults_and_root_keywords_are_links() -> None:
    text = "default: {image: a}\nbefore_script: [x]\njob: {script: s}\n"
    found = job(text)
    assert image_of(text).origin.chain[0].kind is LinkKind.DEFAULT
    first = next(plains(found.keywords.get("before_script")))
    assert first.origin.chain[0].kind is LinkKind.ROOT
    assert [line.text for line in found.scripts] == ["x", "s"]


def test_trigger_jobs_inherit_nothing_but_interruptible() -> None:
    text = "default: {image: a, interruptible: true}\njob: {trigger: group/project}\n"
    found = job(text)
    assert found.kind is JobKind.TRIGGER
    assert found.image is None
    assert "interruptible" in found.keywords.entries


def test_references_keep_both_ways() -> None:
    text = ".a: {script: [one]}\n.b: {script: [!reference [.a, script]]}\njob: {extends: .b}\n"
    first = next(plains(job(text).keywords.get("script")))
    assert [(link.kind, link.name) for link in first.origin.chain] == [
        (LinkKind.EXTENDS, ".b"),
        (LinkKind.REFERENCE, ".a:script"),
    ]
    assert first.origin.span.of(text) == "one"


def test_faults_of_extends() -> None:
    script = "script: s"
    assert errors(f"job: {{extends: .nope, {script}}}\n") == [
        "job: unknown keys in `extends` (.nope)"
    ]
    assert errors(f".a: [x]\njob: {{extends: .a, {script}}}\n") == [
        "job: invalid base hashes in `extends` (.a)"
    ]
    assert errors(f".a: {{extends: .b}}\n.b: {{extends: .a}}\njob: {{{script}}}\n") == [
        ".a: circular dependency detected in `extends`"
    ]


def test_eleven_levels_of_extends_and_no_more() -> None:
    def chain(levels: int) -> str:
        middle = "".join(f".l{n}: {{extends: .l{n + 1}}}\n" for n in range(1, levels))
        return f"job: {{extends: .l1}}\n{middle}.l{levels}: {{script: s}}\n"

    assert errors(chain(11)) == []
    assert errors(chain(12)) == [".l11: nesting too deep in `extends`"]
    backwards = "".join(reversed(chain(12).splitlines(keepends=True)))
    assert errors(backwards) == [".l11: nesting too deep in `extends`"]


def test_faults_of_references() -> None:
    assert errors("job: {script: [!reference [.a, script]]}\n.a: {script: }\n") == [
        '!reference [".a", "script"] could not be found'
    ]
    assert errors("job: {script: [!reference foo]}\n") == ['!reference "foo" is not valid']
    text = ".a: {x: [!reference [.b, x]]}\n.b: {x: [!reference [.a, x]]}\njob: {script: s}\n"
    assert errors(text) == ['!reference [".b", "x"] is part of a circular chain']


def test_a_fault_found_once_stays_found() -> None:
    text = ".a: {extends: .nope}\njob: {script: s}\nother: {extends: .a, script: s}\n"
    message = ".a: unknown keys in `extends` (.nope)"
    for extra in ("", "\n", "\n\n"):
        assert [p.message for p in pipeline(text + extra).problems] == [message]
    shorter = text.replace("other: {extends: .a, script: s}\n", "")
    assert [p.message for p in pipeline(shorter).problems] == [message]


def test_inherit_names_what_comes_in() -> None:
    text = (
        "default: {image: a, tags: [t]}\nvariables: {A: '1', B: '2'}\n"
        "job: {inherit: {default: [tags], variables: [B]}, script: s}\n"
    )
    found = job(text)
    assert found.image is None
    assert "tags" in found.keywords.entries
    assert list(found.variants[0].variables) == ["B"]


def test_stages_have_their_edges() -> None:
    text = "stages: [b, [a], .pre]\njob: {stage: a, script: s}\n"
    assert pipeline(text).stages == (".pre", "b", "a", ".post")
    assert resolved(text)["stages"] == [".pre", "b", "a", ".post"]


def test_merged_is_a_table_of_all_entries() -> None:
    found = pipeline(".a: {x: 1}\njob: {script: s}\n").merged
    assert isinstance(found, Table)
    assert list(found.entries) == [".a", "job"]


def test_what_is_wrong_is_found_after_the_jobs_were_looked_at() -> None:
    text = "lost-reference-late: {script: s, rules: !reference [.missing-late, rules]}\n"
    found = pipeline(text)
    assert found.job("lost-reference-late").keywords
    assert [each.message for each in found.problems] == [
        '!reference [".missing-late", "rules"] could not be found'
    ]
