"""Where the jobs and caches of a cache map are drawn, in pixels.

Jobs that use the same caches in the same way stand together, and one line speaks for all of them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from uvci.features.graph.boxes import BOX_HEIGHT, ROW_GAP, Box, Line, Point, box_of, cache_box
from uvci.features.graph.model import Access, CacheMap, CacheNode, JobNode

PADDING = 10.0
MEETING = 14.0
"""How far apart the ends of lines are that lead to the same box, where there is room."""
_GUTTER = 110.0
_ROW_WIDTH = 640.0
_GROUP_GAP = 18.0
_ONE_COLUMN, _TWO_COLUMNS = 4, 12

_Use = tuple[str, Access, bool]
T = TypeVar("T")


class Frame(Struct, frozen=True):
    """What surrounds the jobs of a group."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The y of its middle."""
        return self.y + self.height / 2


class MapLayout(Struct, frozen=True):
    """Jobs to the left, caches to the right, `uncached` jobs in rows below, from `rest_y` on."""

    frames: tuple[Frame, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    uncached: tuple[Box, ...]
    rest_y: float
    width: float
    height: float


class _Group(Struct, frozen=True):
    """Jobs of the same uses, placed."""

    frame: Frame
    boxes: tuple[Box, ...]
    uses: tuple[_Use, ...]


def lay_out_map(found: CacheMap, heading: float) -> MapLayout:
    """The places of all jobs, caches and lines; `heading` is room over the jobs without a cache."""
    groups = tuple(_groups(found))
    jobs_end = max((group.frame.width for group in groups), default=0.0)
    caches = _beside(found, groups, jobs_end + _GUTTER)
    boxes = (*(box for group in groups for box in group.boxes), *caches.values())
    bottom = max((box.y + box.height + PADDING for box in boxes), default=0.0)
    right = max((box.right for box in boxes), default=0.0)
    rest_y = bottom + (ROW_GAP if boxes else 0.0)
    rows_y = rest_y + heading
    uncached = _rows([box_of(job) for job in found.uncached], rows_y, max(right, _ROW_WIDTH))
    every = (*boxes, *uncached)
    return MapLayout(
        tuple(group.frame for group in groups),
        boxes,
        tuple(_lines(groups, caches, jobs_end)),
        uncached,
        rest_y,
        max((box.right + PADDING for box in every), default=0.0),
        max((box.y + box.height + PADDING for box in every), default=0.0),
    )


def _groups(found: CacheMap) -> Iterable[_Group]:
    """The jobs by what they use, in the order of the caches, one group below the other."""
    rank = {cache.key: index for index, cache in enumerate(found.caches)}
    uses: dict[str, list[_Use]] = {}
    for each in found.accesses:
        uses.setdefault(each.job, []).append((each.key, each.access, each.fallback))
    members: dict[tuple[_Use, ...], list[JobNode]] = {}
    for job in found.jobs:
        members.setdefault(tuple(uses[job.name]), []).append(job)
    y = 0.0
    for same in sorted(members, key=lambda same: sum(rank[use[0]] for use in same) / len(same)):
        group = _group([box_of(job) for job in members[same]], same, y)
        yield group
        y += group.frame.height + _GROUP_GAP


def _group(boxes: Sequence[Box], uses: tuple[_Use, ...], y: float) -> _Group:
    columns = 1 if len(boxes) <= _ONE_COLUMN else 2 if len(boxes) <= _TWO_COLUMNS else 3
    rows = -(-len(boxes) // columns)
    width = max(box.width for box in boxes)
    placed = tuple(
        box.at(
            PADDING + index // rows * (width + ROW_GAP),
            y + PADDING + index % rows * (BOX_HEIGHT + ROW_GAP),
        )
        for index, box in enumerate(boxes)
    )
    right, bottom = max(box.right for box in placed), max(box.y + box.height for box in placed)
    return _Group(Frame(0.0, y, right + PADDING, bottom - y + PADDING), placed, uses)


def _beside(found: CacheMap, groups: Iterable[_Group], x: float) -> dict[str, Box]:
    """Each cache beside the middle of its jobs, further down where another stands there."""
    users: dict[str, list[float]] = {cache.key: [] for cache in found.caches}
    for group in groups:
        for key, _, _ in group.uses:
            users[key].append(group.frame.middle - BOX_HEIGHT / 2)

    def wanted(cache: CacheNode) -> float:
        return sum(users[cache.key]) / max(len(users[cache.key]), 1)

    placed: dict[str, Box] = {}
    free = 0.0
    for cache in sorted(found.caches, key=wanted):
        y = max(free, wanted(cache))
        placed[cache.key] = cache_box(cache).at(x, y)
        free = y + BOX_HEIGHT + ROW_GAP
    return placed


def _lines(groups: Sequence[_Group], caches: dict[str, Box], jobs_end: float) -> Iterable[Line]:
    """The lines; where several meet they end one below the other, so that heads stay apart."""
    drawn = [(group, use) for group in groups for use in sorted(group.uses, key=_height_of(caches))]
    for group, use in drawn:
        key, access, fallback = use
        frame, cache = group.frame, caches[key]
        here = [own for home, own in drawn if home is group]
        there = [(home, own) for home, own in drawn if own[0] == key]
        yield Line(
            Point(frame.x + frame.width, frame.y + _share(frame.height, here, use)),
            Point(cache.x, cache.y + _share(cache.height, there, (group, use))),
            (jobs_end, cache.x),
            dashed=fallback,
            at_start=Access.READS in access,
            at_end=Access.WRITES in access,
        )


def _height_of(caches: dict[str, Box]) -> Callable[[_Use], float]:
    return lambda use: caches[use[0]].y


def _share(height: float, ends: Sequence[T], one: T) -> float:
    """How far down an edge of that height one of several ends is."""
    room = min(height, MEETING * len(ends))
    return (height - room) / 2 + room * (ends.index(one) + 0.5) / len(ends)


def _rows(boxes: Sequence[Box], y: float, width: float) -> tuple[Box, ...]:
    placed: list[Box] = []
    x = 0.0
    for box in boxes:
        if x and x + box.width > width:
            x, y = 0.0, y + BOX_HEIGHT + ROW_GAP
        placed.append(replace(box, x=x, y=y, kind="uncached"))
        x += box.width + ROW_GAP
    return tuple(placed)
