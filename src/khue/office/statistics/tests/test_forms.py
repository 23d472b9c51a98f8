"""Official tables: every figure is what its condition counts, live and frozen, and the parts add up."""

import tomllib
from datetime import date
from typing import Any

import pytest

from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.office.statistics.official import form_of
from khue.office.statistics.official.figures import Basis, figures, with_entered
from khue.office.statistics.official.loading import DATA, FormError, _table
from khue.office.statistics.official.shape import Column, Condition
from khue.office.statistics.selectors import make_query, measured, total
from khue.testing import factories

DAY = date(2026, 9, 30)
TABLES = [table["code"] for table in tomllib.loads((DATA / "opening.toml").read_text("utf-8"))["table"]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def city(make_school: Any) -> list[School]:
    """Three schools with a little of everything."""
    lower = make_school("74700001", national_standard="1")
    primary = make_school("74700002", levels=["TH"], ownership="2", ward="Phú Lợi", name="Trường TH Phú Lợi")
    garden = make_school("74700003", levels=["MN"], school_type="13", ward="Phú Lợi", name="Trường MN Hoa Mai")
    for school, grades in ((lower, (6, 9)), (primary, (1, 5)), (garden, (15, 18))):
        for grade in grades:
            room = factories.school_class(
                school,
                f"L{grade}",
                grade=grade,
                language1="tieng_anh" if grade < 13 else "",
                combined=grade == 15,
                shift="ca_ngay",
                boarding=grade == 18,
            )
            year = 2026 - (grade + 5 if grade < 10 else grade - 13)
            for n in range(3):
                factories.pupil(
                    school,
                    room,
                    sex=str(n % 2),
                    ethnicity="05" if n == 2 else "01",
                    birth_date=date(year - n // 2, 3, 4),
                    enrolment={
                        "entry": ("tuyen_moi", "", "luu_ban")[n],
                        "two_sessions": n == 0,
                        "boarding": n == 1,
                        "disability": "02" if n == 2 else "",
                        "inclusion": n == 2,
                        "poverty": "ngheo" if n == 1 else "",
                    },
                )
        factories.pupil(school)
        for group, job, subject in (("1", "01", ""), ("2", "gv", "toan"), ("2", "gv", "tieng_anh"), ("3", "15", "")):
            factories.staff(school, group=group, job=job, subject=subject, party=group == "1", standard_superior="1")
        for kind, structure in (("phong_hoc", "kien_co"), ("thu_vien", "ban_kien_co"), ("khac", "tam")):
            factories.room(school, kind, kind=kind, structure=structure)
    return [lower, primary, garden]


@pytest.mark.parametrize("code", TABLES)
def test_each_figure_is_what_its_condition_counts(code: str, city: list[School]) -> None:
    table = form_of("opening").table[code]
    with open_scope([s.pk for s in city], all_schools=True):
        cells = figures(table, Basis(DAY))[""]
        for row in (row for row in table.rows if not row.entered and not row.family):
            for column in (column for column in table.columns if table.applies(row, column)):
                when = table.cell(row, column)
                asked = make_query(cube=table.cube.name, by=(), day=DAY, filters=when.takes, without=when.leaves)
                expected = measured(asked, row.sum) if row.sum else total(asked)
                assert cells[row.code, column.code] == expected, (table.code, row.label, column.label)
    assert any(cells.values()) or not any(not row.entered for row in table.rows)


@pytest.mark.parametrize("code", TABLES)
def test_parts_never_exceed_the_whole_and_kinds_add_up(code: str, city: list[School]) -> None:
    table = form_of("opening").table[code]
    with open_scope([s.pk for s in city], all_schools=True):
        cells = figures(table, Basis(DAY))[""]
    for column in table.columns:
        sums: dict[tuple[str, str], Any] = {}
        for row in (row for row in table.rows if row.of and not row.entered and table.applies(row, column)):
            assert cells[row.code, column.code] <= cells[row.of, column.code], (row.label, column.label)
            if row.part:
                key = (row.of, row.part)
                sums[key] = sums.get(key, 0) + cells[row.code, column.code]
        for (whole, part), number in sums.items():
            assert number == cells[whole, column.code], (table.code, part, column.label)


def test_one_statement_gives_every_place(city: list[School], django_assert_num_queries: Any) -> None:
    table = form_of("opening").table["TH3"]
    with open_scope([s.pk for s in city], all_schools=True):
        figures(table, Basis(DAY))
        with django_assert_num_queries(2):  # the school year of the day, the figures
            by_school = figures(table, Basis(DAY), by="school")
        by_ward = figures(form_of("opening").table["MN3"], Basis(DAY), by="ward")
        owned = figures(table, Basis(DAY), where=Condition({"ownership": ("1",)}))[""]
    assert {place: cells["1", "T"] for place, cells in by_school.items()} == {"74700002": 7}
    assert {place: cells["1", "T"] for place, cells in by_ward.items()} == {"Phú Lợi": 7}
    assert owned["1", "T"] == 0


def test_the_worked_example_of_a_primary_school(city: list[School]) -> None:
    """Two grades of three: one boy, the third of a minority, repeating, disabled; one more without a class."""
    with open_scope([city[1].pk]):
        cells = figures(form_of("opening").table["TH3"], Basis(DAY))[""]
    expected = {
        ("1", "T"): 7, ("1", "N"): 4, ("1", "D"): 2, ("1", "K1"): 3, ("1", "K1N"): 2, ("1", "K2"): 0, ("2.1", "T"): 2,
        ("2.3", "K5"): 1, ("3.1", "T"): 2, ("4", "K1"): 1, ("9.1", "T"): 2, ("10", "K1"): 1,
    }  # fmt: skip
    assert {key: cells[key] for key in expected} == expected


def test_entered_numbers_add_up_and_nothing_is_guessed(city: list[School]) -> None:
    table = form_of("opening").table["MN1"]
    cells = with_entered(table, {}, [{"MN1": {"6 T": 1, "1 T": 5, "6 XX": 4}}, {"MN1": {"6 T": 2}}, {}])
    assert cells == {("6", "T"): 3}


@pytest.mark.parametrize(
    "row",
    [
        {"code": "1", "label": "x", "is": {"height": ["1"]}},
        {"code": "1", "label": "x", "is": {"sex": ["9"]}},
        {"code": "1", "label": "x", "of": "7"},
        {"code": "1", "label": "x", "columns": ["Q"]},
        {"code": "1", "label": "x", "sum": "area"},
    ],
)
def test_a_form_with_a_mistake_stops_the_start(row: dict[str, Any]) -> None:
    entry = {"code": "X", "level": "TH", "title": "x", "cube": "pupils", "columns": "total", "rows": [row]}
    with pytest.raises(FormError, match=r"^X, 1: không có"):
        _table(entry, {"columns": [{"code": "T", "label": "Tổng số"}]})


def test_conditions_join() -> None:
    left = Condition({"sex": ("0", "1"), "age": ("6",)}, {"entry": ("luu_ban",)})
    right = Condition({"sex": ("0",)}, {"entry": ("hoc_lai",)})
    both = left.joined(right)
    assert both == Condition({"sex": ("0",), "age": ("6",)}, {"entry": ("luu_ban", "hoc_lai")})
    assert both.holds({"sex": "0", "age": "6", "entry": "tuyen_moi"})
    assert not both.holds({"sex": "0", "age": "6", "entry": "hoc_lai"})
    assert Column("T", "Tổng").when.holds({})
