"""Lists of classes (Lớp): recognised by (school, year, mã lớp)."""

from typing import Any

from khue.base.core.bulk import allocate_ids
from khue.base.core.text import search_key
from khue.base.org.models import School
from khue.base.org.rules import GRADE_LEVELS, GRADE_NAMES, year_label
from khue.school.intake.rules import class_sort_key
from khue.school.registry.models import Campus, Position, SchoolClass

from .base import CHANGED, NEW, UNCHANGED, WRONG, Plan, Row, compare, duplicates, lookup, nearest_words, require_new

FIELDS = (
    "grade", "name", "shift", "sessions_per_week", "combined", "boarding", "language1", "language2", "inclusion",
    "note",
)  # fmt: skip


class ClassPlan(Plan):
    kind = "classes"

    def check(self) -> None:
        school = self.setting.school_id
        stored = SchoolClass.objects.filter(school=school, year=self.setting.year).values(
            "id", "code", "campus_id", "homeroom_id", *FIELDS
        )
        self.stored = {record["code"]: record for record in stored}
        campuses = list(Campus.objects.filter(school=school).values_list("name", "id", "is_main"))
        self.campuses = {name: key for name, key, _ in campuses}
        self.main = next((key for _, key, main in campuses if main), None)
        staff = dict(Position.objects.filter(school=school, left_on=None).exclude(code=None).values_list("code", "id"))
        self.staff, self.staff_codes = lookup(staff), {key: code for code, key in staff.items()}
        for row in self.rows:
            row.values.setdefault("name", row.values.get("code", ""))
            row.label = row.values["name"]
        duplicates(self.rows, "code", "Mã lớp")
        for row in self.rows:
            self._check_row(row)
            self._compare(row)

    def _check_row(self, row: Row) -> None:
        values = row.values
        year, school = values.get("school_year"), self.setting.school
        if year is not None and year != self.setting.year:
            row.say(
                "error",
                "year",
                "school_year",
                f"Dòng này của năm học {year_label(year)}, đang nhập {year_label(self.setting.year)}. "
                "Sửa năm học, hoặc chọn năm kia.",
            )
        if school and values.get("school_code") not in (None, school.code):
            row.say(
                "error",
                "school",
                "school_code",
                f"Dòng này của trường mã {values['school_code']}, đang nhập cho {school.name}. Bỏ dòng này.",
            )
        if "grade" in values:
            values["grade"] = int(values["grade"])
            check_level(row, self.setting.school, values["grade"])
        resolve_campus(row, self.campuses, self.main)
        if "homeroom" in values:
            values["homeroom_id"] = self.staff.get(search_key(values["homeroom"]))
            if values["homeroom_id"] is None:
                row.say(
                    "error",
                    "homeroom",
                    "homeroom",
                    f"Trường không có cán bộ mã {values['homeroom']}.{nearest_words(values['homeroom'], self.staff)} "
                    "Nhập danh sách cán bộ trước, hoặc sửa mã.",
                )

    def _compare(self, row: Row) -> None:
        record = self.stored.get(row.values.get("code", ""))
        if record is None:
            require_new(row, "classes", "code", "grade")
        names = [*FIELDS, "campus_id", "homeroom_id"]
        compare(row, record or {}, names if record else FIELDS)
        self._name_links(row)
        row.action = WRONG if row.is_wrong else NEW if record is None else CHANGED if row.changes else UNCHANGED

    def _name_links(self, row: Row) -> None:
        """Changes of campus and homeroom are shown by name and code, not by key."""
        names = {"campus_id": {v: k for k, v in self.campuses.items()}, "homeroom_id": self.staff_codes}
        row.changes = [
            (field.removesuffix("_id"), names[field].get(old), names[field].get(new))
            if field in names
            else (field, old, new)
            for field, old, new in row.changes
        ]

    def write(self) -> None:
        rows = [row for row in self.rows if not row.is_wrong]
        fresh = [row for row in rows if row.action == NEW]
        names = ["id", "school", "year", "code", "sort_key", "campus", "homeroom", *FIELDS]
        self.insert(SchoolClass, names, [
            (key, self.setting.school_id, self.setting.year, row.values["code"], class_sort_key(row.values["code"]),
             row.values.get("campus_id") or self.main, row.values.get("homeroom_id"),
             *(_value(row.values, f) for f in FIELDS))
            for key, row in zip(allocate_ids(SchoolClass, len(fresh)), fresh, strict=True)
        ])  # fmt: skip
        changed = [row for row in rows if row.action == CHANGED]
        self.update(SchoolClass, ["campus", "homeroom", *FIELDS], [
            (self.stored[row.values["code"]]["id"], *(
                row.values.get(f, self.stored[row.values["code"]][f]) for f in ("campus_id", "homeroom_id", *FIELDS)
            ))
            for row in changed
        ])  # fmt: skip


def check_level(row: Row, school: School | None, grade: int) -> None:
    """A grade that the school does not teach is an error."""
    if school and GRADE_LEVELS.get(grade) not in school.levels:
        row.say(
            "error",
            "level",
            "grade",
            f"{school.name} không có cấp của {GRADE_NAMES.get(grade, grade)}. "
            "Sửa khối, hoặc nhờ phòng sửa cấp học của trường.",
        )


def resolve_campus(row: Row, campuses: dict[str, int], main: int | None) -> None:
    """Name of a campus → its id; blank means the main one; an unknown one is an error with the nearest names."""
    named = row.values.get("campus")
    if not named:
        return
    row.values["campus_id"] = lookup(campuses).get(search_key(named))
    if row.values["campus_id"] is None:
        row.say(
            "error",
            "campus",
            "campus",
            f"Trường không có điểm trường “{named}”.{nearest_words(named, campuses)} Sửa tên, "
            "hoặc để trống nếu là điểm chính.",
        )


_TEXT = {"shift", "language1", "language2", "inclusion", "note", "name"}


def _value(values: dict[str, Any], name: str) -> Any:
    if name in ("combined", "boarding"):
        return bool(values.get(name))
    return values.get(name, "" if name in _TEXT else None)
