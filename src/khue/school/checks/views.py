"""The checks of a school (errors first, mended in place) and of the office (schools by kind of record)."""

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.base.access.permissions import needs, refused
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.org.models import School
from khue.base.sheets.writer import OutColumn, write_table

from . import pages
from .rules import SUBJECTS, Rule, Subject
from .selectors import all_faulty, context_of, facts_of, faulty, health_by_school, together
from .services import mend

PAGE = 20


@require_GET
@needs("registry.checks:read")
def checks(request: HttpRequest) -> HttpResponse:
    """The checks page (Kiểm tra dữ liệu)."""
    place = place_of(request)
    by_school = health_by_school(place.school_ids, context=context_of(place.year))
    if not place.is_school:
        return _office(request, by_school)
    healths = together(by_school)
    context = {
        **pages.heading(healths),
        "groups": pages.groups(healths, place),
        "health": pages.health(healths, place.url("checks")),
        "file_url": place.url("checks-file"),
    }
    return render(request, "checks/checks.html", context)


def _office(request: HttpRequest, by_school: dict[int, dict[str, Any]]) -> HttpResponse:
    schools = School.objects.filter(pk__in=by_school).values_list("pk", "code", "name")
    healths = together(by_school)
    context = {
        **pages.office_heading(by_school),
        "heads": [subject.label for subject in SUBJECTS.values()],
        "body": pages.office_body(schools, by_school),
        "health": pages.health(healths, ""),
        "rules": pages.office_rules(healths),
    }
    return render(request, "checks/office.html", context)


def _rule(subject: str, key: str) -> tuple[Subject, Rule]:
    try:
        return SUBJECTS[subject], SUBJECTS[subject].rule(key)
    except KeyError as error:
        raise Http404 from error


@require_GET
@needs("registry.checks:read")
def checks_rule(request: HttpRequest, subject: str, key: str) -> HttpResponse:
    """The records that break one rule: fetched when the rule is opened."""
    place, (what, rule) = place_of(request), _rule(subject, key)
    text = request.GET.get("tu", "")
    offset = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    found = faulty(what, rule, context_of(place.year), place.school_ids, offset=offset, limit=PAGE + 1)
    may = place.may(pages.WRITES[what.name])
    context = {
        "records": [pages.record(what, rule, item, place, editable=may) for item in found[:PAGE]],
        "more_url": f"{place.url('checks-rule', subject=subject, key=key)}?tu={offset + PAGE}"
        if len(found) > PAGE
        else "",
        "mendable": may and bool(rule.fields),
    }
    return render(request, "checks/records.html", context)


@require_POST
@needs("registry.checks:read")
def checks_mend(request: HttpRequest, subject: str, key: str, pk: int) -> HttpResponse:
    """One record mended: saved, checked again at once; answers with the record and the new sums."""
    place, (what, rule) = place_of(request), _rule(subject, key)
    if not place.may(pages.WRITES[what.name]):
        raise refused(request, pages.WRITES[what.name])
    context = context_of(place.year)
    before = facts_of(what, context, place.school_ids, pk)
    if before is None or not rule.fields:
        raise Http404
    values = {name: request.POST[name] for name in rule.fields if name in request.POST}
    try:
        mend(subject=what, rule=rule, record=pk, values=values, facts=before[4], context=context)
    except ValidationError as error:
        return _answer(request, pages.refused(what, rule, before, place, values, error))
    after = facts_of(what, context, place.school_ids, pk) or before
    return _answer(request, pages.mended(what, rule, before, after, place, context), sums=True)


def _answer(request: HttpRequest, record: dict[str, Any], *, sums: bool = False) -> HttpResponse:
    html = render_to_string("core/parts/mend_one.html", {"record": record}, request)
    if sums:
        place = place_of(request)
        healths = together(health_by_school(place.school_ids, context=context_of(place.year)))
        context = {**pages.heading(healths), "health": pages.health(healths, place.url("checks")),
                   "states": pages.states(healths)}  # fmt: skip
        html += render_to_string("checks/sums.html", context, request)
    return HttpResponse(html)


@require_GET
@needs("registry.checks:read")
def checks_file(request: HttpRequest) -> HttpResponse:
    """Every fault of a school as a spreadsheet."""
    place, context = place_of(request), context_of(place_of(request).year)
    if not place.is_school:
        raise Http404
    found = [(s, rule, item) for s in SUBJECTS.values() for rule, item in all_faulty(s, context, place.school_ids)]
    found.sort(key=lambda row: row[1].level)
    heads = (_("Quy tắc"), _("Mức"), _("Đối tượng"), _("Tên"), _("Lớp, ghi chú"), _("Điều cần sửa"))
    columns = [OutColumn(head, width=width) for head, width in zip(heads, (9, 10, 16, 28, 28, 70), strict=True)]
    rows = [
        (rule.number, str(pages.LEVELS[rule.level]), str(s.label), item.name, item.note, item.fault.message)
        for s, rule, item in found
    ]
    moment = f"{timezone.localtime():%H:%M %d/%m/%Y}"
    stream = io.BytesIO()
    mark = _("%(who)s tải lúc %(when)s tại %(unit)s") % {"who": request.user, "when": moment, "unit": place.unit.name}
    write_table(stream, name=_("Điều cần sửa"), columns=columns, rows=rows, watermark=mark)
    log_access(request, kind="export", school_id=place.unit.pk, detail=f"{len(rows)} điều cần sửa")
    return HttpResponse(
        stream.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="kiem-tra-{place.unit.code}.xlsx"'},
    )
