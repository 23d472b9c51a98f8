"""Setting up the books of classes, who teaches them, whose they are."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khue.base.access.places import find_place
from khue.base.accounts.models import User
from khue.base.core.scope import because, open_scope
from khue.school.assessment.models import Gradebook, Kind, MarkEntry, TeachingAssignment
from khue.school.assessment.selectors.teaching import books_of, grades, short_names, teachers_at_work, teachers_of
from khue.school.assessment.services.teaching import (
    assign,
    drop_assignment,
    end_assignment,
    give_to_class_teachers,
    remove_book,
    set_formative,
    set_up_books,
    teach_classes,
)
from khue.school.registry.models import SchoolClass, UserLink
from khue.testing import factories

pytestmark = pytest.mark.django_db
OPENING, YEAR_END = date(2026, 9, 5), date(2027, 7, 31)


@pytest.fixture
def scoped(school):
    with open_scope([school.pk]):
        yield school


def classes(school, *codes: str, **fields) -> list[SchoolClass]:
    return [
        factories.school_class(
            school, code, grade=int(code[0]), **{"language1": "tieng_anh", "sort_key": code, **fields}
        )
        for code in codes
    ]


def set_up(school, *codes: str, **fields) -> dict[str, Gradebook]:
    """Classes with their books, by "toan 6A1"."""
    classes(school, *codes, **fields)
    set_up_books(school=school, year=2026)
    rows = Gradebook.objects.select_related("school_class")
    return {f"{book.subject} {book.school_class.code}": book for book in rows}


def subjects(code: str) -> list[str]:
    rows = Gradebook.objects.filter(school_class__code=code).order_by("position")
    return list(rows.values_list("subject", flat=True))


def said(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


# -- books --------------------------------------------------------------------------------------------------------


def test_books_follow_the_curriculum_of_grade_and_year(scoped):
    books = set_up(scoped, "8A1")
    assert subjects("8A1") == [
        "chu_nhiem", "ngu_van", "toan", "ngoai_ngu_1", "giao_duc_cong_dan", "lich_su_dia_li", "khoa_hoc_tu_nhien",
        "cong_nghe", "tin_hoc", "giao_duc_the_chat", "nghe_thuat", "am_nhac", "mi_thuat", "hoat_dong_trai_nghiem",
        "giao_duc_dia_phuong",
    ]  # fmt: skip
    technology = books["cong_nghe 8A1"]
    assert (technology.kind, technology.periods, technology.formative) == ("score", 52, 3)
    assert {books[f"{code} 8A1"].part_of for code in ("am_nhac", "mi_thuat")} == {"nghe_thuat"}
    assert books["toan 8A1"].formative == 4
    assert (books["giao_duc_the_chat 8A1"].kind, books["giao_duc_the_chat 8A1"].formative) == ("comment", 2)


@pytest.mark.parametrize(
    ("grade", "year", "subject", "formative"),
    [
        (6, 2026, "cong_nghe", 2),
        (9, 2026, "cong_nghe", 3),
        (8, 2021, "vat_li", 2),
        (8, 2021, "hoa_hoc", 3),
        (9, 2021, "am_nhac", 2),
        (7, 2021, "giao_duc_the_chat", 3),
        (4, 2026, "toan", 0),
    ],
)
def test_the_number_of_regular_marks_is_that_of_the_circular(scoped, grade, year, subject, formative):
    factories.school_class(scoped, "X", grade=grade, year=year)
    set_up_books(school=scoped, year=year)
    assert Gradebook.objects.get(subject=subject).formative == formative


def test_electives_come_when_asked_for_and_languages_with_the_class(scoped):
    classes(scoped, "1A", "6A1")
    classes(scoped, "1B", language1="")
    set_up_books(school=scoped, year=2026)
    assert "ngoai_ngu_1" in subjects("1A")
    assert "ngoai_ngu_1" not in subjects("1B")
    assert not {"ngoai_ngu_2", "tieng_dan_toc"} & set(subjects("6A1"))
    sixth = SchoolClass.objects.get(code="6A1")
    assert set_up_books(school=scoped, year=2026, classes=[sixth.pk], electives=["tieng_dan_toc", "nothing"]) == 1
    assert "tieng_dan_toc" in subjects("6A1")
    assert "tieng_dan_toc" not in subjects("1A")


def test_kindergarten_classes_keep_the_homeroom_book_alone(scoped):
    factories.school_class(scoped, "LA1", grade=18)
    assert set_up_books(school=scoped, year=2026) == 1
    assert subjects("LA1") == ["chu_nhiem"]


def test_setting_up_again_adds_what_is_missing_and_changes_nothing(scoped):
    books = set_up(scoped, "6A1")
    set_formative(gradebook=books["toan 6A1"], count=6)
    remove_book(gradebook=books["tin_hoc 6A1"])
    classes(scoped, "7A1")
    made = set_up_books(school=scoped, year=2026)
    assert made == len(books) + 1
    assert Gradebook.objects.get(pk=books["toan 6A1"].pk).formative == 6
    assert set_up_books(school=scoped, year=2026) == 0


def test_the_number_of_statements_does_not_depend_on_classes(scoped):
    counts = []
    for codes in (["6A1"], ["7A1", "8A1", "9A1"]):
        classes(scoped, *codes)
        with CaptureQueriesContext(connection) as captured:
            set_up_books(school=scoped, year=2026)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_a_year_that_the_curricula_do_not_reach_is_told(scoped):
    factories.school_class(scoped, "6A1", year=1999)
    with pytest.raises(ValidationError) as error:
        set_up_books(school=scoped, year=1999)
    assert "năm học 1999–2000" in said(error)


# -- who teaches --------------------------------------------------------------------------------------------------


def test_a_teacher_takes_several_classes_at_once_and_it_stands_in_the_history(scoped):
    books = set_up(scoped, "6A1", "6A2")
    lan = factories.staff(scoped, "Trần Thị Lan")
    with because(action="Phân công", reason="Đầu năm"):
        assign(gradebooks=[books["toan 6A1"], books["toan 6A2"]], teacher=lan, since=OPENING)
    assert [one.name for one in teachers_of(books["toan 6A2"], OPENING)] == ["Trần Thị Lan"]
    assert teachers_of(books["toan 6A2"], date(2026, 9, 4)) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, pgh_context->>'reason' FROM assessment_teachingassignmentevent")
        assert cursor.fetchall() == [("insert", "Đầu năm")] * 2


def test_the_teacher_changes_from_a_day_and_a_substitute_comes_beside(scoped):
    books = set_up(scoped, "6A1")
    book = books["toan 6A1"]
    lan, hung, mai = (factories.staff(scoped, name) for name in ("Lan", "Hùng", "Mai"))
    assign(gradebooks=[book], teacher=lan, since=OPENING)
    assign(gradebooks=[book], teacher=hung, since=date(2026, 11, 2), replace=True)
    assign(gradebooks=[book], teacher=mai, since=date(2026, 12, 1), until=date(2027, 1, 1), substitute=True)
    names = {day: [one.name for one in teachers_of(book, day)] for day in
             (date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 31), date(2027, 1, 1))}  # fmt: skip
    assert list(names.values()) == [["Lan"], ["Hùng"], ["Hùng", "Mai"], ["Hùng"]]


def test_what_was_given_on_the_same_day_is_replaced_whole(scoped):
    book = set_up(scoped, "6A1")["toan 6A1"]
    wrong, right = factories.staff(scoped, "Sai"), factories.staff(scoped, "Đúng")
    assign(gradebooks=[book], teacher=wrong, since=OPENING)
    assign(gradebooks=[book], teacher=right, since=OPENING, replace=True)
    assert TeachingAssignment.objects.get().teacher_id == right.pk


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"since": date(2026, 7, 31)}, "trong năm học, từ 01/08/2026 đến 31/07/2027"),
        ({"since": date(2027, 8, 1)}, "trong năm học"),
        ({"until": OPENING}, "Ngày cuối phải từ ngày bắt đầu 05/09/2026"),
        ({"until": date(2027, 8, 2)}, "chậm nhất 31/07/2027"),
        ({"substitute": True}, "Dạy thay thì ghi ngày cuối"),
    ],
)
def test_wrong_dates_are_refused_with_the_right_ones(scoped, fields, message):
    book = set_up(scoped, "6A1")["toan 6A1"]
    with pytest.raises(ValidationError) as error:
        assign(gradebooks=[book], teacher=factories.staff(scoped), **{"since": OPENING, **fields})
    assert message in said(error)
    assert not TeachingAssignment.objects.exists()


@pytest.mark.parametrize(
    ("position", "message"),
    [
        ({"joined_on": date(2026, 10, 1)}, "về trường ngày 01/10/2026"),
        ({"left_on": date(2026, 9, 1), "status": "3"}, "đã rời trường ngày 01/09/2026"),
        ({"left_on": date(2026, 12, 1)}, "Ghi ngày cuối trước ngày ấy"),
        ({"status": "4"}, "hiện không làm việc ở trường"),
        ({"group": "3"}, "là nhân viên"),
    ],
)
def test_who_does_not_work_here_on_these_days_cannot_teach(scoped, position, message):
    book = set_up(scoped, "6A1")["toan 6A1"]
    with pytest.raises(ValidationError) as error:
        assign(gradebooks=[book], teacher=factories.staff(scoped, **position), since=OPENING)
    assert message in said(error)


def test_the_same_teacher_is_not_twice_in_a_book_and_all_or_nothing(scoped):
    books = set_up(scoped, "6A1", "6A2")
    lan = factories.staff(scoped, "Lan")
    assign(gradebooks=[books["toan 6A1"]], teacher=lan, since=OPENING, until=date(2026, 12, 1))
    with pytest.raises(ValidationError) as error:
        assign(gradebooks=[books["toan 6A1"], books["toan 6A2"]], teacher=lan, since=date(2026, 11, 30))
    assert "Lan đã dạy Toán 6A1 từ 05/09/2026 đến 30/11/2026" in said(error)
    assert TeachingAssignment.objects.count() == 1
    assign(gradebooks=[books["toan 6A1"]], teacher=lan, since=date(2026, 12, 1))


def test_homeroom_is_of_the_class_and_here_only_substituted(scoped):
    books = set_up(scoped, "6A1")
    book, thu, mai = books["chu_nhiem 6A1"], factories.staff(scoped, "Thu"), factories.staff(scoped, "Mai")
    SchoolClass.objects.update(homeroom=thu)
    with pytest.raises(ValidationError) as error:
        assign(gradebooks=[book], teacher=mai, since=OPENING)
    assert "Sửa lớp" in said(error)
    assign(gradebooks=[book], teacher=mai, since=OPENING, until=date(2026, 10, 1), substitute=True)
    assert [one.name for one in teachers_of(book, OPENING)] == ["Thu", "Mai"]


def test_teaching_ends_on_a_day_or_was_a_mistake(scoped):
    book = set_up(scoped, "6A1")["toan 6A1"]
    [one] = assign(gradebooks=[book], teacher=factories.staff(scoped, "Lan"), since=OPENING)
    for until, message in ((OPENING, "bấm Bỏ"), (date(2027, 8, 2), "chậm nhất 31/07/2027")):
        with pytest.raises(ValidationError) as error:
            end_assignment(assignments=[one], until=until)
        assert message in said(error)
    end_assignment(assignments=[one], until=date(2027, 1, 18))
    assert teachers_of(book, date(2027, 1, 18)) == []
    drop_assignment(assignment=one)
    with pytest.raises(ValidationError):
        end_assignment(assignments=[one], until=date(2027, 1, 18))


def test_one_teacher_s_classes_of_a_subject_are_set_in_one_go(scoped):
    books = set_up(scoped, "6A1", "6A2", "6A3")
    mine = [books[f"toan {code}"] for code in ("6A1", "6A2", "6A3")]
    lan, hung = factories.staff(scoped, "Lan"), factories.staff(scoped, "Hùng")
    assign(gradebooks=mine[:2], teacher=hung, since=OPENING)
    done = teach_classes(teacher=lan, subject_books=mine, wanted={mine[1].pk, mine[2].pk}, since=OPENING, day=OPENING)
    assert done == (2, 0)
    change = date(2026, 11, 2)
    done = teach_classes(teacher=lan, subject_books=mine, wanted={mine[2].pk}, since=change, day=change)
    assert done == (0, 1)
    assert [[t.name for t in teachers_of(book, change)] for book in mine] == [["Hùng"], [], ["Lan"]]


def test_class_teachers_of_primary_schools_take_what_nobody_has(make_school):
    school = make_school("74700009", levels=["TH"])
    head, music = factories.staff(school, "Thu", subject="tieu_hoc"), factories.staff(school, "Nhạc")
    with open_scope([school.pk]):
        books = set_up(school, "4A", "4B")
        SchoolClass.objects.filter(code="4A").update(homeroom=head)
        assign(gradebooks=[books["dao_duc 4A"]], teacher=music, since=OPENING)
        made, told = give_to_class_teachers(school=school, year=2026, grade=4, since=OPENING, day=OPENING)
        assert made == 5
        assert told == ["Lớp 4B chưa có chủ nhiệm. Chọn chủ nhiệm ở trang Sửa lớp."]
        assert [t.name for t in teachers_of(books["toan 4A"], OPENING)] == ["Thu"]
        assert [t.name for t in teachers_of(books["dao_duc 4A"], OPENING)] == ["Nhạc"]
        assert teachers_of(books["am_nhac 4A"], OPENING) == []


# -- subjects of a class ------------------------------------------------------------------------------------------


def entry(book: Gradebook, user: User, number: int = 1) -> MarkEntry:
    """A regular mark in the book."""
    pupil = factories.pupil(book.school, book.school_class)
    return MarkEntry.objects.create(
        school=book.school, gradebook=book, serial=1, enrolment=pupil, term=1, kind=Kind.FORMATIVE, number=number,
        value="85", user=user, written_at=timezone.now(), digest=b"\0" * 32,
    )  # fmt: skip


def test_a_subject_without_entries_can_be_removed_with_its_parts(scoped):
    books = set_up(scoped, "6A1")
    assign(gradebooks=[books["am_nhac 6A1"]], teacher=factories.staff(scoped), since=OPENING)
    remove_book(gradebook=books["nghe_thuat 6A1"])
    assert not {"nghe_thuat", "am_nhac", "mi_thuat"} & set(subjects("6A1"))
    assert not TeachingAssignment.objects.exists()
    with pytest.raises(ValidationError):
        remove_book(gradebook=books["chu_nhiem 6A1"])


def test_a_subject_with_entries_stays(scoped, clerk):
    books = set_up(scoped, "6A1")
    entry(books["am_nhac 6A1"], clerk)
    for subject in ("am_nhac", "nghe_thuat"):
        with pytest.raises(ValidationError) as error:
            remove_book(gradebook=books[f"{subject} 6A1"])
        assert "đã có điểm hoặc nhận xét nên không bỏ được" in said(error)
    assert "nghe_thuat" in subjects("6A1")


def test_regular_marks_are_not_fewer_than_the_circular_or_what_is_entered(scoped, clerk):
    books = set_up(scoped, "8A1")
    book = books["cong_nghe 8A1"]
    for count in (2, 11):
        with pytest.raises(ValidationError) as error:
            set_formative(gradebook=book, count=count)
        assert "Quy định là 3 điểm thường xuyên mỗi kì. Ghi từ 3 đến 10." in said(error)
    assert set_formative(gradebook=book, count=5)
    entry(book, clerk, number=5)
    with pytest.raises(ValidationError) as error:
        set_formative(gradebook=book, count=4)
    assert "đã có điểm thường xuyên thứ 5" in said(error)
    with pytest.raises(ValidationError):
        set_formative(gradebook=books["chu_nhiem 8A1"], count=2)


# -- whose --------------------------------------------------------------------------------------------------------


def test_my_books_are_those_i_teach_and_the_homeroom_book_of_my_class(school, make_user):
    lan, other = factories.staff(school, "Trần Thị Lan"), factories.staff(school, "Hùng")
    user = make_user("teacher", school.unit)
    UserLink.objects.create(user=user, staff=lan.staff)
    with open_scope([school.pk]):
        books = set_up(school, "6A1", "6A2")
        SchoolClass.objects.filter(code="6A2").update(homeroom=lan)
        factories.pupil(school, books["toan 6A2"].school_class)
        assign(gradebooks=[books["toan 6A1"], books["toan 6A2"]], teacher=lan, since=OPENING)
        assign(gradebooks=[books["ngoai_ngu_1 6A1"]], teacher=lan, since=OPENING, until=date(2026, 10, 1))
        assign(gradebooks=[books["ngu_van 6A1"]], teacher=other, since=OPENING)
        request = RequestFactory().get("/")
        request.user, request.place = user, find_place(user, "truong", school.code, date(2026, 11, 24))
        with CaptureQueriesContext(connection) as captured:
            mine = [(b.class_code, b.name, b.pupils, b.is_homeroom) for b in books_of(request, date(2026, 11, 24))]
        assert len(captured) <= 2
        assert mine == [("6A1", "Toán", 0, False), ("6A2", "Chủ nhiệm", 1, True), ("6A2", "Toán", 1, False)]
        assert [b.name for b in books_of(request, date(2026, 9, 30))][:2] == ["Toán", "Tiếng Anh"]


def test_the_summary_counts_what_nobody_teaches(scoped):
    books = set_up(scoped, "6A1")
    classes(scoped, "7A1")
    assign(gradebooks=[books["toan 6A1"]], teacher=factories.staff(scoped), since=OPENING)
    sixth, seventh = grades(scoped.pk, 2026, OPENING)
    # 14 subjects without the homeroom book; Nghệ thuật is taught by its parts
    assert (sixth.grade, sixth.classes, sixth.bare, sixth.empty) == (6, 1, 0, 14 - 1 - 1 + 1)
    assert (seventh.classes, seventh.bare, seventh.empty) == (1, 1, 0)


def test_the_load_of_a_teacher_is_that_of_the_year(scoped):
    lan = factories.staff(scoped, "Lan")
    former = factories.school_class(scoped, "6A1", grade=6, year=2025)
    set_up_books(school=scoped, year=2025)
    book = Gradebook.objects.select_related("school_class").get(school_class=former, subject="toan")
    assign(gradebooks=[book], teacher=lan, since=date(2025, 9, 5))
    books = set_up(scoped, "7A1", "7A2")
    assign(gradebooks=[books["toan 7A1"], books["tin_hoc 7A1"], books["toan 7A2"]], teacher=lan, since=OPENING)
    assert [one.classes for one in teachers_at_work(scoped.pk, 2026, OPENING)] == [2]


def test_given_names_grow_where_two_people_share_them():
    names = short_names(["Trần Ngọc Lan", "Lê Thị Lan", "Phạm Thị Lan", "Vũ Hùng", ""])
    assert names == {
        "Vũ Hùng": "Hùng", "Trần Ngọc Lan": "Ngọc Lan", "Lê Thị Lan": "L.\u00a0Lan", "Phạm Thị Lan": "P.\u00a0Lan",
    }  # fmt: skip
