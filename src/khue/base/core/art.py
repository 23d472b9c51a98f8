"""Drawings of the look: the mark, the flower of empty and error pages, the round window, the bar of states.

Everything is SVG text built from numbers, so that no inline style is needed under the content-security policy.
Source: the prototype of the look (README, "Direction in one paragraph").
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from django.utils.safestring import SafeString

from .text import dotted

MARK_PETAL = "M0 -15C3.1 -11.13 3.1 -8.12 0 -6.4C-3.1 -8.12 -3.1 -11.13 0 -15Z"
FLOWER_PETAL = "M0 -46C9.5 -33.85 9.5 -24.40 0 -19C-9.5 -24.40 -9.5 -33.85 0 -46Z"
WINDOW_PETAL = "M0 -148C27 -111.10 27 -82.40 0 -66C-27 -82.40 -27 -111.10 0 -148Z"
EIGHT = tuple(range(0, 360, 45))
BUD = (
    '<g fill="currentColor" fill-opacity=".07"><path d="M-35 -8C-41 12 -28 28 0 31C-17 22 -29 8 -35 -8Z"/>'
    '<path d="M35 -8C41 12 28 28 0 31C17 22 29 8 35 -8Z"/>'
    '<path d="M-19 -28C-33 -6 -25 20 0 31C-11 14 -17 -6 -19 -28Z"/>'
    '<path d="M19 -28C33 -6 25 20 0 31C11 14 17 -6 19 -28Z"/>'
    '<path d="M0 -42C15 -22 15 8 0 31C-15 8 -15 -22 0 -42Z"/></g>'
    '<path d="M0 31V44"/><path d="M-40 46C-24 41 24 41 40 46" stroke-dasharray="1.5 4"/>'
)
FALLEN = (
    '<g transform="translate(19 37) rotate(72)"><path d="M0 -13C8 -6 8 5 0 13C-8 5 -8 -6 0 -13Z"/></g>'
    '<path d="M-8 45H42" stroke-dasharray="1.5 4"/>'
)


def _petals(path: str, turns: Iterable[int]) -> str:
    return "".join(f'<path transform="rotate({turn})" d="{path}"/>' for turn in turns)


@cache
def mark() -> SafeString:
    """The mark: a lotus from above that is also the star Khuê, in the current text colour."""
    petals = _petals(MARK_PETAL, EIGHT)
    ring = '<circle r="3.6" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    return SafeString(f'<svg viewBox="-16 -16 32 32" aria-hidden="true" fill="currentColor">{petals}{ring}</svg>')


@cache
def flower(kind: str = "open") -> SafeString:
    """The flower that speaks: ``open`` (all is well, empty), ``missing`` (404), ``shut`` (403), ``fallen`` (500)."""
    turns = {
        "open": EIGHT,
        "missing": [t for t in EIGHT if t != 45],
        "fallen": [t for t in EIGHT if t not in (135, 180)],
    }
    if kind == "shut":
        inner = BUD
    else:
        inner = f'<g fill="currentColor" fill-opacity=".07">{_petals(FLOWER_PETAL, turns[kind])}</g><circle r="11"/>'
    if kind == "missing":
        inner += f'<g stroke-dasharray="1.5 4" opacity=".75">{_petals(FLOWER_PETAL, [45])}</g>'
    if kind == "fallen":
        inner += FALLEN
    return SafeString(
        '<svg viewBox="-50 -50 100 100" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"'
        f' stroke-linecap="round" aria-hidden="true">{inner}</svg>'
    )


@cache
def window() -> SafeString:
    """The round window of Khuê Văn Các, beside the sign-in form."""
    rings = "".join(f'<circle r="{radius}"/>' for radius in (44, 62, 150, 158, 236, 250))
    petals = _petals(WINDOW_PETAL, EIGHT)
    back = f'<g transform="rotate(22.5)" fill="currentColor" fill-opacity=".05">{petals}</g>'
    angles = [math.radians(7.5 * step) for step in range(48)]
    spokes = "".join(
        f"M{160 * math.cos(a):.1f} {160 * math.sin(a):.1f}L{236 * math.cos(a):.1f} {236 * math.sin(a):.1f}"
        for a in angles
    )
    return SafeString(
        '<svg class="window" viewBox="-260 -260 520 520" fill="none" stroke="currentColor" stroke-width="1.1"'
        f' aria-hidden="true">{rings}<g fill="currentColor" fill-opacity=".07">{petals}</g>{back}'
        f'<path d="{spokes}"/></svg>'
    )


def bar(ok: int, warn: int, err: int) -> SafeString:
    """A bar of states from three counts; one above zero stays visible (1 % at least), gaps are half a per cent."""
    counts = {name: count for name, count in (("ok", ok), ("warn", warn), ("err", err)) if count}
    widths = {name: max(99.5 * count / sum(counts.values()), 1.0) for name, count in counts.items()}
    scale = (100 - 0.5 * len(widths)) / sum(widths.values()) if widths else 0
    rects, x = [], 0.0
    for name, width in widths.items():
        rects.append(f'<rect class="{name}" x="{x:.2f}" width="{width * scale:.2f}" height="4"/>')
        x += width * scale + 0.5
    drawn = "".join(rects)
    return SafeString(
        f'<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>'
    )


_SHAPES = {
    1: '<circle class="d1" cx="{x}" cy="{y}" r="5"/>',
    2: '<rect class="d2" x="{x0}" y="{y0}" width="9" height="9"/>',
    3: '<path class="d3" d="M{x} {y1}l6 10.5h-12z"/>',
}
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 500, 22, 222
_APART, _LOWEST = 34.0, 242.0


def line_chart(title: str, ticks: Sequence[str], series: Sequence[tuple[str, int, Sequence[int]]]) -> SafeString:
    """Lines over years with the last figure beside each; ``series``: (name, look 1 to 3, one value a tick).

    Each line has its own colour and its own mark, so that it is told without colour.
    """
    step, low, high = _scale([value for _name, _look, values in series for value in values])
    xs = [_LEFT + (_RIGHT - _LEFT) * n / max(1, len(ticks) - 1) for n in range(len(ticks))]

    def at(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (value - low) / (high - low)

    parts = []
    for value in range(low, high + 1, step):
        y = at(value)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{dotted(value)}</text>')
    for n, (x, tick) in enumerate(zip(xs, ticks, strict=True)):
        now = ' class="now"' if n == len(ticks) - 1 else ""
        parts.append(f'<text x="{x:.0f}" y="246" text-anchor="middle"{now}>{escape(tick)}</text>')
    labels = _apart([(at(values[-1]), name, look, values[-1]) for name, look, values in series])
    for name, look, values in series:
        points = " ".join(f"{x:.0f},{at(value):.1f}" for x, value in zip(xs, values, strict=True))
        x, y = xs[-1], at(values[-1])
        where = {"x": f"{x:.0f}", "y": f"{y:.1f}", "x0": f"{x - 4.5:.1f}", "y0": f"{y - 4.5:.1f}", "y1": f"{y - 6:.1f}"}
        shape = _SHAPES[look].format(**where)
        parts.append(f'<polyline class="l{look}" points="{points}"/>{shape}')
        top = labels[name]
        parts.append(f'<text class="d{look}" x="{x + 12:.0f}" y="{top:.1f}">{escape(name)}</text>')
        parts.append(f'<text x="{x + 12:.0f}" y="{top + 15:.1f}" class="num">{dotted(values[-1])}</text>')
    told = ", ".join(f"{name} {dotted(values[-1])}" for name, _look, values in series)
    return SafeString(
        f'<svg class="chart" viewBox="0 0 600 262" role="img" aria-label="{escape(title)}: {escape(told)}">'
        f"{''.join(parts)}</svg>"
    )


def _apart(wanted: list[tuple[float, str, int, int]]) -> dict[str, float]:
    """Where the names stand beside the ends of their lines: never closer than 34, none below the picture."""
    found: dict[str, float] = {}
    last = -40.0
    for y, name, _look, _value in sorted(wanted):
        last = max(y - 2, last + _APART)
        found[name] = last
    least = _LOWEST
    for name, y in reversed(found.items()):
        found[name] = min(y, least)
        least = found[name] - _APART
    return found


def _scale(values: Sequence[int]) -> tuple[int, int, int]:
    """(step, lowest, highest) with about five round steps."""
    least, most = min(values, default=0), max(values, default=0)
    raw = max(1, (most - least) // 4 or most // 4 or 1)
    size = 10 ** (len(str(raw)) - 1)
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= raw)
    low = least // step * step
    return step, low, max(low + step, -(-most // step) * step)
