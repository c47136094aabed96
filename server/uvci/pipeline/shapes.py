"""Jobs as GitLab holds them after reading: each keyword in its one full form."""

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import TypeAlias

from uvci.pipeline.durations import read_duration
from uvci.pipeline.matrix import matrix_entries, parallel_names
from uvci.pipeline.model import Job, JobKind
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value, plains
from uvci.syntax.scalars import Date, Symbol

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_EVERY_REF: tuple[Json, ...] = ("branches", "tags")


def to_json(value: Value | None) -> Json:
    """A value as plain data; what is unknown is null."""
    match value:
        case None | Unknown():
            return None
        case Plain(value=Symbol(name)):
            return name
        case Plain(value=Date(text)):
            return text
        case Plain(value=float() as number) if not isfinite(number):
            return value.text  # JSON has no such number
        case Plain():
            return value.value if not isinstance(value.value, Symbol | Date) else None
        case Items():
            return [to_json(item) for item in value.values]
        case Table():
            return {key: to_json(below) for key, below in value.entries.items()}


def job_shape(job: Job) -> dict[str, Json]:
    """A job with its keywords in full form, without what GitLab fills in for every job."""
    entries = job.keywords.entries
    inherit = entries.get("inherit")
    inherited = inherit.entries.get("variables") if isinstance(inherit, Table) else None
    shape: dict[str, Json] = {
        "stage": job.stage,
        "job_variables": variables_shape(entries.get("variables")),
        "root_variables_inheritance": True if inherited is None else to_json(inherited),
    }
    known = _TRIGGER if job.kind is JobKind.TRIGGER else _SHAPES
    for keyword, read in known.items():
        value = entries.get(keyword)
        if value is None or (isinstance(value, Plain) and value.value is None):
            continue
        shape.update(_named(keyword, read(value)))
    _publish(job, shape)
    return shape


def _publish(job: Job, shape: dict[str, Json]) -> None:
    """Add the folder that GitLab Pages publishes to the artifacts (GitLab docs: `pages`)."""
    pages = shape.get("pages", job.name == "pages")
    if not pages or job.kind is JobKind.TRIGGER:
        return
    named = pages.get("publish") if isinstance(pages, dict) else None
    folder = named or shape.get("publish") or "public"
    artifacts = shape.get("artifacts")
    artifacts = artifacts if isinstance(artifacts, dict) else {}
    paths = artifacts.get("paths")
    paths = paths if isinstance(paths, list) else []
    if folder not in paths:
        shape["artifacts"] = {**artifacts, "paths": [*paths, folder]}


def _named(keyword: str, read: Json) -> Iterator[tuple[str, Json]]:
    """What a keyword becomes; some go by another name, or say more than one thing."""
    if keyword == "allow_failure":
        if isinstance(read, dict):
            yield "allow_failure_criteria", read
        return
    if read is None:
        return
    yield keyword, read
    if keyword == "environment" and isinstance(read, dict):
        yield "environment_name", read.get("name")


def variables_shape(value: Value | None) -> dict[str, Json]:
    """`variables:` with each value as text, and whether it is kept as typed (`raw`)."""
    if not isinstance(value, Table):
        return {}
    return {name: _variable_shape(below) for name, below in value.entries.items()}


def _variable_shape(value: Value) -> dict[str, Json]:
    if not isinstance(value, Table):
        return {"value": _text(value)}
    shape: dict[str, Json] = {"value": _text(value.entries.get("value"))}
    if isinstance(expand := value.entries.get("expand"), Plain):
        shape["raw"] = not expand.value
    return shape


def expanded_shapes(jobs: Mapping[str, Job]) -> dict[str, Json]:
    """The jobs after `parallel`, with their variables; empty where no job uses it."""
    if not any("parallel" in job.keywords.entries for job in jobs.values()):
        return {}
    expanded: dict[str, Json] = {}
    for name, job in jobs.items():
        parallel = job.keywords.entries.get("parallel")
        own = variables_shape(job.keywords.entries.get("variables"))
        names = parallel_names(name, parallel)
        entries = matrix_entries(parallel)
        for index, full in enumerate(names):
            matrix = entries[index][1] if len(entries) == len(names) else {}
            given: dict[str, Json] = {key: variable.raw for key, variable in matrix.items()}
            expanded[full] = {"job_variables": {**own, **given}}
        if not names:
            expanded[name] = {"job_variables": own}
    return expanded


def _text(value: Value | None) -> Json:
    return value.text if isinstance(value, Plain) else "" if value is None else None


def _lines(value: Value) -> Json:
    return [to_json(plain) for plain in plains(value)]


def _wrapped(value: Json) -> Json:
    return value if isinstance(value, list) else [] if value is None else [value]


def _image(value: Value) -> Json:
    if not isinstance(value, Table):
        return {"name": to_json(value)}
    shape: dict[str, Json] = {}
    options: dict[str, Json] = {}
    for key, below in value.entries.items():
        read = to_json(below)
        if read is None:
            continue
        if key in ("docker", "kubernetes"):
            options[key] = read
        else:
            shape[key] = _wrapped(read) if key == "pull_policy" else read
    return {**shape, "executor_opts": options} if options else shape


def _services(value: Value) -> Json:
    return [_service(item) for item in _flat(value)]


def _service(value: Value) -> Json:
    shape = _image(value)
    variables = value.entries.get("variables") if isinstance(value, Table) else None
    if isinstance(shape, dict) and isinstance(variables, Table):
        shape["variables"] = {key: _text(below) for key, below in variables.entries.items()}
    return shape


def _flat(value: Value) -> list[Value]:
    if isinstance(value, Items):
        return [below for item in value.values for below in _flat(item)]
    return [value]


def _caches(value: Value) -> Json:
    return [_cache(item) for item in _flat(value) if isinstance(item, Table)]


def _cache(value: Table) -> Json:
    given = {
        key: read for key, below in value.entries.items() if (read := to_json(below)) is not None
    }
    defaults: dict[str, Json] = {
        "key": "default",
        "unprotect": False,
        "policy": "pull-push",
        "when": "on_success",
        "fallback_keys": [],
    }
    return {**defaults, **given}


def _environment(value: Value) -> Json:
    return (
        to_json(value) if isinstance(value, Table) else {"name": to_json(value), "action": "start"}
    )


def _retry(value: Value) -> Json:
    return retry_in_full(to_json(value)) if isinstance(value, Table) else {"max": to_json(value)}


def retry_in_full(shape: Json) -> Json:
    """`retry:` with its reasons and exit codes as lists."""
    if isinstance(shape, dict):
        return {k: _wrapped(v) if k in ("when", "exit_codes") else v for k, v in shape.items()}
    return shape


def _parallel(value: Value) -> Json:
    if not isinstance(value, Table):
        return {"number": to_json(value)}
    matrix = value.entries.get("matrix")
    entries = matrix.values if isinstance(matrix, Items) else ()
    return {"matrix": [_matrix_entry(entry) for entry in entries]}


def _matrix_entry(value: Value) -> Json:
    entries = value.entries if isinstance(value, Table) else {}
    return {key: [_text(item) for item in _flat(below)] for key, below in entries.items()}


def _artifacts(value: Value) -> Json:
    return artifacts_in_full(to_json(value))


def artifacts_in_full(shape: Json) -> Json:
    """`artifacts:` with each report as a list."""
    if not isinstance(shape, dict) or not isinstance(reports := shape.get("reports"), dict):
        return shape
    full: dict[str, Json] = {
        key: read if isinstance(read, dict) else _wrapped(read) for key, read in reports.items()
    }
    return {**shape, "reports": full}


def _allow_failure(value: Value) -> Json:
    return allow_failure_in_full(to_json(value))


def allow_failure_in_full(shape: Json) -> Json:
    """`allow_failure:` with its exit codes as a list."""
    if isinstance(shape, dict) and "exit_codes" in shape:
        return {**shape, "exit_codes": _wrapped(shape["exit_codes"])}
    return shape


def _needs(value: Value) -> Json:
    groups: dict[str, Json] = {}
    for need in _flat(value):
        if isinstance(need, Plain) and need.value is None:
            continue
        kind, shape = _need(need)
        group = groups.setdefault(kind, [])
        if isinstance(group, list):
            group.append(shape)
    return groups


def _need(value: Value) -> tuple[str, Json]:
    if not isinstance(value, Table):
        return "job", {"name": to_json(value), "artifacts": True, "optional": False}
    shape = {key: to_json(below) for key, below in value.entries.items()}
    artifacts = shape.get("artifacts") is not False
    if "job" not in shape:
        return "bridge", {**shape}
    if shape.keys() & {"pipeline", "project"}:
        return "cross_dependency", {**shape, "artifacts": artifacts}
    full: dict[str, Json] = {
        "name": shape["job"],
        "artifacts": artifacts,
        "optional": bool(shape.get("optional")),
    }
    parallel = value.entries.get("parallel")
    if isinstance(parallel, Table) or (isinstance(parallel, Plain) and parallel.value):
        full["parallel"] = _parallel(parallel)
    return "job", full


def _rules(value: Value) -> Json:
    return [_rule(rule) for rule in _flat(value) if isinstance(rule, Table)]


def _rule(value: Table) -> Json:
    shape: dict[str, Json] = {}
    for key, below in value.entries.items():
        read = to_json(below)
        if read is None:
            continue
        if key in ("changes", "exists") and not isinstance(read, dict):
            read = {"paths": _wrapped(read)}
        elif key == "variables":
            read = {name: _text(item) for name, item in _entries(below)}
        elif key == "needs":
            read = _needs(below)
        elif key == "allow_failure":
            read = allow_failure_in_full(read)
        shape[key] = read
    return shape


def _entries(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Table):
        yield from value.entries.items()


def _policy(value: Value) -> Json:
    return to_json(value) if isinstance(value, Table) else {"refs": _wrapped(to_json(value))}


def _only(value: Value) -> Json:
    """`only`, of branches and tags where it does not say; nothing where that is all it says."""
    shape = _policy(value)
    if isinstance(shape, dict):
        shape = {"refs": [*_EVERY_REF], **shape}
    return None if shape == {"refs": [*_EVERY_REF]} else shape


def _coverage(value: Value) -> Json:
    return value.text[1:-1] if isinstance(value, Plain) else None


def _timeout(value: Value) -> Json:
    own = isinstance(value, Plain) and not any(
        link.kind.value == "default" for link in value.origin.chain
    )
    return read_duration(value.text) if own and isinstance(value, Plain) else None


def _hooks(value: Value) -> Json:
    return {key: _lines(below) for key, below in _entries(value)}


def _trigger(value: Value) -> Json:
    return to_json(value) if isinstance(value, Table) else {"project": to_json(value)}


Shape: TypeAlias = Callable[[Value], Json]

_SHARED: dict[str, Shape] = {
    "extends": to_json,
    "rules": _rules,
    "only": _only,
    "except": _policy,
    "environment": _environment,
    "resource_group": to_json,
    "interruptible": to_json,
    "when": to_json,
    "needs": _needs,
    "parallel": _parallel,
}
_TRIGGER: dict[str, Shape] = {**_SHARED, "trigger": _trigger}
_SHAPES: dict[str, Shape] = {
    **_SHARED,
    "before_script": _lines,
    "script": _lines,
    "after_script": _lines,
    "run": to_json,
    "image": _image,
    "services": _services,
    "cache": _caches,
    "tags": to_json,
    "start_in": to_json,
    "dependencies": to_json,
    "coverage": _coverage,
    "retry": _retry,
    "timeout": _timeout,
    "artifacts": _artifacts,
    "release": to_json,
    "allow_failure": _allow_failure,
    "hooks": _hooks,
    "id_tokens": to_json,
    "identity": to_json,
    "secrets": to_json,
    "inputs": to_json,
    "pages": to_json,
    "manual_confirmation": to_json,
    "dast_configuration": to_json,
    "publish": to_json,
}
