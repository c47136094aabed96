"""Variables of a job that only the package manager it had would read."""

import re

from uvci.rules.places import job_owner
from uvci.rules.rule import Context, FileEdit
from uvci.syntax.patch import remove_pair
from uvci.syntax.paths import key_text
from uvci.syntax.tree import Mapping
from uvci.text.patterns import lazy_re

_OF_TOOLS = {
    "pip": lazy_re(
        r"PIP_(?:CACHE_DIR|NO_CACHE_DIR|DISABLE_PIP_VERSION_CHECK|ROOT_USER_ACTION|NO_INPUT)"
    ),
    "poetry": lazy_re(r"POETRY_[A-Z_]+"),
    "pipenv": lazy_re(r"PIPENV_[A-Z_]+"),
}


def variables_step(
    name: str, tools: frozenset[str], context: Context
) -> tuple[tuple[FileEdit, ...], tuple[str, ...]]:
    """The edits that take out what nothing reads any more, and the variables' names.

    `tools` are those that do not run in the job any more.
    """
    job = context.pipeline.job(name)
    owner = job_owner(job, context) if job else None
    pair = owner.get("variables") if owner else None
    if job is None or owner is None or pair is None or not isinstance(pair.value, Mapping):
        return (), ()
    text = owner.document.text[owner.mapping.span.start : owner.mapping.span.end]
    unread = [
        one
        for one in pair.value.pairs
        if (known := key_text(one.key))
        and any(_OF_TOOLS[tool].fullmatch(known) for tool in tools)
        and len(re.findall(rf"\b{known}\b", text)) == 1
    ]
    is_shared = pair.value.anchor or any(one.is_merge for one in pair.value.pairs)
    if pair.value.flow or is_shared or not unread:
        return (), ()
    if len(unread) == len(pair.value.pairs):
        edits = [*remove_pair(owner.document, owner.mapping, pair)]
    else:
        edits = [edit for one in unread for edit in remove_pair(owner.document, pair.value, one)]
    names = tuple(key_text(one.key) or "" for one in unread)
    return tuple(FileEdit(owner.path, edit) for edit in edits), names
