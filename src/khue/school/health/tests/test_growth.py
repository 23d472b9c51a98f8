"""WHO growth standards: published tables and results (§8.1, example 11)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.school.health.rules import (
    DAYS_OF_MONTH,
    Band,
    ImplausibleError,
    Indicator,
    Measurement,
    band_of,
    growth,
    lookup,
    z_scores,
)

WEIGHT, HEIGHT, BMI, WEIGHT_HEIGHT = (
    Indicator.WEIGHT_AGE,
    Indicator.HEIGHT_AGE,
    Indicator.BMI_AGE,
    Indicator.WEIGHT_HEIGHT,
)

# WHO Reference 2007, BMI-for-age and height-for-age; WHO Child Growth Standards 2006: columns −3 SD to +3 SD
PUBLISHED = [
    ("bfa_5_19y", "M", 61, "12.1 13.0 14.1 15.3 16.6 18.3 20.2"),
    ("bfa_5_19y", "M", 84, "12.3 13.1 14.2 15.5 17.0 19.0 21.6"),
    ("bfa_5_19y", "M", 96, "12.4 13.3 14.4 15.7 17.4 19.7 22.8"),
    ("bfa_5_19y", "M", 120, "12.8 13.7 14.9 16.4 18.5 21.4 26.1"),
    ("bfa_5_19y", "M", 144, "13.4 14.5 15.8 17.5 19.9 23.6 30.0"),
    ("bfa_5_19y", "M", 180, "14.7 16.0 17.6 19.8 22.7 27.0 34.1"),
    ("bfa_5_19y", "M", 228, "15.9 17.6 19.6 22.2 25.4 29.7 35.5"),
    ("bfa_5_19y", "F", 61, "11.8 12.7 13.9 15.2 16.9 18.9 21.3"),
    ("bfa_5_19y", "F", 72, "11.7 12.7 13.9 15.3 17.0 19.2 22.1"),
    ("bfa_5_19y", "F", 108, "12.1 13.1 14.4 16.1 18.3 21.5 26.5"),
    ("hfa_5_19y", "M", 61, "96.5 101.1 105.7 110.3 114.9 119.4 124.0"),
    ("wfa_0_5y", "M", 0, "2.1 2.5 2.9 3.3 3.9 4.4 5.0"),
    ("wfa_0_5y", "M", 1826, "12.4 14.1 16.0 18.3 21.0 24.2 27.9"),
    ("lhfa_0_5y", "F", 1826, "95.2 99.9 104.7 109.4 114.2 118.9 123.7"),
    ("lhfa_0_5y", "M", 731, "78.0 81.0 84.1 87.1 90.2 93.2 96.3"),
]


@pytest.mark.parametrize(("table", "sex", "at", "columns"), PUBLISHED)
def test_columns_of_the_published_tables(table, sex, at, columns):
    lms = lookup(table, sex, at)
    values = [lms.value_at(sd) for sd in range(-3, 4)]
    # published with one decimal, from parameters with more digits than the tables print
    assert values == pytest.approx([float(column) for column in columns.split()], abs=0.0505)


def measured(sex, days, weight, height, lying=None):
    values = z_scores(Measurement(sex, days, weight and Decimal(weight), height and Decimal(height), lying))
    return {indicator: str(z) for indicator, z in values.items()}


# results that WHO prints with its own software (packages anthro and anthroplus)
@pytest.mark.parametrize(
    ("sex", "days", "weight", "height", "wanted"),
    [
        ("M", 1001, "18", "120", {HEIGHT: "7.31", WEIGHT: "2.20", WEIGHT_HEIGHT: "-2.39", BMI: "-3.01"}),
        ("F", 1000, "15", "80", {HEIGHT: "-3.50", WEIGHT: "0.95", WEIGHT_HEIGHT: "4.13", BMI: "4.66"}),
        ("M", 1010, "10", "100", {HEIGHT: "1.62", WEIGHT: "-2.76", WEIGHT_HEIGHT: "-5.19", BMI: "-5.61"}),
        ("M", 1000, "15", "100", {HEIGHT: "1.70", WEIGHT: "0.69", WEIGHT_HEIGHT: "-0.29", BMI: "-0.58"}),
        ("M", 3044, "30", "100", {HEIGHT: "-5.04", WEIGHT: "0.87", BMI: "5.03"}),
        ("F", 3348, "40", "90", {HEIGHT: "-7.06", WEIGHT: "1.78", BMI: "7.37"}),
        ("F", 731, None, "77.5", {HEIGHT: "-2.55"}),
    ],
)
def test_results_of_the_reference_software(sex, days, weight, height, wanted):
    assert measured(sex, days, weight, height) == wanted


@pytest.mark.parametrize(
    ("months", "weight", "height", "haz", "baz"),
    [(166.59, 50.7, 153.7, -1.13, 0.94), (184.09, 84.6, 181.7, 1.43, 1.66)],
)
def test_ages_between_two_months(months, weight, height, haz, baz):
    assert round(lookup("hfa_5_19y", "M", months).z(height), 2) == haz
    assert round(lookup("bfa_5_19y", "M", months).z_outward(weight / (height / 100) ** 2), 2) == baz


def test_example_11_a_boy_of_three():
    assert measured("M", 1096, "11.0", "87.0") == {
        HEIGHT: "-2.45",
        WEIGHT: "-2.21",
        WEIGHT_HEIGHT: "-1.27",
        BMI: "-0.90",
    }
    words = {score.indicator: score.words for score in growth(Measurement("M", 1096, Decimal(11), Decimal(87)))}
    assert words == {WEIGHT: "nhẹ cân", HEIGHT: "thấp còi", WEIGHT_HEIGHT: "bình thường", BMI: "bình thường"}


def test_example_11_two_girls():
    four = growth(Measurement("F", 1461, Decimal("22.5"), Decimal(103)))
    assert {s.indicator: str(s.z) for s in four if s.words == "béo phì"} == {WEIGHT_HEIGHT: "3.45", BMI: "3.31"}
    days = round(68 * DAYS_OF_MONTH)
    (bmi,) = (s for s in growth(Measurement("F", days, Decimal(27), Decimal(112))) if s.indicator == BMI)
    assert (str(bmi.z), bmi.words) == ("2.90", "béo phì")
    assert band_of(BMI, bmi.z, 1826) == Band.HIGH


def test_length_measured_the_other_way():
    assert measured("M", 987, None, "72.86", lying=True) == {HEIGHT: "-6.09"}
    assert measured("M", 700, None, "80.0", lying=False) == measured("M", 700, None, "80.7")


@pytest.mark.parametrize(
    ("indicator", "z", "days", "band"),
    [
        (WEIGHT, "-2.00", 1000, Band.NORMAL),
        (WEIGHT, "-2.01", 1000, Band.LOW),
        (WEIGHT, "-3.00", 1000, Band.LOW),
        (WEIGHT, "-3.01", 1000, Band.VERY_LOW),
        (WEIGHT, "2.01", 1000, Band.HIGH),
        (WEIGHT, "2.01", 2000, Band.NORMAL),
        (HEIGHT, "3.50", 1000, Band.NORMAL),
        (BMI, "1.50", 1826, Band.NORMAL),
        (BMI, "1.50", 1827, Band.HIGH),
        (BMI, "2.01", 1826, Band.HIGH),
        (BMI, "2.01", 1827, Band.VERY_HIGH),
        (WEIGHT_HEIGHT, "3.01", 1000, Band.VERY_HIGH),
    ],
)
def test_limits_are_strict_and_fall_at_five_years(indicator, z, days, band):
    assert band_of(indicator, Decimal(z), days) == band


@pytest.mark.parametrize(("weight", "height"), [("40", "87"), ("11", "187"), ("3", "87"), ("20", "85")])
def test_what_cannot_be_is_refused(weight, height):
    with pytest.raises(ImplausibleError, match="đo lại"):
        growth(Measurement("M", 1096, Decimal(weight), Decimal(height)))


def test_outside_of_the_tables_there_is_no_result():
    assert z_scores(Measurement("M", 20 * 366, Decimal(60), Decimal(170))) == {}
    assert WEIGHT not in z_scores(Measurement("M", 11 * 366, Decimal(40), Decimal(140)))
    assert z_scores(Measurement("M", 1000)) == {}


@given(st.sampled_from("MF"), st.integers(0, 6900), st.floats(-5, 5))
def test_a_value_at_a_z_score_has_this_z_score(sex, days, sd):
    table, at = ("bfa_0_5y", days) if days <= 1826 else ("bfa_5_19y", days / DAYS_OF_MONTH)
    lms = lookup(table, sex, at)
    if -3 <= sd <= 3:
        assert lms.z_outward(lms.value_at(sd)) == pytest.approx(sd)


@given(st.sampled_from("MF"), st.integers(0, 1826), st.integers(20, 300), st.integers(1, 50))
def test_more_weight_is_a_higher_score(sex, days, tenths, more):
    lighter, heavier = (
        z_scores(Measurement(sex, days, Decimal(weight) / 10))[WEIGHT] for weight in (tenths, tenths + more)
    )
    assert lighter <= heavier
