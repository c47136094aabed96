"""What rules say about calls that uv does not understand."""

import re

from uvci.catalog.availability import Availability, Lifetime
from uvci.catalog.phases import OLDEST_TRIED
from uvci.catalog.versions import UvVersion, newest
from uvci.pipeline.model import Section
from uvci.pipeline.scripts import JobCommand
from uvci.rules.rule import Severity
from uvci.rules.uv_jobs import UvRun
from uvci.text.patterns import lazy_re

_NAME = lazy_re(r"-{0,2}[A-Za-z./][\w./-]*", re.ASCII)


def is_name(word: str) -> bool:
    """Whether a command or flag could be called so; placeholders of templates are not."""
    return _NAME.fullmatch(word) is not None


def may_judge(run: UvRun) -> bool:
    """Whether the job takes uv's refusal as a failure, and all of the call is known."""
    return not run.call.command.opaque and not run.call.command.command.tested


def is_on_record(version: UvVersion | None, *, mistaken: bool) -> bool:
    """Whether what is not on record does not exist for the uv of a job.

    A release that is newer than the record may have it, unless it looks `mistaken`; and so may a
    release that nobody knows.
    """
    if version is None:
        return mistaken
    return version >= OLDEST_TRIED and (mistaken or version <= newest())


def severity_of(call: JobCommand) -> Severity:
    """How bad it is that the call fails: GitLab ignores how `after_script` ends."""
    return Severity.WARNING if call.line.section is Section.AFTER else Severity.ERROR


def stops(call: JobCommand) -> str:
    """What becomes of the job, as the end of a sentence."""
    if call.line.section is Section.AFTER:
        return "which ends the `after_script` of {jobs} with exit code 2"
    return "which stops {jobs} with exit code 2"


def lifetime_note(lifetime: Lifetime, version: UvVersion) -> str:
    """From which release on, or up to which, there is something that `version` lacks."""
    later = (each for each in lifetime.stretches if each.first > version)
    if following := next(later, None):
        inexact = following.absent_before is not None
        return f"uv {following.first} has it" if inexact else f"It begins with uv {following.first}"
    last = lifetime.stretches[-1]
    if last.absent_after is not None:
        return f"uv {last.absent_after} has dropped it"
    return f"It ended with uv {last.last}"


def is_missing(availability: Availability) -> bool:
    """Whether a release surely lacks something that others have."""
    return availability in (Availability.TOO_NEW, Availability.REMOVED)
