"""How items of a script are kept from one job, where others that share them need them."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from uvci.pipeline.model import Job, ScriptLine, Section
from uvci.pipeline.values import Items, Link, LinkKind
from uvci.rules.edits import places_brought_by
from uvci.rules.places import job_owner
from uvci.rules.rule import Change, Context, FileEdit
from uvci.rules.script_edits import removed_link
from uvci.syntax.patch import Verbatim

_INHERITED = (LinkKind.DEFAULT, LinkKind.ROOT, LinkKind.EXTENDS)


class LeftOut(Struct, frozen=True):
    """Edits after which a job no longer has some items, and where that changes anything."""

    title: str
    edits: tuple[FileEdit, ...]
    declares: tuple[Change, ...]


def left_out(
    line: ScriptLine,
    job: Job,
    are_needless: Callable[[Sequence[ScriptLine]], bool],
    context: Context,
) -> Iterator[LeftOut]:
    """The ways to keep `line` from a job, with nothing but items that are needless together.

    The alias or the reference that brings them goes, the one that stands nearest to the job first;
    a `before_script` that comes from `default` or a template gets an empty one in the job's own.
    """
    for link in line.plain.origin.chain:
        if link.kind not in (LinkKind.ANCHOR, LinkKind.REFERENCE):
            continue
        if are_needless([one for one in job.scripts if link in one.plain.origin.chain]):
            edits, declares = removed_link(link, context), places_brought_by(link, context)
            yield LeftOut(f"Drop `{_typed(link)}`", edits, declares)
    if _is_inherited(line, job) and are_needless([one for one in job.scripts if _is_before(one)]):
        owner = job_owner(job, context)
        edits = ()
        if owner is not None:
            edits = owner.add("before_script", Verbatim("[]"), before=owner.get("script"))
        declares = (Change(job.name, ("before_script",)),)
        yield LeftOut("Give the job an empty `before_script`", edits, declares)


def _typed(link: Link) -> str:
    """An alias or a reference, as it is written."""
    if link.kind is LinkKind.ANCHOR:
        return f"*{link.name}"
    return f"!reference [{', '.join(link.name.split(':'))}]"


def _is_before(line: ScriptLine) -> bool:
    return line.section is Section.BEFORE


def _is_inherited(line: ScriptLine, job: Job) -> bool:
    """Whether a line is of a `before_script` that the job has from elsewhere."""
    value = job.keywords.get("before_script")
    links = value.origin.chain if isinstance(value, Items) else ()
    return _is_before(line) and bool(links) and links[0].kind in _INHERITED
