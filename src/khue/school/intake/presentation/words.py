"""Words of the pages of the import."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.base.catalog.selectors import name_of
from khue.base.core.templatetags.khue import number
from khue.base.org.rules import GRADE_NAMES
from khue.base.sheets.fields import KINDS, Field, load_fields

STEPS = (gettext_lazy("Chọn tệp"), gettext_lazy("Nhận cột"), gettext_lazy("Xem trước"), gettext_lazy("Ghi"))
NOUNS = {
    "schools": "trường",
    "staff": "người",
    "classes": "lớp",
    "pupils": "em",
    "rooms": "phòng",
    "equipment": "thiết bị",
}
ALIAS = {"contact_phone": "phone", "campus_id": "campus", "homeroom_id": "homeroom", "birth_year": "birth_date"}
"""Names in the plan → field of the file that they come from."""
NUMERIC = {"date", "identifier", "personal_number", "integer", "decimal", "year", "phone"}


def steps(now: int) -> list[dict[str, str]]:
    """The four steps, ``now`` counted from 1; 5: all done."""
    states = ["done" if n < now else "now" if n == now else "" for n in range(1, 5)]
    return [{"label": str(label), "state": state} for label, state in zip(STEPS, states, strict=True)]


def kind_name(kind: str) -> str:
    return load_fields(kind).label if kind in KINDS else _("Chưa rõ loại")


def field_of(kind: str, name: str) -> Field | None:
    """The field that a name of the plan belongs to."""
    wanted = ALIAS.get(name, name)
    return next((field for field in load_fields(kind).fields if field.name == wanted), None)


def shown(field: Field | None, value: Any) -> str:
    """A value from JSON as people write it: codes by name, dates as 05/10/2026."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, list):
        return "; ".join(shown(field, one) for one in value)
    if field is not None and field.catalog:
        return name_of(field.catalog, str(value))
    text = str(value)
    if field is not None and field.type == "date" and len(text) == 10 and text[4] == "-":
        return f"{text[8:]}/{text[5:7]}/{text[:4]}"
    return text.replace(".", ",") if field is not None and field.type == "decimal" else text


def is_numeric(field: Field | None) -> bool:
    return field is not None and (field.type in NUMERIC or field.name in ("code", "class_code"))


def is_text(encoding: dict[str, Any], name: str) -> bool:
    """Whether a file is a text file, of which an encoding can be chosen; one that was never opened goes by its name."""
    known = encoding.get("format")
    return known == "csv" if known else name.lower().endswith((".csv", ".txt", ".tsv"))


def size_text(size: int) -> str:
    """409600 → ``400 KB``."""
    return f"{size / 1048576:.1f} MB".replace(".", ",") if size >= 1048576 else f"{max(1, round(size / 1024))} KB"


def grade_words(grade: int) -> str:
    """6 → "khối 6"; of the little ones the name of their group."""
    return _("khối {n}").format(n=grade) if grade < 10 else str(GRADE_NAMES.get(grade, grade)).lower()


def what_changes(counts: dict[str, Any], kind: str) -> str:
    """ "36 em mới, 18 hồ sơ đổi, 4 em chuyển lớp, 1 lớp mới", without what is zero."""
    noun = NOUNS.get(kind, "dòng")
    parts = [
        (counts.get("new", 0), _("{n} {noun} mới")),
        (counts.get("changed", 0), _("{n} hồ sơ đổi") if kind in ("pupils", "staff") else _("{n} {noun} đổi")),
        (counts.get("moved", 0), _("{n} {noun} chuyển lớp")),
        (counts.get("unchanged", 0), _("{n} {noun} không đổi")),
        (len(counts.get("classes", ())), _("{n} lớp mới")),
    ]
    return ", ".join(text.format(n=number(n), noun=noun) for n, text in parts if n)
