"""Sums over any dimension give the total; the names behind a figure are as many as the figure says."""

from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.base.core.scope import open_scope
from khue.office.statistics.cubes import CUBES
from khue.office.statistics.selectors import NoSchoolYearError, count, make_query, rows_of, total
from khue.testing import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 30)


@pytest.fixture
def city(make_school):
    """Two schools with forty pupils, some of them gone, some without class, and a few of everything else."""
    rng = Random(7)
    schools = [make_school("74700001"), make_school("74300002", levels=["MN", "TH"], ownership="2", ward="Phú Lợi")]
    for school, grades in zip(schools, ((6, 7, 9), (18, 1)), strict=True):
        rooms = [
            factories.school_class(school, f"{g}A", grade=g, sessions_per_week=rng.choice([None, 5, 10]))
            for g in grades
        ]
        for _ in range(20):
            status = rng.choice(["1", "1", "1", "2", "3", "4", "5"])
            factories.pupil(
                school, rng.choice([*rooms, None]), status=status,
                on=None if status == "1" else date(2026, rng.choice([9, 10]), rng.randint(1, 28)),
                sex=rng.choice("01"), ethnicity=rng.choice(["01", "05", "55", ""]),
                birth_date=date(rng.randint(2010, 2021), 3, 1),
                enrolment={"entry": rng.choice(["", "tuyen_moi"]), "disability": rng.choice(["", "", "01"])},
            )  # fmt: skip
        for n in range(4):
            factories.staff(school, group=rng.choice("123"), job="gv", person={"sex": rng.choice("01")})
            factories.room(school, f"P{n}", kind=rng.choice(["phong_hoc", "thu_vien"]), structure="tam", area="24.50")
    return schools


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sums_and_names_agree(city, data):
    cube = CUBES[data.draw(st.sampled_from(sorted(CUBES)))]
    by = data.draw(st.lists(st.sampled_from(sorted(cube.dimensions)), max_size=4, unique=True))
    day = data.draw(st.dates(date(2026, 8, 1), date(2027, 7, 31)))
    ids = [s.pk for s in city]
    with open_scope(ids, all_schools=True):
        rows = count(make_query(cube=cube.name, by=by, day=day))
        whole = make_query(cube=cube.name, by=[], day=day)
        assert sum(row[-1] for row in rows) == count(whole)[0][0] == total(whole) == len(rows_of(whole))
        assert len({row[:-1] for row in rows}) == len(rows)
        if rows:
            *values, figure = data.draw(st.sampled_from(rows))
            cell = make_query(cube=cube.name, by=[], day=day, filters={n: [v] for n, v in zip(by, values, strict=True)})
            found = rows_of(cell)
            assert figure == total(cell) == len(found) == len({key for key, *_ in found})


def test_a_condition_takes_several_values(city):
    ids = [s.pk for s in city]
    with open_scope(ids, all_schools=True):
        both = make_query(cube="pupils", by=["sex"], day=DAY, filters={"ethnicity": ["05", "55"]})
        single = [total(make_query(cube="pupils", by=[], day=DAY, filters={"ethnicity": [e]})) for e in ("05", "55")]
        assert sum(row[-1] for row in count(both)) == sum(single) > 0


def test_names_are_found_without_marks_and_in_vietnamese_order(school):
    for name in ("Trần Văn Đức", "Lê Ân", "Nguyễn An", "Phạm Thị Dung"):
        factories.pupil(school, full_name=name)
    with open_scope([school.pk]):
        asked = make_query(cube="pupils", by=[], day=DAY)
        assert [name for _, name, _ in rows_of(asked)] == ["Nguyễn An", "Lê Ân", "Phạm Thị Dung", "Trần Văn Đức"]
        assert [name for _, name, _ in rows_of(asked, search="duc")] == ["Trần Văn Đức"]
        assert rows_of(asked, search="%") == []
        assert [name for _, name, _ in rows_of(asked, offset=1, limit=2)] == ["Lê Ân", "Phạm Thị Dung"]


def test_area_is_summed(school):
    factories.room(school, "P1", kind="phong_hoc", structure="tam", area="24.50")
    factories.room(school, "P2", kind="phong_hoc", structure="tam", area="10.25")
    with open_scope([school.pk]):
        asked = make_query(cube="rooms", by=["kind"], day=DAY)
        assert [(kind, n, str(area)) for kind, n, area in count(asked, measure="area")] == [("phong_hoc", 2, "34.75")]


def test_a_day_outside_every_school_year_is_told(school):
    with open_scope([school.pk]), pytest.raises(NoSchoolYearError):
        count(make_query(cube="pupils", by=[], day=date(2010, 1, 1)))


@pytest.mark.parametrize("cube", sorted(CUBES))
def test_one_statement_a_table(school, cube, django_assert_num_queries):
    with open_scope([school.pk]):
        asked = make_query(cube=cube, by=list(CUBES[cube].dimensions), day=DAY)
        count(asked)
        with django_assert_num_queries(2):  # the school year of the day, the table
            count(asked)
