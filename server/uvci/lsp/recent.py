"""The lists that a client was given last, for when it asks for the rest of an item."""

from collections.abc import Iterable
from itertools import count
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_MOST = 4


class Recent(Generic[T]):
    """The items of the last few lists. Editors hold more than one: a menu, a bulb, a save."""

    def __init__(self) -> None:
        self._lists: dict[int, tuple[T, ...]] = {}
        self._numbers = count()

    def keep(self, items: Iterable[T]) -> int:
        """The number under which these items can be found from now on."""
        number = next(self._numbers)
        self._lists[number] = tuple(items)
        for old in [*self._lists][:-_MOST]:
            del self._lists[old]
        return number

    @staticmethod
    def data(number: int, index: int) -> dict[str, int]:
        """What an item sent to the client carries, so that it can be found again."""
        return {"list": number, "index": index}

    def find(self, data: Any) -> T | None:
        """The item that carries this; None where its list is forgotten, or the data not ours."""
        given = data if isinstance(data, dict) else {}
        number, index = given.get("list"), given.get("index")
        if not isinstance(number, int) or not isinstance(index, int):
            return None
        items = self._lists.get(number, ())
        return items[index] if 0 <= index < len(items) else None
