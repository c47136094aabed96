from uvci.catalog.versions import UvVersion
from uvci.pipeline.model import ImageUse, KeyKind, Section
from uvci.pipeline.releases import release, releases
from uvci.pipeline.scripts import known_in_all, span_in_file, uv_commands, uv_installs
from uvci.pipeline.sources import Settings
from uvci.text.span import Span

from tests.pipeline.pipelines import job, pipeline


def test_caches() -> None:
    text = """\
job:
  script: s
  cache:
    - key: {files: [uv.lock], prefix: $CI_JOB_NAME}
      paths: [.uv-cache]
      policy: pull
    - [{key: text, untracked: true}]
"""
    first, second = job(text).caches
    assert first.key.kind is KeyKind.FILES
    assert [file.text for file in first.key.files] == ["uv.lock"]
    assert first.policy == "pull"
    assert [path.plain.origin.span.of(text) for path in first.paths] == [".uv-cache"]
    assert (second.key.kind, second.untracked) == (KeyKind.TEXT, True)


def test_a_policy_that_rules_choose_is_unknown() -> None:
    text = """\
job:
  script: s
  rules: [{if: $A, variables: {P: pull}}, {if: $B, variables: {P: push}}]
  cache: {paths: [x], policy: $P}
"""
    assert job(text).caches[0].policy is None


def test_scripts_in_the_order_they_run() -> None:
    text = "default: {after_script: [z]}\njob: {script: [b, [c]], before_script: a}\n"
    assert [(line.section, line.index, line.text) for line in job(text).scripts] == [
        (Section.BEFORE, 0, "a"),
        (Section.MAIN, 0, "b"),
        (Section.MAIN, 1, "c"),
        (Section.AFTER, 0, "z"),
    ]


def test_a_command_is_found_where_it_is_typed() -> None:
    text = (
        'job:\n  script:\n    - "echo \\"x\\" && uv sync"\n    - >-\n      uv run\n      pytest\n'
    )
    found = job(text)
    assert [command.span.of(text) for command in uv_commands(found)] == [
        "uv sync",
        "uv run\n      pytest",
    ]
    first = found.scripts[0]
    assert span_in_file(first, Span(5, 8)).of(text) == '\\"x\\"'


def test_a_shell_remembers_and_after_script_forgets() -> None:
    text = """\
job:
  before_script: ["export UV_X=1", cd app]
  script: [uv sync]
  after_script: [uv cache prune]
"""
    sync, prune = uv_commands(job(text))
    assert [export.name for export in sync.exports] == ["UV_X"]
    assert sync.directory == "app"
    assert (prune.exports, prune.directory) == ((), ".")


def test_variables_name_uv_where_all_variants_agree() -> None:
    text = "job: {variables: {PIP: uv pip}, script: [$PIP install x]}\n"
    assert [command.command.subcommand for command in uv_commands(job(text))] == [
        ("pip", "install")
    ]
    varied = "job: {parallel: {matrix: [{A: [x, y], B: [z]}]}, script: s}\n"
    assert known_in_all(job(varied)) == {"A": None, "B": "z"}


def test_the_uv_of_an_image() -> None:
    text = """\
job:
  image: ghcr.io/astral-sh/uv:$UV-alpine
  parallel: {matrix: [{UV: [0.9.17, "0.9", "0.10.0"]}]}
  script: [uv sync]
"""
    found = job(text)
    assert [one and str(one.version) for one in releases(found)] == ["0.9.17", None, "0.10.0"]
    assert release(found) is None
    assumed = releases(found, Settings(target_version=UvVersion(0, 8, 0)))
    assert [one and (str(one.version), one.source) for one in assumed] == [
        ("0.9.17", "image"),
        ("0.8.0", "settings"),
        ("0.10.0", "image"),
    ]


def test_an_installer_wins_over_the_image() -> None:
    image = "ghcr.io/astral-sh/uv:0.9.17-alpine"
    text = f"job: {{image: {image}, script: [pip install uv==0.5.1, uv sync]}}\n"
    found = job(text)
    assert [one.install.version for one in uv_installs(found)] == ["0.5.1"]
    assert release(found) == releases(found)[0]
    only = release(found)
    assert only is not None
    assert (str(only.version), only.source) == ("0.5.1", "installer")


def test_an_image_with_an_entrypoint() -> None:
    image = job('job: {image: {name: x, entrypoint: [""]}, script: s}\n').image
    assert isinstance(image, ImageUse)
    assert image.entrypoint == ("",)


def test_stamps_tell_what_changed() -> None:
    text = (
        ".a: {image: x}\none: {extends: .a, script: s}\ntwo: {script: [!reference [.b]]}\n.b: [u]\n"
    )
    before = {one.name: one.stamp for one in pipeline(text).jobs}
    moved = {one.name: one.stamp for one in pipeline("# c\n" + text).jobs}
    assert moved == before
    changed = {one.name: one.stamp for one in pipeline(text.replace("image: x", "image: y")).jobs}
    assert changed["one"] != before["one"]
    assert changed["two"] == before["two"]
    referred = {one.name: one.stamp for one in pipeline(text.replace("[u]", "[v]")).jobs}
    assert (referred["one"] == before["one"], referred["two"] == before["two"]) == (True, False)


def test_spans_follow_an_edit_above() -> None:
    text = ".a: {image: x}\njob: {extends: .a, script: s}\n"
    for extra in ("", "# one\n", "# one\n# two\n"):
        moved = extra + text
        image = job(moved).image
        assert isinstance(image, ImageUse)
        assert image.name.origin.span.of(moved) == "x"
        assert image.name.origin.chain[0].span.of(moved) == ".a"
