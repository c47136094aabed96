"""Which jobs a stage has, as Markdown."""

from uvci.features.job_facts import stage_of
from uvci.features.markdown import bullets, card, code, codes
from uvci.features.view import View


def stage_card(view: View, name: str) -> str:
    """The jobs of a stage, and what runs before and after it."""
    stages = view.pipeline.stages
    if name not in stages:
        return f"**No stage is called {code(name)}:** there are {codes(stages)}."
    jobs = [job.name for job in view.pipeline.jobs if stage_of(job) == name]
    order = f"Stage {stages.index(name) + 1} of {len(stages)}: {codes(stages)}"
    return card(f"**Stage {code(name)}** · {codes(jobs, 6) or 'no job'}", bullets([order]))
