"""Writing a list of pupils: a dozen statements, whatever its length."""

from datetime import date
from typing import Any

from khue.base.core.bulk import allocate_ids, array_text, query
from khue.school.intake.rules import class_sort_key
from khue.school.registry.models import (
    Campus,
    Enrolment,
    Guardian,
    Placement,
    Pupil,
    PupilGuardian,
    SchoolClass,
    StatusChange,
)
from khue.school.registry.rules import effective_day

from ..base import MOVED, NEW, Row, name_keys
from .checking import PupilChecking
from .stored import ENROLMENT_FIELDS, GUARDIAN_FIELDS, PERSON_FIELDS


class PupilPlan(PupilChecking):
    """A list of pupils (Học sinh)."""

    kind = "pupils"

    def attach(self) -> bool:
        """Let the school see, from now on, the new pupils among these rows who have left every other school."""
        rows = [r for r in self.rows if r.number not in self.matched and any(f.rule == "known" for f in r.findings)]
        numbers = [[row.values.get(name) for row in rows] for name in ("ministry_id", "personal_number")]
        if rows:
            query("SELECT count(*) FROM registry_attach_pupils(%s, %s, %s)", [self.setting.school_id, *numbers])
        return bool(rows)

    def write(self) -> None:
        rows = [row for row in self.rows if not row.is_wrong]
        self._write_classes()
        pupils = self._write_pupils(rows)
        enrolments = self._write_enrolments(rows, pupils)
        self._write_placements(rows, enrolments)
        self._write_guardians(rows, pupils)
        self._write_status(rows, enrolments)

    def _write_classes(self) -> None:
        grades = self.made_classes()
        codes = list(grades)
        if not codes:
            return
        campus = Campus.objects.get(school=self.setting.school_id, is_main=True)
        keys = allocate_ids(SchoolClass, len(codes))
        names = ("id", "school", "year", "grade", "code", "name", "sort_key", "campus", "shift", "combined", "boarding",
                 "language1", "language2", "inclusion", "note")  # fmt: skip
        self.insert(SchoolClass, names, [
            (key, self.setting.school_id, self.setting.year, grades[code], code, code, class_sort_key(code),
             campus.pk, "", False, False, "", "", "", "")
            for key, code in zip(keys, codes, strict=True)
        ])  # fmt: skip
        self.classes |= {code: (key, grades[code]) for key, code in zip(keys, codes, strict=True)}

    def _write_pupils(self, rows: list[Row]) -> dict[int, int]:
        """New persons inserted, changed ones updated; row number → pupil id."""
        fresh = [row for row in rows if row.number not in self.matched]
        keys = dict(zip((row.number for row in fresh), allocate_ids(Pupil, len(fresh)), strict=True))
        names = ["id", *PERSON_FIELDS, "phone", "sort_key", "search_key", "school_ids"]
        school = array_text([self.setting.school_id])
        self.insert(Pupil, names, [
            (keys[row.number], *_filled(row.values, PERSON_FIELDS), "",
             *name_keys(row.values["full_name"]), school)
            for row in fresh
        ])  # fmt: skip
        changed = [row for row in rows if row.number in self.matched and self.person_changes[row.number]]
        self.update(Pupil, [*PERSON_FIELDS, "sort_key", "search_key"], [
            (self.matched[row.number]["pupil_id"], *_merged(self.matched[row.number], row.values, PERSON_FIELDS),
             *name_keys(row.values.get("full_name") or self.matched[row.number]["full_name"]))
            for row in changed
        ])  # fmt: skip
        return keys | {row.number: self.matched[row.number]["pupil_id"] for row in rows if row.number in self.matched}

    def _write_enrolments(self, rows: list[Row], pupils: dict[int, int]) -> dict[int, int]:
        """What the triggers would write after the status and the class is written at once: they find nothing to do."""
        names = [*ENROLMENT_FIELDS, "over_age_reason", "status", "status_on", "current_class"]
        fresh = [row for row in rows if "enrolment_id" not in self.matched.get(row.number, {})]
        keys = dict(zip((row.number for row in fresh), allocate_ids(Enrolment, len(fresh)), strict=True))
        self.insert(Enrolment, ["id", "school", "pupil", "year", *names], [
            (keys[row.number], self.setting.school_id, pupils[row.number], self.setting.year,
             *_filled(row.values, ENROLMENT_FIELDS), "", *self._standing(row))
            for row in fresh
        ])  # fmt: skip
        changed = [row for row in rows if row.number not in keys and self.enrolment_changes[row.number]]
        self.update(Enrolment, ENROLMENT_FIELDS, [
            (self.matched[row.number]["enrolment_id"], *_merged(self.matched[row.number], row.values, ENROLMENT_FIELDS))
            for row in changed
        ])  # fmt: skip
        return keys | {row.number: self.matched[row.number]["enrolment_id"] for row in rows if row.number not in keys}

    def _standing(self, row: Row) -> tuple[str, date | None, int | None]:
        """Status, its date and the class of a new enrolment."""
        status, school_class = self.new_status[row.number], self.classes.get(row.values.get("class_code", ""))
        return status["status"], status.get("status_on"), school_class[0] if school_class else None

    def _write_placements(self, rows: list[Row], enrolments: dict[int, int]) -> None:
        """First placements from the day the pupil counts; a move closes the old one today."""
        start, today = self.setting.calendar.starts_on, self.setting.today
        moved_from = [
            enrolments[row.number] for row in rows
            if row.action == MOVED and self.matched[row.number]["current_class_id"] is not None
        ]  # fmt: skip
        Placement.objects.filter(school=self.setting.school_id, enrolment__in=moved_from, until=None).update(
            until=max(today, start)
        )
        placed = [row for row in rows if row.values.get("class_code") and row.action in (NEW, MOVED)]
        self.insert(Placement, ["school", "enrolment", "school_class", "since"], [
            (self.setting.school_id, enrolments[row.number], self.classes[row.values["class_code"]][0],
             self._placed_since(row, start, max(today, start)))
            for row in placed
        ])  # fmt: skip

    def _placed_since(self, row: Row, start: date, today: date) -> date:
        if row.action == MOVED and self.matched[row.number]["current_class_id"] is not None:
            return today
        status = self.new_status.get(row.number, {})
        arrived = status.get("status") in ("2", "5", "6", "7", "10")
        return max(status.get("status_on") or start, start) if arrived else start

    def _write_guardians(self, rows: list[Row], pupils: dict[int, int]) -> None:
        fresh, changed, links = [], [], []
        for row in rows:
            for relation, old, values in self.guardian_changes.get(row.number, []):
                if old is None:
                    fresh.append(values)
                    links.append((pupils[row.number], relation))
                else:
                    changed.append((old["id"], {**{f: old.get(f) for f in GUARDIAN_FIELDS}, **values}))
        keys = allocate_ids(Guardian, len(fresh))
        names = ["full_name", "sort_key", "search_key", "birth_year", "job", "phone", "personal_number"]
        school = array_text([self.setting.school_id])
        self.insert(Guardian, ["id", *names, "school_ids"], [
            (key, *_guardian_values(values), school) for key, values in zip(keys, fresh, strict=True)
        ])  # fmt: skip
        rights = ["can_view", "can_act", "can_pick_up"]
        self.insert(PupilGuardian, ["pupil", "guardian", "relation", *rights, "school_ids"], [
            (pupil, key, relation, True, True, True, school) for key, (pupil, relation) in zip(keys, links, strict=True)
        ])  # fmt: skip
        self.update(Guardian, names, [(key, *_guardian_values(values)) for key, values in changed])

    def _latest(self, row: Row) -> date | None:
        """The day of the change that this row's status corrects."""
        return self.matched.get(row.number, {}).get("status_on")

    def _write_status(self, rows: list[Row], enrolments: dict[int, int]) -> None:
        """Last of all: a pupil who has left is hidden from the school from here on."""
        changes = [(row, self.new_status[row.number]) for row in rows if row.number in self.new_status]
        now = query("SELECT now()")[0][0]
        names = ["school", "enrolment", "status", "on", "effective_on", "reason", "other_school", "created_at"]
        self.insert(StatusChange, names, [
            (self.setting.school_id, enrolments[row.number], s["status"], s.get("status_on"),
             effective_day(s["status"], s.get("status_on"), self.setting.calendar, latest=self._latest(row)),
             s.get("leaving_reason") or "", s.get("other_school") or "", now)
            for row, s in changes
        ])  # fmt: skip


_BLANK = {
    **dict.fromkeys(("birth_date", "birth_year", "personal_number", "ministry_id", "code")),
    **dict.fromkeys(("inclusion", "two_sessions", "boarding"), False),
    "policies": array_text(()),
}
"""What stands for a value that a new record lacks; an empty text for all others."""


def _filled(values: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [values.get(name) or _BLANK.get(name, "") for name in names]


def _merged(record: dict[str, Any], values: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [values.get(name, record.get(name)) for name in names]


def _guardian_values(values: dict[str, Any]) -> tuple[Any, ...]:
    name = values["name"]
    return (
        name, *name_keys(name), values.get("birth_year"), values.get("job") or "",
        values.get("phone") or "", values.get("personal_number") or None,
    )  # fmt: skip
