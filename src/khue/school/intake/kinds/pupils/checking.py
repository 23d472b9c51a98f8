"""What a list of pupils says and what it changes: classes, rules, differences from what is stored."""

from collections import Counter, defaultdict
from typing import Any

from khue.base.core.text import search_key
from khue.base.org.rules import GRADE_LEVELS, GRADE_NAMES
from khue.school.intake.rules import check_pupil_row, grade_of_birth, grade_of_class_name
from khue.school.registry.models import SchoolClass
from khue.school.registry.rules import ACTIVE

from ..base import (
    CHANGED,
    MOVED,
    NEW,
    UNCHANGED,
    WRONG,
    Row,
    Setting,
    compare,
    lookup,
    nearest_words,
    people_once,
    prepare_people,
    require_new,
)
from .matching import PupilMatching
from .stored import ENROLMENT_FIELDS, GUARDIAN_FIELDS, PERSON_FIELDS, RELATIONS, guardians_of


class PupilChecking(PupilMatching):
    """Fills actions, changes and findings of the rows."""

    def __init__(self, setting: Setting, rows: list[Row]) -> None:
        super().__init__(setting, rows)
        self.person_changes: dict[int, dict[str, Any]] = {}
        self.enrolment_changes: dict[int, dict[str, Any]] = {}
        self.guardian_changes: dict[int, list[tuple[str, dict[str, Any] | None, dict[str, Any]]]] = {}
        self.new_status: dict[int, dict[str, Any]] = {}
        self.new_classes: dict[str, int | None] = {}

    def check(self) -> None:
        self._load()
        prepare_people(self.rows)
        for row in self.rows:
            if "phone" in row.values:
                row.values["contact_phone"] = row.values["phone"]
        self._check_classes()
        for row in self.rows:
            self._complete_identifier(row)
        people_once(self.rows, "Mã học sinh")
        for row in self.rows:
            self._match(row)
        self._same_person_twice()
        self._check_elsewhere()
        for row in self.rows:
            self._check_row(row)
            self._compare(row)
        self._find_missing()

    def _load(self) -> None:
        self._load_pupils()
        school, year = self.setting.school_id, self.setting.year
        classes = SchoolClass.objects.filter(school=school, year=year).values_list("code", "id", "grade", "name")
        self.classes: dict[str, tuple[int, int | None]] = {code: (key, grade) for code, key, grade, _ in classes}
        self.class_names = lookup({c: c for c in self.classes} | {n: c for c, _, _, n in classes})

    def _check_classes(self) -> None:
        """A school without classes gets those that its file names; otherwise an unknown class is an error."""
        for row in self.rows:
            named = row.values.get("class_code")
            if named:
                row.values["class_code"] = self.class_names.get(search_key(named), named)
        if not self.classes:
            self._propose_classes()
            return
        for row in self.rows:
            named = row.values.get("class_code")
            if named and named not in self.classes:
                words = nearest_words(named, self.classes)
                row.say(
                    "error",
                    "class",
                    "class_code",
                    f"Trường không có lớp {named} trong năm học này.{words} Sửa mã lớp, hoặc thêm lớp trước.",
                )

    def _propose_classes(self) -> None:
        members: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.values.get("class_code"):
                members[row.values["class_code"]].append(row)
        levels = set(self.setting.school.levels) if self.setting.school else set()
        for code, rows in members.items():
            answer = self.setting.answers.get(f"grade:{code}")
            grade = int(answer) if answer else _grade_of(code, rows, levels, self.setting.year)
            self.new_classes[code] = grade
            if grade is None:
                rows[0].say(
                    "ask",
                    "grade",
                    "class_code",
                    f"Lớp {code} chưa có và chưa rõ thuộc khối nào. Chọn khối cho lớp này.",
                )
            else:
                rows[0].say(
                    "normalised",
                    "class",
                    "class_code",
                    f"Lớp {code} chưa có, Khuê sẽ tạo ({GRADE_NAMES.get(grade, grade)}).",
                    normalised=str(grade),
                )

    def _check_row(self, row: Row) -> None:
        code = row.values.get("class_code")
        grade = self.classes[code][1] if code in self.classes else self.new_classes.get(code or "")
        record = self.matched.get(row.number)
        known = {**(record or {}), **row.values}
        if record is None:
            require_new(row, "pupils", "full_name", "birth_date", "sex")
        if record is None and not code and not row.columns.get("class_code"):
            row.say(
                "error",
                "required",
                None,
                "Dòng này không nói em học lớp nào. Thêm cột Mã lớp, hoặc đặt tên lớp phía trên bảng.",
            )
        former = record.get("status", "") if record and row.values.get("status") != record.get("status") else ""
        remarks = check_pupil_row(known, set(row.values), grade, former, self.setting.calendar, self.setting.fields)
        for level, rule, name, message in remarks:
            row.say(level, rule, name, message)

    def _compare(self, row: Row) -> None:
        record = self.matched.get(row.number)
        enrolled = record is not None and "enrolment_id" in record
        stored = record or {}
        self.person_changes[row.number] = compare(row, stored, PERSON_FIELDS)
        self.enrolment_changes[row.number] = compare(row, stored if enrolled else {}, ENROLMENT_FIELDS)
        self._compare_guardians(row, record)
        self._compare_status(row, record if enrolled else None)
        moved = bool(enrolled and row.values.get("class_code") and stored["class_code"] != row.values["class_code"])
        if moved:
            row.changes.append(("class_code", stored["class_code"], row.values["class_code"]))
        if row.is_wrong:
            row.action = WRONG
        elif not enrolled:
            row.action = NEW
        elif stored["hidden"] and (self.person_changes[row.number] or self.guardian_changes.get(row.number)):
            self._keep_closed(row)
        elif moved:
            row.action = MOVED
        else:
            row.action = CHANGED if row.changes else UNCHANGED

    def _keep_closed(self, row: Row) -> None:
        """The person has left: the school keeps a frozen copy, which no file changes."""
        self.person_changes[row.number], self.guardian_changes[row.number] = {}, []
        row.changes = [c for c in row.changes if c[0] in ENROLMENT_FIELDS or c[0] in ("status", "status_on")]
        row.say(
            "warning",
            "closed",
            "full_name",
            "Em đã rời trường, hồ sơ đã đóng: Khuê giữ bản lúc rời trường, không đổi theo tệp.",
        )
        row.action = CHANGED if row.changes else UNCHANGED

    def _compare_guardians(self, row: Row, record: dict[str, Any] | None) -> None:
        known = guardians_of(record, self.guardians) if record else {}
        changes = []
        for relation in RELATIONS:
            given = {
                f: row.values[f"{relation}_{f}"]
                for f in GUARDIAN_FIELDS
                if row.values.get(f"{relation}_{f}") not in (None, "")
            }
            if not given:
                continue
            old = known.get(relation)
            if old is None and "name" not in given:
                row.say(
                    "warning",
                    "guardian",
                    f"{relation}_{next(iter(given))}",
                    "Có thông tin người thân nhưng thiếu họ tên: phần này chưa ghi. Thêm họ tên.",
                )
                continue
            different = {f: v for f, v in given.items() if old is None or (old.get(f) or "") != (v or "")}
            if different:
                changes.append((relation, old, different))
                row.changes += [(f"{relation}_{f}", (old or {}).get(f), v) for f, v in different.items()]
        self.guardian_changes[row.number] = changes

    def _compare_status(self, row: Row, record: dict[str, Any] | None) -> None:
        values = row.values
        if record is None:
            self.new_status[row.number] = {"status": values.get("status", "1"), **_status_details(values)}
            return
        names = ("status", "status_on", "leaving_reason", "other_school")
        different = [n for n in names if values.get(n) not in (None, "") and (record[n] or "") != values[n]]
        if not different:
            return
        status = values.get("status", record["status"])
        details = (
            {n: record[n] or ("" if n != "status_on" else None) for n in names[1:]}
            if status == record["status"]
            else {}
        )
        self.new_status[row.number] = {"status": status, **details, **_status_details(values)}
        row.changes += [(n, record[n], values[n]) for n in different]

    def _find_missing(self) -> None:
        """Active pupils of the classes in the file that the file doesn't name: listed, never deleted."""
        named = {self.matched[n]["pupil_id"] for n in self.matched}
        classes = {row.values.get("class_code") for row in self.rows}
        self.missing = [
            {
                "code": r["code"] or "",
                "name": r["full_name"] or "",
                "class": r["class_code"],
                "enrolment": r["enrolment_id"],
            }
            for r in self.existing
            if r["class_code"] in classes and r["pupil_id"] not in named and r["status"] in ACTIVE
        ]


def _status_details(values: dict[str, Any]) -> dict[str, Any]:
    return {n: values[n] for n in ("status_on", "leaving_reason", "other_school") if values.get(n) not in (None, "")}


def _grade_of(code: str, rows: list[Row], levels: set[str], year: int) -> int | None:
    """The number in the class name if the school has that level, else what most birth years say."""
    grade = grade_of_class_name(code)
    if grade is not None and (not levels or GRADE_LEVELS.get(grade) in levels):
        return grade
    born = Counter(
        g for row in rows if row.values.get("birth_year")
        for g in [grade_of_birth(row.values.get("birth_date"), row.values["birth_year"], year, levels)] if g
    )  # fmt: skip
    return born.most_common(1)[0][0] if born else None
