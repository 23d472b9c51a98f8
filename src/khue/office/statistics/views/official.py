"""Official tables (Biểu thống kê) of a period: live or frozen, for the city, a ward, a school; every figure a door."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs, refused
from khue.base.access.places import Place, place_of
from khue.base.audit.services import log_access
from khue.base.catalog.selectors import catalog_version, choices, name_of
from khue.base.org.rules import LEVEL_NAMES

from .. import words
from ..models import LEVELS, Snapshot
from ..official import Table, form_of, forms_print
from ..official.asked import FROZEN, LIVE, Asked, read
from ..official.basis import (
    Filled,
    filled,
    frozen_basis,
    live_basis,
)
from ..official.page import table_html
from ..official.printing import pdf_of, xlsx_of
from ..selectors import NoSchoolYearError, make_query, total
from .names import download, names_file, names_page

READ = "statistics.official:read"
SECONDS = 60


def tables_for(asked: Asked) -> list[Filled]:
    """The tables of the level with their figures."""
    ids = [school.pk for school in asked.schools]
    tables = form_of(asked.period.kind).of_levels([asked.level])
    basis = frozen_basis(asked.period, asked.snapshots) if asked.mode == FROZEN else live_basis(asked.period, ids)
    before = frozen_basis(asked.last, asked.snapshots_before) if asked.last and asked.snapshots_before else None
    return filled(tables, basis, before, asked.where, {school.code for school in asked.counted})


def sections_for(asked: Asked) -> list[dict[str, Any]]:
    """The tables as HTML. Frozen figures never change, so they are kept under what they are made of; live ones for a
    minute under their place."""
    made_of = [asked.query(), catalog_version(), forms_print(), asked.snapshots_before, asked.snapshots]
    made_of += [] if asked.mode == FROZEN else [tuple(school.pk for school in asked.schools)]
    key = "official:" + hashlib.sha256(repr(made_of).encode()).hexdigest()[:40]
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        found = [
            {
                "code": one.table.code, "title": one.table.title,
                "html": table_html(one, "ten/" + asked.query(), before_label=_before_label(asked)),
            }
            for one in tables_for(asked)
        ]  # fmt: skip
        cache.set(key, found, SECONDS if asked.mode == LIVE else None)
    return found


@require_GET
@needs(READ)
def official(request: HttpRequest) -> HttpResponse:
    """The tables of one level."""
    place, asked = place_of(request), read(request)
    if asked is None:
        return render(request, "statistics/no_period.html", {"title": _("Chưa có kỳ báo cáo nào")})
    try:
        sections = sections_for(asked)
    except NoSchoolYearError as error:
        raise Http404 from error
    context = {
        "title": f"{_level_name(asked.level)}, {_place_name(asked)}",
        "lead": _lead(asked),
        "frozen": asked.mode == FROZEN,
        "asked": asked,
        "crumbs": [{"label": _("Thống kê"), "url": place.url("official")}, {"label": asked.period.title, "url": ""}],
        "levels": [
            {"label": LEVEL_NAMES[level], "url": asked.query(cap=level), "current": level == asked.level}
            for level in LEVELS
            if any(level in school.levels for school in ([asked.school] if asked.school else asked.schools))
        ],
        "places_url": "" if place.is_school else "noi/" + asked.query(),
        "place_name": _place_name(asked),
        "owners": _owners(asked) if not asked.school else [],
        "owner_name": name_of("ownership", asked.ownership) if asked.ownership else _("Tất cả"),
        "modes": _modes(asked, place),
        "periods": [
            {"label": str(period), "url": f"?{urlencode({'ky': period.pk, 'cap': asked.level})}",
             "current": period.pk == asked.period.pk}
            for period in asked.periods[:12]
        ],
        "sections": sections,
        "files": [
            {"icon": icon, "label": label, "url": f"{place.url('official-file')}{asked.query(dang=kind)}"}
            for icon, label, kind in (
                ("table-import", _("Excel theo biểu"), "xlsx"), ("printer", _("PDF để in, ký"), "pdf"),
            )
        ],
        "source": form_of(asked.period.kind).source,
    }  # fmt: skip
    return render(request, "statistics/official.html", context)


@require_GET
@needs(READ)
def official_places(request: HttpRequest) -> HttpResponse:
    """City, wards and schools to choose from: fetched when their menu opens."""
    asked = read(request)
    if asked is None:
        raise Http404
    return render(request, "statistics/places.html", {"places": _places(asked, place_of(request).url("official"))})


def _level_name(level: str) -> str:
    return {"MN": _("Mầm non"), "TH": _("Tiểu học"), "THCS": _("Trung học cơ sở")}[level]


def _place_name(asked: Asked) -> str:
    if asked.school:
        return asked.school.name
    return asked.ward or _("toàn thành phố")


def _before_label(asked: Asked) -> str:
    day = asked.period.as_at.replace(year=asked.period.as_at.year - 1)
    return f"{day:%d/%m/%Y}"


def _lead(asked: Asked) -> str:
    """Tại ngày 30/09/2026, từ 20 trong 22 trường đã duyệt."""
    day, counted = f"{asked.period.as_at:%d/%m/%Y}", asked.counted
    if asked.version:
        return _("Tại ngày {day}, bản {n} trường đã trình.").format(day=day, n=asked.version)
    if asked.mode == LIVE:
        return _("Tại ngày {day}, đếm trên hồ sơ hiện nay của {n} trường. Số đổi khi hồ sơ đổi.").format(
            day=day, n=len(counted)
        )
    missing = [school.name for school in counted if school.pk not in asked.approved]
    line = _("Tại ngày {day}, số đã duyệt của {n} trong {all} trường.").format(
        day=day, n=len(counted) - len(missing), all=len(counted)
    )
    if missing:
        shown = ", ".join(missing[:4])
        if len(missing) > 4:
            shown += _(" và {n} trường khác").format(n=len(missing) - 4)
        line += " " + _("Chưa có: {names}.").format(names=shown)
    return line


def _places(asked: Asked, page: str) -> list[dict[str, Any]]:
    wards = sorted({school.ward for school in asked.schools})
    found = [
        {"label": _("Toàn thành phố"), "url": page + _plain(asked, ""), "current": not (asked.ward or asked.school)}
    ]
    found += [
        {"label": ward, "url": page + _plain(asked, f"p:{ward}"), "current": ward == asked.ward} for ward in wards
    ]
    schools = [school for school in asked.schools if asked.level in school.levels]
    found += [
        {
            "label": s.name,
            "url": page + _plain(asked, s.code),
            "current": asked.school is not None and s.pk == asked.school.pk,
        }
        for s in schools
    ]
    return found


def _plain(asked: Asked, noi: str) -> str:
    pairs = {"ky": asked.period.pk, "cap": asked.level, "noi": noi, "so": asked.mode}
    return "?" + urlencode({name: value for name, value in pairs.items() if value})


def _owners(asked: Asked) -> list[dict[str, Any]]:
    found = [{"label": _("Tất cả"), "url": asked.query(loai=""), "current": not asked.ownership}]
    return found + [
        {"label": name, "url": asked.query(loai=code), "current": code == asked.ownership}
        for code, name in choices("ownership")
        if any(school.ownership == code for school in asked.schools)
    ]


def _modes(asked: Asked, place: Place) -> list[dict[str, Any]]:
    if asked.version:
        return []
    return [
        {"label": _("Đã duyệt"), "url": asked.query(so=FROZEN), "current": asked.mode == FROZEN},
        {"label": _("Tạm tính"), "url": asked.query(so=LIVE), "current": asked.mode == LIVE},
    ]


def _cell(request: HttpRequest, asked: Asked) -> tuple[Table, str, str]:
    table = form_of(asked.period.kind).table.get(request.GET.get("bieu", ""))
    row, column = request.GET.get("dong", ""), request.GET.get("cot", "T")
    if table is None or row not in table.row or column not in table.column:
        raise Http404
    return table, row, column


@require_GET
@needs(READ)
def official_names(request: HttpRequest) -> HttpResponse:
    """The rows behind one figure, as of the day."""
    place, asked = place_of(request), read(request)
    if asked is None:
        raise Http404
    table, row, column = _cell(request, asked)
    if table.row[row].entered:
        return _entered(request, asked, table, row, column)
    if not place.may(table.cube.action):
        raise refused(request, table.cube.action)
    when = table.cell(table.row[row], table.column[column]).joined(asked.where)
    query = make_query(
        cube=table.cube.name, by=(), day=asked.period.as_at, filters=when.takes, without=when.leaves,
        snapshots=asked.snapshots if asked.mode == FROZEN else None,
    )  # fmt: skip
    search, base = request.GET.get("q", "").strip()[:100], asked.query(bieu=table.code, dong=row, cot=column)
    try:
        found = total(query, search=search)
        if request.GET.get("dang") == "xlsx":
            return _names_download(request, asked, query, found, search, _said(table, row, column))
        lead = _("{what}. {how} ngày {day}. {definition}").format(
            what=_said(table, row, column), day=words.day_text(asked.period.as_at), definition=table.cube.definition,
            how=_("Đúng như") if asked.mode == FROZEN else _("Tạm tính,"),
        )  # fmt: skip
        crumbs = [{"label": _("Thống kê"), "url": place.url("official") + asked.query()}]
        return names_page(request, query, found=found, search=search, base=base, lead=lead, crumbs=crumbs)
    except NoSchoolYearError as error:
        raise Http404 from error


def _said(table: Table, row: str, column: str) -> str:
    head = table.column[column]
    parts = [table.row[row].label, head.group if head.group != table.row[row].label else "", head.label]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _names_download(
    request: HttpRequest, asked: Asked, query: Any, found: int, search: str, said: str
) -> HttpResponse:  # fmt: skip
    when = f"{timezone.localtime():%H:%M %d/%m/%Y}"
    mark = "\n".join([asked.period.title, said, _lead(asked), str(request.user), when])
    data = names_file(request, query, found=found, search=search, watermark=mark)
    _log(request, f"{found} {query.cube.noun}: {said}")
    return download(data, f"{query.cube.name}-{asked.period.as_at}.xlsx")


def _log(request: HttpRequest, detail: str) -> None:
    place = place_of(request)
    log_access(request, kind="export", school_id=place.unit.pk if place.is_school else None, detail=detail[:500])


def _entered(request: HttpRequest, asked: Asked, table: Table, row: str, column: str) -> HttpResponse:
    """Behind an entered number: which school entered what."""
    ids = [school.pk for school in asked.schools]
    basis = frozen_basis(asked.period, asked.snapshots) if asked.mode == FROZEN else live_basis(asked.period, ids)
    key = f"{row} {column}"
    rows = [
        (school.name, number)
        for school in asked.counted
        if (number := basis.entered.get(school.code, {}).get(table.code, {}).get(key)) is not None
    ]
    context = {
        "title": _("{label}: số các trường nhập tay").format(label=table.row[row].label),
        "rows": rows, "missing": len(asked.counted) - len(rows),
        "crumbs": [{"label": _("Thống kê"), "url": place_of(request).url("official") + asked.query()}],
    }  # fmt: skip
    return render(request, "statistics/entered.html", context)


@require_GET
@needs(READ)
def official_file(request: HttpRequest) -> HttpResponse:
    """The tables as XLSX in the layout of the form, or as PDF with the legal heading."""
    asked = read(request)
    if asked is None:
        raise Http404
    try:
        made = tables_for(asked)
    except NoSchoolYearError as error:
        raise Http404 from error
    kind = request.GET.get("dang", "xlsx")
    name = f"thong-ke-{asked.period.kind}-{asked.period.year}-{asked.level}".lower()
    heading = _heading(request, asked)
    _log(request, f"{asked.period.title}: {_level_name(asked.level)}, {_place_name(asked)}, {kind}")
    if kind == "pdf":
        return HttpResponse(
            pdf_of(made, heading), content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
        )  # fmt: skip
    return download(xlsx_of(made, heading), f"{name}.xlsx")


def _heading(request: HttpRequest, asked: Asked) -> dict[str, str]:
    """Names of the day, what the figures are, the fingerprint of a school's version."""
    snapshots = Snapshot.objects.filter(pk__in=asked.snapshots).select_related("seal").order_by("pk")
    newest = snapshots.last() if asked.mode == FROZEN else None
    form = form_of(asked.period.kind)
    place = place_of(request)
    written = timezone.localtime(newest.taken_at if newest and asked.school else timezone.now())
    office = newest.office_name if newest else (place.unit.name if not place.is_school else "")
    return {
        "above": (newest.department_name if newest else "") if not asked.school else office,
        "unit": (newest.school_name if newest else asked.school.name) if asked.school else office or place.unit.name,
        "title": f"{form.title} {asked.period.year}–{asked.period.year + 1}",
        "level": _level_name(asked.level), "place": _place_name(asked), "day": f"{asked.period.as_at:%d/%m/%Y}",
        "date": _("Ngày {d:%d} tháng {d:%m} năm {d:%Y}").format(d=written),
        "state": _lead(asked), "is_live": "1" if asked.mode == LIVE else "",
        "print": newest.seal.fingerprint if newest and asked.school else "",
        "by": newest.taken_by if newest and asked.school else "",
        "source": form.source, "symbol": form.symbol,
        "signer": _("HIỆU TRƯỞNG") if asked.school else _("TRƯỞNG PHÒNG"),
        "before": _before_label(asked),
    }  # fmt: skip
