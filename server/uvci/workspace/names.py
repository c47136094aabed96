"""Which files are pipelines by their names."""

import re
from pathlib import PurePosixPath

from uvci.text.patterns import lazy_re

MAIN = (".gitlab-ci.yml", ".gitlab-ci.yaml")
"""The names a project starts from; the first is GitLab's default."""

# Folders of `.gitlab/` in which GitLab keeps YAML that is no pipeline (GitLab docs: agent
# configuration, custom dashboards, security policies, …), and its files of that kind.
_OTHER_FOLDERS = frozenset(
    {"agents", "analytics", "changelog", "custom_emoji", "dashboards", "duo", "insights",
     "issue_templates", "merge_request_templates", "security-policies", "workflows", "workspaces"}
)  # fmt: skip
_OTHER_FILES = lazy_re(
    r"(?:changelog_config|insights|route-map|sast-ruleset|redirects|\.?devfile|CODEOWNERS)\.ya?ml"
)
_SPEC_HEADER = lazy_re(r"\A\ufeff?(?:---[ \t]*\r?\n)?(?:#[^\n]*\n|[ \t\r]*\n)*spec:")
_SEPARATOR = lazy_re(r"^---(?:\s|$)", re.MULTILINE)
# What Jinja fills in, where no YAML that GitLab takes can have it.
_FILLED_IN = lazy_re(
    r"^[ \t]*\{%|^[ \t]*(?:-[ \t]+)?[\w.-]+:[ \t]+\{\{|\{\{-?[ \t]*cookiecutter\.", re.MULTILINE
)


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


def is_component(path: str, text: str) -> bool:
    """Whether a file is a CI/CD component: in `templates/`, with a `spec:` header.

    GitLab docs: CI/CD components, directory structure.
    """
    parts = PurePosixPath(path).parts
    if parts[0] != "templates" or not path.endswith((".yml", ".yaml")) or len(parts) > 3:
        return False
    return bool(_SPEC_HEADER.match(text) and _SEPARATOR.search(text))


def is_filled_in(path: str, text: str) -> bool:
    r"""Whether a file is what a generator of projects makes a pipeline from, with Jinja in it.

    >>> is_filled_in("template/.gitlab-ci.yml", "{% if docs %}\npages: {}\n{% endif %}\n")
    True
    >>> is_filled_in(".gitlab-ci.yml", "test:\n  script: docker ps --format '{{.Names}}'\n")
    False
    """
    return "{{" in path or _FILLED_IN.search(text) is not None
