"""What waits for a person at a place: at most seven duties, each with a day and one button that does it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khue.base.access.places import Place, place_of
from khue.base.core.remember import remembered
from khue.base.core.text import dotted
from khue.office.statistics.selectors import count, make_query
from khue.school.checks.selectors import school_health
from khue.school.intake.models import SheetImport, State
from khue.school.registry.models import Enrolment, SchoolClass
from khue.school.registry.selectors.scope import visible_classes

from .reporting import Duty, duty, report_duties, review_duties

MOST = 7
LABELS = {
    "pupils": (_("Học sinh"), "pupils"),
    "classes": (_("Lớp"), "classes"),
    "staff": (_("Cán bộ, giáo viên"), "staff"),
    "rooms": (_("Phòng"), "rooms"),
    "school": (_("Thông tin trường"), "school"),
}


def data_health(place: Place, known: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """State of the data by object, for the bars; at most a minute old."""

    def compute() -> list[tuple[str, int, int, int, int]]:
        found = school_health(place.school_ids, year=place.year)
        return [(name, h.total, h.right, h.doubtful, h.wrong) for name, h in found.items()]

    rows = remembered("health", place.unit.pk, compute, known=known)
    return [
        {
            "key": name,
            "label": LABELS[name][0],
            "count": total,
            "ok": right,
            "warn": doubtful,
            "err": wrong,
            "url": place.url("checks"),
        }
        for name, total, right, doubtful, wrong in rows
        if name in LABELS and (place.is_school or name != "school")
    ]


def duties(request: HttpRequest, health: list[dict[str, Any]], today: date) -> list[Duty]:
    """The most important first."""
    place = place_of(request)
    found: list[Duty] = []
    if place.may("intake.sheets:write"):
        found += _imports(place)
    if place.own_classes_only:
        found += _teacher(request, place, today)
    elif place.is_school:
        found += report_duties(place, today)
        found += _school(place, health, today)
    else:
        found += review_duties(place, today)
        found += _office(place, health, today)
    return found[:MOST]


def _imports(place: Place) -> Iterator[Duty]:
    """Files that wait for a decision."""
    waiting = SheetImport.objects.filter(state__in=[State.READY, State.QUESTIONS])
    waiting = waiting.filter(school=place.unit.pk) if place.is_school else waiting.filter(unit=place.unit.pk)
    for source in waiting.only("name", "state", "created_at", "counts", "questions").order_by("-pk")[:2]:
        day = timezone.localtime(source.created_at).date()
        counts = source.counts or {}
        if source.state == State.QUESTIONS:
            text, verb = _("Khuê hỏi %(count)s cột là cột nào.") % {"count": len(source.questions)}, _("Trả lời")
        else:
            text = _("%(rows)s dòng đã đọc, %(wrong)s dòng cần sửa. Chưa ghi gì.") % {
                "rows": dotted(counts.get("rows", 0)), "wrong": dotted(counts.get("wrong", 0)),
            }  # fmt: skip
            verb = _("Xem và ghi")
        yield duty(
            day,
            _("chờ ghi"),
            _("Ghi tệp %(name)s") % {"name": source.name},
            text,
            place.url("import", pk=source.pk),
            verb,
        )


def _school(place: Place, health: list[dict[str, Any]], today: date) -> Iterator[Duty]:
    pupils = next((item["count"] for item in health if item["key"] == "pupils"), 0)
    if not pupils and place.may("intake.sheets:write"):
        yield duty(
            today, _("việc đầu tiên"), _("Đưa danh sách học sinh vào"),
            _("Thả các tệp Excel trường đang dùng. Khuê nhận cột, chỉ chỗ sai, và tạo lớp theo tệp."),
            place.url("imports"), _("Chọn tệp"),
        )  # fmt: skip
        return
    yield from _faults(place, health, today)
    if place.may("registry.pupils:write"):
        homeless = Enrolment.objects.filter(
            year=place.year, status__in=["1", "2", "5", "6", "7", "10"], current_class=None
        ).count()
        if homeless:
            yield duty(
                today, _("nên làm hôm nay"), _("Xếp lớp cho %(count)s học sinh") % {"count": homeless},
                _("Đã vào trường, chưa có lớp."), place.url("pupils") + "?lop=khong", _("Xếp lớp"),
            )  # fmt: skip


def _faults(place: Place, health: list[dict[str, Any]], today: date) -> Iterator[Duty]:
    wrong = {item["label"]: item["err"] for item in health if item["err"]}
    doubtful = sum(item["warn"] for item in health)
    if wrong:
        total = sum(wrong.values())
        parts = ", ".join(f"{label.lower()} {dotted(count)}" for label, count in wrong.items())
        yield duty(
            today, _("nên làm hôm nay"), _("Sửa %(count)s hồ sơ có lỗi") % {"count": dotted(total)},
            _("Còn lỗi ở: %(parts)s. Còn lỗi thì số liệu chưa đúng.") % {"parts": parts},
            place.url("checks"), _("Xem lỗi"),
        )  # fmt: skip
    if doubtful:
        text = ngettext(
            "%(count)s hồ sơ khác thường, đúng thì giữ nguyên.",
            "%(count)s hồ sơ khác thường, đúng thì giữ nguyên.",
            doubtful,
        )
        yield duty(
            today, _("khi rảnh"), _("Xem lại hồ sơ khác thường"), text % {"count": dotted(doubtful)},
            place.url("checks"), _("Mở danh sách"),
        )  # fmt: skip


def _teacher(request: HttpRequest, place: Place, today: date) -> Iterator[Duty]:
    for school_class in visible_classes(request).order_by("sort_key")[:MOST]:
        yield duty(
            today, _("lớp của mình"), _class_name(school_class.name),
            _("Danh sách lớp, số điện thoại gia đình, ngày sinh."), place.url("class", pk=school_class.pk), _("Mở lớp"),
        )  # fmt: skip


def _class_name(name: str) -> str:
    """ "6A1" → "Lớp 6A1"; a name that says so already stays."""
    return name if name.casefold().startswith(("lớp", "nhóm")) else _("Lớp %(name)s") % {"name": name}


def _office(place: Place, health: list[dict[str, Any]], today: date) -> Iterator[Duty]:
    if not place.school_ids and place.may("intake.schools:write"):
        yield duty(
            today, _("việc đầu tiên"), _("Đưa danh sách trường vào"),
            _("Một tệp Excel có mã trường, tên, cấp, loại hình, phường."),
            place.url("imports"), _("Chọn tệp"),
        )  # fmt: skip
        return
    empty = len(place.school_ids) - len(
        set(SchoolClass.objects.filter(year=place.year).values_list("school_id", flat=True).distinct())
    )
    if empty:
        yield duty(
            today, _("nhắc trường"), _("%(count)s trường chưa có lớp năm học này") % {"count": empty},
            _("Các trường này chưa nhập danh sách lớp và học sinh."), place.url("checks"), _("Xem trường nào"),
        )  # fmt: skip
    yield from _faults(place, health, today)


def figures(place: Place, today: date) -> list[dict[str, Any]]:
    """Pupils, classes, staff of the whole office today, with their doors."""
    if not place.school_ids:
        return []

    def compute() -> list[tuple[str, int, str]]:
        result = []
        for cube, label in (
            ("pupils", _("học sinh")),
            ("classes", _("lớp, nhóm lớp")),
            ("staff", _("cán bộ, giáo viên")),
        ):
            rows = count(make_query(cube=cube, by=["level"], day=today))
            by_level = ", ".join(f"{row[0]} {dotted(row[1])}" for row in rows)
            result.append((label, sum(row[1] for row in rows), by_level if cube != "staff" else ""))
        return result

    rows = remembered("figures", place.unit.pk, compute)
    total = [{"label": _("đơn vị"), "value": len(place.school_ids), "url": place.url("schools"), "note": ""}]
    doors = ("pupils", "classes", "staff")
    return total + [
        {"label": label, "value": value, "url": f"{place.url('counts')}?dem={door}&hang=level", "note": note}
        for door, (label, value, note) in zip(doors, rows, strict=True)
    ]
