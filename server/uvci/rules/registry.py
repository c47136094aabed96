"""Every rule there is, in the order of their codes."""

from uvci.rules.cache import (
    cache_in_build,
    cache_key_file_missing,
    cache_key_without_lockfile,
    cache_path_missing_dollar,
    cache_path_outside_project,
    cached_path_unused,
    cached_virtualenv,
    misplaced_prune,
    missing_prune,
    no_cache,
    python_downloads_not_cached,
    relative_cache_dir,
    shared_key_races,
    uv_cache_not_saved,
)
from uvci.rules.commands import (
    deprecated_uv_flag,
    environment_changed_back,
    exit_code_never_met,
    pip_without_environment,
    redundant_uv_install,
    self_update_in_image,
    system_flag_conflict,
    unknown_uv_command,
    unknown_uv_flag,
    unlocked_sync,
    unpinned_uv_install,
    uv_missing,
    uv_not_on_path,
)
from uvci.rules.images import (
    end_of_life_python,
    entrypoint,
    floating_image_tag,
    frozen_image_tag,
    git_missing_in_image,
    image_without_shell,
    misspelt_uv_image,
    musl_without_wheels,
    python_mismatch,
    required_version,
    unpublished_image_tag,
    unquoted_version,
    unused_uv_version,
    uv_version_drift,
)
from uvci.rules.pipeline import refused_by_gitlab, unused_suppression
from uvci.rules.publishing import (
    insecure_index,
    nothing_to_publish,
    plaintext_secret,
    publish_flags,
    registry_url_shape,
    shallow_version,
    trusted_publishing_off,
    trusted_publishing_token,
    unsafe_index_strategy,
)
from uvci.rules.rule import Rule
from uvci.rules.variables import (
    conflicting_uv_variables,
    deprecated_uv_variable,
    invalid_uv_value,
    link_mode,
    pip_variable_ignored,
    presence_variable,
    system_python_ignored,
    unknown_uv_variable,
    uv_variable_not_in_version,
)

RULES: tuple[Rule, ...] = (
    refused_by_gitlab.RULE,
    unused_suppression.RULE,
    unpublished_image_tag.RULE,
    frozen_image_tag.RULE,
    floating_image_tag.RULE,
    image_without_shell.RULE,
    entrypoint.RULE,
    unquoted_version.RULE,
    python_mismatch.RULE,
    required_version.RULE,
    uv_version_drift.RULE,
    end_of_life_python.RULE,
    git_missing_in_image.RULE,
    musl_without_wheels.RULE,
    misspelt_uv_image.RULE,
    unused_uv_version.RULE,
    cache_path_outside_project.RULE,
    uv_cache_not_saved.RULE,
    cached_path_unused.RULE,
    relative_cache_dir.RULE,
    no_cache.RULE,
    cache_key_without_lockfile.RULE,
    cache_key_file_missing.RULE,
    shared_key_races.RULE,
    missing_prune.RULE,
    misplaced_prune.RULE,
    cached_virtualenv.RULE,
    cache_in_build.RULE,
    python_downloads_not_cached.RULE,
    cache_path_missing_dollar.RULE,
    unknown_uv_variable.RULE,
    uv_variable_not_in_version.RULE,
    invalid_uv_value.RULE,
    deprecated_uv_variable.RULE,
    conflicting_uv_variables.RULE,
    system_python_ignored.RULE,
    link_mode.RULE,
    presence_variable.RULE,
    pip_variable_ignored.RULE,
    pip_without_environment.RULE,
    unlocked_sync.RULE,
    system_flag_conflict.RULE,
    unknown_uv_command.RULE,
    unknown_uv_flag.RULE,
    deprecated_uv_flag.RULE,
    redundant_uv_install.RULE,
    unpinned_uv_install.RULE,
    uv_not_on_path.RULE,
    uv_missing.RULE,
    self_update_in_image.RULE,
    environment_changed_back.RULE,
    exit_code_never_met.RULE,
    plaintext_secret.RULE,
    trusted_publishing_token.RULE,
    trusted_publishing_off.RULE,
    insecure_index.RULE,
    registry_url_shape.RULE,
    publish_flags.RULE,
    shallow_version.RULE,
    nothing_to_publish.RULE,
    unsafe_index_strategy.RULE,
)


def find_rule(name: str) -> Rule | None:
    """The rule of that code or kebab-case name, in any case."""
    wanted = name.casefold()
    return next((rule for rule in RULES if wanted in (rule.code.casefold(), rule.name)), None)


def matching_rules(selector: str) -> tuple[Rule, ...]:
    """The rules a selector means: `ALL`, a code or its beginning (`UVC2`), or a name; maybe none.

    >>> [rule.name for rule in matching_rules("UVC001")]
    ['refused-by-gitlab']
    """
    wanted = selector.casefold()
    if wanted == "all":
        return RULES
    if wanted.startswith("uvc"):
        return tuple(rule for rule in RULES if rule.code.casefold().startswith(wanted))
    return tuple(rule for rule in RULES if rule.name == wanted)
