"""The page where files are chosen: what was recognised in each, what comes next."""

from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.places import Place
from khue.base.core.templatetags.khue import number
from khue.base.core.told import Told
from khue.base.sheets.encodings import NAMES
from khue.base.sheets.fields import KINDS
from khue.base.sheets.recognise import load_profiles
from khue.school.intake.models import State
from khue.school.intake.selectors import in_order, is_clean

from .progress import share, words
from .words import is_text, kind_name, size_text, what_changes

WORKING = {State.WAITING, State.READING, State.APPLYING}
DONE = {State.APPLIED, State.UNDONE}
HISTORY = 12


def page_of_files(place: Place, rows: list[dict[str, Any]], writing: dict[int, Told]) -> dict[str, Any]:
    """Context of the card of files and of what was written before; ``writing``: how far those are that are written."""
    pending = [row for row in rows if row["state"] not in DONE]
    working = any(row["state"] in WORKING for row in pending)
    return {
        "title": _title(pending),
        "lead": _lead(pending),
        "files": _grouped(place, pending, writing),
        "poll_url": f"{place.url('imports')}?phan=tep" if working else "",
        "order": _order(pending),
        "next": _next(place, pending),
        # an answer to the polling would close the dialog under the person's hands
        "all": None if working else _all(place, pending),
        "past": [_past(place, row) for row in rows if row["state"] in DONE][:HISTORY],
        "is_new": not rows,
    }


def _lead(pending: list[dict[str, Any]]) -> str:
    if any(row["state"] == State.APPLYING for row in pending):
        return _("Mỗi tệp ghi riêng, tất cả hoặc không ghi gì. Đóng trang này, việc ghi vẫn chạy.")
    if pending:
        return _("Chưa ghi gì. Đóng trang này, việc đọc vẫn chạy.")
    return _("Bốn bước: chọn tệp, nhận cột, xem trước, ghi. Chưa bấm Ghi thì dữ liệu còn nguyên.")


def _title(pending: list[dict[str, Any]]) -> str:
    """ "Nhận ra 4 tệp, đang đọc 1, bỏ 1"."""
    refused = sum(row["state"] == State.REFUSED for row in pending)
    reading = sum(row["state"] in (State.WAITING, State.READING) for row in pending)
    writing = sum(row["state"] == State.APPLYING for row in pending)
    known = len(pending) - refused - reading - writing
    said = (_("nhận ra {n} tệp"), _("đang đọc {n}"), _("đang ghi {n}"), _("bỏ {n}"))
    parts = list(zip((known, reading, writing, refused), said, strict=True))
    text = ", ".join(words.format(n=n) for n, words in ((n, w) for n, w in parts) if n)
    return f"{text[0].upper()}{text[1:]}" + (_(" tệp") if text and not known else "") if text else _("Nhập tệp Excel")


def _grouped(place: Place, pending: list[dict[str, Any]], writing: dict[int, Told]) -> list[dict[str, Any]]:
    """Files, the newest first; those of a ZIP stand under its name in its order."""
    shown = []
    for archive, group in groupby(pending, key=lambda row: row["folder"].split("/")[0]):
        members = [_file(place, row) | _written(row, writing.get(row["pk"])) for row in group]
        if archive:
            members.reverse()
            inside = _("{n} tệp bên trong").format(n=len(members))
            shown.append(
                {
                    "name": archive,
                    "note": inside,
                    "icon": "copy",
                    "kind": "",
                    "level": "",
                    "text": _("Tệp nén"),
                    "symbol": "copy",
                }
            )
            members = [{**member, "in_zip": True} for member in members]
        shown += members
    return shown


def _written(row: dict[str, Any], told: Told | None) -> dict[str, Any]:
    """How far a file is that a job writes."""
    if row["state"] != State.APPLYING:
        return {}
    if told is None:
        return {"level": "", "text": _("Chờ ghi"), "symbol": "clock"}
    return {"layout": words(told), "verb": _("Ghi"), "done": share(row["kind"], told), "total": 100}


def _file(place: Place, row: dict[str, Any]) -> dict[str, Any]:
    level, text, symbol = _state(row)
    refused = row["state"] == State.REFUSED
    rows = row["counts"].get("rows") or row["progress"].get("rows")
    return {
        "name": row["name"],
        "url": "" if refused else place.url("import", pk=row["pk"]),
        "note": _("{n} dòng, {size}").format(n=number(rows), size=size_text(row["size"]))
        if rows
        else size_text(row["size"]),
        "kind": _("Không đọc được") if refused else kind_name(row["kind"]) if row["kind"] else _("Đang nhận loại"),
        "layout": row["refused"] or _layout(place, row),
        "level": level,
        "text": text,
        "symbol": symbol,
        "encoding": _encoding(place, row),
        "remove_url": place.url("import-drop", pk=row["pk"]) if refused else "",
    }


def _state(row: dict[str, Any]) -> tuple[str, str, str]:
    counts = row["counts"]
    if row["state"] == State.APPLYING:
        return "info", _("Đang ghi"), "refresh"
    if row["state"] in WORKING:
        return "info", _("Đang đọc"), "refresh"
    if row["state"] == State.REFUSED:
        return "err", _("Bỏ ra"), ""
    if row["refused"]:
        return "err", _("Chưa ghi được"), ""
    if row["state"] == State.QUESTIONS:
        return "warn", _("{n} câu hỏi về cột").format(n=len(row["questions"])), "help-circle"
    if counts.get("error"):
        return "err", _("{n} lỗi").format(n=number(counts["error"])), ""
    if counts.get("ask"):
        return "warn", _("{n} câu hỏi").format(n=number(counts["ask"])), "help-circle"
    if row["encoding"].get("legacy") and not row["encoding"].get("chosen"):
        return "warn", _("Xem chữ mẫu"), ""
    return "ok", _("Nhận đủ"), ""


def _layout(place: Place, row: dict[str, Any]) -> str:
    label = next((profile.label for profile in load_profiles() if profile.code == row["profile"]), _("Bố cục riêng"))
    if row["state"] in WORKING:
        return ""
    return f"{label}, {row['school__name']}" if not place.is_school and row["school__name"] else label


def _encoding(place: Place, row: dict[str, Any]) -> dict[str, str] | None:
    """Samples of text in an old encoding, as stored and as read; the way to another one, for a text file."""
    encoding, refused = row["encoding"], row["state"] == State.REFUSED
    samples = encoding.get("samples") or []
    is_kept = bool(row["sha256"])
    other = place.url("import-encoding", pk=row["pk"]) if is_kept and is_text(encoding, row["name"]) else ""
    if refused and other:
        return {"text": _("Chữ trong tệp có thể theo bảng mã khác."), "other_url": other}
    if not encoding.get("legacy") or not samples or row["state"] in WORKING:
        return None
    raw, read = (", ".join(pair[n] for pair in samples[:2]) for n in (0, 1))
    text = _("Bảng mã {name}.").format(name=NAMES.get(encoding["name"], encoding["name"]))
    return {"raw": raw, "read": read, "text": text, "other_url": other}


def _order(pending: list[dict[str, Any]]) -> str:
    """ "cán bộ, rồi lớp, rồi học sinh": lists that others refer to come first."""
    kinds = {row["kind"] for row in pending if row["state"] in (State.QUESTIONS, State.READY)}
    return _(", rồi ").join(kind_name(kind).lower() for kind in KINDS if kind in kinds)


def _next(place: Place, pending: list[dict[str, Any]]) -> dict[str, str] | None:
    """The file to go on with."""
    open_ones = [row for row in pending if row["state"] in (State.QUESTIONS, State.READY)]
    if not open_ones:
        return None
    row = min(open_ones, key=lambda row: (KINDS.index(row["kind"]), row["pk"]))
    verb = _("Nhận cột của {name}") if row["state"] == State.QUESTIONS else _("Xem trước {name}")
    name = row["name"] if len(row["name"]) <= 40 else f"{row['name'][:37]}…"
    return {"url": place.url("import", pk=row["pk"]), "label": verb.format(name=name)}


def _all(place: Place, pending: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The button that writes every clean file, where there are several, and what its dialog says."""
    may = not place.is_school and place.may("intake.schools:write")
    clean = in_order(row for row in pending if is_clean(row) and (may or row["kind"] != "schools"))
    if len(clean) < 2:
        return None
    rows, n = sum(row["counts"]["rows"] for row in clean), number(len(clean))
    return {
        "url": place.url("import-apply-all"),
        "label": _("Ghi tất cả {n} tệp sạch").format(n=n),
        "heading": _("Ghi {n} tệp, {rows} dòng?").format(n=n, rows=number(rows)),
        "verb": _("Ghi {n} tệp").format(n=n),
        "files": [
            {
                "seen": f"{row['pk']}:{row['counts']['rows']}",
                "name": row["name"],
                "kind": kind_name(row["kind"]),
                "school": "" if place.is_school else row["school__name"] or "",
                "text": what_changes({**row["counts"], "unchanged": 0}, row["kind"]),
            }
            for row in clean
        ],
    }


def _past(place: Place, row: dict[str, Any]) -> dict[str, Any]:
    undone = row["state"] == State.UNDONE
    when = timezone.localtime(row["applied_at"])
    return {
        "name": row["name"],
        "url": place.url("import", pk=row["pk"]),
        "when": f"{when:%d/%m} {when.hour}:{when:%M}",
        "who": row["applied_by"],
        "text": what_changes({**row["counts"], "unchanged": 0}, row["kind"]) or _("Không đổi gì"),
        "level": "" if undone else "ok",
        "state": _("Đã hoàn tác") if undone else _("Đã ghi"),
        "symbol": "history" if undone else "",
    }
