"""A fix that does anything to a job without the mistake is never taken unasked."""

import pytest
from uvci.rules.check import check
from uvci.rules.proof import fixed_texts, proven_fixes, rebuilt
from uvci.rules.rule import Applicability, Context, Fix

from tests.rules.building import context_of

UV = "ghcr.io/astral-sh/uv:0.12.5-python3.13-trixie"
OLD = "ghcr.io/astral-sh/uv:0.4.30-python3.12-bookworm"
FILES = {"uv.lock": "", "pyproject.toml": '[project]\nname = "app"\nversion = "1"\n'}

SHARED = {
    "UVC101": """\
variables: {IMAGE: ghcr.io/astral-sh/uv:0.11.16-bookworm}
test: {image: $IMAGE, script: [uv sync --locked]}
pack: {image: docker, script: [docker build --build-arg base=$IMAGE .]}
""",
    "UVC104": """\
default: {image: ghcr.io/astral-sh/uv:latest}
test: {script: [uv sync --locked]}
shell: {tags: [windows], script: [echo]}
""",
    "UVC106": f"""\
variables: {{PYTHON: 3.10}}
test: {{image: "{UV.replace("3.13", "$PYTHON")}", script: [uv sync --locked]}}
tell: {{image: alpine, script: [echo $PYTHON]}}
""",
    "UVC204": f"""\
variables: {{UV_CACHE_DIR: .uv}}
default:
  image: {UV}
  cache: {{key: uv, paths: [.uv]}}
test: {{script: [cd api, uv sync --locked, uv cache prune --ci]}}
lint: {{script: [uv sync --locked, uv cache prune --ci]}}
""",
    "UVC206": f"""\
variables: {{UV_CACHE_DIR: .uv}}
default:
  cache: {{key: all, paths: [.uv, node_modules]}}
test: {{image: {UV}, script: [uv sync --locked, uv cache prune --ci]}}
page: {{image: node, script: [npm ci]}}
""",
    "UVC210": f"""\
variables: {{UV_CACHE_DIR: .uv}}
default: {{image: {UV}}}
test:
  cache: {{key: {{files: [uv.lock]}}, paths: [.uv], policy: pull}}
  script: &shared [uv sync --locked, uv cache prune --ci]
lint:
  script: *shared
""",
    "UVC303": f"""\
variables: {{UV_LINK_MODE: cop}}
test: {{image: {UV}, script: [uv sync --locked]}}
make: {{image: python, script: [make test]}}
""",
    "UVC304": f"""\
variables: {{UV_INDEX_URL: https://example.org/simple}}
test: {{image: {UV}, script: [uv sync --locked]}}
tell: {{image: alpine, script: [./install.sh]}}
""",
    "UVC403": f"""\
default: {{image: {UV}}}
test:
  variables: {{UV_SYSTEM_PYTHON: "0"}}
  script: &shared [uv venv, uv pip install --no-system ruff]
lint: {{script: *shared}}
""",
    "UVC405": f"""\
.uv: {{script: [uv sync --locked --system-certs]}}
test: {{extends: .uv, image: {OLD}}}
lint: {{extends: .uv, image: {UV}}}
""",
    "UVC408": f"""\
default: {{before_script: [pip install uv]}}
test: {{image: python:3.13, script: [uv sync --locked]}}
lint: {{image: {UV}, script: [uv sync --locked]}}
""",
}
"""By rule, a line that is a mistake in the job `test` only, and that another job has too."""


def first_fix(text: str, code: str) -> tuple[Fix, Context]:
    context = context_of(text, FILES)
    found = next(each for each in check(context) if each.rule.code == code)
    assert "test" in found.jobs
    return proven_fixes(found, context)[0], context


@pytest.mark.parametrize("code", SHARED)
def test_a_fix_of_what_a_job_without_the_mistake_has_too_is_not_safe(code: str) -> None:
    fix, _ = first_fix(SHARED[code], code)
    assert fix.applicability is Applicability.UNSAFE
    # Alone, the job is mended unasked: it is the other one that speaks against it.
    left_out = SHARED[code].rstrip().splitlines(keepends=True)
    start = max(n for n, line in enumerate(left_out) if not line.startswith(" "))
    alone, _ = first_fix("".join(left_out[:start]), code)
    assert alone.applicability is Applicability.SAFE
    assert alone.title == fix.title


def test_a_job_that_has_the_mistake_too_in_other_words_does_not_speak_against_the_fix() -> None:
    text = f"""\
.uv: {{script: [uv sync --locked --no-dve]}}
test: {{extends: .uv, image: {UV}}}
lint: {{extends: .uv, image: {OLD}}}
never: {{extends: .uv, image: alpine, rules: [{{when: never}}]}}
"""
    fix, _ = first_fix(text, "UVC405")
    assert fix.applicability is Applicability.SAFE


def test_a_flag_that_one_uv_of_a_matrix_takes_is_not_replaced_unasked() -> None:
    text = f"""\
test:
  image: $IMAGE
  parallel: {{matrix: [{{IMAGE: ["{OLD}", "{UV}"]}}]}}
  script: [uv sync --locked --system-certs]
"""
    fix, _ = first_fix(text, "UVC405")
    assert fix.applicability is Applicability.UNSAFE
    fix, _ = first_fix(text.replace("--system-certs", "--no-dve"), "UVC405")
    assert fix.applicability is Applicability.SAFE


def test_a_variable_that_nothing_in_another_job_reads_is_no_difference_to_it() -> None:
    text = f"""\
variables: {{UV_LINK_MODE: cop}}
test: {{image: {UV}, script: [uv sync --locked]}}
tell: {{image: alpine, script: [echo done]}}
"""
    assert first_fix(text, "UVC303")[0].applicability is Applicability.SAFE
    told = text.replace("echo done", "echo $UV_LINK_MODE")
    assert first_fix(told, "UVC303")[0].applicability is Applicability.UNSAFE
    by_another = text.replace("cop}", "cop, MODE: $UV_LINK_MODE}")
    assert first_fix(by_another, "UVC303")[0].applicability is Applicability.UNSAFE


def test_uv_reads_no_variable_that_is_only_part_of_an_image() -> None:
    text = f"""\
variables: {{PYTHON: 3.10}}
test: {{image: "{UV.replace("3.13", "$PYTHON")}", script: [uv sync --locked]}}
lint: {{image: {UV}, script: [uvx ruff check]}}
"""
    assert first_fix(text, "UVC106")[0].applicability is Applicability.SAFE


def test_a_job_that_links_no_files_is_not_told_to_copy() -> None:
    text = f"""\
test:
  image: {UV}
  script: [uv sync --locked]
tool:
  image: {UV}
  script: [uvx ruff check]
"""
    fix, context = first_fix(text, "UVC307")
    assert fix.applicability is Applicability.SAFE
    after = rebuilt(context, fixed_texts(fix.edits, context.pipeline) or {}).pipeline
    names = {job.name: set(job.variants[0].variables) for job in after.jobs}
    assert ["UV_LINK_MODE" in names[name] for name in ("test", "tool")] == [True, False]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "UVC305",
            f"""\
test:
  image: {UV}
  variables: {{UV_PUBLISH_TOKEN: $TOKEN, UV_PUBLISH_USERNAME: me, UV_PUBLISH_PASSWORD: $WORD}}
  script: [uv build, uv publish]
""",
        ),
        (
            "UVC506",
            f"""\
test:
  image: {UV}
  script: [uv build, uv publish --token $TOKEN --username me --password $WORD]
""",
        ),
        (
            "UVC506",
            f"""\
test:
  image: {UV}
  variables: {{UV_PUBLISH_TOKEN: $TOKEN}}
  script: [uv build, uv publish --username me --password $WORD]
""",
        ),
        (
            "UVC506",
            f"""\
test:
  image: {UV}
  variables: {{UV_PUBLISH_TOKEN: $TOKEN}}
  script: [uv build, uv publish --trusted-publishing always]
""",
        ),
    ],
)
def test_which_of_two_credentials_stays_is_for_the_author_to_say(code: str, text: str) -> None:
    context = context_of(text, FILES)
    found = next(each for each in check(context) if each.rule.code == code)
    offered = proven_fixes(found, context)
    assert {fix.applicability for fix in offered} == {Applicability.UNSAFE}
