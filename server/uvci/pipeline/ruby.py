"""How Ruby prints values, for messages that read as GitLab's do."""

import json

from uvci.pipeline.values import Items, Plain, Table, Value
from uvci.syntax.scalars import ScalarValue, Symbol, as_text


def inspect(value: Value | ScalarValue) -> str:
    """What Ruby's `inspect` prints.

    >>> inspect("a"), inspect(None), inspect(3.1)
    ('"a"', 'nil', '3.1')
    """
    match value:
        case Plain():
            return inspect(value.value)
        case Items():
            return f"[{', '.join(map(inspect, value.values))}]"
        case Table():
            pairs = (f"{inspect(key)}=>{inspect(below)}" for key, below in value.entries.items())
            return f"{{{', '.join(pairs)}}}"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("#{", "\\#{")
        case Symbol(name):
            return f":{name}"
        case None:
            return "nil"
        case bool() | int() | float():
            return as_text(value)
        case _:
            return "nil"


def to_text(value: Value) -> str:
    """What Ruby's `to_s` makes of it: a list reads as `["a", "b"]`."""
    return value.text if isinstance(value, Plain) else inspect(value)
