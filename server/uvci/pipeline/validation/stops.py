"""Environments that another job stops (GitLab docs: `environment:on_stop`)."""

from msgspec import Struct

from uvci.pipeline.values import Plain, Table, Value


class Deployment(Struct, frozen=True):
    """A job's `environment`; what is unknown is None, what is not set is empty."""

    name: str | None
    action: str | None = ""
    on_stop: str = ""


def read_deployment(value: Value | None) -> Deployment | None:
    """The environment that a job names; None for a job that names none."""
    if isinstance(value, Table):
        stop = value.entries.get("on_stop")
        on_stop = stop.text if isinstance(stop, Plain) else ""
        return Deployment(_text(value, "name"), _text(value, "action"), on_stop)
    if isinstance(value, Plain):
        return Deployment(value.text) if value.value is not None else None
    return None if value is None else Deployment(None, None)


def _text(table: Table, key: str) -> str | None:
    value = table.entries.get(key)
    return "" if value is None else value.text if isinstance(value, Plain) else None


def stop_fault(mine: Deployment, stopper: Deployment | None) -> str | None:
    """What GitLab says against the job that stops an environment; `stopper` is its environment."""
    if stopper is None:
        return "does not have environment defined"
    if None not in (mine.name, stopper.name) and mine.name != stopper.name:
        return "have different environment name"
    if stopper.action is not None and stopper.action != "stop":
        return "needs to have action stop defined"
    return None
