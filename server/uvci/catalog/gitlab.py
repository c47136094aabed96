"""GitLab's keywords and its predefined variables.

Source: GitLab docs, "CI/CD YAML syntax reference" and "Predefined CI/CD variables reference";
"Deprecated keywords" for what `only` takes, "Choose when jobs run" for the sources of pipelines.
"""

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any

from msgspec import Struct

from uvci.catalog.package_data import CatalogError, load_json

_WILDCARD = "*"
_LISTS = frozenset({"run", "services"})


class Place(Enum):
    """The part of a pipeline file in which a key stands."""

    ROOT = "root"
    HEADER = "header"
    DEFAULT = "default"
    JOB = "job"
    TRIGGER = "trigger"


class KnownFrom(Enum):
    """Where a predefined variable has its value.

    From `PRE_PIPELINE` on it is known to `include`, `workflow` and everything after; from
    `PIPELINE` on to `rules` and jobs; with `JOB` only on the runner.
    """

    PRE_PIPELINE = "pre-pipeline"
    PIPELINE = "pipeline"
    JOB = "job"


class Keyword(Struct, frozen=True):
    """One keyword.

    `path` leads to it from its place, list items left out, `*` standing for a name the user
    chooses. `types` are YAML's (`string`, `hash`, …); `values` and `default` are as one writes them
    in YAML. `use` names what replaces a deprecated keyword. `since` is a GitLab version.
    """

    path: tuple[str, ...]
    doc: str
    types: tuple[str, ...]
    values: tuple[str, ...] = ()
    default: str | None = None
    deprecated: bool = False
    use: str | None = None
    since: str | None = None
    tier: str | None = None

    @property
    def name(self) -> str:
        """The key itself."""
        return self.path[-1]


class PredefinedVariable(Struct, frozen=True):
    """A variable that GitLab or the runner sets. `only_in`: the pipelines that have it, if few."""

    name: str
    doc: str
    known_from: KnownFrom
    set_by: str
    only_in: str | None


class RunnerControl(Struct, frozen=True):
    """A variable by which a pipeline steers the runner."""

    name: str
    doc: str
    values: tuple[str, ...]
    default: str | None


class NamedValue(Struct, frozen=True):
    """One of the values that GitLab knows for something, and what it stands for."""

    name: str
    doc: str


class _Table(Struct, frozen=True, eq=False):
    keywords: dict[Place, dict[tuple[str, ...], Keyword]]
    predefined: dict[str, PredefinedVariable]
    controls: dict[str, RunnerControl]
    reserved: frozenset[str]
    trigger_job_keys: tuple[str, ...]
    pipeline_sources: tuple[NamedValue, ...]
    ref_kinds: tuple[NamedValue, ...]


def keywords_at(path: Sequence[str], place: Place) -> tuple[Keyword, ...]:
    """The keys that may stand in the mapping that `path` leads to; none where names are free.

    `path` begins below the job, `default`, or at the root, and leaves list items out.

    >>> [keyword.name for keyword in keywords_at(["cache", "key"], Place.JOB)]
    ['files', 'files_commits', 'prefix']
    """
    place, steps = _resolve(tuple(path), place)
    table = _table().keywords[place]
    return tuple(
        keyword
        for known, keyword in table.items()
        if len(known) == len(steps) + 1 and known[-1] != _WILDCARD and _fits(steps, known[:-1])
    )


def find_keyword(path: Sequence[str], place: Place) -> Keyword | None:
    """The keyword that `path` leads to, None where there is none or the name is free."""
    if not path:
        return None
    place, above = _resolve(tuple(path[:-1]), place)
    steps = (*above, path[-1])
    table = _table().keywords[place]
    return table.get(steps) or next(
        (each for known, each in table.items() if _WILDCARD in known and _fits(steps, known)), None
    )


def predefined_variables() -> tuple[PredefinedVariable, ...]:
    """Every variable that GitLab or the runner sets, by name."""
    return tuple(_table().predefined.values())


def find_predefined(name: str) -> PredefinedVariable | None:
    """The predefined variable of that name, None for any other."""
    return _table().predefined.get(name)


def runner_controls() -> tuple[RunnerControl, ...]:
    """The variables by which a pipeline steers the runner."""
    return tuple(_table().controls.values())


def find_runner_control(name: str) -> RunnerControl | None:
    """The control of that name, None for any other."""
    return _table().controls.get(name)


def reserved_root_names() -> frozenset[str]:
    """The root keys that can never be the name of a job."""
    return _table().reserved


def trigger_job_keys() -> tuple[str, ...]:
    """The keys that a job with `trigger` may have."""
    return _table().trigger_job_keys


def pipeline_sources() -> tuple[NamedValue, ...]:
    """The usual values of `CI_PIPELINE_SOURCE`, what started a pipeline; there are others."""
    return _table().pipeline_sources


def ref_kinds() -> tuple[NamedValue, ...]:
    """What `only` and `except` take besides branches and tags: kinds of pipelines."""
    return _table().ref_kinds


def _resolve(path: tuple[str, ...], place: Place) -> tuple[Place, tuple[str, ...]]:
    """Where the record keeps what stands below `path`: some keys are alike in several places."""
    if place is Place.JOB and path[:2] == ("trigger", "include"):
        return Place.TRIGGER, path[1:]
    if place is not Place.ROOT or not path:
        return place, path
    if path[0] == "default":
        return Place.DEFAULT, path[1:]
    return (Place.DEFAULT if path[:1] in _table().keywords[Place.DEFAULT] else place), path


def _fits(steps: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(steps) == len(known) and all(
        name in (step, _WILDCARD) for step, name in zip(steps, known, strict=True)
    )


@cache
def _table() -> _Table:
    data = load_json("gitlab.json")
    try:
        keywords: dict[Place, dict[tuple[str, ...], Keyword]] = {place: {} for place in Place}
        for record in data["keywords"]:
            for place in map(Place, record["where"]):
                keyword = _keyword(record, place)
                keywords[place].setdefault(keyword.path, keyword)
        predefined = map(_predefined, data["predefined_variables"])
        controls = map(_control, data["runner_controls"])
        return _Table(
            keywords=keywords,
            predefined={variable.name: variable for variable in predefined},
            controls={control.name: control for control in controls},
            reserved=frozenset(data["reserved_root_names"]),
            trigger_job_keys=tuple(data["trigger_job_keys"]),
            pipeline_sources=tuple(NamedValue(**each) for each in data["pipeline_sources"]),
            ref_kinds=tuple(NamedValue(**each) for each in data["ref_kinds"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"gitlab.json has no readable keywords: {error!r}") from error


def _keyword(record: dict[str, Any], place: Place) -> Keyword:
    steps = record["path"].split(":")
    if place is Place.DEFAULT and steps[0] == "default":
        steps = steps[1:]
    if steps[0] in _LISTS:
        steps = [step for step in steps if step != _WILDCARD]
    return Keyword(
        path=tuple(steps),
        doc=record["doc"],
        types=tuple(record["types"]),
        values=tuple(record.get("values", ())),
        default=_yaml(record.get("default")),
        deprecated=record.get("deprecated", False),
        use=record.get("use"),
        since=record.get("since"),
        tier=record.get("tier"),
    )


def _yaml(value: str | float | list[str] | None) -> str | None:
    """A default as one writes it in YAML."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(value)}]"
        case _:
            return str(value)


def _predefined(record: dict[str, Any]) -> PredefinedVariable:
    return PredefinedVariable(
        name=record["name"],
        doc=record["doc"],
        known_from=KnownFrom(record["known"]),
        set_by=record["set_by"],
        only_in=record.get("only_in"),
    )


def _control(record: dict[str, Any]) -> RunnerControl:
    return RunnerControl(
        record["name"], record["doc"], tuple(record.get("values", ())), record.get("default")
    )
