"""The OIDC tokens that a job gets as variables (GitLab docs: `id_tokens`)."""

from collections.abc import Mapping

from uvci.pipeline.model import Job
from uvci.pipeline.values import Table, plains


def id_tokens(job: Job | None) -> Mapping[str, str]:
    """The names of the job's tokens, each with whom it is for, as typed."""
    value = job.keywords.entries.get("id_tokens") if job else None
    if not isinstance(value, Table):
        return {}
    return {
        name: ", ".join(plain.text for plain in plains(token.get("aud")))
        for name, token in value.entries.items()
        if isinstance(token, Table)
    }


def id_token(job: Job | None, name: str) -> str | None:
    """Whom the token `name` of the job is for; None where the job has no such token."""
    return id_tokens(job).get(name)
