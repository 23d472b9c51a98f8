"""``./khue manage statistics``: header, rows, words for wrong use, exit code 2."""

from io import StringIO

import pytest
from django.core.management import call_command

from khue.testing import factories

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command("statistics", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, err.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def two_schools(school, other_school):
    first, second = factories.school_class(school, "6A1"), factories.school_class(other_school, "10A", grade=9)
    for sex in "011":
        factories.pupil(school, first, sex=sex)
    factories.pupil(other_school, second, sex="0", ethnicity="55")


def test_one_row_a_combination_in_the_order_asked(two_schools):
    assert run("--cube", "pupils", "--by", "sex,school,grade", "--as-of", "30/09/2026", "--format", "csv") == (
        0, "sex,school,grade,count\nNam,74700001,6,2\nNữ,74700001,6,1\nNữ,74700002,9,1\n",
    )  # fmt: skip


def test_one_school_and_a_total(two_schools):
    assert run("--cube", "pupils", "--school", "74700002", "--as-of", "2026-09-30") == (0, "count\n1\n")


def test_area_stands_after_the_count(school):
    factories.room(school, kind="phong_hoc", structure="kien_co", area="48.50")
    assert run("--cube", "rooms", "--by", "area,building", "--as-of", "2026-09-30") == (
        0, "building,count,area\nKiên cố,1,48.50\n",
    )  # fmt: skip


def test_a_name_that_looks_like_a_formula_is_guarded_and_the_dash_is_not(make_school):
    school = make_school("74700005", ward="=1+1")
    factories.pupil(school)
    assert (
        run("--cube", "pupils", "--by", "ward,disability", "--as-of", "2026-09-30")[1]
        == "ward,disability,count\n'=1+1,-,1\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cube", "pupils", "--by", "sex,khoi"], "không có chiều “khoi”"),
        (["--cube", "marks"], "Không có khối “marks”"),
        (["--cube", "pupils", "--school", "1"], "Không có trường mang mã “1”"),
        (["--cube", "pupils", "--as-of", "31/02/2026"], "Không đọc được ngày “31/02/2026”"),
        (["--cube", "pupils", "--as-of", "2001-01-01"], "không thuộc năm học nào"),
        (["--cube", "pupils", "--format", "pdf"], "Không có dạng “pdf”"),
    ],
)
def test_wrong_use_is_exit_2_with_words(school, arguments, words):
    code, text = run(*arguments)
    assert code == 2
    assert words in text


def test_wrong_dimension_lists_what_there_is(office):
    _, text = run("--cube", "rooms", "--by", "sex")
    assert "school: Trường" in text
    assert "building: Cấp công trình" in text
    assert "area: Diện tích" in text
