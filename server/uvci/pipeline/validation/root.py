"""The check of a whole configuration: root keywords, then every job."""

from collections.abc import Iterator

from uvci.pipeline.effective import ROOT_DEFAULTS, ROOT_KEYWORDS, Effective
from uvci.pipeline.model import JobKind, Phase, Problem
from uvci.pipeline.stamps import Memory, stamp
from uvci.pipeline.validation.jobs import (
    DEFAULT_CHECKS,
    INHERITABLE,
    NEITHER,
    check_job,
    check_trigger_job,
)
from uvci.pipeline.validation.rules import check_workflow
from uvci.pipeline.validation.spot import (
    Fault,
    Keys,
    Spot,
    check_below,
    check_keys,
    is_nested_texts,
    is_unset,
)
from uvci.pipeline.validation.structured import ROOT_DATA, check_variables
from uvci.pipeline.values import Items, Table, Unknown, Value
from uvci.text.span import Span

_STAGES = (
    "stages config should be an array of strings or a nested array of strings up to 10 levels deep"
)
_NO_JOB = "jobs config should contain at least one visible job"
_ORDER = (
    *("default", "before_script", "image", "services", "after_script"),
    *("variables", "stages", "cache", "workflow"),
)
_kept: Memory[tuple[Fault, ...]] = Memory(8192)
_faultless: Memory[bool] = Memory(8192)


def keyword_problems(effective: Effective) -> Iterator[Problem]:
    """Everything that GitLab's check of keywords says, in its order."""
    for name in _ORDER:
        value = effective.value(name) if name in effective.config.entries else None
        if value is not None and not is_unset(value) and not isinstance(value, Unknown):
            yield from _problems(effective, name, _root_faults(effective, name, value))
    for name in effective.unkept(_faultless):
        faults = () if name in ROOT_KEYWORDS else _job_faults(effective, name)
        if not faults:
            _faultless.keep(effective.stamp(name), True)  # noqa: FBT003  what is kept
        yield from _problems(effective, name, faults)
    readable = any(one.document.holds_mapping for one in effective.config.layers)
    if readable and effective.config.complete and not _shows_any(effective):
        path = effective.config.layers[-1].path
        yield Problem(_NO_JOB, path, Span(0, 0))


def _shows_any(effective: Effective) -> bool:
    """Whether there is a visible job."""
    names = (
        name
        for name in effective.config.entries
        if name not in ROOT_KEYWORDS and not name.startswith(".")
    )
    return any(not _is_neither(_job_faults(effective, name)) for name in names)


def _is_neither(faults: tuple[Fault, ...]) -> bool:
    return any(fault.message.endswith(NEITHER) for fault in faults)


def _root_faults(effective: Effective, name: str, value: Value) -> tuple[Fault, ...]:
    key = stamp("root", name, effective.stamp(name))
    kept = _kept.get(key)
    if kept is not None:
        return kept
    spot = Spot((name,))
    match name:
        case "variables":
            check_variables(value, spot, ROOT_DATA)
        case "workflow":
            check_workflow(value, spot)
        case "stages":
            if not is_nested_texts(value):
                spot.plainly(_STAGES)
        case "default":
            _check_default(effective, value, spot)
        case _:
            DEFAULT_CHECKS[name](value, spot)
    return _kept.keep(key, tuple(spot.faults))


def _check_default(effective: Effective, value: Value, spot: Spot) -> None:
    if not isinstance(value, Table):
        spot.say("config should be a hash")
        return
    check_keys(value, INHERITABLE, spot)
    if spot.is_clean:
        for keyword in DEFAULT_CHECKS:
            at_root = effective.value(keyword) if keyword in ROOT_DEFAULTS else None
            if not is_unset(value.entries.get(keyword)) and not is_unset(at_root):
                said = f"{keyword} is defined in top-level and `default:` entry"
                spot.faults.append(Fault(said, (keyword,), phase=Phase.DEFAULT))
    check_below(value, DEFAULT_CHECKS, spot)


def _job_faults(effective: Effective, name: str) -> tuple[Fault, ...]:
    """The faults of a job, kept for as long as nothing it is built from changes."""
    key = effective.stamp(name)
    kept = _kept.get(key)
    return kept if kept is not None else _kept.keep(key, _check(effective, name))


def _check(effective: Effective, name: str) -> tuple[Fault, ...]:
    value = effective.value(name)
    if isinstance(value, Unknown):
        return ()
    if name.startswith("."):
        empty = is_unset(value) or (isinstance(value, Table | Items) and not _length(value))
        return (Fault(f"jobs:{name.lower()} config can't be blank", ()),) if empty else ()
    spot = Spot(("jobs", name), ())
    kind = effective.kind(name)
    if not isinstance(value, Table) or (kind is JobKind.SCRIPT and not _has_script(value)):
        if isinstance(value, Table) and not effective.is_known(name):
            return ()
        return (Fault(f"jobs {name.lower()} {NEITHER}", ()),)
    workflow = effective.value("workflow")
    decided = isinstance(workflow, Table) and "rules" in workflow.entries
    check = check_trigger_job if kind is JobKind.TRIGGER else check_job
    check(name, value, spot, warn=not decided)
    return tuple(spot.faults)


def _has_script(job: Table) -> bool:
    return "script" in job.entries or "run" in job.entries


def _length(value: Table | Items) -> int:
    return len(value.entries if isinstance(value, Table) else value.values)


def _problems(effective: Effective, name: str, faults: tuple[Fault, ...]) -> Iterator[Problem]:
    for fault in faults:
        path, span = _place(effective, name, fault.keys)
        jobs = () if name in ROOT_KEYWORDS or name.startswith(".") else (name,)
        yield Problem(fault.message, path, span, fault.warning, fault.phase, jobs)


def _place(effective: Effective, name: str, keys: Keys) -> tuple[str, Span]:
    """Where the value is typed that `keys` lead to, or as near to it as there is one."""
    value = effective.value(name)
    found = None
    for key in keys:
        if isinstance(value, Table) and isinstance(key, str):
            value = value.entries.get(key)
        elif isinstance(value, Items) and isinstance(key, int) and key < len(value.values):
            value = value.values[key]
        else:
            break
        if value is None:
            break
        found = value
    if found is None:
        return effective.config.where(name)
    return found.origin.path, found.origin.span
