"""What the pages of the checks say: sentences, groups of rules, records with their fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.base.access.places import Place
from khue.base.catalog.selectors import choices, name_of
from khue.base.core.templatetags.khue import state
from khue.base.core.text import dotted

from .rules import SUBJECTS, Context, Fault, MendField, Rule, Subject
from .selectors import Health, Record
from .services import shown

LEVELS = {"error": gettext_lazy("Lỗi"), "warning": gettext_lazy("Cần xem")}
WRITES = {
    "pupils": "registry.pupils:write",
    "classes": "registry.classes:write",
    "staff": "registry.staff:write",
    "rooms": "registry.rooms:write",
    "school": "org.schools:write",
}


def heading(healths: Mapping[str, Health]) -> dict[str, str]:
    """The news of the page: how many errors are left, how many things to look at."""
    errors, warnings = (sum(getattr(h, name) for h in healths.values()) for name in ("errors", "warnings"))
    title = _("Dữ liệu đủ và đúng")
    if errors:
        title = _("Còn %(n)s lỗi phải sửa") % {"n": dotted(errors)}
    elif warnings:
        title = _("Không còn lỗi, %(n)s điều cần xem") % {"n": dotted(warnings)}
    moment = _("Kiểm lại lúc %(time)s, sau mỗi lần lưu.") % {"time": f"{timezone.localtime():%H:%M}"}
    doubts = _("%(n)s điều cần xem thêm không cản việc trình.") % {"n": dotted(warnings)} if errors and warnings else ""
    return {"title": title, "lead": f"{doubts} {moment}".strip()}


def _state(rule: Rule, health: Health) -> tuple[str, str]:
    """(level, words) of one rule: "2 lỗi", "4 cần xem", "1.248 đúng"."""
    count = health.by_rule.get(rule.key, 0)
    if not count:
        return "ok", _("%(n)s đúng") % {"n": dotted(health.total)}
    words = _("%(n)s lỗi") if rule.level == "error" else _("%(n)s cần xem")
    return ("err" if rule.level == "error" else "warn"), words % {"n": dotted(count)}


def state_id(subject: Subject, rule: Rule) -> str:
    return f"so-{subject.name}-{rule.key}"


def groups(healths: Mapping[str, Health], place: Place) -> list[dict[str, Any]]:
    """Rules by kind of record: those that are broken first, errors before warnings; the worst one is open."""
    found, opened = [], False
    for subject in SUBJECTS.values():
        health, rules = healths[subject.name], []
        for rule in sorted(subject.rules, key=lambda r: (not health.by_rule.get(r.key, 0), r.level)):
            level, words = _state(rule, health)
            rules.append({
                "id": f"{subject.name}-{rule.key}", "number": rule.number, "text": rule.sentence, "why": rule.source,
                "level": level, "state": words, "state_id": state_id(subject, rule),
                "open": level != "ok" and not opened,
                "src": place.url("checks-rule", subject=subject.name, key=rule.key) if level != "ok" else "",
            })  # fmt: skip
            opened = opened or level != "ok"
        note = _("%(n)s %(noun)s, %(rules)s quy tắc") % {
            "n": dotted(health.total),
            "noun": subject.noun,
            "rules": len(subject.rules),
        }
        found.append({"id": f"nhom-{subject.name}", "label": subject.label, "note": note, "rules": rules})
    return found


def states(healths: Mapping[str, Health]) -> list[dict[str, str]]:
    """The state of every rule, to be renewed after a record was mended."""
    return [
        {"id": state_id(subject, rule), "html": state(*_state(rule, healths[subject.name]))}
        for subject in SUBJECTS.values()
        for rule in subject.rules
    ]


def health(healths: Mapping[str, Health], url: str) -> list[dict[str, Any]]:
    """In the shape of ``core/parts/health.html``: counts of faults in words, the bar by records."""
    return [
        {
            "label": subject.label, "count": item.total, "ok": item.right, "warn": item.warnings, "err": item.errors,
            "url": f"{url}#nhom-{subject.name}",
        }
        for subject in SUBJECTS.values()
        for item in [healths[subject.name]]
    ]  # fmt: skip


# -------------------------------------------------------------------------------------------------- one record
def record(subject: Subject, rule: Rule, item: Record, place: Place, *, editable: bool) -> dict[str, Any]:
    """In the shape of ``core/parts/mend_one.html``."""
    fields = [_field(subject.mends[name], name, getattr(item.facts, name), rule, item.fault) for name in rule.fields]
    return {
        **_head(subject, rule, item.id, item.name, item.note, place),
        "fields": [f for f in fields if f] if editable else [],
        "message": item.fault.message,
        "level": "err" if rule.level == "error" else "warn",
        "use": _use(item.fault) if editable else None,
    }


def _head(subject: Subject, rule: Rule, key: int, name: str, note: str, place: Place) -> dict[str, Any]:
    pk = {} if subject.name == "school" else {"pk": key}
    return {
        "key": f"{subject.name}-{rule.key}-{key}",
        "name": name,
        "note": note,
        "url": place.url(subject.page, **pk),
        "mend_url": place.url("checks-mend", subject=subject.name, key=rule.key, pk=key),
    }


def _field(mend: MendField, name: str, value: Any, rule: Rule, fault: Fault) -> dict[str, Any] | None:
    """The field of a rule; of several that do not stand against each other only the one at fault."""
    if rule.number in ("V06", "V15") and name != fault.field:
        return None
    listed = choices(mend.values) if mend.kind == "code" else []
    if mend.kind == "bool":
        listed = [("1", _("Có")), ("0", _("Không"))]
    if mend.kind == "code":
        known = {code for code, _name in listed}
        listed = [("", "–"), *listed] + ([] if not value or value in known else [(str(value), str(value))])
    return {
        "name": name,
        "label": mend.label,
        "value": shown(value),
        "num": mend.kind in ("number", "date"),
        "choices": listed,
        "invalid": name == fault.field,
    }


def _use(fault: Fault) -> dict[str, str] | None:
    if not fault.proposal:
        return None
    return {"name": fault.field, "value": fault.proposal, "label": _("Dùng %(value)s") % {"value": fault.proposal}}


Row = tuple[int, int, str, str, Any]
"""id, school id, name, note, facts"""


def refused(
    subject: Subject, rule: Rule, before: Row, place: Place, values: Mapping[str, str], error: ValidationError
) -> dict[str, Any]:
    """A value that was not saved: what was typed stays, with the sentence."""
    name, messages = next(iter(error.message_dict.items()))
    fault = Fault(name, " ".join(messages))
    shown_record = record(
        subject, rule, Record(before[0], before[1], before[2], before[3], before[4], fault), place, editable=True
    )
    for item in shown_record["fields"]:
        item["value"] = values.get(item["name"], item["value"])
    return {**shown_record, "level": "err"}


def mended(subject: Subject, rule: Rule, before: Row, after: Row, place: Place, context: Context) -> dict[str, Any]:
    """A record after saving: done with what changed, or what is still wrong."""
    fault = rule.test(after[4], context)
    if fault:
        return record(
            subject, rule, Record(after[0], after[1], after[2], after[3], after[4], fault), place, editable=True
        )
    done = _("Hết lỗi lúc %(time)s") if rule.level == "error" else _("Đã xem lúc %(time)s")
    changed = [n for n in rule.fields if getattr(before[4], n) != getattr(after[4], n)]
    said = [_said(subject.mends[n], getattr(row[4], n)) for n in changed[:1] for row in (before, after)]
    return {
        **_head(subject, rule, after[0], after[2], after[3], place),
        "done": done % {"time": f"{timezone.localtime():%H:%M}"},
        **(dict(zip(("old", "new"), said, strict=True)) if said else {}),
    }


def _said(mend: MendField, value: Any) -> str:
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return name_of(mend.values, value) if mend.values and value else shown(value)


# ---------------------------------------------------------------------------------------------------------- the office
@dataclass(frozen=True)
class _Line:
    name: str
    code: str
    healths: Mapping[str, Health]

    def count(self, attribute: str) -> int:
        return sum(getattr(h, attribute) for h in self.healths.values())


def office_heading(by_school: Mapping[int, Mapping[str, Health]]) -> dict[str, str]:
    clean = sum(not any(h.errors for h in healths.values()) for healths in by_school.values())
    title = _("%(n)s trong %(all)s trường không còn lỗi") % {"n": dotted(clean), "all": dotted(len(by_school))}
    return {
        "title": title,
        "lead": _("Kiểm lại lúc %(time)s. Trường nhiều lỗi đứng trước.") % {"time": f"{timezone.localtime():%H:%M}"},
    }


def office_body(schools: Iterable[tuple[int, str, str]], by_school: Mapping[int, Mapping[str, Health]]) -> SafeString:
    """One row a school, one column a kind of record."""
    lines = [_Line(name, code, by_school[pk]) for pk, code, name in schools]
    lines.sort(key=lambda line: (-line.count("errors"), -line.count("warnings")))
    return format_html_join("\n", "{}", ((_line(line),) for line in lines))


def _line(line: _Line) -> SafeString:
    url = reverse("checks", kwargs={"place": f"truong/{line.code}"})
    cells = format_html_join("", '<td role="cell" data-label="{}">{}</td>', (
        (SUBJECTS[name].label, _cell(item)) for name, item in line.healths.items()
    ))  # fmt: skip
    return format_html(
        '<tr role="row"><th role="rowheader" scope="row" class="k-name"><a href="{}">{}</a></th>{}</tr>',
        url,
        line.name,
        cells,
    )


def _cell(item: Health) -> SafeString:
    if item.errors or item.warnings:
        parts = [state("err", _("%(n)s lỗi") % {"n": dotted(item.errors)})] if item.errors else []
        parts += [state("warn", _("%(n)s cần xem") % {"n": dotted(item.warnings)})] if item.warnings else []
        return format_html('<span class="row tight">{}</span>', format_html_join(" ", "{}", ((p,) for p in parts)))
    return state("ok", dotted(item.total)) if item.total else state("", _("Chưa có"))


def office_rules(healths: Mapping[str, Health]) -> list[dict[str, Any]]:
    """Rules that are broken anywhere in the city, the commonest first."""
    broken = [
        (healths[s.name].by_rule.get(rule.key, 0), s, rule) for s in SUBJECTS.values() for rule in s.rules
        if healths[s.name].by_rule.get(rule.key, 0)
    ]  # fmt: skip
    broken.sort(key=lambda row: (row[2].level, -row[0]))
    return [
        {
            "number": rule.number,
            "text": rule.sentence,
            "subject": s.label,
            "html": state(*_state(rule, healths[s.name])),
        }
        for _count, s, rule in broken
    ]
