"""The check of one job, and of one trigger job."""

from uvci.pipeline.durations import read_duration
from uvci.pipeline.validation import keywords as keyword
from uvci.pipeline.validation.spot import (
    Check,
    Spot,
    check_below,
    check_keys,
    is_blank,
    is_boolean,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.validation.structured import (
    JOB_WHEN,
    check_inherit,
    check_needs,
    check_parallel,
    check_rules,
    check_variables,
    is_rule_list,
)
from uvci.pipeline.values import Items, Plain, Table, TypedKey, Unknown, plains

NEITHER = "config should implement the script:, run:, or trigger: keyword"
_DOCS = (
    "https://docs.gitlab.com/ee/ci/jobs/job_troubleshooting.html"
    "#job-may-allow-multiple-pipelines-to-run-for-a-single-action-warning"
)
_TWICE = (
    "may allow multiple pipelines to run for a single action due to `rules:when` clause with no"
    f" `workflow:rules` - read more: {_DOCS}"
)
_SHARED_KEYS = (
    "extends",
    "stage",
    "only",
    "except",
    "rules",
    "variables",
    "inherit",
    "allow_failure",
    "when",
    "needs",
    "resource_group",
    "environment",
    "interruptible",
)
JOB_KEYS = frozenset(
    {
        *_SHARED_KEYS,
        *("after_script", "artifacts", "before_script", "cache", "coverage", "dast_configuration"),
        *(
            "dependencies",
            "hooks",
            "id_tokens",
            "identity",
            "image",
            "inputs",
            "manual_confirmation",
        ),
        *("pages", "parallel", "publish", "release", "retry", "run", "script", "secrets"),
        *("services", "start_in", "tags", "timeout", "trigger"),
    }
)
TRIGGER_KEYS = frozenset({*_SHARED_KEYS, "trigger", "parallel", "manual_confirmation"})
TRIGGER_WHEN = ("on_success", "on_failure", "always", "manual")
_LONGEST_NAME = 255

DEFAULT_CHECKS: dict[str, Check] = {
    "before_script": keyword.check_script,
    "after_script": keyword.check_script,
    "hooks": keyword.check_hooks,
    "cache": keyword.check_caches,
    "image": keyword.check_image,
    "services": keyword.check_services,
    "timeout": keyword.check_timeout,
    "retry": keyword.check_retry,
    "tags": keyword.check_tags,
    "artifacts": keyword.check_artifacts,
    "id_tokens": keyword.check_id_tokens,
    "interruptible": keyword.check_interruptible,
}
INHERITABLE = frozenset({*DEFAULT_CHECKS, "identity"})
_SHARED_CHECKS: dict[str, Check] = {
    "stage": keyword.check_stage,
    "rules": check_rules,
    "variables": check_variables,
    "inherit": lambda value, spot: check_inherit(value, spot, INHERITABLE),
    "interruptible": keyword.check_interruptible,
}
_JOB_CHECKS: dict[str, Check] = {
    **_SHARED_CHECKS,
    "before_script": keyword.check_script,
    "script": keyword.check_script,
    **DEFAULT_CHECKS,
    "needs": check_needs,
    "coverage": keyword.check_coverage,
    "release": keyword.check_release,
    "parallel": check_parallel,
}
_TRIGGER_CHECKS: dict[str, Check] = {
    **_SHARED_CHECKS,
    "trigger": keyword.check_trigger,
    "needs": check_needs,
    "parallel": check_parallel,
}


def check_job(name: str, job: Table, spot: Spot, *, warn: bool) -> None:
    """A job with a script. `warn` where pipelines may run twice (no `workflow:rules`)."""
    check_keys(job, JOB_KEYS, spot)
    _check_shared(name, job, spot, JOB_WHEN)
    if "script" in job.entries and is_blank(job.entries["script"]):
        spot.say("script can't be blank", "script")
    dependencies = job.entries.get("dependencies")
    if dependencies is not None and not is_unset(dependencies) and not is_text_list(dependencies):
        spot.say("dependencies should be an array of strings", "dependencies")
    allowed = job.entries.get("allow_failure")
    if not (is_unset(allowed) or isinstance(allowed, Table) or is_boolean(allowed)):
        spot.say("allow failure should be a hash or a boolean value", "allow_failure")
    _check_start(job, spot)
    _check_publish(name, job, spot)
    check_below(job, _JOB_CHECKS, spot)
    _check_dependencies(job, spot)
    if warn:
        _warn_of_rules(job, spot)


def check_trigger_job(name: str, job: Table, spot: Spot) -> None:
    """A job with `trigger`, or with `needs` and no script."""
    check_keys(job, TRIGGER_KEYS, spot)
    _check_shared(name, job, spot, TRIGGER_WHEN)
    check_below(job, _TRIGGER_CHECKS, spot)
    trigger, needs = job.entries.get("trigger"), job.entries.get("needs")
    found = needs.values if isinstance(needs, Items) else (needs,)
    upstream = any(
        isinstance(need, Unknown)
        or (isinstance(need, Table) and "pipeline" in need.entries and "job" not in need.entries)
        for need in found
    )
    if is_unset(trigger) and not upstream:
        spot.say("config should contain either a trigger or a needs:pipeline")


def _check_shared(name: str, job: Table, spot: Spot, when: tuple[str, ...]) -> None:
    if isinstance(name, TypedKey):
        spot.say("name should be a symbol")
    if len(name) > _LONGEST_NAME:
        spot.say(f"name is too long (maximum is {_LONGEST_NAME} characters)")
    for pair in (("script", "trigger"), ("run", "trigger"), ("script", "run")):
        if all(not is_unset(job.entries.get(key)) for key in pair):
            spot.say(f"config these keys cannot be used together: {', '.join(pair)}", pair[1])
    _check_rules_and_others(job, spot)
    extends = job.entries.get("extends")
    if not (extends is None or is_unset(extends) or is_text(extends) or is_text_list(extends)):
        spot.say("extends should be an array of strings or a string", "extends")
    rules = job.entries.get("rules")
    if rules is not None and not is_unset(rules) and not is_rule_list(rules):
        spot.say("rules should be an array containing hashes and arrays of hashes", "rules")
    _check_when(job, when, spot)


def _check_rules_and_others(job: Table, spot: Spot) -> None:
    if is_unset(job.entries.get("rules")):
        return
    others = ("only", "except", "start_in")
    clashing = [key for key in others if not is_unset(job.entries.get(key))]
    if clashing:
        shown = f"config key may not be used with `rules`: {', '.join(clashing)}"
        spot.say(shown, clashing[0])


def _check_when(job: Table, choices: tuple[str, ...], spot: Spot) -> None:
    when = job.entries.get("when")
    if when is None or is_unset(when) or isinstance(when, Unknown):
        return
    if not is_text(when):
        spot.say("when should be a string", "when")
    if isinstance(when, Plain) and when.text not in choices:
        spot.say(f"when should be one of: {', '.join(choices)}", "when")


def _check_start(job: Table, spot: Spot) -> None:
    when, start = job.entries.get("when"), job.entries.get("start_in")
    if isinstance(when, Unknown) or isinstance(start, Unknown):
        return
    delayed = isinstance(when, Plain) and when.value == "delayed"
    if delayed and not (isinstance(start, Plain) and read_duration(start.text) is not None):
        spot.say("start in should be a duration", "when")
    if not delayed and start is not None and not is_unset(start):
        spot.say("start in must be blank", "start_in")


def _check_dependencies(job: Table, spot: Spot) -> None:
    dependencies, needs = job.entries.get("dependencies"), job.entries.get("needs")
    if not isinstance(dependencies, Items) or not isinstance(needs, Items) or not needs.values:
        return
    if any(isinstance(item, Unknown) for item in (*dependencies.values, *needs.values)):
        return
    named = {plain.text for plain in plains(needs)}
    tables = [item for item in needs.values if isinstance(item, Table)]
    named |= {one.text for item in tables if isinstance(one := item.entries.get("job"), Plain)}
    missing = [item.text for item in plains(dependencies) if item.text not in named]
    if missing:
        shown = f"dependencies the {', '.join(missing)} should be part of needs"
        spot.say(shown, "dependencies")


def _check_publish(name: str, job: Table, spot: Spot) -> None:
    if "publish" in job.entries and name != "pages" and is_unset(job.entries.get("pages")):
        spot.say("publish can only be used within a `pages` job", "publish")


def _warn_of_rules(job: Table, spot: Spot) -> None:
    rules = job.entries.get("rules")
    while isinstance(rules, Items) and rules.values:
        rules = rules.values[-1]
    if not isinstance(rules, Table) or list(rules.entries) != ["when"]:
        return
    when = rules.entries["when"]
    if isinstance(when, Plain) and when.value != "never":
        spot.say(_TWICE, "rules", warning=True)
