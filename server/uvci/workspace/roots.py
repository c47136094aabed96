"""Which files are pipelines by their names, and which files a pipeline starts others from."""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath

from uvci.pipeline.model import Pipeline
from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.workspace.disk import normal

MAIN = (".gitlab-ci.yml", ".gitlab-ci.yaml")
"""The names a project starts from; the first is GitLab's default."""

# Folders of `.gitlab/` in which GitLab keeps YAML that is no pipeline (GitLab docs: agent
# configuration, custom dashboards, security policies, …), and its files of that kind.
_OTHER_FOLDERS = frozenset(
    {"agents", "analytics", "changelog", "custom_emoji", "dashboards", "duo", "insights",
     "issue_templates", "merge_request_templates", "security-policies", "workflows", "workspaces"}
)  # fmt: skip
_OTHER_FILES = re.compile(
    r"(?:changelog_config|insights|route-map|sast-ruleset|redirects|\.?devfile|CODEOWNERS)\.ya?ml"
)
_SPEC_HEADER = re.compile(r"\A\ufeff?(?:---[ \t]*\r?\n)?(?:#[^\n]*\n|\s*\n)*spec:")
_SEPARATOR = re.compile(r"^---(?:\s|$)", re.MULTILINE)

# What GitLab says of a file on its own, and would not where another file brings the missing part.
_MAY_BE_ELSEWHERE = re.compile(
    r"at least one visible job|should implement the script|unknown keys in `extends`"
    r"|could not be found|chosen stage .* does not exist|undefined (?:need|dependency)"
    r"|is not defined in current or prior stages|required value has not been provided"
    r"|Please provide content|script can't be blank|is needed by|but it is not"
)


class Standing(Enum):
    """How a file begins a pipeline.

    PIPELINE: GitLab starts pipelines from it. TEMPLATE: it is meant to be included, by nobody that
    can be seen: what it lacks may be elsewhere.
    """

    PIPELINE = "pipeline"
    TEMPLATE = "template"


def is_pipeline_name(path: str) -> bool:
    """Whether a path names a pipeline file: `.gitlab-ci.yml`, `*.gitlab-ci.yml`, `.gitlab/**`.

    >>> is_pipeline_name("ci/test.gitlab-ci.yml"), is_pipeline_name("docker-compose.yml")
    (True, False)
    """
    if not path.endswith((".yml", ".yaml")):
        return False
    place = PurePosixPath(path)
    if place.stem.endswith(".gitlab-ci"):
        return True
    folders = place.parts[:-1]
    if ".gitlab" not in folders or _OTHER_FILES.fullmatch(place.name):
        return False
    below = folders[folders.index(".gitlab") + 1 :]
    return not (below and below[0] in _OTHER_FOLDERS)


def is_main_name(path: str) -> bool:
    """Whether the file's own name is GitLab's `.gitlab-ci.yml`."""
    return PurePosixPath(path).name in MAIN


def is_component(path: str, text: str) -> bool:
    """Whether a file is a CI/CD component: in `templates/`, with a `spec:` header.

    GitLab docs: CI/CD components, directory structure.
    """
    parts = PurePosixPath(path).parts
    if parts[0] != "templates" or not path.endswith((".yml", ".yaml")) or len(parts) > 3:
        return False
    return bool(_SPEC_HEADER.match(text) and _SEPARATOR.search(text))


def child_roots(pipeline: Pipeline) -> tuple[str, ...]:
    """The repository's own files that the pipeline's trigger jobs start child pipelines from."""
    found: dict[str, None] = {}
    for job in pipeline.jobs:
        trigger = job.keywords.get("trigger", "include")
        found |= dict.fromkeys(path for path in _local_files(trigger) if path)
    return tuple(found)


def is_of_parts_elsewhere(message: str) -> bool:
    """Whether GitLab would not say this where another file includes the one it says it of."""
    return _MAY_BE_ELSEWHERE.search(message) is not None


def _local_files(value: Value | None) -> Iterator[str | None]:
    match value:
        case Plain():
            if "://" not in value.text and "$" not in value.text:
                yield normal(value.text)
        case Items():
            for item in value.values:
                yield from _local_files(item)
        case Table():
            yield from _local_files(value.get("local"))
        case _:
            return
