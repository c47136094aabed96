"""What "Migrate this job to uv" would do with a job, or why it cannot."""

from collections.abc import Iterator
from typing import TypeAlias

from msgspec.structs import replace

from uvci.features.context import context_of
from uvci.features.extends import descendants
from uvci.features.migration.calls import is_typed, tool_calls
from uvci.features.migration.hindrances import (
    PROJECT_TOOLS,
    heirs_refusal,
    hindrance,
    steers,
    unseen,
)
from uvci.features.migration.images import Bootstrap, Wanted, new_image
from uvci.features.migration.model import (
    Active,
    Drop,
    Leave,
    Outcome,
    Plan,
    Refusal,
    Rewrite,
    Tool,
    ToolCall,
    dropped,
)
from uvci.features.migration.pip import (
    Around,
    around,
    asked_uv,
    names_files,
    package_names,
    pip_outcome,
    requirements_trouble,
    sync_outcome,
)
from uvci.features.migration.preparations import preparations
from uvci.features.migration.projects import project_at, project_outcome
from uvci.features.migration.publishing import publishing, settings_of
from uvci.features.view import View
from uvci.pipeline.model import Job, JobKind
from uvci.pipeline.python_project import PythonProject
from uvci.pipeline.shell.commands import find_commands
from uvci.pipeline.shell.model import ShellCommand
from uvci.rules.rule import Context
from uvci.rules.uv_jobs import may_run_anything

_BESIDE = frozenset({"pip", "setuptools", "wheel", "virtualenv"})

Judged: TypeAlias = tuple[ToolCall | None, Outcome]
"""What becomes of a call; None for a command that only prepares the tool."""


def plan_of(job: Job, view: View) -> Plan | Refusal | None:
    """What becomes of a job; None where no package manager but uv works in it."""
    calls = tool_calls(job)
    if not calls or job.kind is JobKind.TRIGGER:
        return None
    context, heirs = context_of(view), tuple(sorted(descendants(view, job.name)))
    judged = list(_judged(job, calls, context))
    if refusal := hindrance(job, calls, context) or _first_refusal(judged):
        return refusal
    if refusal := heirs_refusal(job, calls, heirs, context):
        return refusal
    wanted = _wanted(calls)
    image = wanted if isinstance(wanted, Refusal) else new_image(job, view, wanted)
    if isinstance(image, Refusal):
        return image
    plan = Plan(job, context, image if isinstance(image, str) else None, None, calls, heirs=heirs)
    if isinstance(image, Bootstrap):
        return _bootstrapped(plan, judged, f"pip install uv=={image.release}")
    return _with_outcomes(plan, judged)


def _with_outcomes(plan: Plan, judged: list[Judged]) -> Plan:
    found = [outcome for _, outcome in judged]
    return replace(
        plan,
        rewrites=tuple(one for one in found if isinstance(one, Rewrite)),
        drops=tuple(one for one in found if isinstance(one, Drop)),
        left=tuple(one for one in found if isinstance(one, Leave)),
    )


def _first_refusal(judged: list[Judged]) -> Refusal | None:
    """Why nothing can be done: a command that must not stay, or all of them would."""
    refusal = next((one for _, one in judged if isinstance(one, Refusal)), None)
    left = [one.why for _, one in judged if isinstance(one, Leave)]
    if refusal or len(left) < len(judged):
        return refusal
    why = left[0]
    return Refusal(f"{why}." if why.startswith("uv") else f"{why[:1].upper()}{why[1:]}.")


def _bootstrapped(plan: Plan, judged: list[Judged], command: str) -> Plan | Refusal | None:
    """The plan for an image that stays, and in which pip has to install uv first."""
    own = [
        (call, Leave(call.text, "it installs uv") if _installs_uv(call) else outcome)
        for call, outcome in judged
        if call is not None
    ]
    prepared = [(call, outcome) for call, outcome in judged if call is None]
    changed = [(call, outcome) for call, outcome in own if not isinstance(outcome, Leave)]
    if not changed:
        return None
    first, outcome = changed[0]
    bringer = next((at for at, (call, _) in enumerate(own) if _installs_uv(call)), None)
    if bringer is not None:
        early = own.index(changed[0]) < bringer
        why = f"`{first.text}` runs before uv is installed."
        return Refusal(why) if early else _with_outcomes(plan, [*prepared, *own])
    if first.active is Active.YES and is_typed(plan.job.scripts[0].plain.origin, plan.job):
        found = _with_outcomes(plan, [*prepared, *own])
        return replace(found, bootstrap=command, bootstraps_early=True)
    if first.active is not Active.NO:
        return Refusal("Its first installation is in an environment, where uv would go too.")
    if isinstance(outcome, Drop):
        own[own.index(changed[0])] = (first, Rewrite(outcome.line, ((outcome.span, command),)))
        return _with_outcomes(plan, [*prepared, *own])
    return replace(_with_outcomes(plan, [*prepared, *own]), bootstrap=command)


def _installs_uv(call: ToolCall) -> bool:
    return bool(asked_uv(call))


def _judged(job: Job, calls: tuple[ToolCall, ...], context: Context) -> Iterator[Judged]:
    managers = {call.tool for call in calls} & PROJECT_TOOLS
    if len(managers) > 1:
        yield None, Refusal("It works with poetry and pipenv.")
    elif managers:
        yield from _project_judged(job, calls, context)
    else:
        beside = around(calls, context.files, needs_pip=_may_use_pip(job))
        found = [_pip_judged(call, context, beside) for call in calls]
        if any(isinstance(one, Leave) for one in found):
            beside = replace(beside, needs_pip=True)
            found = [_pip_judged(call, context, beside) for call in calls]
        yield from zip(calls, found, strict=True)


def _pip_judged(call: ToolCall, context: Context, beside: Around) -> Outcome:
    if not call.own:
        return Leave(call.text, f"its `{call.line.section.value}` comes from elsewhere")
    why = requirements_trouble(call, context.files) or _assigned(call)
    if why:
        return Leave(call.text, why)
    match call.tool:
        case Tool.PIP_COMPILE:
            return Leave(call.text, "`uv pip compile` writes the file in another form")
        case Tool.PIP_SYNC:
            return sync_outcome(call, beside)
        case _ if package_names(call) == ("uv",) and not names_files(call):
            return dropped(call, "the image holds uv")
        case _:
            return pip_outcome(call, beside)


def _assigned(call: ToolCall) -> str:
    """Why what is set for this call alone matters; empty where it does not."""
    names = (one.name for one in call.command.assignments if steers(one.name))
    return next((f"uv does not read `{name}`" for name in names), "")


def _may_use_pip(job: Job) -> bool:
    """Whether something that cannot be seen into may call pip."""
    return any(
        may_run_anything(command) or (command.name or "").startswith("pip-")
        for line in job.scripts
        for command in find_commands(line.text)
        if not _activates(command)
    )


def _activates(command: ShellCommand) -> bool:
    words = command.words
    return (
        command.name in ("source", ".") and len(words) == 2 and words[1].raw.endswith("/activate")
    )


def _project_judged(job: Job, calls: tuple[ToolCall, ...], context: Context) -> Iterator[Judged]:
    """Those of poetry or pipenv: everything is understood, or nothing is done."""
    manager = next(call.tool for call in calls if call.tool in PROJECT_TOOLS)
    for drop in preparations(job, calls, manager):
        yield None, drop
    for refusal in unseen(job, calls, manager, context):
        yield None, refusal
    installed, fresh, settings = False, True, settings_of(calls)
    for call in calls:
        verb = call.words[0].value if call.words else None
        if call.tool is not manager:
            outcome = _tool_install(call, manager)
            fresh = fresh and (outcome is not None or call.active is Active.NO)
            yield call, outcome or _pip_judged(call, context, Around())
        elif manager is Tool.POETRY and (told := publishing(call, settings)):
            yield call, told
        elif verb == "run" and not installed:
            yield call, Refusal(f"`{call.text}` uses an environment that another job made.")
        elif isinstance(project := project_at(call, context.files), PythonProject):
            yield call, project_outcome(call, project, context.files, fresh=fresh)
            installed = installed or verb in ("install", "sync")
            fresh = fresh and not installed
        else:
            yield call, project


def _tool_install(call: ToolCall, manager: Tool) -> Outcome | None:
    """What becomes of the command that installs poetry or pipenv itself."""
    names = set(package_names(call))
    if manager.value not in names:
        return None
    if names - _BESIDE - {manager.value} or names_files(call):
        return Refusal(f"`{call.text}` installs more than {manager.value}.")
    return dropped(call, f"nothing calls {manager.value} any more")


def _wanted(calls: tuple[ToolCall, ...]) -> Wanted | Refusal:
    """Which uv the job installs with pip, where it does."""
    words = [word for call in calls for word in asked_uv(call)]
    if any(word.value is None for word in words):
        return Refusal("Which uv it installs is not known.")
    ranges = {(word.value or "").partition("uv")[2] for word in words} - {""}
    if len(ranges) > 1:
        return Refusal("It installs several releases of uv.")
    return Wanted(next(iter(ranges), None), newest=bool(words) and not ranges)
