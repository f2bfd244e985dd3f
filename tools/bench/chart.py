"""Draws the report's chart: bars on a logarithmic scale, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from bench.programs import DOPPEL, V1, V2
from bench.report import seconds
from bench.report_data import Beside, Report

WIDTH = 760
LEFT = 190
RIGHT = 90
BAR = 22
GAP = 8
TITLE = 34
AXIS = 30
LOADED = "doppel, loaded"
COLOURS = {V1: "#9a6324", V2: "#c98b4b", DOPPEL: "#1f6f8b", LOADED: "#58a4b0"}


def bars(beside: Beside) -> Iterator[tuple[str, float]]:
    """Yield each bar of a group: whose it is, and the CPU seconds."""
    for name in (V1, V2, DOPPEL):
        yield name, beside.costs[name].cpu_seconds
    yield LOADED, beside.loaded.steps["modified"].cpu_seconds


class Scale:
    """Where a time stands, between powers of ten."""

    def __init__(self, values: list[float]) -> None:
        """Take in all `values`, which are above 0."""
        self.low = math.floor(math.log10(min(values)))
        self.high = math.ceil(math.log10(max(values)))

    def at(self, value: float) -> float:
        """Return the place of `value` from the left."""
        share = (math.log10(value) - self.low) / max(1, self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)


def text(x: float, y: float, content: str, more: str = "") -> str:
    """Return a text that begins at a place."""
    return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{escape(content)}</text>'


def draw_group(beside: Beside, scale: Scale, top: float) -> Iterator[str]:
    """Yield the elements of one project's bars."""
    title = f"{beside.models} models, {beside.nodes} nodes"
    yield text(8, top + 20, title, 'font-weight="bold"')
    y = top + TITLE
    for name, value in bars(beside):
        end = scale.at(value)
        yield text(LEFT - 8, y + 15, name, 'text-anchor="end"')
        yield (
            f'<rect x="{LEFT}" y="{y:.0f}" width="{end - LEFT:.1f}" '
            f'height="{BAR}" fill="{COLOURS[name]}"/>'
        )
        yield text(end + 6, y + 15, seconds(value))
        y += BAR + GAP


def draw_axis(scale: Scale, top: float, bottom: float) -> Iterator[str]:
    """Yield a line and a number for each power of ten."""
    for power in range(scale.low, scale.high + 1):
        x = scale.at(10.0**power)
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top:.0f}" '
            f'y2="{bottom:.0f}" stroke="#ddd"/>'
        )
        yield text(x, bottom + 18, seconds(10.0**power), 'text-anchor="middle"')


def draw(report: Report) -> str:
    """Return the chart of a report that has projects, as a whole SVG file."""
    values = [value for each in report.beside for _, value in bars(each)]
    if not values:
        return '<svg xmlns="http://www.w3.org/2000/svg"/>\n'
    scale = Scale(values)
    group = TITLE + 4 * (BAR + GAP) + GAP
    top = 44
    bottom = top + group * len(report.beside)
    height = bottom + AXIS
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
        f'{height}" width="{WIDTH}" height="{height}" font-size="13" '
        'font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        text(
            8,
            26,
            "CPU time of ls --select state:modified+ --state (logarithmic)",
            'font-size="16"',
        ),
        *draw_axis(scale, top, bottom),
    ]
    for index, beside in enumerate(report.beside):
        lines += draw_group(beside, scale, top + index * group)
    return "\n".join([*lines, "</svg>"]) + "\n"
