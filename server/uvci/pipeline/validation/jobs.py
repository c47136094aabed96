"""The check of one job, and of one trigger job."""

from uvci.pipeline.validation import keywords as keyword
from uvci.pipeline.validation.containers import check_image, check_services
from uvci.pipeline.validation.deployments import check_environment, check_release, check_trigger
from uvci.pipeline.validation.rules import (
    JOB_WHEN,
    check_delay,
    check_policy,
    check_rules,
    is_rule_list,
)
from uvci.pipeline.validation.spot import (
    Check,
    Spot,
    check_below,
    check_choice,
    check_keys,
    check_type,
    is_blank,
    is_boolean,
    is_text,
    is_text_list,
    is_unset,
)
from uvci.pipeline.validation.stores import check_artifacts, check_caches
from uvci.pipeline.validation.structured import (
    check_inherit,
    check_needs,
    check_parallel,
    check_trigger_parallel,
    check_variables,
)
from uvci.pipeline.values import Items, Plain, Table, TypedKey, Unknown, Value, plains

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
    "image": check_image,
    "services": check_services,
    "after_script": keyword.check_script,
    "hooks": keyword.check_hooks,
    "cache": check_caches,
    "interruptible": keyword.check_interruptible,
    "timeout": keyword.check_timeout,
    "retry": keyword.check_retry,
    "tags": keyword.check_tags,
    "artifacts": check_artifacts,
    "id_tokens": keyword.check_id_tokens,
}
INHERITABLE = frozenset({*DEFAULT_CHECKS, "identity"})
_SHARED_CHECKS: dict[str, Check] = {
    "stage": keyword.check_stage,
    "only": check_policy,
    "except": check_policy,
    "rules": check_rules,
    "variables": check_variables,
    "inherit": lambda value, spot: check_inherit(value, spot, INHERITABLE),
    "environment": check_environment,
    "interruptible": keyword.check_interruptible,
}
_JOB_CHECKS: dict[str, Check] = {
    **_SHARED_CHECKS,
    "before_script": keyword.check_script,
    "script": keyword.check_script,
    "after_script": keyword.check_script,
    "hooks": keyword.check_hooks,
    "cache": check_caches,
    "image": check_image,
    "services": check_services,
    "timeout": keyword.check_timeout,
    "retry": keyword.check_retry,
    "tags": keyword.check_tags,
    "artifacts": check_artifacts,
    "needs": check_needs,
    "coverage": keyword.check_coverage,
    "release": check_release,
    "parallel": check_parallel,
    "allow_failure": keyword.check_allow_failure,
    "id_tokens": keyword.check_id_tokens,
    "publish": keyword.check_publish,
    "pages": keyword.check_pages,
    "inputs": keyword.check_job_inputs,
}
_TRIGGER_CHECKS: dict[str, Check] = {
    **_SHARED_CHECKS,
    "trigger": check_trigger,
    "needs": lambda value, spot: check_needs(value, spot, ("job", "bridge")),
    "parallel": check_trigger_parallel,
}


def check_job(name: str, job: Table, spot: Spot, *, warn: bool) -> None:
    """A job with a script. `warn` where pipelines may run twice (no `workflow:rules`)."""
    _check_shared(name, job, spot)
    check_keys(job, JOB_KEYS, spot)
    _check_exclusive(job, ("script", "run"), spot)
    if "run" not in job.entries and is_blank(job.entries.get("script")):
        spot.say("script can't be blank", "script")
    check_choice(job, "when", JOB_WHEN, spot)
    check_type(job, "dependencies", is_text_list, "an array of strings", spot)
    check_type(job, "allow_failure", _is_table_or_boolean, "a hash or a boolean value", spot)
    check_type(job, "manual_confirmation", is_text, "a string", spot)
    _check_start(job, spot)
    _check_publish(name, job, spot)
    below = Spot(spot.location, spot.keys)
    is_sound = spot.is_clean
    if is_sound:
        check_below(job, _JOB_CHECKS, below)
        _check_dependencies(job, spot)
    spot.faults.extend(below.faults)
    if warn and is_sound:
        _warn_of_rules(job, spot)


def check_trigger_job(name: str, job: Table, spot: Spot, *, warn: bool) -> None:
    """A job with `trigger`, or with `needs` and no script; `warn` as for the others."""
    _check_shared(name, job, spot)
    check_keys(job, TRIGGER_KEYS, spot)
    check_choice(job, "when", TRIGGER_WHEN, spot)
    check_type(job, "allow_failure", is_boolean, "a boolean value", spot)
    below = Spot(spot.location, spot.keys)
    is_sound = spot.is_clean
    if is_sound:
        check_below(job, _TRIGGER_CHECKS, below)
    _check_downstream(job, spot)
    spot.faults.extend(below.faults)
    if warn and is_sound:
        _warn_of_rules(job, spot)


def _check_downstream(job: Table, spot: Spot) -> None:
    """A trigger job starts a pipeline, or follows the state of one."""
    trigger, needs = job.entries.get("trigger"), job.entries.get("needs")
    found = needs.values if isinstance(needs, Items) else (needs,)
    upstream = [
        need
        for need in found
        if isinstance(need, Unknown)
        or (isinstance(need, Table) and "pipeline" in need.entries and "job" not in need.entries)
    ]
    if is_unset(trigger) and not upstream:
        spot.say("config should contain either a trigger or a needs:pipeline")
    if len(upstream) > 1 and not any(isinstance(need, Unknown) for need in upstream):
        spot.say("config should contain at most one bridge need", "needs")


def _is_table_or_boolean(value: Value) -> bool:
    return isinstance(value, Table) or is_boolean(value)


def _check_shared(name: str, job: Table, spot: Spot) -> None:
    if isinstance(name, TypedKey):
        spot.say("name should be a symbol")
    if len(name) > _LONGEST_NAME:
        spot.say(f"name is too long (maximum is {_LONGEST_NAME} characters)")
    _check_exclusive(job, ("script", "trigger"), spot)
    _check_exclusive(job, ("run", "trigger"), spot)
    _check_rules_and_others(job, spot)
    extends = job.entries.get("extends")
    if not (extends is None or is_unset(extends) or is_text(extends) or is_text_list(extends)):
        spot.say("extends should be an array of strings or a string", "extends")
    rules = job.entries.get("rules")
    if rules is not None and not is_unset(rules) and not is_rule_list(rules):
        spot.say("rules should be an array containing hashes and arrays of hashes", "rules")
    check_type(job, "resource_group", is_text, "a string", spot)


def _check_exclusive(job: Table, pair: tuple[str, str], spot: Spot) -> None:
    found = [key for key in job.entries if key in pair]
    if len(found) > 1:
        spot.say(f"config these keys cannot be used together: {', '.join(found)}", found[1])


def _check_rules_and_others(job: Table, spot: Spot) -> None:
    if is_unset(job.entries.get("rules")):
        return
    others = ("only", "except", "start_in")
    clashing = [key for key in others if not is_unset(job.entries.get(key))]
    if clashing:
        shown = f"config key may not be used with `rules`: {', '.join(clashing)}"
        spot.say(shown, clashing[0])


def _check_start(job: Table, spot: Spot) -> None:
    when, start = job.entries.get("when"), job.entries.get("start_in")
    if isinstance(when, Unknown) or isinstance(start, Unknown):
        return
    delayed = isinstance(when, Plain) and when.value == "delayed"
    if delayed:
        check_delay(start, spot)
    elif not is_blank(start):
        spot.say("start in must be blank", "start_in")


def _check_dependencies(job: Table, spot: Spot) -> None:
    dependencies, needs = job.entries.get("dependencies"), job.entries.get("needs")
    if not isinstance(dependencies, Items) or not isinstance(needs, Items) or not needs.values:
        return
    if any(isinstance(item, Unknown) for item in (*dependencies.values, *needs.values)):
        return
    tables = [item for item in needs.values if isinstance(item, Table)]
    elsewhere = [item for item in tables if item.entries.keys() & {"pipeline", "project"}]
    here = [item for item in tables if item not in elsewhere]
    named = {plain.text for plain in plains(needs)}
    named |= {one.text for item in here if isinstance(one := item.entries.get("job"), Plain)}
    missing = [item.text for item in plains(dependencies) if item.text not in named]
    if dependencies.values and elsewhere and not named:
        spot.say("needs corresponding to dependencies must be from the same pipeline", "needs")
    elif missing:
        shown = f"dependencies the {', '.join(missing)} should be part of needs"
        spot.say(shown, "dependencies")


def _check_publish(name: str, job: Table, spot: Spot) -> None:
    if "publish" in job.entries and name != "pages" and is_unset(job.entries.get("pages")):
        spot.say("publish can only be used within a `pages` job", "publish")


def _warn_of_rules(job: Table, spot: Spot) -> None:
    """GitLab reads the last rule where nothing is wrong with any."""
    rules = job.entries.get("rules")
    if any(fault.keys[:1] == ("rules",) for fault in spot.faults):
        return
    while isinstance(rules, Items) and rules.values:
        rules = rules.values[-1]
    if not isinstance(rules, Table) or list(rules.entries) != ["when"]:
        return
    when = rules.entries["when"]
    if isinstance(when, Plain) and when.value != "never":
        spot.say(_TWICE, "rules", warning=True)
