"""The ID tokens that a job asks GitLab for (GitLab docs: `id_tokens`; uv docs: trusted publishing).

uv looks for a variable named after the audience that the index tells it: in capitals, what is no
letter or digit as `_`, with `_ID_TOKEN` behind.
"""

from msgspec import Struct

from uvci.catalog.versions import UvVersion
from uvci.pipeline.expansion import Place, expand_text
from uvci.pipeline.model import Job, Variant
from uvci.pipeline.values import Items, Origin, Plain, Table, Value
from uvci.rules.publishing.uploads import Target

SINCE = UvVersion(0, 8, 18)
"""The first uv that publishes from GitLab without stored credentials."""
AUDIENCES = {Target.PYPI: "pypi", Target.TEST_PYPI: "testpypi"}


class IdToken(Struct, frozen=True, eq=False):
    """One entry of `id_tokens`. `audiences` is None where they are not known.

    `origin` is its value, `aud` what stands for its audiences.
    """

    name: str
    audiences: tuple[str, ...] | None
    origin: Origin
    aud: Plain | Items | None

    def is_for(self, audience: str) -> bool:
        """Whether it surely is for that audience alone."""
        return self.audiences == (audience,)


def token_name(audience: str) -> str:
    """The variable that uv looks for.

    >>> token_name("testpypi")
    'TESTPYPI_ID_TOKEN'
    """
    letters = (letter if letter.isascii() and letter.isalnum() else "_" for letter in audience)
    return f"{''.join(letters).upper()}_ID_TOKEN"


def id_tokens(job: Job, variant: Variant) -> tuple[IdToken, ...] | None:
    """The job's ID tokens; None where they are not known."""
    value = job.keywords.entries.get("id_tokens")
    if value is None:
        return () if job.complete else None
    if not isinstance(value, Table):
        return None
    return tuple(_token(name, entry, variant) for name, entry in value.entries.items())


def _token(name: str, entry: Value, variant: Variant) -> IdToken:
    aud = entry.entries.get("aud") if isinstance(entry, Table) else None
    match aud:
        case Plain():
            text = expand_text(aud.text, variant, Place.GITLAB).text
            return IdToken(name, None if text is None else (text,), entry.origin, aud)
        case Items() if all(isinstance(item, Plain) for item in aud.values):
            texts = [item.text for item in aud.values if isinstance(item, Plain)]
            known = not any("$" in text for text in texts)
            return IdToken(name, tuple(texts) if known else None, entry.origin, aud)
        case _:
            return IdToken(name, None, entry.origin, None)


def is_for_publishing(token: IdToken) -> bool:
    """Whether a token is asked for so that uv can publish with it."""
    return any(token.name == token_name(one) or token.is_for(one) for one in AUDIENCES.values())
