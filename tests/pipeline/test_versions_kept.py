"""Typing does not pile up what a file said before."""

import gc

from uvci.pipeline.build import build_pipeline
from uvci.pipeline.layers import Layer
from uvci.pipeline.sources import MemoryFiles
from uvci.syntax.parse import parse


def test_only_the_last_texts_of_a_file_are_kept() -> None:
    path = "versions-kept.yml"
    document = parse("test:\n  script: [x]\n")
    for number in range(40):
        text = f"test:\n  script: [x{number}]\n"
        document = parse(text, document)
        pipeline = build_pipeline(path, MemoryFiles({path: text}), documents={path: document})
        assert [job.name for job in pipeline.jobs] == ["test"]
    gc.collect()
    kept = [each for each in gc.get_objects() if isinstance(each, Layer) and each.path == path]
    assert len(kept) <= 5


def test_jobs_that_stay_do_not_hold_what_the_file_said_when_they_were_made() -> None:
    path = "versions-held.yml"
    jobs = [f"job-{number}:\n  script: [x]\n" for number in range(60)]
    document = parse("".join(jobs))
    for number in range(len(jobs)):
        jobs[number] = jobs[number].replace("x", "y")
        text = "".join(jobs)
        document = parse(text, document)
        pipeline = build_pipeline(path, MemoryFiles({path: text}), documents={path: document})
        assert [len(job.scripts) for job in pipeline.jobs] == [1] * len(jobs)
    gc.collect()
    held = [each for each in gc.get_objects() if isinstance(each, Layer) and each.path == path]
    assert len(held) <= 20
