"""One subject of one class: who teaches it, changing that, its regular marks, taking it away."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.htmx import wants_part
from khue.base.core.scope import because
from khue.base.org.selectors import calendar_of
from khue.school.registry.selectors.scope import find

from ..forms.teaching import AssignForm, EndForm, FormativeForm
from ..models import Gradebook, TeachingAssignment
from ..models.books import HOMEROOM
from ..rules.assignments import last_day
from ..rules.books import required_formative, subject_of
from ..selectors.teaching import (
    Teacher,
    assignments_of,
    book_name,
    fitting,
    teachers_at_work,
    teachers_of,
    usual_subjects,
)
from ..services.teaching import assign, drop_assignment, end_assignment, first_day, remove_book, set_formative
from .teaching_common import READ, WRITE, books_here, crumbs, done, grid_url, said, teachers_here


def _book(request: HttpRequest, pk: int) -> Gradebook:
    return find(books_here(request), pk, "school_class")


@needs(READ)
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """Who teaches a subject of a class, and the form to change it: the drawer's inside for htmx, else a page."""
    return _book_page(request, _book(request, pk))


def _book_page(
    request: HttpRequest, one: Gradebook, *, form: AssignForm | None = None, formative: FormativeForm | None = None,
    end: tuple[int, EndForm] | None = None,
) -> HttpResponse:  # fmt: skip
    place, klass, writes = place_of(request), one.school_class, place_of(request).may(WRITE)
    teachers = teachers_of(one, timezone.localdate()) if one.subject == HOMEROOM else assignments_of([one.pk])[one.pk]
    if writes and form is None:
        form = _assign_form(one)
    context = {
        "title": book_name(one),
        "crumbs": crumbs(place, klass.grade),
        "facts": _facts(one),
        "lines": _lines(request, teachers, end),
        "form": form if writes else None,
        "formative_form": (formative or _formative_form(one)) if writes else None,
        "homeroom": one.subject == HOMEROOM,
        "class_url": place.url("class-edit", pk=klass.pk) if place.may("registry.classes:write") else "",
        "urls": {
            name: place.url(f"teaching-{name}", pk=one.pk) for name in ("assign", "formative", "remove")
        },
        "back": grid_url(place, klass.grade),
    }  # fmt: skip
    template = "assessment/teaching_book.html#box" if wants_part(request) else "assessment/teaching_book.html"
    wrong = any(f is not None and f.is_bound and f.errors for f in (form, formative, end[1] if end else None))
    return render(request, template, context, status=422 if wrong else 200)


def _facts(one: Gradebook) -> str:
    """140 tiết mỗi năm; nhận xét và điểm; 4 điểm thường xuyên mỗi kì."""
    kinds = {
        "score": _("đánh giá bằng nhận xét và điểm"), "comment": _("đánh giá bằng nhận xét"),
        "test": _("đánh giá bằng mức và bài kiểm tra"), "level": _("đánh giá bằng mức"),
    }  # fmt: skip
    parts = [
        _("{n} tiết mỗi năm").format(n=one.periods) if one.periods else "",
        kinds.get(one.kind, ""),
        _("{n} điểm thường xuyên mỗi kì").format(n=one.formative) if one.formative else "",
    ]
    text = ", ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _lines(request: HttpRequest, teachers: list[Teacher], end: tuple[int, EndForm] | None) -> list[dict[str, Any]]:
    place, today = place_of(request), timezone.localdate()
    writes = place.may(WRITE)
    found = []
    for one in teachers:
        over = bool(one.until and one.until <= today)
        line = {
            "name": one.name,
            "over": over,
            "level": "" if over else "ok" if one.teaches_on(today) else "info",
            "state": _("đã thôi") if over else _("đang dạy") if one.teaches_on(today) else _("sắp dạy"),
            "when": _when(one),
            "substitute": one.substitute,
            "pk": one.assignment,
        }
        if writes and one.assignment:
            asked = end[1] if end and end[0] == one.assignment else None
            line["end_form"] = None if over else asked or _end_form(one)
            line["end_url"] = place.url("teaching-end", pk=one.assignment)
            line["drop_url"] = place.url("teaching-drop", pk=one.assignment)
        found.append(line)
    return sorted(found, key=lambda line: bool(line["over"]))


def _end_form(one: Teacher) -> EndForm:
    return EndForm(initial={"last_day": _last(one)}, prefix=str(one.assignment))


def _last(one: Teacher) -> date | None:
    return last_day(one.until) if one.until else None


def _when(one: Teacher) -> str:
    if one.since is None:
        return _("chủ nhiệm")
    last = _last(one)
    if last:
        return _("từ {since} đến {last}").format(since=f"{one.since:%d/%m/%Y}", last=f"{last:%d/%m/%Y}")
    return _("từ {since}").format(since=f"{one.since:%d/%m/%Y}")


def _assign_form(one: Gradebook, data: Any = None) -> AssignForm:
    klass, today = one.school_class, timezone.localdate()
    lines = teachers_at_work(one.school_id, klass.year, today)
    suited = fitting(lines, usual_subjects(klass.grade, one.subject, (klass.language1, klass.language2)))
    head = [line for line in lines if line.position == klass.homeroom_id and klass.grade <= 5 and line in suited]
    suited = head + [line for line in suited if line not in head]
    known = {line.position for line in suited}
    return AssignForm(
        data,
        suited=suited,
        others=[line for line in lines if line.position not in known],
        homeroom=one.subject == HOMEROOM,
        initial={"since": first_day(calendar_of(klass.year), today)},
    )


def _formative_form(one: Gradebook, data: Any = None) -> FormativeForm | None:
    klass = one.school_class
    subject = subject_of(klass.grade, klass.year, one.subject)
    least = required_formative(klass.grade, klass.year, subject) if subject else 0
    if not least:
        return None
    form = FormativeForm(data, initial={"formative": one.formative})
    text = _("Quy định: {n}. Ghi nhiều hơn nếu trường kiểm tra nhiều hơn.").format(n=least)
    form.fields["formative"].help_text = text
    return form


@needs(WRITE)
@require_POST
def book_assign(request: HttpRequest, pk: int) -> HttpResponse:
    one = _book(request, pk)
    form = _assign_form(one, request.POST)
    if form.is_valid():
        teacher = find(teachers_here(request), int(form.cleaned_data["teacher"]), "staff")
        write = partial(assign, gradebooks=[one], teacher=teacher, **form.values())
        action = _("Phân công {book}").format(book=book_name(one))
        if said(form, action, write, reason=form.cleaned_data["why"]):
            name = teacher.staff.full_name if teacher.staff else ""
            way = _("dạy thay") if form.values()["substitute"] else _("dạy")
            text = _("{name} {way} {book} từ {day}").format(
                name=name, way=way, book=book_name(one), day=f"{form.cleaned_data['since']:%d/%m/%Y}"
            )
            return done(request, grid_url(place_of(request), one.school_class.grade), text)
    return _book_page(request, one, form=form)


def _assignment(request: HttpRequest, pk: int) -> TeachingAssignment:
    rows = TeachingAssignment.objects.filter(gradebook__in=books_here(request))
    return find(rows, pk, "gradebook__school_class", "teacher__staff")


@needs(WRITE)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of an assignment."""
    one = _assignment(request, pk)
    form = EndForm(request.POST, prefix=str(pk))
    if form.is_valid():
        action = _("Kết thúc phân công {book}").format(book=book_name(one.gradebook))
        write = partial(end_assignment, assignments=[one], until=form.until)
        if said(form, action, write, reason=form.cleaned_data["why"]):
            text = _("{book}: dạy đến hết {day}").format(
                book=book_name(one.gradebook), day=f"{form.cleaned_data['last_day']:%d/%m/%Y}"
            )
            return done(request, grid_url(place_of(request), one.gradebook.school_class.grade), text)
    return _book_page(request, one.gradebook, end=(pk, form))


@needs(WRITE)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an assignment that was written by mistake."""
    one = _assignment(request, pk)
    with because(action=_("Bỏ phân công ghi nhầm, {book}").format(book=book_name(one.gradebook))):
        drop_assignment(assignment=one)
    text = _("Đã bỏ phân công ghi nhầm của {book}").format(book=book_name(one.gradebook))
    return done(request, grid_url(place_of(request), one.gradebook.school_class.grade), text)


@needs(WRITE)
@require_POST
def formative(request: HttpRequest, pk: int) -> HttpResponse:
    """Number of regular marks of a subject of a class."""
    one = _book(request, pk)
    form = _formative_form(one, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        count = form.cleaned_data["formative"]
        write = partial(set_formative, gradebook=one, count=count)
        if said(form, _("Sửa số điểm thường xuyên"), write):
            text = _("{book}: {n} điểm thường xuyên mỗi kì").format(book=book_name(one), n=count)
            return done(request, grid_url(place_of(request), one.school_class.grade), text)
    return _book_page(request, one, formative=form)


@needs(WRITE)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a subject from a class while nothing was entered."""
    one = _book(request, pk)
    url, form = grid_url(place_of(request), one.school_class.grade), Form(request.POST)
    if said(form, _("Bỏ môn khỏi lớp"), partial(remove_book, gradebook=one)):
        return done(request, url, _("Đã bỏ {book}").format(book=book_name(one)))
    for sentence in form.non_field_errors():
        messages.error(request, str(sentence))
    return done(request, url)
