"""Hovers of jobs, stages and the names one entry takes from another."""

from uvci.features.cards.job import job_card
from uvci.features.entries import ROOT_KEYS
from uvci.features.hover.spot import Here
from uvci.features.markdown import bullets, card, code
from uvci.pipeline.model import Job
from uvci.syntax.tree import Scalar, Sequence


def entry_hover(here: Here, name: str) -> str | None:
    """The effective job of a root entry."""
    job = here.view.pipeline.job(name)
    return job_card(here.view, job) if job else None


def target_hover(here: Here, name: str) -> str:
    """The job that `extends`, `needs` or `dependencies` names."""
    job = here.view.pipeline.job(name)
    if job:
        return job_card(here.view, job)
    if here.view.pipeline.unread:
        return f"{code(name)} may come from an include that cannot be read here."
    return f"**No entry is called {code(name)}** in this pipeline."


def reference_hover(here: Here, node: Scalar, steps: Sequence) -> str | None:
    """The entry or keyword that a step of `!reference [job, keyword]` leads to."""
    names = [item.text for item in steps.items if isinstance(item, Scalar)]
    if not names or names[0] in ROOT_KEYS:
        return None
    if steps.items[0] is node or not (job := here.view.pipeline.job(names[0])):
        return target_hover(here, names[0])
    there = job.keywords.get(*names[1:])
    if there is None:
        return f"**{code(names[0])} has no {code('.'.join(names[1:]))}.**"
    return _referenced(job, names[1:])


def _referenced(job: Job, keys: list[str]) -> str:
    lines = [line.text for line in job.scripts if line.section.value == keys[0]]
    shown = [code(line.strip().split("\n")[0]) for line in lines[:8]]
    return card(f"**{code('.'.join(keys))}** of {code(job.name)}", bullets(shown))
