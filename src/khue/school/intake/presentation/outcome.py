"""After writing: what was written, what was left out, where to go on."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.places import Place
from khue.base.core.templatetags.khue import number
from khue.school.intake.models import SheetImport, State

from .words import NOUNS, kind_name, steps, what_changes


def page_of_outcome(source: SheetImport, place: Place, first_class: tuple[int, str] | None) -> dict[str, Any]:
    """Context of the page of a file that was written, or undone."""
    undone = source.state == State.UNDONE
    left = source.counts.get("wrong", 0)
    title = _("Đã hoàn tác {name}") if undone else _("Đã ghi {n} dòng")
    return {
        "title": title.format(name=source.name, n=number(source.to_write)),
        "lead": _moment(source),
        "steps": [] if undone else steps(5),
        "facts": _facts(source),
        "left": left,
        "left_title": _("{n} dòng để lại trong tệp").format(n=number(left)),
        "links": [] if undone else _links(source, place, first_class),
        "undone": undone,
    }


def _moment(source: SheetImport) -> str:
    at = source.undone_at if source.state == State.UNDONE else source.applied_at
    who = source.undone_by if source.state == State.UNDONE else source.applied_by
    if at is None:
        return source.name
    local = timezone.localtime(at)
    return _("{name}, {who} ghi lúc {hour}:{minute}, {day}.").format(
        name=source.name if source.state == State.APPLIED else kind_name(source.kind),
        who=who or _("không rõ"),
        hour=local.hour,
        minute=f"{local:%M}",
        day=f"{local:%d/%m/%Y}",
    )


def _facts(source: SheetImport) -> list[dict[str, Any]]:
    counts, noun = source.counts, NOUNS.get(source.kind, "dòng")
    facts = [
        (counts.get("new", 0), _("{noun} mới").format(noun=noun)),
        (counts.get("changed", 0), _("đổi")),
        (counts.get("moved", 0), _("chuyển lớp")),
        (counts.get("unchanged", 0), _("không đổi")),
        (len(counts.get("classes", ())), _("lớp mới")),
        (counts.get("wrong", 0), _("để lại")),
    ]
    return [{"count": n, "text": text} for n, text in facts if n]


def _links(source: SheetImport, place: Place, first_class: tuple[int, str] | None) -> list[dict[str, str]]:
    links = []
    if first_class is not None and place.is_school:
        links.append(
            {
                "url": place.url("class", pk=first_class[0]),
                "text": _("Danh sách lớp {name}").format(name=first_class[1]),
            }
        )
    links.append(
        {"url": place.url(source.kind), "text": _("Mở danh sách {kind}").format(kind=kind_name(source.kind).lower())}
    )
    return links


def undo_question(source: SheetImport) -> dict[str, Any]:
    """The dialog before undoing, with its numbers."""
    changed = what_changes({**source.counts, "unchanged": 0}, source.kind) or _("không đổi gì")
    return {
        "id": "hoan-tac",
        "heading": _("Hoàn tác việc ghi {n} dòng?").format(n=number(source.to_write)),
        "text": _(
            "Bỏ lại: {what}. Dữ liệu về như trước khi ghi tệp này. Nếu có việc khác đã dựa vào, Khuê không hoàn tác "
            "và kể ra từng chỗ."
        ).format(what=changed),
        "verb": _("Hoàn tác {n} dòng").format(n=number(source.to_write)),
    }
