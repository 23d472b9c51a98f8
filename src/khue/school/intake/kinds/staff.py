"""Lists of staff (Cán bộ, giáo viên, nhân viên): recognised by Ministry identifier, personal number, mã cán bộ.

A teacher at two schools is one person with two positions: a number known elsewhere is joined, not refused.
"""

from decimal import Decimal
from typing import Any

from khue.base.core.bulk import allocate_ids, query
from khue.base.core.text import search_key
from khue.school.intake.rules import check_staff_row
from khue.school.registry.models import Position, StaffMember

from .base import (
    CHANGED,
    NEW,
    UNCHANGED,
    WRONG,
    Plan,
    Row,
    compare,
    name_keys,
    people_once,
    prepare_people,
    require_new,
)

PERSON = (
    "full_name",
    "birth_date",
    "birth_year",
    "sex",
    "ethnicity",
    "personal_number",
    "ministry_id",
    "phone",
    "email",
)
POSITION = (
    "code", "status", "group", "job", "title", "contract", "recruited_on", "joined_on", "rank", "rank_code", "step",
    "coefficient", "step_on", "qualification", "major", "subject", "language", "it_skill", "political", "management",
    "party", "party_on", "standard_self", "standard_superior", "officer_rating", "insurance_number",
)  # fmt: skip


def stored_staff(school: int) -> list[dict[str, Any]]:
    """Open positions of a school with their person; of who has left, the frozen copy."""
    names = [f"staff__{name}" for name in PERSON]
    records = Position.objects.filter(school=school, left_on=None).order_by("id")
    return [_flat(record) for record in records.values("id", "staff_id", "frozen", *POSITION, *names)]


class StaffPlan(Plan):
    kind = "staff"

    def check(self) -> None:
        self._load()
        prepare_people(self.rows)
        for row in self.rows:
            if row.values.get("coefficient") is not None:
                row.values["coefficient"] = row.values["coefficient"].quantize(Decimal("0.01"))
        people_once(self.rows, "Mã cán bộ")
        self.matched: dict[int, dict[str, Any]] = {}
        for row in self.rows:
            self._match(row)
        self._say_known_elsewhere()
        for row in self.rows:
            for level, rule, name, message in check_staff_row({**self.matched.get(row.number, {}), **row.values}):
                row.say(level, rule, name, message)
            self._compare(row)

    def _load(self) -> None:
        self.existing = stored_staff(self.setting.school_id)
        self.by_ministry = {r["ministry_id"]: r for r in self.existing if r["ministry_id"]}
        self.by_number = {r["personal_number"]: r for r in self.existing if r["personal_number"]}
        self.by_code = {r["code"]: r for r in self.existing if r["code"]}
        positioned = {r["staff_id"] for r in self.existing}
        others = StaffMember.objects.filter(school_ids__overlap=[self.setting.school_id]).exclude(pk__in=positioned)
        for record in others.values("id", *PERSON):
            # without "id", which is that of a position: this person has none here yet
            person = {"staff_id": record.pop("id"), **record}
            self.by_ministry |= {person["ministry_id"]: person} if person["ministry_id"] else {}
            self.by_number |= {person["personal_number"]: person} if person["personal_number"] else {}

    def _match(self, row: Row) -> None:
        indexes = (("ministry_id", self.by_ministry), ("personal_number", self.by_number), ("code", self.by_code))
        for name, index in indexes:
            found = index.get(row.values.get(name)) if row.values.get(name) else None
            if found is not None:
                if _someone_else(found, row.values):
                    row.say(
                        "error",
                        "V01",
                        name,
                        f"Mã này là của {found['full_name']}, ngày sinh khác. Sửa mã, hoặc sửa họ tên và ngày sinh.",
                    )
                else:
                    self.matched[row.number] = found
                return

    def _say_known_elsewhere(self) -> None:
        rows = [r for r in self.rows if r.number not in self.matched and r.values.get("personal_number")]
        if not rows:
            return
        numbers = [[row.values.get(name) for row in rows] for name in ("ministry_id", "personal_number")]
        for (n,) in query("SELECT n FROM registry_match_staff(%s, %s) WHERE known", numbers):
            rows[n - 1].say(
                "normalised",
                "known",
                "personal_number",
                "Người này đã có hồ sơ trong thành phố; Khuê nối vào hồ sơ cũ.",
            )

    def _compare(self, row: Row) -> None:
        record = self.matched.get(row.number)
        if record is None:
            require_new(row, "staff", "full_name", "birth_date", "sex")
        enrolled = record is not None and "id" in record
        stored = record or {}
        self_changes = compare(row, stored, PERSON)
        compare(row, stored if enrolled else {}, POSITION)
        row.values["_person_changed"] = bool(self_changes)
        row.action = WRONG if row.is_wrong else NEW if not enrolled else CHANGED if row.changes else UNCHANGED

    def attach(self) -> bool:
        """Let the school see, from now on, the people among these rows whom other schools know."""
        rows = [r for r in self.rows if r.number not in self.matched and any(f.rule == "known" for f in r.findings)]
        numbers = [[row.values.get(name) for row in rows] for name in ("ministry_id", "personal_number")]
        if rows:
            query("SELECT count(*) FROM registry_attach_staff(%s, %s, %s)", [self.setting.school_id, *numbers])
        return bool(rows)

    def write(self) -> None:
        rows = [row for row in self.rows if not row.is_wrong]
        fresh = [row for row in rows if row.number not in self.matched]
        people = dict(zip((r.number for r in fresh), allocate_ids(StaffMember, len(fresh)), strict=True))
        self.insert(StaffMember, ["id", *PERSON, "sort_key", "search_key", "school_ids"], [
            (people[row.number], *(_value(row.values, f) for f in PERSON), *name_keys(row.values["full_name"]),
             [self.setting.school_id])
            for row in fresh
        ])  # fmt: skip
        changed = [row for row in rows if row.number in self.matched and row.values["_person_changed"]]
        self.update(StaffMember, [*PERSON, "sort_key", "search_key"], [
            (record["staff_id"], *(row.values.get(f, record[f]) for f in PERSON),
             *name_keys(row.values.get("full_name") or record["full_name"]))
            for row in changed for record in [self.matched[row.number]]
        ])  # fmt: skip
        self._write_positions(rows, people)

    def _write_positions(self, rows: list[Row], people: dict[int, int]) -> None:
        fresh = [row for row in rows if row.action == NEW]
        self.insert(Position, ["id", "school", "staff", *POSITION], [
            (key, self.setting.school_id, people.get(row.number) or self.matched[row.number]["staff_id"],
             *(_value(row.values, f) for f in POSITION))
            for key, row in zip(allocate_ids(Position, len(fresh)), fresh, strict=True)
        ])  # fmt: skip
        changed = [row for row in rows if row.action == CHANGED and any(c[0] in POSITION for c in row.changes)]
        self.update(Position, POSITION, [
            (record["id"], *(row.values.get(f, record[f]) for f in POSITION))
            for row in changed for record in [self.matched[row.number]]
        ])  # fmt: skip


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """One level: the person's fields beside the position's; of who has left, the frozen copy."""
    frozen = record.pop("frozen") or {}
    person = {name: record.pop(f"staff__{name}") for name in PERSON}
    if person["full_name"] is None:
        person = {name: frozen.get(name) for name in PERSON}
    return {**record, **person}


def _someone_else(found: dict[str, Any], values: dict[str, Any]) -> bool:
    return (
        "full_name" in values
        and "birth_date" in values
        and search_key(found["full_name"] or "") != search_key(values["full_name"])
        and str(found["birth_date"]) != str(values["birth_date"])
    )


_NULL = {
    "birth_date", "birth_year", "personal_number", "ministry_id", "code", "recruited_on", "joined_on", "step",
    "coefficient", "step_on", "party_on",
}  # fmt: skip


def _value(values: dict[str, Any], name: str) -> Any:
    if name == "party":
        return bool(values.get("party"))
    if name == "status":
        return values.get("status") or "1"
    return values.get(name) or (None if name in _NULL else "")
