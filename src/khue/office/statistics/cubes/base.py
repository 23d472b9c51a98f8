"""What can be counted, and by what: cubes and their dimensions as data (statistics.md §2-§3).

One declaration serves the page, the names behind a figure, CSV and the command line. A cube is a FROM clause with the
condition "counts on the day"; a dimension is an SQL expression over it that yields text: the raw value, which is a code
where ``values`` names a catalogue list. Parameters: ``day``, ``year`` (that holds the day). Which schools are counted
is the scope of the transaction: a condition on schools of our own would be estimated twice and spoil the plan.

Where a person has left the school, the copy frozen on that day is read before the live row: the policy hides the live
row from the school, and the office must count what the school counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
UNKNOWN = "-"
"""The value of a row where nothing is known."""

FLAGS = {"1": _("Có"), "0": _("Không")}


@dataclass(frozen=True)
class Dimension:
    """One way of dividing what is counted.

    ``values`` names the catalogue list whose names are shown, in CSV too unless the dimension is ``coded``; ``labels``
    gives words for raw values on the page only; ``needs`` names joins of the cube (what it has no join for is at hand).
    """

    name: str
    label: Text
    sql: str
    definition: Text
    source: str
    needs: tuple[str, ...] = ()
    values: str = ""
    coded: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of the names behind a figure; ``kind`` is that of an exported cell."""

    label: Text
    sql: str
    needs: tuple[str, ...] = ()
    values: str = ""
    kind: Literal["text", "date", "number"] = "text"


@dataclass(frozen=True, eq=False)
class Cube:
    """Something to count; ``owner`` is the expression of the school that a row belongs to.

    ``key``, ``title`` and ``columns`` describe the rows behind a figure in the order ``order``; ``page`` is the page of
    one record, ``action`` the right to see them, ``search`` a key without marks that a typed name is looked up in.
    ``measures`` are sums that can stand beside the count: (label, what a row adds).
    """

    name: str
    label: Text
    noun: Text
    definition: Text
    source: str
    table: str
    owner: str
    where: str
    joins: Mapping[str, str]
    all_dimensions: tuple[Dimension, ...]
    key: str
    title: Column
    columns: tuple[Column, ...]
    order: str
    page: str
    action: str
    order_needs: tuple[str, ...] = ()
    cte: str = ""
    search: str = ""
    measures: Mapping[str, tuple[Text, str]] = field(default_factory=dict)

    @cached_property
    def dimensions(self) -> dict[str, Dimension]:
        return {dimension.name: dimension for dimension in self.all_dimensions}


LEVEL_OF_GRADE = (
    "CASE WHEN c.grade IS NULL THEN NULL WHEN c.grade >= 13 THEN 'MN' WHEN c.grade <= 5 THEN 'TH' ELSE 'THCS' END"
)
LEVELS_OF_SCHOOL = """(SELECT string_agg(l, ';' ORDER BY array_position(ARRAY['MN', 'TH', 'THCS']::text[], l))
    FROM unnest(s.levels::text[]) AS l)"""
SCHOOL = {"school": "JOIN org_school s ON s.unit_id = {}.school_id"}
LEVEL_LABELS = {"MN": _("Mầm non"), "TH": _("Tiểu học"), "THCS": _("THCS")}
STATISTICS_2 = "Thông tư 24/2018/TT-BGDĐT; ngày chốt và cách đếm theo quy ước của phòng"


def known(sql: str) -> str:
    """Blank and null become the sign for nothing known."""
    return f"COALESCE(NULLIF({sql}, ''), '{UNKNOWN}')"


def flag(sql: str) -> str:
    return f"CASE WHEN {sql} THEN '1' ELSE '0' END"


def minority(ethnicity: str) -> str:
    """Groups 02 to 54: foreigners (55) are neither Kinh nor minority, an unknown group is unknown."""
    unknown = f"NULLIF({ethnicity}, '') IS NULL"
    return f"CASE WHEN {unknown} THEN '{UNKNOWN}' WHEN {ethnicity} IN ('01', '55') THEN '0' ELSE '1' END"


_SCHOOL = Dimension(
    "school", _("Trường"), "s.code", _("Trường hoặc cơ sở quản lý hồ sơ."), STATISTICS_2, ("school",), coded=True
)
_CAMPUS = Dimension(
    "campus", _("Điểm trường"), known("k.name"), _("Điểm trường của lớp, của phòng."), STATISTICS_2, ("class", "campus")
)
_WARD = Dimension("ward", _("Phường, xã"), known("s.ward"), _("Phường, xã nơi trường đóng."), STATISTICS_2, ("school",))
_OWNERSHIP = Dimension(
    "ownership",
    _("Loại hình"),
    known("s.ownership"),
    _("Công lập, tư thục, dân lập của trường."),
    STATISTICS_2,
    ("school",),
    values="ownership",
)
PLACE = {d.name: d for d in (_SCHOOL, _CAMPUS, _WARD, _OWNERSHIP)}


def place(names: str) -> tuple[Dimension, ...]:
    """Dimensions of the place, by name: "school ward"."""
    return tuple(PLACE[name] for name in names.split())


LEVEL_BY_CLASS = Dimension(
    "level",
    _("Cấp học"),
    LEVEL_OF_GRADE,
    _("Cấp học theo khối của lớp."),
    "Luật Giáo dục 2019, Điều 6",
    ("class",),
    labels=LEVEL_LABELS,
)
LEVEL_BY_SCHOOL = Dimension(
    "level",
    _("Cấp học"),
    known(LEVELS_OF_SCHOOL),
    _("Cấp học của trường; trường nhiều cấp ghi các cấp cách nhau dấu ;."),
    "Luật Giáo dục 2019, Điều 6",
    ("school",),
    labels=LEVEL_LABELS,
)
GRADE = Dimension(
    "grade",
    _("Khối"),
    known("c.grade::text"),
    _("Khối 1 đến 9; 13 đến 18 là các nhóm, lớp mầm non."),
    "Danh mục khối của cơ sở dữ liệu ngành",
    ("class",),
    values="grade",
    coded=True,
)
LANGUAGE = Dimension(
    "language",
    _("Ngoại ngữ 1"),
    known("c.language1"),
    _("Ngoại ngữ 1 của lớp; gạch ngang là không học."),
    STATISTICS_2,
    ("class",),
    values="foreign_language",
    labels={UNKNOWN: _("Không học")},
)
SCHOOL_NAME = "s.name"
SCHOOL_COLUMN = Column(_("Trường"), SCHOOL_NAME, ("school",))
"""The last column of every cube: left out where there is one school."""
