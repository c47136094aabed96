"""Fixes of `id_tokens`: another audience, another name, one more token."""

from uvci.pipeline.model import Job
from uvci.pipeline.values import Items, LinkKind, Plain, Value
from uvci.rules.edits import arrivals, places_of, replaced, typed_pair
from uvci.rules.places import job_owner
from uvci.rules.publishing.id_tokens import IdToken
from uvci.rules.rule import Change, Context, Fix


def set_audience(token: IdToken, audience: str, context: Context) -> tuple[Fix, ...]:
    """Another audience in place of the one; beside several, which others may look for."""
    aud: Value | None = token.aud
    if isinstance(aud, Items) and len(aud.values) == 1:
        aud = aud.values[0]
    if isinstance(aud, Plain):
        title, edits = f"Set `aud` to `{audience}`", replaced(aud.origin, audience, context)
        declares = arrivals(edits, context)
    elif isinstance(aud, Items) and (pair := typed_pair(aud.origin, context)):
        title, edits = f"Add `{audience}` to `aud`", pair.with_item(audience)
        declares = places_of(aud.origin, context)
    else:
        return ()
    return (Fix(title, edits, preferred=True, declares=declares),) if edits else ()


def changed_or_asked(
    token: IdToken, name: str, audience: str, job: Job, context: Context
) -> tuple[Fix, ...]:
    """The token made the right one; or one more, where another job needs it as it is."""
    more = asked(name, audience, job, context)
    pair = typed_pair(token.origin, context)
    if pair is None or not isinstance(token.aud, Plain):
        return more
    edits = (*pair.renamed(name), *replaced(token.aud.origin, audience, context))
    title = f"Make it `{name}`, for the audience `{audience}`"
    declares = (Change("*", ("id_tokens",)),)
    return (Fix(title, edits, preferred=True, declares=declares), *more)


def renamed(token: IdToken, name: str, context: Context) -> tuple[Fix, ...]:
    """The token under another name."""
    pair = typed_pair(token.origin, context)
    if pair is None:
        return ()
    declares = (Change("*", ("id_tokens",)),)
    return (Fix(f"Rename it to `{name}`", pair.renamed(name), preferred=True, declares=declares),)


def asked(name: str, audience: str, job: Job, context: Context) -> tuple[Fix, ...]:
    """One more token for the job."""
    owner = job_owner(job, context)
    if owner is None:
        return ()
    pair = owner.get("id_tokens")
    if pair is not None:
        edits = owner.add_below(pair, name, {"aud": audience})
    elif _would_be_lost(job.keywords.entries.get("id_tokens")):
        return ()
    else:
        edits = owner.add("id_tokens", {name: {"aud": audience}}, before=owner.get("script"))
    declares = (Change(job.name, ("id_tokens",)),)
    return (Fix(f"Add the ID token `{name}`", edits, preferred=True, declares=declares),)


def _would_be_lost(tokens: Value | None) -> bool:
    """Whether the job's tokens are from where its own replace them; `extends` merges them."""
    chain = tokens.origin.chain if tokens else ()
    return tokens is not None and any(link.kind is not LinkKind.EXTENDS for link in chain)
