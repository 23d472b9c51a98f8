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

OF_RELATION = {relation: [(field, f"{relation}_{field}") for field in GUARDIAN_FIELDS] for relation in RELATIONS}
"""Fields of a guardian, and what they are called in a row of their pupil."""


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

    def made_classes(self) -> dict[str, int]:
        used = {row.values.get("class_code") for row in self.active()}
        return {code: grade for code, grade in self.new_classes.items() if grade is not None and code in used}

    def _check_classes(self) -> None:
        """A school without classes gets those that its file names; otherwise an unknown class is an error until an
        answer (``grade:6A9`` → 6) says that it is to be made."""
        for code, rows in self._unknown_classes().items():
            given = self._answered_grade(code)
            if given is not None and self.classes:
                self._make_class(code, rows, given, rule="class-new")
            elif self.classes:
                self._refuse_class(code, rows)
            else:
                self._propose_class(code, rows, given)

    def _unknown_classes(self) -> dict[str, list[Row]]:
        """Name → rows, of the classes that the school does not have; one name however it is written."""
        unknown: dict[str, list[Row]] = defaultdict(list)
        spelled: dict[str, str] = {}
        for row in self.rows:
            if named := row.values.get("class_code"):
                key = search_key(named)
                code = row.values["class_code"] = self.class_names.get(key) or spelled.setdefault(key, named)
                if code not in self.classes:
                    unknown[code].append(row)
        return unknown

    def _answered_grade(self, code: str) -> int | None:
        """The grade that an answer gives to a new class, if the school has such a grade."""
        answer = str(self.setting.answers.get(f"grade:{code}") or "")
        grade = int(answer) if answer.isdecimal() else 0
        return grade if grade in self._grades() else None

    def _grades(self) -> list[int]:
        levels = self.setting.school.levels if self.setting.school else ()
        return [grade for grade, level in GRADE_LEVELS.items() if not levels or level in levels]

    def _grade_of(self, code: str, rows: list[Row]) -> int | None:
        levels = set(self.setting.school.levels) if self.setting.school else set()
        return _grade_of(code, rows, levels, self.setting.year)

    def _make_class(self, code: str, rows: list[Row], grade: int, *, rule: str) -> None:
        self.new_classes[code] = grade
        words = f"Lớp {code} chưa có, Khuê sẽ tạo ({GRADE_NAMES[grade]})."
        rows[0].say("normalised", rule, "class_code", words, normalised=str(grade))

    def _refuse_class(self, code: str, rows: list[Row]) -> None:
        """An error on every row; the first one names the grades that the class could be made in."""
        likely = self._grade_of(code, rows)
        grades = ";".join(map(str, [likely] if likely is not None else self._grades()))
        near = nearest_words(code, self.classes)
        words = f"Trường không có lớp {code} trong năm học này.{near} Sửa mã lớp, hoặc tạo lớp này."
        for row in rows:
            row.say("error", "class", "class_code", words, normalised=grades if row is rows[0] else None)

    def _propose_class(self, code: str, rows: list[Row], given: int | None) -> None:
        grade = given if given is not None else self._grade_of(code, rows)
        if grade is not None:
            self._make_class(code, rows, grade, rule="class")
            return
        words = f"Lớp {code} chưa có và chưa rõ thuộc khối nào. Chọn khối cho lớp này."
        rows[0].say("ask", "grade", "class_code", words)

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
            given = {f: row.values[name] for f, name in OF_RELATION[relation] if row.values.get(name) not in (None, "")}
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
                if record:
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
