"""Real jobs on pip and poetry, migrated to uv."""

import re
from collections.abc import Iterator

import pytest
from uvci.features.context import context_of
from uvci.features.migration.calls import tool_calls
from uvci.features.migration.model import Plan, Refusal, Tool
from uvci.features.migration.plan import plan_of
from uvci.features.migration.result import Migration, migration_of
from uvci.features.view import View
from uvci.pipeline.model import Job
from uvci.pipeline.scripts import uv_commands
from uvci.rules.check import check
from uvci.rules.proof import effective_differences, fixed_texts, is_proven, rebuilt
from uvci.rules.rule import Context
from uvci.syntax.witness import keeps_comments

from tests.features.cases import view_of
from tests.shared import shared

GROUPS = ("dev", "docs", "test", "lint", "ci", "build")
PROJECT = {
    "uv.lock": 'version = 1\nrequires-python = ">=3.8"\n',
    "requirements.txt": "",
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.8"\n'
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
    "[dependency-groups]\n" + "".join(f"{group} = []\n" for group in GROUPS),
}
PER_FILE = 5
CHANGED = re.compile(
    r"image(\.name)?|cache(\..+)?|(before_|after_)?script"
    r"|variables\.(UV_CACHE_DIR|UV_LINK_MODE|(PIP|POETRY|PIPENV)_\w+)"
)


def views() -> Iterator[View]:
    for path in sorted(shared("corpus").rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if re.search(r"\b(pip3?|poetry|pipenv)\b", text):
            yield view_of(text, PROJECT)


def migrated(view: View) -> Iterator[Migration]:
    for job in (*view.pipeline.hidden, *view.pipeline.jobs):
        plan = plan_of(job, view)
        found = migration_of(plan) if isinstance(plan, Plan) else plan
        if isinstance(found, Refusal):
            assert re.fullmatch(r"(?s)[A-Z`].*\.|uv.*\.", found.why), found.why
        elif found is not None:
            yield found


def after(migration: Migration, context: Context) -> Context:
    texts = fixed_texts(migration.fix.edits, context.pipeline)
    assert texts
    for path, text in texts.items():
        file = context.pipeline.file(path)
        assert file
        assert keeps_comments(file.document.text, text)
    return rebuilt(context, texts)


def check_migration(migration: Migration, context: Context) -> None:
    """That it does what it says to the job and those that extend it, and nothing else."""
    new, plan = after(migration, context), migration.plan
    for name, path in effective_differences(context.pipeline, new.pipeline):
        entry, keys = (name, path) if name else (path[0], path[1:])
        assert entry in plan.names
        assert CHANGED.fullmatch(".".join(keys)), (entry, keys)
    job = new.pipeline.job(plan.job.name)
    assert job
    assert uv_commands(job) or not plan.rewrites
    check_calls(job, plan)
    assert plan_of_again(job, new) in (None, plan.left)


def check_calls(job: Job, plan: Plan) -> None:
    """That the tools are called no more, but by what the title says is left."""
    left = {leave.text for leave in plan.left}
    for call in tool_calls(job):
        is_bootstrap = call.text.startswith("pip install uv==")
        assert is_bootstrap or call.text in left or not call.own, call.text
        assert is_bootstrap or call.tool not in (Tool.POETRY, Tool.PIPENV)


def plan_of_again(job: Job, context: Context) -> object:
    """What would be left to migrate afterwards."""
    texts = {file.path: file.document.text for file in context.pipeline.files}
    view = view_of(texts.pop(".gitlab-ci.yml"), {**PROJECT, **texts})
    plan = plan_of(job, view)
    return plan.left if isinstance(plan, Plan) else None


@pytest.mark.slow
def test_real_jobs_differ_only_in_what_their_migration_declares() -> None:
    migrations = poetry = 0
    for view in views():
        context, found = context_of(view), list(migrated(view))
        before = check(context) if found else ()
        for migration in found[:PER_FILE]:
            assert is_proven(migration.fix, context, before)
            check_migration(migration, context)
            migrations += 1
            poetry += any(call.tool is Tool.POETRY for call in migration.plan.calls)
    assert migrations >= 60
    assert poetry >= 3
