"""Marks as whole tenths (§1): half-up where floats and bankers' rounding err."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.school.assessment.rules.marks import Readings, Subject
from khue.school.assessment.rules.numbers import mark_text, read_mark, read_whole_mark, rounded_mean
from khue.school.assessment.rules.secondary import term_average

from .helpers import marks


@pytest.mark.parametrize(
    ("text", "average"),
    [
        ("9,0 9,0 9,6; 8,5; 9,0", "9,0"),  # 8,95: round(float) gives 8,9
        ("5,1 7,1 7,0; 4,8; 3,6", "5,0"),  # 4,95: the float sum drifts to 4,949999…
        ("7 8 6 9; 7,5; 8", "7,7"),
        ("8 8 8,5 8; 8; 8", "8,1"),
    ],
)
def test_a_tie_goes_up(text, average):
    entry = marks(text)
    trace = term_average("22.average", Subject("s", "score", len(entry.formative)), entry, 1, Readings())
    assert mark_text(trace.value) == average


def test_means_are_rounded_half_up():
    assert rounded_mean(795, 10) == 80
    assert rounded_mean(125, 2) == 63
    assert rounded_mean(124, 2) == 62


@given(st.integers(0, 100))
def test_a_mark_survives_writing_and_reading(tenths):
    assert read_mark(mark_text(tenths)) == tenths
    assert read_mark(mark_text(tenths).replace(",", ".")) == tenths


@given(st.lists(st.integers(0, 100), min_size=1))
def test_a_mean_lies_between_its_marks(values):
    assert min(values) <= rounded_mean(sum(values), len(values)) <= max(values)


@pytest.mark.parametrize("text", ["85", "8,", "8.5.", "10,1", "8,55", "-1", "Đ", "", "8-5", "１０"])
def test_what_is_no_mark_is_refused(text):
    with pytest.raises(ValueError, match="không phải là điểm"):
        read_mark(text)


@pytest.mark.parametrize(("text", "lowest"), [("0", 1), ("7,5", 0), ("7.5", 0), ("11", 0), ("", 0), ("T", 0)])
def test_tests_of_primary_schools_have_whole_marks(text, lowest):
    with pytest.raises(ValueError, match="Ghi số nguyên"):
        read_whole_mark(text, lowest)


def test_zero_is_a_mark_of_27_2020_alone():
    assert read_whole_mark("0", 0) == 0
    assert read_whole_mark(" 10 ", 1) == 10
