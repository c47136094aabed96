"""Where the jobs of a graph and the lines between them are drawn, in pixels.

Jobs stand in columns by stage; one that waits for a job of its own stage stands one column on. A
line that passes columns has a lane of its own through each, so that it crosses no box.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, sqrt

from msgspec import Struct

from uvci.features.graph.boxes import BOX_HEIGHT, ROW_GAP, Box, Line, Point, box_of
from uvci.features.graph.model import JobGraph, Wait

LANE = 10.0
GUTTER, STAGE_GAP = 44.0, 64.0
_SWEEPS = 4
_LEAST_ROWS = 8


class StageArea(Struct, frozen=True):
    """The part of the picture that a stage takes: its left edge and its width."""

    name: str
    x: float
    width: float


class JobLayout(Struct, frozen=True):
    """A graph with places; `y` counts from the top of the boxes."""

    areas: tuple[StageArea, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float


class _Lane(Struct, frozen=True):
    """A line's way through a column: all lines from one job share it."""

    source: str


_Item = str | _Lane
_Layer = list[_Item]


def lay_out(graph: JobGraph) -> JobLayout:
    """The places of all jobs and lines of the graph."""
    layers, stage_of_layer = _layers(graph)
    links = _links(layers, graph.waits)
    _order(layers, links)
    boxes = {job.name: box_of(job) for job in graph.jobs}
    xs, widths = _columns(layers, stage_of_layer, boxes)
    tops = [_tops(layer) for layer in layers]
    placed = {
        item: boxes[item].at(xs[index], tops[index][item])
        for index, layer in enumerate(layers)
        for item in layer
        if isinstance(item, str)
    }
    lines = tuple(_lines(links, placed, (xs, widths), tops))
    areas = _areas(graph, stage_of_layer, xs, widths)
    height = max((_height(layer) for layer in layers), default=0.0)
    width = xs[-1] + widths[-1] if xs else 0.0
    return JobLayout(areas, tuple(placed.values()), lines, width, height)


# ---------------------------------------------------------------- columns


def _layers(graph: JobGraph) -> tuple[list[_Layer], list[int]]:
    """The columns of jobs, and the stage that each belongs to."""
    most = max(_LEAST_ROWS, ceil(sqrt(len(graph.jobs) * 2)))
    layers: list[_Layer] = []
    stages: list[int] = []
    for index, stage in enumerate(graph.stages):
        names = [job.name for job in stage.jobs]
        levels = _levels(names, graph.waits)
        for level in sorted(set(levels.values())):
            column = [name for name in names if levels[name] == level]
            for start in range(0, len(column), most):
                layers.append([*column[start : start + most]])
                stages.append(index)
    return layers, stages


def _levels(names: Sequence[str], waits: Iterable[Wait]) -> dict[str, int]:
    """How many jobs of the same stage stand before each."""
    levels = dict.fromkeys(names, 0)
    inside = [wait for wait in waits if wait.first in levels and wait.later in levels]
    for _ in names if inside else ():
        before = dict(levels)
        for wait in inside:
            levels[wait.later] = max(levels[wait.later], levels[wait.first] + 1)
        if levels == before:
            return levels
    return dict.fromkeys(names, 0) if inside else levels  # a circle, which GitLab refuses


class _Link(Struct, frozen=True):
    """A piece of a line, from the column `layer` to the next."""

    layer: int
    start: _Item
    end: _Item
    optional: bool


def _links(layers: list[_Layer], waits: Iterable[Wait]) -> list[_Link]:
    """The pieces of all lines; adds the lanes they need to the columns."""
    home = {item: index for index, layer in enumerate(layers) for item in layer}
    links: dict[tuple[int, _Item, _Item], _Link] = {}
    for wait in waits:
        first, last = home[wait.first], home[wait.later]
        start: _Item = wait.first
        for index in range(first, last):
            end: _Item = wait.later if index + 1 == last else _Lane(wait.first)
            if isinstance(end, _Lane) and end not in layers[index + 1]:
                layers[index + 1].append(end)
            key = (index, start, end)
            is_optional = wait.optional and (key not in links or links[key].optional)
            links[key] = _Link(index, start, end, is_optional)
            start = end
    return list(links.values())


def _order(layers: list[_Layer], links: Iterable[_Link]) -> None:
    """Sorts each column by what its items are linked to, forwards and backwards."""
    before: dict[int, dict[_Item, list[_Item]]] = defaultdict(lambda: defaultdict(list))
    after: dict[int, dict[_Item, list[_Item]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        before[link.layer + 1][link.end].append(link.start)
        after[link.layer][link.start].append(link.end)
    for sweep in range(_SWEEPS):
        if sweep % 2 == 0:
            for index in range(1, len(layers)):
                _sort(layers[index], layers[index - 1], before[index])
        else:
            for index in range(len(layers) - 2, -1, -1):
                _sort(layers[index], layers[index + 1], after[index])


def _sort(layer: _Layer, beside: _Layer, linked: Mapping[_Item, list[_Item]]) -> None:
    """By the middle of what is linked; an item without links keeps its place in the order."""
    rank = {item: index / max(len(beside) - 1, 1) for index, item in enumerate(beside)}
    own = {item: index / max(len(layer) - 1, 1) for index, item in enumerate(layer)}

    def middle(item: _Item) -> float:
        ends = [rank[end] for end in linked.get(item, ()) if end in rank]
        return sum(ends) / len(ends) if ends else own[item]

    layer.sort(key=middle)


# ---------------------------------------------------------------- places


def _columns(
    layers: list[_Layer], stage_of_layer: list[int], boxes: Mapping[str, Box]
) -> tuple[list[float], list[float]]:
    xs: list[float] = []
    widths: list[float] = []
    x = 0.0
    for index, layer in enumerate(layers):
        if index:
            same = stage_of_layer[index] == stage_of_layer[index - 1]
            x += widths[-1] + (GUTTER if same else STAGE_GAP)
        xs.append(x)
        widths.append(max((boxes[i].width for i in layer if isinstance(i, str)), default=LANE))
    return xs, widths


def _tops(layer: _Layer) -> dict[_Item, float]:
    tops: dict[_Item, float] = {}
    y = 0.0
    for item in layer:
        tops[item] = y
        y += _item_height(item) + ROW_GAP
    return tops


def _item_height(item: _Item) -> float:
    return BOX_HEIGHT if isinstance(item, str) else LANE


def _height(layer: _Layer) -> float:
    return sum(_item_height(item) + ROW_GAP for item in layer) - ROW_GAP if layer else 0.0


def _lines(
    links: Iterable[_Link],
    placed: Mapping[str, Box],
    columns: tuple[list[float], list[float]],
    tops: list[dict[_Item, float]],
) -> Iterable[Line]:
    xs, widths = columns
    for link in links:
        end_layer = link.layer + 1
        middle = tops[link.layer][link.start] + _item_height(link.start) / 2
        start_x = (
            placed[link.start].right
            if isinstance(link.start, str)
            else xs[link.layer] + widths[link.layer]
        )
        end = Point(xs[end_layer], tops[end_layer][link.end] + _item_height(link.end) / 2)
        through = xs[end_layer] + widths[end_layer] if isinstance(link.end, _Lane) else None
        bend = (xs[link.layer] + widths[link.layer], xs[end_layer])
        yield Line(Point(start_x, middle), end, bend, through, link.optional)


def _areas(
    graph: JobGraph, stage_of_layer: list[int], xs: list[float], widths: list[float]
) -> tuple[StageArea, ...]:
    areas = []
    for index, stage in enumerate(graph.stages):
        own = [at for at, home in enumerate(stage_of_layer) if home == index]
        left, right = xs[own[0]], xs[own[-1]] + widths[own[-1]]
        areas.append(StageArea(stage.name, left, right - left))
    return tuple(areas)
