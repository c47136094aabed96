"""The effective pipeline without its secrets, which no view and no report shows."""

import re
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from uvci.catalog.tokens import MASK, is_written_out, masked
from uvci.pipeline.model import Pipeline
from uvci.pipeline.shapes import Json
from uvci.pipeline.values import Items, Plain, Table, Unknown, Value
from uvci.rules.kept import by_owner
from uvci.rules.publishing.secrets import any_of, discreet_script, is_secret_variable, secret_words


class Discretion(Struct, frozen=True, eq=False):
    """Texts and values of one pipeline as they may be shown, `…` for each secret.

    `words` are the secrets that the pipeline's files hold; they are hidden wherever they arrive,
    also in what is made of them: a cache key, a job's name, a message.
    """

    words: re.Pattern[str] | None

    def quiet(self, text: str) -> str:
        """A text of uvci's own, which may quote one of the pipeline."""
        shown = masked(text)
        return self.words.sub(MASK, shown) if self.words else shown

    def text(self, text: str, name: str = "") -> str:
        """A text, the value of the variable `name` if it is that of one."""
        if text and is_secret_variable(name) and is_written_out(text):
            return MASK
        return self.quiet(discreet_script(text))

    def shown(self, value: Any) -> Any:
        """What a picture is made of: structs of texts, numbers and tuples."""
        match value:
            case str():
                return self.text(value)
            case tuple():
                return tuple(map(self.shown, value))
            case Struct():
                fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
                return replace(value, **{name: self.shown(below) for name, below in fields})
            case _:
                return value

    def value(self, value: Value, name: str = "") -> Value:
        """A value of the pipeline, under the key `name`."""
        match value:
            case Plain(value=str(text)):
                shown = self.text(text, name)
                return value if shown == text else Plain(shown, value.origin)
            case Plain():
                hidden = is_secret_variable(name) and value.value is not None
                return Plain(MASK, value.origin) if hidden else value
            case Items():
                shown_items = tuple(self.value(one, name) for one in value.values)
                return Items(shown_items, value.origin)
            case Table():
                entries = {
                    self.text(key): self.value(below, _holder(key, name))
                    for key, below in value.entries.items()
                }
                return Table(entries, value.origin)
            case Unknown():
                return replace(value, why=self.text(value.why))

    def json(self, value: Json, name: str = "") -> Json:
        """The same for what `uvci.pipeline.resolve.expected` answers."""
        match value:
            case str():
                return self.text(value, name)
            case list():
                return [self.json(one, name) for one in value]
            case dict():
                return {
                    self.text(key): self.json(below, _holder(key, name))
                    for key, below in value.items()
                }
            case None | bool():
                return value
            case _:
                return MASK if is_secret_variable(name) else value


def _holder(key: str, name: str) -> str:
    """The variable that a value belongs to: `value` and `options` hold that of the key above."""
    return name if key in ("value", "options") else key


def discretion(pipeline: Pipeline) -> Discretion:
    """What is to be hidden of a pipeline."""
    return _discretion(pipeline)


@by_owner
def _discretion(pipeline: Pipeline) -> Discretion:
    words = {word for file in pipeline.files for word in secret_words(file.document)}
    return Discretion(any_of(words))
