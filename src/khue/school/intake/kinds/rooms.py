"""Lists of rooms (Phòng): recognised by (school, campus, mã phòng)."""

from decimal import Decimal
from typing import Any

from khue.base.core.bulk import allocate_ids
from khue.school.registry.models import Campus, Room

from .base import CHANGED, NEW, UNCHANGED, WRONG, Plan, Row, compare, duplicates, require_new
from .classes import resolve_campus

FIELDS = ("kind", "structure", "area", "built_year", "repaired_year", "condition")


class RoomPlan(Plan):
    kind = "rooms"

    def check(self) -> None:
        school = self.setting.school_id
        stored = Room.objects.filter(school=school).values("id", "code", "campus_id", *FIELDS)
        self.stored: dict[Any, dict[str, Any]] = {(r["campus_id"], r["code"]): r for r in stored}
        campuses = list(Campus.objects.filter(school=school).values_list("name", "id", "is_main"))
        self.campuses = {name: key for name, key, _ in campuses}
        self.main = next((key for _, key, main in campuses if main), None)
        for row in self.rows:
            row.label = row.values.get("code", "")
            resolve_campus(row, self.campuses, self.main)
            self._check_row(row)
        duplicates(self.rows, "code", "Mã phòng", lambda r: self._key(r) if r.values.get("code") else None)
        for row in self.rows:
            record = self.stored.get(self._key(row))
            if record is None:
                require_new(row, "rooms", "code", "kind", "area")
            compare(row, record or {}, FIELDS)
            row.action = WRONG if row.is_wrong else NEW if record is None else CHANGED if row.changes else UNCHANGED

    def _key(self, row: Row) -> tuple[Any, Any]:
        return row.values.get("campus_id") or self.main, row.values.get("code")

    def _check_row(self, row: Row) -> None:
        area = row.values.get("area")
        if area is not None:
            row.values["area"] = area = area.quantize(Decimal("0.01"))
            if not 0 < area <= 100_000:
                row.say("error", "area", "area", "Diện tích phải lớn hơn 0 và nhiều nhất 100.000 m². Sửa số.")
        built, repaired = row.values.get("built_year"), row.values.get("repaired_year")
        if built and repaired and repaired < built:
            row.say("error", "year", "repaired_year", f"Năm sửa {repaired} trước năm xây {built}. Sửa một trong hai.")

    def write(self) -> None:
        rows = [row for row in self.rows if not row.is_wrong]
        fresh = [row for row in rows if row.action == NEW]
        self.insert(Room, ["id", "school", "campus", "code", *FIELDS], [
            (key, self.setting.school_id, *self._key(row), *(
                row.values.get(f, "" if f in ("kind", "structure", "condition") else None) for f in FIELDS))
            for key, row in zip(allocate_ids(Room, len(fresh)), fresh, strict=True)
        ])  # fmt: skip
        self.update(Room, FIELDS, [
            (record["id"], *(row.values.get(f, record[f]) for f in FIELDS))
            for row in rows if row.action == CHANGED for record in [self.stored[self._key(row)]]
        ])  # fmt: skip
