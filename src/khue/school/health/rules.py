"""Growth of children by the standards of the World Health Organization: z-scores (LMS method), classes of nutrition.

Up to 60 months (1826 days) the WHO Child Growth Standards 2006, after that the WHO Reference 2007 (to 19 years, weight
for age to 10). The tables are `data/*.csv`. A z-score is a statistic, not a mark: computed in floats, as WHO's own
software does, and given as a Decimal rounded half-up to two places; tests hold it against what was published.
A limit is strict: exactly −2,00 is normal. The limits of overweight fall at 60 months from 2 and 3 to 1 and 2.
"""

import csv
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

DATA = Path(__file__).with_name("data")
DAYS_OF_FIVE_YEARS = 1826
DAYS_OF_TWO_YEARS = 731
DAYS_OF_MONTH = 30.4375
LYING_LONGER = 0.7
"""Centimetres by which a lying child is longer than the same child standing."""

Sex = Literal["M", "F"]


class Indicator(StrEnum):
    """Chỉ số nhân trắc: weight, height, BMI for age, weight for height."""

    WEIGHT_AGE = "weight_age"
    HEIGHT_AGE = "height_age"
    BMI_AGE = "bmi_age"
    WEIGHT_HEIGHT = "weight_height"


class Band(StrEnum):
    """Where a z-score lies; `words` names it for each indicator."""

    VERY_LOW = "very_low"
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    VERY_HIGH = "very_high"


_THIN = {Band.VERY_LOW: "gầy còm, mức nặng", Band.LOW: "gầy còm", Band.HIGH: "thừa cân", Band.VERY_HIGH: "béo phì"}
_WORDS: Mapping[Indicator, Mapping[Band, str]] = {
    Indicator.WEIGHT_AGE: {
        Band.VERY_LOW: "nhẹ cân, mức nặng",
        Band.LOW: "nhẹ cân",
        Band.HIGH: "cân nặng cao so với tuổi",
    },
    Indicator.HEIGHT_AGE: {Band.VERY_LOW: "thấp còi, mức nặng", Band.LOW: "thấp còi"},
    Indicator.BMI_AGE: _THIN,
    Indicator.WEIGHT_HEIGHT: _THIN,
}

_PLAUSIBLE: Mapping[Indicator, tuple[int, int]] = {
    Indicator.WEIGHT_AGE: (-6, 5),
    Indicator.HEIGHT_AGE: (-6, 6),
    Indicator.BMI_AGE: (-5, 5),
    Indicator.WEIGHT_HEIGHT: (-5, 5),
}
"""Beyond these a measurement is wrong rather than rare (WHO's flags)."""

_HIGH_UNDER_FIVE: Mapping[Indicator, tuple[int, ...]] = {
    Indicator.WEIGHT_AGE: (2,),
    Indicator.HEIGHT_AGE: (),
    Indicator.BMI_AGE: (2, 3),
    Indicator.WEIGHT_HEIGHT: (2, 3),
}
_HIGH_FROM_FIVE: Mapping[Indicator, tuple[int, ...]] = {
    **_HIGH_UNDER_FIVE,
    Indicator.WEIGHT_AGE: (),
    Indicator.BMI_AGE: (1, 2),
}


class ImplausibleError(ValueError):
    """A measurement that cannot be right; the sentence asks to measure again."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One weighing and measuring (cân đo); ``lying``: None if the usual way for the age, lying under 24 months."""

    sex: Sex
    age_days: int
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    lying: bool | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One indicator of one measurement."""

    indicator: Indicator
    z: Decimal
    band: Band

    @property
    def words(self) -> str:
        """Nhẹ cân, thấp còi, gầy còm, thừa cân, béo phì … or bình thường."""
        return _WORDS[self.indicator].get(self.band, "bình thường")


class Lms(NamedTuple):
    """Skewness, median and coefficient of variation of a standard at one age or height."""

    l: float  # noqa: E741
    m: float
    s: float

    def value_at(self, sd: float) -> float:
        """The measurement that lies ``sd`` standard deviations from the median."""
        if self.l == 0:
            return self.m * math.exp(self.s * sd)
        return float(self.m * (1 + self.l * self.s * sd) ** (1 / self.l))

    def z(self, y: float) -> float:
        if self.l == 0:
            return math.log(y / self.m) / self.s
        return float(((y / self.m) ** self.l - 1) / (self.l * self.s))

    def z_outward(self, y: float) -> float:
        """As `z`; beyond 3 in steps of the distance from 2 to 3, which WHO wants wherever weight takes part."""
        z = self.z(y)
        if abs(z) <= 3:
            return z
        sign = 1 if z > 0 else -1
        third = self.value_at(3 * sign)
        step = abs(third - self.value_at(2 * sign))
        return sign * 3 + (y - third) / step


def growth(measurement: Measurement) -> tuple[Score, ...]:
    """All indicators that the measurement allows; ImplausibleError if one of them cannot be."""
    return tuple(
        Score(indicator, z, band_of(indicator, z, measurement.age_days))
        for indicator, z in z_scores(measurement).items()
        if _checked(indicator, z)
    )


def _checked(indicator: Indicator, z: Decimal) -> bool:
    lowest, highest = _PLAUSIBLE[indicator]
    if not lowest <= z <= highest:
        shown = str(z).replace(".", ",").replace("-", "−")
        raise ImplausibleError(f"Số đo khác chuẩn của tuổi quá xa (z = {shown}). Xem lại ngày sinh, cân và đo lại.")
    return True


def z_scores(measurement: Measurement) -> dict[Indicator, Decimal]:
    """Z-scores before anything is refused or classified."""
    tables = _tables(measurement.age_days)
    height, weight = _standard_height(measurement), measurement.weight_kg
    at = _age_key(measurement.age_days)
    found: dict[Indicator, float] = {}
    if weight is not None and (lms := lookup(tables[Indicator.WEIGHT_AGE], measurement.sex, at)):
        found[Indicator.WEIGHT_AGE] = lms.z_outward(float(weight))
    if height is not None and (lms := lookup(tables[Indicator.HEIGHT_AGE], measurement.sex, at)):
        found[Indicator.HEIGHT_AGE] = lms.z(height)
    if weight is not None and height is not None:
        if lms := lookup(tables[Indicator.BMI_AGE], measurement.sex, at):
            found[Indicator.BMI_AGE] = lms.z_outward(float(weight) / (height / 100) ** 2)
        for_height = tables.get(Indicator.WEIGHT_HEIGHT)
        if for_height and (lms := lookup(for_height, measurement.sex, height)):
            found[Indicator.WEIGHT_HEIGHT] = lms.z_outward(float(weight))
    return {indicator: Decimal(z).quantize(Decimal("0.01"), ROUND_HALF_UP) for indicator, z in found.items()}


def _tables(age_days: int) -> dict[Indicator, str]:
    if age_days > DAYS_OF_FIVE_YEARS:
        return {
            Indicator.WEIGHT_AGE: "wfa_5_10y",
            Indicator.HEIGHT_AGE: "hfa_5_19y",
            Indicator.BMI_AGE: "bfa_5_19y",
        }
    return {
        Indicator.WEIGHT_AGE: "wfa_0_5y",
        Indicator.HEIGHT_AGE: "lhfa_0_5y",
        Indicator.BMI_AGE: "bfa_0_5y",
        Indicator.WEIGHT_HEIGHT: "wfl_45_110cm" if age_days < DAYS_OF_TWO_YEARS else "wfh_65_120cm",
    }


def _age_key(age_days: int) -> float:
    """Days in the standards of 2006, months with fractions in the reference of 2007."""
    return age_days if age_days <= DAYS_OF_FIVE_YEARS else age_days / DAYS_OF_MONTH


def _standard_height(measurement: Measurement) -> float | None:
    """Lying length under 24 months, standing height from then on."""
    if measurement.height_cm is None:
        return None
    height, expected = float(measurement.height_cm), measurement.age_days < DAYS_OF_TWO_YEARS
    if measurement.lying is None or measurement.lying == expected:
        return height
    return height + LYING_LONGER if expected else height - LYING_LONGER


def lookup(table: str, sex: Sex, at: float) -> Lms | None:
    """L, M, S at an age or height, between two rows by straight line; None outside of the table."""
    keys, rows = _table(table)[sex]
    place = bisect_right(keys, at) - 1
    if place < 0 or at > keys[-1]:
        return None
    below, above = rows[place], rows[min(place + 1, len(rows) - 1)]
    if keys[place] == at:
        return below
    share = (at - keys[place]) / (keys[place + 1] - keys[place])
    return Lms(*(low + share * (high - low) for low, high in zip(below, above, strict=True)))


@cache
def _table(name: str) -> dict[str, tuple[list[float], list[Lms]]]:
    tables: dict[str, tuple[list[float], list[Lms]]] = {"M": ([], []), "F": ([], [])}
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for sex, key, skew, median, variation, *_ in rows:
            keys, values = tables[sex]
            keys.append(float(key))
            values.append(Lms(float(skew), float(median), float(variation)))
    return tables


def band_of(indicator: Indicator, z: Decimal, age_days: int) -> Band:
    """The class of a z-score at an age."""
    if z < -2:
        return Band.VERY_LOW if z < -3 else Band.LOW
    limits = (_HIGH_FROM_FIVE if age_days > DAYS_OF_FIVE_YEARS else _HIGH_UNDER_FIVE)[indicator]
    return (Band.NORMAL, Band.HIGH, Band.VERY_HIGH)[sum(z > limit for limit in limits)]
