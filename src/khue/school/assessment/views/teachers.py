"""The same by teacher: what each teaches, and one form to tick the classes of a subject."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.text import initials
from khue.base.org.selectors import calendar_of
from khue.school.registry.models import Position
from khue.school.registry.selectors.people import staff_of
from khue.school.registry.selectors.scope import find, school_of

from ..forms.teaching import ClassesForm
from ..models import Gradebook
from ..models.books import HOMEROOM
from ..selectors.teaching import Teacher, assignments_of, by_teacher, label_of, short_names, taught_subjects
from ..services.teaching import first_day, teach_classes
from .teaching_common import READ, WRITE, books_here, crumbs, done, said, teachers_here, views_of


@needs(READ)
def teachers(request: HttpRequest) -> HttpResponse:
    """Every teacher at work with what they teach today."""
    place, school = place_of(request), school_of(request)
    lines = by_teacher(school.pk, place.year, timezone.localdate())
    free = sum(not line.teaching for line in lines)
    lead = _("{n} giáo viên và cán bộ quản lý, {free} người chưa được phân công.").format(n=len(lines), free=free)
    return render(request, "assessment/teaching_teachers.html", {
        "title": _("Môn và phân công"),
        "lead": lead if free else _("{n} giáo viên và cán bộ quản lý.").format(n=len(lines)),
        "views": views_of(place, "teachers"),
        "lines": [
            {"line": line, "initials": initials(line.name), "url": place.url("teaching-teacher", pk=line.position)}
            for line in lines
        ],
        "writes": place.may(WRITE),
    })  # fmt: skip


@needs(WRITE)
def teacher(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick the classes where a teacher teaches a subject: from a day on they are theirs, the others are not."""
    position = find(teachers_here(request), pk, "staff")
    place, today, name = place_of(request), timezone.localdate(), staff_of(position)[0].full_name
    subjects = _subjects(request, position)
    asked = request.GET.get("mon", "")
    subject = next((code for code, *_rest in subjects if code == asked), subjects[0][0] if subjects else "")
    books = list(
        books_here(request).filter(subject=subject).select_related("school_class")
        .order_by("school_class__grade", "school_class__sort_key")
    )  # fmt: skip
    given = assignments_of([book.pk for book in books])
    now = {book.pk: [one for one in given.get(book.pk, []) if one.teaches_on(today)] for book in books}
    theirs = {pk for pk, found in now.items() if any(_is_main(one, position) for one in found)}
    form = ClassesForm(
        request.POST if request.method == "POST" else None, books=[book.pk for book in books],
        initial={"since": first_day(calendar_of(place.year), today)},
    )  # fmt: skip
    label = next((label for code, label, _mark in subjects if code == subject), "")
    if request.method == "POST" and form.is_valid():
        counted: list[tuple[int, int]] = []

        def write() -> None:
            counted.append(teach_classes(
                teacher=position, subject_books=books, wanted=set(form.cleaned_data["books"]),
                since=form.cleaned_data["since"], day=today,
            ))  # fmt: skip

        action = _("Phân công {name} dạy {subject}").format(name=name, subject=label)
        if said(form, action, write, reason=form.cleaned_data["why"]):
            return done(request, f"{request.path}?mon={subject}", _told(name, label, *counted[0]))
    ticked = set(map(int, filter(str.isdecimal, request.POST.getlist("books")))) if form.is_bound else theirs
    return render(request, "assessment/teaching_teacher.html", {
        "title": name,
        "lead": name_of("subject", position.subject) if position.subject else "",
        "crumbs": [*crumbs(place), {"label": _("Theo giáo viên"), "url": place.url("teaching-by-teacher")}],
        "subjects": [
            {"label": text, "url": f"?mon={code}", "current": code == subject, "count": mark}
            for code, text, mark in subjects
        ],
        "label": label,
        "form": form,
        "grades": _grades(books, now, ticked, position),
        "cancel_url": place.url("teaching-by-teacher"),
    }, status=422 if form.errors else 200)  # fmt: skip


def _is_main(one: Teacher, position: Position) -> bool:
    return one.position == position.pk and not one.substitute


def _subjects(request: HttpRequest, position: Position) -> list[tuple[str, str, int]]:
    """(code, name, classes of this teacher now) of subjects that the school's classes have; their own first."""
    place = place_of(request)
    rows = taught_subjects(books_here(request).exclude(subject=HOMEROOM), position.pk, timezone.localdate())
    found = []
    for code, grade, first, second, count, suits in rows:
        found.append((not (suits or count), code, label_of(grade, place.year, code, (first, second)), count))
    return [(code, label, count) for _later, code, label, count in sorted(found, key=lambda row: row[0])]


def _told(name: str, label: str, new: int, over: int) -> str:
    if not new and not over:
        return _("{name}: phân công không đổi").format(name=name)
    parts = [_("thêm {n} lớp").format(n=new)] if new else []
    parts += [_("thôi {n} lớp").format(n=over)] if over else []
    return _("{name} dạy {subject}: {what}").format(name=name, subject=label, what=", ".join(parts))


def _grades(
    books: list[Gradebook], now: dict[int, list[Teacher]], ticked: set[int], position: Position
) -> list[dict[str, Any]]:
    """Boxes by grade; beside a class who teaches it today."""
    names = short_names(one.name for found in now.values() for one in found)
    by_grade: dict[int, list[dict[str, Any]]] = {}
    for book in books:
        others = [one for one in now[book.pk] if one.position != position.pk]
        by_grade.setdefault(book.school_class.grade, []).append({
            "value": book.pk,
            "code": book.school_class.code,
            "checked": book.pk in ticked,
            "mine": any(_is_main(one, position) for one in now[book.pk]),
            "others": ", ".join(names[one.name] for one in others),
            "full": ", ".join(one.name for one in others),
        })  # fmt: skip
    return [{"name": name_of("grade", str(grade)), "boxes": boxes} for grade, boxes in by_grade.items()]
