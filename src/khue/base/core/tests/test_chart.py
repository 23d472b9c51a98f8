"""The line chart: round scales, lines inside the frame, names that stand apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.base.core.art import _apart, _scale, line_chart

TOP, BOTTOM, LEFT, RIGHT = 22, 222, 52, 500


def points(svg: str) -> list[list[tuple[float, float]]]:
    """The points of each line."""
    return [
        [tuple(float(n) for n in pair.split(",")) for pair in line.split()]  # type: ignore[misc]
        for line in re.findall(r'<polyline class="l\d" points="([^"]*)"', svg)
    ]


def labels(svg: str) -> list[float]:
    """Where the names beside the lines stand, from the top."""
    return sorted(float(y) for y in re.findall(r'<text class="d\d" x="[\d.]+" y="([\d.-]+)"', svg))


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([481, 1229], (200, 400, 1400)),
        ([0, 4], (1, 0, 4)),
        ([10_000, 12_000], (500, 10_000, 12_000)),
        ([7, 7], (1, 7, 8)),
        ([0, 0], (1, 0, 1)),
        ([], (1, 0, 1)),
    ],
)
def test_steps_are_round(values, scale):
    assert _scale(values) == scale


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30))
def test_a_scale_holds_its_values_in_few_steps(values):
    step, low, high = _scale(values)
    assert low <= min(values) <= max(values) <= high
    assert low < high
    assert (high - low) % step == 0
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert (high - low) // step <= 12


def test_equal_values_make_a_flat_line_inside_the_frame():
    (line,) = points(line_chart("Học sinh", ["2025", "2026"], [("Tiểu học", 1, [70, 70])]))
    assert [x for x, _y in line] == [LEFT, RIGHT]
    assert line[0][1] == line[1][1]
    assert TOP <= line[0][1] <= BOTTOM


def test_one_year_alone_is_a_point():
    svg = line_chart("Học sinh", ["2026"], [("Tiểu học", 2, [70])])
    assert points(svg) == [[(LEFT, points(svg)[0][0][1])]]
    assert svg.count('class="now"') == 1


def test_more_is_higher_and_the_last_figure_is_told():
    svg = line_chart("Học sinh", ["2025", "2026"], [("Tiểu học", 1, [1000, 1248]), ("Mầm non", 3, [400, 300])])
    upper, lower = points(svg)
    assert upper[0][1] > upper[1][1]
    assert lower[0][1] < lower[1][1]
    assert 'aria-label="Học sinh: Tiểu học 1.248, Mầm non 300"' in svg
    assert "style=" not in svg


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=3))
def test_names_never_lie_on_each_other(values):
    svg = line_chart("x", ["2025", "2026"], [(f"Dòng {n}", n + 1, [0, value]) for n, value in enumerate(values)])
    tops = labels(svg)
    assert len(tops) == len(values)
    assert all(lower - upper >= 33.9 for upper, lower in zip(tops, tops[1:], strict=False))


@given(st.lists(st.integers(0, 100_000), min_size=3, max_size=3))
def test_names_stay_in_the_picture(values):
    svg = line_chart("x", ["2025", "2026"], [(f"Dòng {n}", n + 1, [0, value]) for n, value in enumerate(values)])
    assert max(labels(svg)) + 15 <= 262, "the figure stands 15 under its name"


def test_names_keep_their_order():
    assert _apart([(100.0, "b", 1, 5), (90.0, "a", 2, 6), (222.0, "c", 3, 0)]) == {"a": 88.0, "b": 122.0, "c": 220.0}


def test_names_and_titles_are_escaped():
    svg = line_chart("<b>", ["<i>"], [("<script>", 1, [1])])
    assert not re.search("<b>|<i>|<script>", svg)
