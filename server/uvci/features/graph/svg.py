"""The graph and the cache map as one SVG picture, for light and dark surroundings."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from uvci.features.graph.boxes import NAME_SIZE, NOTE_SIZE, Box, Line, Point
from uvci.features.graph.layout import JobLayout, StageArea, lay_out
from uvci.features.graph.map_layout import Frame, MapLayout, lay_out_map
from uvci.features.graph.measure import printable, shortened
from uvci.features.graph.model import CacheMap, JobGraph

_MARGIN, _BAND = 24.0, 10.0
_TITLE, _STAGE = 34.0, 26.0
_LEAST_WIDTH = 560.0
_LETTER = 7.3
_INSET = 12.0
_KEY_JOBS = "An arrow leads to the job that waits (needs)"
_KEY_OPTIONAL = "; dashed: only where the other one runs"
_KEY_CACHES = "An arrow to a cache: saved there; to jobs: restored there"
_KEY_FALLBACK = "; dashed: for want of another"
_RULES = """\
text { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.ground { fill: #ffffff; }
.title { font-size: 15px; font-weight: bold; fill: #1f2328; }
.stage, .legend { font-size: 11px; fill: #59636e; }
.stage { font-size: 12px; font-weight: bold; }
.name { font-size: NAMEpx; fill: #1f2328; }
.note { font-size: NOTEpx; fill: #59636e; }
.band { fill: #f3f4f6; }
.box rect { fill: #ffffff; stroke: #8c959f; }
.job rect { fill: #f5f0ff; stroke: #7c4dd6; }
.cache rect { fill: #e9f7ef; stroke: #2b8a57; stroke-width: 1.5; }
.uncached rect { stroke-dasharray: 4 3; }
.line { fill: none; stroke: #6e7781; stroke-width: 1.3; }
.head { fill: #6e7781; }
.dashed { stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
.ground { fill: #15181d; }
.title, .name { fill: #e6edf3; }
.stage, .legend, .note { fill: #9aa4af; }
.band { fill: #1f242b; }
.box rect { fill: #15181d; stroke: #6e7681; }
.job rect { fill: #251c3a; stroke: #a685f0; }
.cache rect { fill: #14291e; stroke: #4fb37f; }
.line { stroke: #8b949e; }
.head { fill: #8b949e; }
}"""
_STYLE = _RULES.replace("NAME", f"{NAME_SIZE:g}").replace("NOTE", f"{NOTE_SIZE:g}")


def svg(graph: JobGraph | None, caches: CacheMap | None) -> Iterator[str]:
    """The lines of a picture of what is given, one below the other."""
    parts: list[str] = []
    width, y = _LEAST_WIDTH, _MARGIN
    if graph is not None:
        jobs = lay_out(graph)
        parts += _jobs(jobs, y)
        width = max(width, jobs.width + 2 * _BAND)
        y += _TITLE + _STAGE + jobs.height + _BAND + _MARGIN + _MARGIN
    if caches is not None:
        found = lay_out_map(caches, _TITLE)
        parts += _caches(found, y)
        width = max(width, found.width)
        y += _TITLE + _STAGE + found.height + _MARGIN
    size = f'width="{_number(width + 2 * _MARGIN)}" height="{_number(y)}"'
    view = f"0 0 {_number(width + 2 * _MARGIN)} {_number(y)}"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" {size} role="img">'
    yield f"<style>\n{_STYLE}\n</style>"
    yield '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
    yield 'markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/>'
    yield "</marker></defs>"
    yield f'<rect class="ground" {size}/>'
    yield from parts
    yield "</svg>"


def _jobs(layout: JobLayout, y: float) -> Iterator[str]:
    yield _text("title", _MARGIN, y + 12, "Pipeline")
    if not layout.boxes:
        yield _text("legend", _MARGIN, y + _TITLE + 12, "It has no job.")
        return
    if layout.lines:
        yield _text("legend", _MARGIN + 90, y + 12, _legend(layout.lines, _KEY_JOBS, _KEY_OPTIONAL))
    top = y + _TITLE
    yield f'<g transform="translate({_number(_MARGIN + _BAND)} {_number(top)})">'
    yield from (_area(area, layout.height) for area in layout.areas)
    yield f'<g transform="translate(0 {_number(_STAGE)})">'
    yield from map(_line, layout.lines)
    yield from map(_box, layout.boxes)
    yield "</g></g>"


def _area(area: StageArea, height: float) -> str:
    width = area.width + 2 * _BAND
    name = printable(area.name)
    short = shortened(name, max(8, int(area.width // _LETTER)))
    band = _frame(Frame(area.x - _BAND, 0.0, width, height + _STAGE + _BAND))
    return band + _titled(_text("stage", area.x, 17, short), name if short != name else "")


def _caches(layout: MapLayout, y: float) -> Iterator[str]:
    yield _text("title", _MARGIN, y + 12, "Caches")
    top = y + _TITLE
    if layout.lines:
        legend = _legend(layout.lines, _KEY_CACHES, _KEY_FALLBACK)
        yield _text("legend", _MARGIN + 70, y + 12, legend)
    else:
        yield _text("legend", _MARGIN, top + 12, "No job has a cache.")
        top += _STAGE
    yield f'<g transform="translate({_number(_MARGIN)} {_number(top)})">'
    yield from map(_frame, layout.frames)
    yield from map(_line, layout.lines)
    yield from map(_box, layout.boxes)
    if layout.uncached:
        yield _text("stage", 0, layout.rest_y + 16, "Not cached: here uv downloads everything anew")
        yield from map(_box, layout.uncached)
    yield "</g>"


def _legend(lines: tuple[Line, ...], first: str, of_dashed: str) -> str:
    return first + (of_dashed if any(line.dashed for line in lines) else "")


def _frame(frame: Frame) -> str:
    return (
        f'<rect class="band" x="{_number(frame.x)}" y="{_number(frame.y)}" '
        f'width="{_number(frame.width)}" height="{_number(frame.height)}" rx="8"/>'
    )


def _box(box: Box) -> str:
    rows = [_text("name", _INSET, 18 if box.note else 26, box.name)]
    if box.note:
        rows.append(_text("note", _INSET, 34, box.note))
    frame = f'<rect width="{_number(box.width)}" height="{_number(box.height)}" rx="6"/>'
    content = _titled(frame + "".join(rows), box.full)
    place = f"{_number(box.x)} {_number(box.y)}"
    return f'<g class="box {box.kind}" transform="translate({place})">{content}</g>'


def _line(line: Line) -> str:
    left, right = line.bend
    half = (right - left) / 2
    end = line.end
    straight = f"H{_number(left)}" if line.start.x < left else ""
    path = (
        f"M{_point(line.start)}{straight}"
        f"C{_number(left + half)} {_number(line.start.y)} {_number(right - half)} {_number(end.y)} "
        f"{_point(end)}"
    )
    if line.through is not None:
        path += f"H{_number(line.through)}"
    heads = ' marker-start="url(#head)"' if line.at_start else ""
    if line.at_end and line.through is None:
        heads += ' marker-end="url(#head)"'
    kind = "line dashed" if line.dashed else "line"
    return f'<path class="{kind}" d="{path}"{heads}/>'


def _titled(content: str, title: str) -> str:
    return f"<g><title>{escape(title)}</title>{content}</g>" if title else content


def _text(kind: str, x: float, y: float, content: str) -> str:
    # Blanks at the ends and in a row are part of names.
    return (
        f'<text class="{kind}" x="{_number(x)}" y="{_number(y)}" xml:space="preserve">'
        f"{escape(content)}</text>"
    )


def _point(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
