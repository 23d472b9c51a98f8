"""Mending a record where its fault is shown: the value is read, saved through the registry, checked again at once."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from khue.base.catalog.selectors import is_valid
from khue.base.core.scope import because
from khue.base.core.text import clean_text
from khue.base.sheets.values import parse_date
from khue.school.registry.models import Enrolment, Position, Room, SchoolClass, StatusChange
from khue.school.registry.rules import effective_day
from khue.school.registry.services.common import save_changes

from .rules import Context, MendField, Rule, Subject

MODELS: dict[str, Any] = {"pupils": Enrolment, "classes": SchoolClass, "staff": Position, "rooms": Room}
PERSONS = {"pupils": "pupil", "staff": "staff"}
NULLABLE = frozenset({"personal_number", "ministry_id"})
LENGTHS = {"personal_number": 12, "ministry_id": 20, "over_age_reason": 200, "other_school": 200}


def read_value(name: str, field: MendField, text: str, context: Context) -> Any:
    """The value that a person typed. Raises ``ValidationError`` with a sentence."""
    text = clean_text(text)
    if field.kind == "bool":
        return text == "1"
    if field.kind == "date":
        value, findings = parse_date(text)
        if (value is None and not findings) or isinstance(value, int):
            raise ValidationError("Ghi đủ ngày, tháng, năm, như 05/09/2026.")
        if findings:
            raise ValidationError(findings[0].message)
        return value
    if field.kind == "code" and text and not is_valid(field.values, text, context.day):
        raise ValidationError("Mã này không có trong danh mục đang dùng. Chọn lại.")
    if name == "personal_number" and text and (len(text) != 12 or not (text.isascii() and text.isdigit())):
        raise ValidationError(f"Có {len(text)} ký tự, phải đủ 12 chữ số.")
    if len(text) > LENGTHS.get(name, 200):
        raise ValidationError(f"Dài {len(text)} ký tự, nhiều nhất {LENGTHS.get(name, 200)}.")
    return (text or None) if name in NULLABLE else text


def mend(*, subject: Subject, rule: Rule, record: int, values: Mapping[str, str], facts: Any, context: Context) -> None:
    """Save the values of a rule's fields that differ from the record. Raises ``ValidationError`` {field: sentence}."""
    owners: dict[str, dict[str, Any]] = {"person": {}, "row": {}, "status": {}}
    for name in rule.fields:
        field = subject.mends[name]
        if name not in values or values[name] == shown(getattr(facts, name)):
            continue
        try:
            owners[field.owner][name] = read_value(name, field, values[name], context)
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error
    row = MODELS[subject.name].objects.get(pk=record)
    try:
        with transaction.atomic(), because(action=f"Kiểm tra dữ liệu, {rule.number}"):
            _save(subject, row, owners, context)
    except IntegrityError as error:
        name = next(iter(owners["person"] or owners["row"] or owners["status"]))
        raise ValidationError(
            {name: ["Đã có ở hồ sơ khác. Một trong hai chép nhầm, đối chiếu với giấy tờ."]}
        ) from error


def _save(subject: Subject, row: Any, owners: Mapping[str, Mapping[str, Any]], context: Context) -> None:
    if owners["person"]:
        person = getattr(row, PERSONS[subject.name])
        if person is None:
            raise ValidationError({next(iter(owners["person"])): ["Người này đã rời trường, hồ sơ chỉ xem."]})
        save_changes(person, owners["person"])
    if owners["row"]:
        save_changes(row, owners["row"])
    if owners["status"]:
        _save_status(row, owners["status"], context)


def _save_status(enrolment: Enrolment, values: Mapping[str, Any], context: Context) -> None:
    """The newest status itself is corrected: an event added with an earlier day would not come into force."""
    newest = StatusChange.objects.filter(school_id=enrolment.school_id, enrolment=enrolment)
    change = newest.order_by("-effective_on", "-pk")[0]
    if "on" in values:
        values = {**values, "effective_on": effective_day(change.status, values["on"], context.calendar)}
    save_changes(change, values)


def shown(value: Any) -> str:
    """A value as its field shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
