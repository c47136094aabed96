"""What GitLab's keywords and its own variables are for, as Markdown."""

from uvci.catalog.gitlab import Keyword, KnownFrom, PredefinedVariable, RunnerControl
from uvci.features.markdown import bullets, card, code, codes

_REFERENCE = "https://docs.gitlab.com/ci/yaml/"
_VARIABLES = "https://docs.gitlab.com/ci/variables/predefined_variables/"
_KNOWN_FROM = {
    KnownFrom.PRE_PIPELINE: "Known everywhere: in `include`, `workflow`, `rules` and jobs",
    KnownFrom.PIPELINE: "Known in `rules` and jobs, not in `include`",
    KnownFrom.JOB: "Known only on the runner: in scripts, image, services, cache and artifacts",
}
_WHEN = {
    "on_success": "when no job of an earlier stage failed",
    "on_failure": "when a job of an earlier stage failed",
    "always": "whatever happened before",
    "manual": "when somebody starts it",
    "delayed": "after the time in `start_in`",
    "never": "not at all",
}
_MEANINGS: dict[tuple[str, ...], dict[str, str]] = {
    ("cache", "policy"): {
        "pull-push": "restored before the job, saved after it",
        "pull": "only restored: for jobs that add nothing",
        "push": "only saved: for a job that fills the cache",
    },
    ("cache", "when"): {
        "on_success": "saved when the job succeeds",
        "on_failure": "saved when the job fails",
        "always": "saved whether the job succeeds or fails",
    },
    ("when",): _WHEN,
    ("rules", "when"): _WHEN,
}


def value_meaning(keyword: Keyword, value: str) -> str:
    """What one of a keyword's values means, empty where it says so itself."""
    return _MEANINGS.get(keyword.path, {}).get(value, "")


def keyword_card(keyword: Keyword) -> str:
    """What a keyword does and takes."""
    name = ":".join(step for step in keyword.path if step != "*")
    outdated = f"Deprecated: {keyword.use}" if keyword.use else "Deprecated"
    lines = [
        outdated if keyword.deprecated else "",
        f"Values: {codes(keyword.values)}" if keyword.values else "",
        f"Default: {code(keyword.default)}" if keyword.default is not None else "",
        f"Since GitLab {keyword.since}" if keyword.since else "",
        f"Needs GitLab {keyword.tier}" if keyword.tier else "",
    ]
    link = f"[GitLab: {name}]({_REFERENCE}#{name.replace(':', '').replace('_', '_')})"
    return card(f"**{code(name)}** · {keyword.doc}", bullets(lines), link)


def predefined_card(variable: PredefinedVariable, *facts: str) -> str:
    """What a variable holds that GitLab or the runner sets."""
    lines = [
        *facts,
        f"Only in: {variable.only_in}" if variable.only_in else "",
        _KNOWN_FROM[variable.known_from],
    ]
    title = f"**{code('$' + variable.name)}** · {variable.doc}"
    return card(title, bullets(lines), f"[GitLab: predefined variables]({_VARIABLES})")


def control_card(control: RunnerControl, *facts: str) -> str:
    """What a variable does that steers the runner."""
    lines = [
        *facts,
        f"Values: {codes(control.values)}" if control.values else "",
        f"Default: {code(control.default)}" if control.default is not None else "",
    ]
    return card(
        f"**{code(control.name)}** · {control.doc}", bullets([*lines, "Read by GitLab Runner"])
    )
