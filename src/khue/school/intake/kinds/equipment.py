"""Lists of equipment (Thiết bị): recognised by (school, campus, room, grade, name)."""

from collections.abc import Iterable
from typing import Any

from khue.base.core.bulk import allocate_ids, insert_rows, update_rows
from khue.base.core.text import search_key
from khue.school.registry.models import Campus, Equipment, Room

from .base import CHANGED, NEW, UNCHANGED, WRONG, Plan, Row, compare, duplicates, nearest_words, require_new
from .classes import check_level, resolve_campus

FIELDS = ("group", "quantity", "required")
Key = tuple[int | None, int | None, int | None, str]


class EquipmentPlan(Plan):
    kind = "equipment"

    def check(self) -> None:
        school = self.setting.school_id
        stored = Equipment.objects.filter(school=school).values("id", "campus_id", "room_id", "grade", "name", *FIELDS)
        self.stored: dict[Key, dict[str, Any]] = {
            (r["campus_id"], r["room_id"], r["grade"], r["name"].casefold()): r for r in stored
        }
        campuses = list(Campus.objects.filter(school=school).values_list("name", "id", "is_main"))
        self.campuses = {name: key for name, key, _ in campuses}
        self.main = next((key for _, key, main in campuses if main), None)
        self.rooms = _rooms(Room.objects.filter(school=school).values_list("code", "id", "campus_id"))
        self.room_codes = {search_key(code): code for code in self.rooms}
        for row in self.rows:
            row.label = row.values.get("name", "")
            self._check_row(row)
        duplicates(self.rows, "name", "Tên, khối và nơi để", lambda r: None if r.is_wrong else self._key(r))
        for row in self.rows:
            self._compare(row)

    def _check_row(self, row: Row) -> None:
        if "grade" in row.values:
            row.values["grade"] = int(row.values["grade"])
            check_level(row, self.setting.school, row.values["grade"])
        resolve_campus(row, self.campuses, self.main)
        if row.values.get("room"):
            self._resolve_room(row, row.values["room"])

    def _resolve_room(self, row: Row, code: str) -> None:
        """A room of the campus named; with no campus named, the only room of that code says the campus."""
        found = self.rooms.get(self.room_codes.get(search_key(code), ""), {})
        campus = row.values.get("campus_id")
        fitting = {at: room for at, room in found.items() if campus in (None, at)}
        if len(fitting) == 1:
            ((row.values["campus_id"], row.values["room_id"]),) = fitting.items()
        elif len(fitting) > 1:
            row.say("error", "room", "room", f"Phòng {code} có ở {len(fitting)} điểm trường. Ghi thêm điểm trường.")
        elif found:
            row.say("error", "room", "room", f"Điểm trường ấy không có phòng {code}. Sửa mã phòng hoặc điểm trường.")
        else:
            near = nearest_words(code, self.rooms)
            row.say("error", "room", "room", f"Trường không có phòng {code}.{near} Nhập danh sách phòng trước, "
                    "hoặc để trống mã phòng.")  # fmt: skip

    def _key(self, row: Row) -> Key:
        values = row.values
        campus = values.get("campus_id") or self.main
        return campus, values.get("room_id"), values.get("grade"), values.get("name", "").casefold()

    def _compare(self, row: Row) -> None:
        record = self.stored.get(self._key(row))
        if record is None:
            require_new(row, "equipment", "name", "quantity")
        compare(row, record or {}, FIELDS)
        row.action = WRONG if row.is_wrong else NEW if record is None else CHANGED if row.changes else UNCHANGED

    def write(self) -> None:
        rows = [row for row in self.rows if not row.is_wrong]
        fresh = [row for row in rows if row.action == NEW]
        names = ["id", "school", "campus", "room", "grade", "name", "search_key", *FIELDS]
        insert_rows(Equipment, names, [
            (key, self.setting.school_id, *self._key(row)[:3], row.values["name"], search_key(row.values["name"]),
             row.values.get("group", ""), row.values["quantity"], row.values.get("required"))
            for key, row in zip(allocate_ids(Equipment, len(fresh)), fresh, strict=True)
        ])  # fmt: skip
        update_rows(Equipment, FIELDS, [
            (record["id"], *(row.values.get(f, record[f]) for f in FIELDS))
            for row in rows if row.action == CHANGED for record in [self.stored[self._key(row)]]
        ])  # fmt: skip


def _rooms(rows: Iterable[tuple[str, int, int]]) -> dict[str, dict[int, int]]:
    """{code: {campus: room}}."""
    found: dict[str, dict[int, int]] = {}
    for code, room, campus in rows:
        found.setdefault(code, {})[campus] = room
    return found
