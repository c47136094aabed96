"""Boxes and lines of a picture, in pixels. Texts are in a font whose letters are all as wide."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from uvci.features.graph.measure import cells, printable, shortened
from uvci.features.graph.model import CacheNode, JobNode

BOX_HEIGHT = 42.0
ROW_GAP = 12.0
NAME_SIZE, NOTE_SIZE = 13.0, 11.0
_ADVANCE = 0.61
"""The widest advance of the fonts asked for, in their size: DejaVu Sans Mono has 0.602."""
_PADDING = 12.0
_MOST_CELLS = 34
_NOTE_CELLS = 46
_LEAST_WIDTH = 96.0


class Point(Struct, frozen=True):
    """A place in a picture."""

    x: float
    y: float


class Box(Struct, frozen=True):
    """A box with a name and a note below it; `full` is all of both where they are cut."""

    id: str
    name: str
    note: str
    full: str
    width: float
    x: float = 0.0
    y: float = 0.0
    height: float = BOX_HEIGHT
    kind: str = "job"

    @property
    def right(self) -> float:
        """The x of its right edge."""
        return self.x + self.width

    @property
    def middle(self) -> float:
        """The y of its middle."""
        return self.y + self.height / 2

    def at(self, x: float, y: float) -> Self:
        """The same box at another place."""
        return replace(self, x=x, y=y)


class Line(Struct, frozen=True):
    """A line from `start` to `end`.

    It bends between the two x of `bend` only. `through` is the x up to which it runs straight on
    behind `end`; it has no arrow then.
    """

    start: Point
    end: Point
    bend: tuple[float, float]
    through: float | None = None
    dashed: bool = False
    at_start: bool = False
    at_end: bool = True


def text_width(text: str, size: float) -> float:
    """The width of a text in pixels."""
    return cells(text) * size * _ADVANCE


def box_of(job: JobNode) -> Box:
    """The box of a job, not placed yet."""
    note = job.tools or ("starts another pipeline" if job.is_trigger else "")
    if job.at_once:
        note = f"{note}, at once" if note else "at once"
    return _box(job.name, job.title, note, "job" if job.uv else "other")


def cache_box(cache: CacheNode) -> Box:
    """The box of a cache, not placed yet."""
    paths = ", ".join(cache.paths)
    note = f"uv's cache: {paths}" if cache.holds_uv else paths
    return _box(cache.key, cache.key, note, "cache" if cache.holds_uv else "other-cache")


def _box(id_: str, name: str, note: str, kind: str) -> Box:
    name, note = printable(name), printable(note)
    short_name, short_note = shortened(name, _MOST_CELLS), shortened(note, _NOTE_CELLS)
    width = max(
        text_width(short_name, NAME_SIZE) + 2 * _PADDING,
        text_width(short_note, NOTE_SIZE) + 2 * _PADDING,
        _LEAST_WIDTH,
    )
    full = "" if (short_name, short_note) == (name, note) else f"{name}\n{note}".strip()
    return Box(id_, short_name, short_note, full, width, kind=kind)
