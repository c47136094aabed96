"""Predefined variables whose values a pipeline's text tells (GitLab docs: predefined variables)."""

import re

_LONGEST_SLUG = 63


def predefined_names(job: str) -> dict[str, str]:
    """The variables that hold the name of a job; that of a matrix ends in its values.

    >>> predefined_names("test: [3.12]")
    {'CI_JOB_NAME': 'test: [3.12]', 'CI_JOB_NAME_SLUG': 'test---3-12'}
    """
    return {"CI_JOB_NAME": job, "CI_JOB_NAME_SLUG": _slug(job)}


def _slug(name: str) -> str:
    """As GitLab's `slugify`: each other character becomes `-`, and none stays at either end."""
    return re.sub(r"[^a-z0-9]", "-", name.lower())[:_LONGEST_SLUG].strip("-")
