"""The page "Môn và phân công": which subjects the classes of a grade have, who teaches them; setting them up."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs
from khue.base.access.places import Place, place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.scope import because
from khue.base.org.rules import year_label
from khue.base.org.selectors import calendar_of
from khue.school.registry.selectors.scope import school_of

from ..forms.teaching import SetUpForm
from ..models.books import HOMEROOM
from ..rules.assignments import last_day
from ..rules.books import SHORT, electives_for
from ..selectors.teaching import (
    ClassPlan,
    GradeSummary,
    Grid,
    GridRow,
    Teacher,
    grades,
    grid,
    label_of,
    missing_books,
    short_names,
)
from ..services.teaching import give_to_class_teachers, set_up_books
from .teaching_common import ANY, READ, WRITE, crumbs, done, grid_url, said, views_of


@needs(READ)
def teaching(request: HttpRequest) -> HttpResponse:
    """Classes × subjects of a grade, who teaches them today."""
    place, school, today = place_of(request), school_of(request), timezone.localdate()
    summary = grades(school.pk, place.year, today)
    if not any(one.books for one in summary):
        return render(request, "assessment/teaching_empty.html", _nothing_yet(place, summary))
    asked = request.GET.get("khoi", "")
    grade = next((one for one in summary if str(one.grade) == asked), summary[0])
    writes = place.may(WRITE)
    table = grid(school.pk, place.year, grade.grade)
    return render(request, "assessment/teaching.html", {
        "title": _("Môn và phân công"),
        "lead": _lead(place, summary),
        "views": views_of(place, "grid"),
        "grades": [_grade_tab(one, grade) for one in summary],
        "grade": grade,
        "grade_name": name_of("grade", str(grade.grade)),
        "columns": _columns(place, grade.grade, table),
        "rows": _rows(place, grade.grade, table.rows, table.subjects),
        "bare": grade.bare if writes else 0,
        "set_up_url": place.url("teaching-set-up"),
        "give_url": place.url("teaching-class-teachers") if writes and grade.grade <= 5 and grade.empty else "",
        "actions": _actions(place, summary) if writes else [],
    })  # fmt: skip


def _nothing_yet(place: Place, summary: list[GradeSummary]) -> dict[str, Any]:
    total = sum(one.classes for one in summary)
    actions = []
    if not total:
        text = _("Lập lớp trước, hoặc nhập tệp danh sách lớp; môn lập sau theo khối của lớp.")
        if place.may("registry.classes:write"):
            actions = [{"label": _("Thêm lớp"), "icon": "plus", "url": place.url("class-add"), "primary": True}]
    elif place.may(WRITE):
        text = _("Khuê lập đúng các môn bắt buộc của từng khối theo chương trình, và sổ chủ nhiệm của mỗi lớp.")
        label = ngettext("Lập môn cho {n} lớp", "Lập môn cho {n} lớp", total).format(n=total)
        actions = [{"label": label, "icon": "book-2", "url": place.url("teaching-set-up"), "primary": True}]
    else:
        text = _("Hiệu trưởng hoặc văn thư lập môn của các lớp, rồi phân công giáo viên.")
    empty = {"title": _("Chưa lập môn cho lớp nào"), "text": text, "actions": actions}
    return {"title": _("Môn và phân công"), "lead": year_text(place), "empty": empty}


def year_text(place: Place) -> str:
    return _("Năm học {year}.").format(year=year_label(place.year))


def _lead(place: Place, summary: list[GradeSummary]) -> str:
    classes, empty = sum(one.classes for one in summary), sum(one.empty for one in summary)
    left = _("còn {n} chỗ chưa có giáo viên").format(n=empty) if empty else _("môn nào cũng có giáo viên")
    return _("Năm học {year}: {classes} lớp, {left}.").format(year=year_label(place.year), classes=classes, left=left)


def _grade_tab(one: GradeSummary, current: GradeSummary) -> dict[str, Any]:
    return {
        "label": name_of("grade", str(one.grade)),
        "url": f"?khoi={one.grade}",
        "current": one is current,
        "empty": one.empty,
        "bare": one.bare,
    }


def _actions(place: Place, summary: list[GradeSummary]) -> list[dict[str, Any]]:
    bare = sum(one.bare for one in summary)
    label = _("Lập môn cho {n} lớp").format(n=bare) if bare else _("Thêm môn")
    return [
        {"label": _("Tải Excel"), "icon": "download", "url": place.url("teaching-export"), "phone": False},
        {"label": label, "icon": "plus", "url": place.url("teaching-set-up"), "primary": bool(bare)},
    ]


def _columns(place: Place, grade: int, table: Grid) -> list[dict[str, str]]:
    """Heads: the short name to look at, the whole one to hear and on hover; a language that all classes share."""
    shared = tuple({row.languages[n] for row in table.rows} - {""} for n in (0, 1))
    first, second = (next(iter(codes)) if len(codes) == 1 else "" for codes in shared)
    found = []
    for subject in table.subjects:
        name = label_of(grade, place.year, subject, (first, second))
        short = SHORT.get(subject, name)
        found.append({"name": name, "short": name if name != label_of(grade, place.year, subject) else short})
    return found


def _rows(place: Place, grade: int, rows: list[GridRow], subjects: list[str]) -> list[dict[str, Any]]:
    today = timezone.localdate()
    pattern = place.url("teaching-book", pk=ANY)
    names = short_names(
        [row.homeroom for row in rows]
        + [one.name for row in rows for _pk, teachers in row.books.values() for one in teachers]
    )
    shown = []
    for row in rows:
        cells = []
        for subject in subjects:
            label = label_of(grade, place.year, subject, row.languages)
            if subject not in row.books:
                cells.append({"subject": label, "pk": 0})
                continue
            pk, teachers = row.books[subject]
            heads = [Teacher(None, 0, row.homeroom)] if subject == HOMEROOM and row.homeroom else []
            cells.append({"subject": label, "pk": pk, "url": pattern.replace(str(ANY), str(pk)), "class": row.code,
                          **_cell(heads + teachers, names, today)})  # fmt: skip
        shown.append({
            "code": row.code,
            "url": place.url("class", pk=row.class_id) if place.may("registry.classes:read") else "",
            "cells": cells if row.books else [],
            "set_up_url": f"{place.url('teaching-set-up')}?lop={row.class_id}",
        })  # fmt: skip
    return shown


def _cell(teachers: list[Teacher], names: Mapping[str, str], today: date) -> dict[str, Any]:
    """What a cell shows: the teachers now, else who comes."""
    now = [one for one in teachers if one.teaches_on(today)]
    coming = [one for one in teachers if one.since and one.since > today and not one.substitute]
    mains = [one for one in now if not one.substitute]
    away = [one for one in now if one.substitute]
    note = ""
    if away:
        note = _("{name} thay").format(name=", ".join(names[one.name] for one in away))
    elif not mains and coming:
        note = _("từ {day}").format(day=f"{coming[0].since:%d/%m}")
    elif mains and mains[0].until:
        note = _("hết {day}").format(day=f"{last_day(mains[0].until):%d/%m}")
    shown = mains or coming[:1]
    return {
        "names": ", ".join(names[one.name] for one in shown),
        "full": ", ".join([one.name for one in shown] + [f"{one.name} ({_('dạy thay')})" for one in away]),
        "note": note,
        "away": bool(away),
    }


@needs(WRITE)
def set_up(request: HttpRequest) -> HttpResponse:
    """What will be made for which classes; all that lack something unless ``?lop=`` names one."""
    place, school = place_of(request), school_of(request)
    try:
        plans = missing_books(school_id=school.pk, year=place.year)
        electives = _electives(place, plans)
    except LookupError as error:
        messages.error(request, str(error))
        return redirect(place.url("teaching"))
    form = SetUpForm(request.POST if request.method == "POST" else None, plans=plans, electives=electives)
    if request.method == "POST" and form.is_valid():
        made: list[int] = []

        def write() -> None:
            made.append(set_up_books(
                school=school, year=place.year, classes=form.cleaned_data["classes"],
                electives=form.cleaned_data["electives"],
            ))  # fmt: skip

        if said(form, _("Lập môn"), write):
            text = _("Đã lập {n} môn").format(n=made[0]) if made[0] else _("Các lớp ấy đã đủ môn")
            return done(request, place.url("teaching"), text)
    chosen = set(form["classes"].value() or []) if form.is_bound else {
        str(p.class_id) for p in plans if _is_asked(request, p)
    }  # fmt: skip
    return render(request, "assessment/teaching_setup.html", {
        "title": _("Lập môn cho các lớp"),
        "lead": _("Chỉ thêm môn còn thiếu; môn đã lập, số điểm và phân công giữ nguyên."),
        "crumbs": crumbs(place),
        "form": form,
        "grades": _set_up_grades(place, plans, chosen),
        "electives": [(code, name, code in (form["electives"].value() or [])) for code, name in electives.items()],
        "chosen": len(chosen),
        "cancel_url": place.url("teaching"),
    }, status=422 if form.errors else 200)  # fmt: skip


def _is_asked(request: HttpRequest, plan: ClassPlan) -> bool:
    """``?lop=`` one class, ``?khoi=`` a grade, otherwise what lacks something."""
    if "lop" in request.GET:
        return str(plan.class_id) == request.GET["lop"]
    return str(plan.grade) == request.GET["khoi"] if "khoi" in request.GET else bool(plan.missing)


def _electives(place: Place, plans: list[ClassPlan]) -> dict[str, str]:
    """Electives of the grades that the school has; a foreign language is chosen at the class."""
    found = {}
    for grade in {plan.grade for plan in plans}:
        for subject in electives_for(grade, place.year):
            found[subject.code] = subject.name
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _set_up_grades(place: Place, plans: list[ClassPlan], chosen: set[str]) -> list[dict[str, Any]]:
    by_grade: dict[int, list[ClassPlan]] = {}
    for plan in plans:
        by_grade.setdefault(plan.grade, []).append(plan)
    return [
        {
            "grade": grade,
            "name": name_of("grade", str(grade)),
            "subjects": _subject_list(place, grade, members),
            "classes": [
                {"value": str(p.class_id), "code": p.code, "checked": str(p.class_id) in chosen,
                 "note": _lacks(place, p)}
                for p in members
            ],
        }
        for grade, members in by_grade.items()
    ]  # fmt: skip


def _subject_list(place: Place, grade: int, members: list[ClassPlan]) -> str:
    """What will be made in the grade, each name once."""
    names = {book.subject: label_of(grade, place.year, book.subject) for plan in members for book in plan.missing}
    order = {book.subject: book.position for plan in members for book in plan.missing}
    return ", ".join(names[code] for code in sorted(names, key=lambda code: order[code]))


def _lacks(place: Place, plan: ClassPlan) -> str:
    if not plan.missing:
        return _("đủ môn")
    if not plan.have:
        return _("chưa lập")
    if len(plan.missing) == 1:
        return _("thiếu {name}").format(name=label_of(plan.grade, place.year, plan.missing[0].subject))
    return _("thiếu {n} môn").format(n=len(plan.missing))


@needs(WRITE)
@require_POST
def class_teachers(request: HttpRequest) -> HttpResponse:
    """Primary schools: subjects that nobody teaches go to the homeroom teachers."""
    place, school, today = place_of(request), school_of(request), timezone.localdate()
    grade = int(request.POST.get("khoi", "0")) if request.POST.get("khoi", "").isdecimal() else 0
    if not 1 <= grade <= 5:
        raise Http404
    since = calendar_of(place.year).term1[0]
    with because(action=_("Giao môn cho chủ nhiệm, khối {grade}").format(grade=grade)):
        made, told = give_to_class_teachers(
            school=school, year=place.year, grade=grade, since=since, day=max(today, since)
        )
    for sentence in told:
        messages.warning(request, sentence)
    text = _("Đã giao {n} môn cho giáo viên chủ nhiệm").format(n=made) if made else _("Không còn môn nào để giao")
    return done(request, grid_url(place, grade), text)
