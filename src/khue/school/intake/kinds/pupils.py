"""Lists of pupils (Học sinh): who is who, what changes, and writing it all by a dozen statements.

Order of recognition (sector-database §5): Ministry identifier; personal number; mã học sinh within the school; name,
birth date and sex within the class; the same within the school if exactly one. Two hits are a question; an identifier
that points to a person of another name and birth date is an error, never an update.
"""

import json
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from django.db import connection

from khue.base.core.bulk import allocate_ids, insert_rows, query, update_rows
from khue.base.core.text import name_sort_key, search_key
from khue.base.org.rules import GRADE_LEVELS, GRADE_NAMES
from khue.school.intake.refusal import Refused
from khue.school.intake.rules import check_pupil_row, class_sort_key, grade_of_birth, grade_of_class_name
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

from .base import (
    CHANGED,
    MOVED,
    NEW,
    UNCHANGED,
    WRONG,
    Plan,
    Row,
    compare,
    duplicates,
    lookup,
    nearest_words,
    require_new,
)

PERSON_FIELDS = (
    "full_name", "birth_date", "birth_year", "sex", "ethnicity", "personal_number", "ministry_id", "nationality",
    "religion", "birth_place", "birth_registration", "home_province", "home_ward", "home_hamlet", "home_street",
    "current_address", "email", "health_insurance",
)  # fmt: skip
ENROLMENT_FIELDS = (
    "code", "entry", "policies", "poverty", "disability", "inclusion", "two_sessions", "boarding", "contact_phone", "note",
)  # fmt: skip
GUARDIAN_FIELDS = ("name", "birth_year", "job", "phone", "personal_number")
RELATIONS = ("father", "mother", "guardian")

EXISTING = """
SELECT e.id AS enrolment_id, e.pupil_id, e.code, e.entry, e.policies, e.poverty, e.disability, e.inclusion,
  e.two_sessions, e.boarding, e.contact_phone, e.note, e.status, e.status_on, e.current_class_id, c.code AS class_code,
  e.frozen, p.id IS NULL OR e.school_id <> ALL (p.school_ids) AS hidden, s.reason AS leaving_reason, s.other_school,
  p.full_name, p.birth_date, p.birth_year, p.sex, p.ethnicity, p.personal_number, p.ministry_id, p.nationality,
  p.religion, p.birth_place, p.birth_registration, p.home_province, p.home_ward, p.home_hamlet, p.home_street,
  p.current_address, p.email, p.health_insurance
FROM registry_enrolment e
LEFT JOIN registry_pupil p ON p.id = e.pupil_id
LEFT JOIN registry_schoolclass c ON c.school_id = e.school_id AND c.id = e.current_class_id
LEFT JOIN LATERAL (SELECT reason, other_school FROM registry_statuschange
  WHERE school_id = e.school_id AND enrolment_id = e.id ORDER BY effective_on DESC, id DESC LIMIT 1) s ON true
WHERE e.school_id = %s AND e.year = %s
"""
OTHER_YEARS = """
SELECT p.id AS pupil_id, p.full_name, p.birth_date, p.birth_year, p.sex, p.ethnicity, p.personal_number, p.ministry_id,
  p.nationality, p.religion, p.birth_place, p.birth_registration, p.home_province, p.home_ward, p.home_hamlet,
  p.home_street, p.current_address, p.email, p.health_insurance
FROM registry_pupil p WHERE p.school_ids && %s::bigint[]
  AND NOT EXISTS (SELECT 1 FROM registry_enrolment e WHERE e.school_id = %s AND e.year = %s AND e.pupil_id = p.id)
"""
GUARDIANS = """
SELECT l.pupil_id, l.relation, g.id, g.full_name, g.birth_year, g.job, g.phone, g.personal_number
FROM registry_pupilguardian l JOIN registry_guardian g ON g.id = l.guardian_id
WHERE l.school_ids && %s::bigint[]
"""
MANY = 5
"""Fewer pupils of another school than this are mistakes in rows, not in the choice of the file."""
SHORTEST = 6
"""A Ministry identifier with fewer digits left is no longer one whose zeros a spreadsheet ate."""


def _dicts(statement: str, parameters: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stored_pupils(school: int, year: int) -> list[dict[str, Any]]:
    """Enrolments of a school in a year with their person; of who has left, the frozen copy (``hidden``)."""
    records = _dicts(EXISTING, [school, year])
    for record in records:
        record["frozen"] = json.loads(record["frozen"]) if record["frozen"] else None
        if record["hidden"] and record["frozen"]:
            record.update({k: v for k, v in record["frozen"].items() if k in PERSON_FIELDS})
            if record["birth_date"]:
                record["birth_date"] = date.fromisoformat(record["birth_date"])
    return records


def stored_guardians(school: int) -> dict[int, dict[str, dict[str, Any]]]:
    """Pupil → relation → guardian."""
    found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for pupil, relation, *values in query(GUARDIANS, [[school]]):
        found[pupil][relation] = dict(zip(("id", *GUARDIAN_FIELDS), values, strict=True))
    return found


def guardians_of(record: dict[str, Any], known: dict[int, dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Relation → guardian of a stored pupil."""
    if record.get("hidden") and record.get("frozen"):
        return {g["relation"]: {**g, "name": g["full_name"]} for g in record["frozen"].get("guardians", [])}
    return known.get(record["pupil_id"], {})


class PupilPlan(Plan):
    kind = "pupils"

    def __init__(self, setting: Any, rows: list[Row]) -> None:
        super().__init__(setting, rows)
        self.matched: dict[int, dict[str, Any]] = {}
        self.person_changes: dict[int, dict[str, Any]] = {}
        self.enrolment_changes: dict[int, dict[str, Any]] = {}
        self.guardian_changes: dict[int, list[tuple[str, dict[str, Any] | None, dict[str, Any]]]] = {}
        self.new_status: dict[int, dict[str, Any]] = {}
        self.new_classes: dict[str, int | None] = {}

    # --- checking -------------------------------------------------------------------------------------------

    def check(self) -> None:
        self._load()
        for row in self.rows:
            row.label = row.values.get("full_name", "")
            if row.values.get("birth_date"):
                row.values["birth_year"] = row.values["birth_date"].year
            if "phone" in row.values:
                row.values["contact_phone"] = row.values["phone"]
        self._check_classes()
        for row in self.rows:
            self._complete_identifier(row)
        duplicates(self.rows, "ministry_id", lambda r: r.values.get("ministry_id"), "Mã định danh Bộ")
        duplicates(self.rows, "personal_number", lambda r: r.values.get("personal_number"), "Số định danh")
        duplicates(self.rows, "code", lambda r: r.values.get("code"), "Mã học sinh")
        for row in self.rows:
            self._match(row)
        self._same_person_twice()
        self._check_elsewhere()
        for row in self.rows:
            self._check_row(row)
            self._compare(row)
        self._find_missing()

    def _load(self) -> None:
        school, year = self.setting.school_id, self.setting.year
        self.existing = stored_pupils(school, year)
        self.others = _dicts(OTHER_YEARS, [[school], school, year])
        self.guardians = stored_guardians(school)
        classes = SchoolClass.objects.filter(school=school, year=year).values_list("code", "id", "grade", "name")
        self.classes = {code: (key, grade) for code, key, grade, _ in classes}
        self.class_names = lookup({c: c for c in self.classes} | {n: c for c, _, _, n in classes})
        self._index()

    def _index(self) -> None:
        self.by_ministry = self._by("ministry_id")
        self.by_number = self._by("personal_number")
        self.by_code = {r["code"]: r for r in self.existing if r["code"]}
        self.by_name: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for record in [*self.existing, *self.others]:
            self.by_name[_name_key(record)].append(record)

    def _by(self, name: str) -> dict[str, dict[str, Any]]:
        return {r[name]: r for r in [*self.others, *self.existing] if r.get(name)}

    # --- classes --------------------------------------------------------------------------------------------

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

    def _complete_identifier(self, row: Row) -> None:
        """A short Ministry identifier that, with its zeros back, is a pupil's of this school."""
        short = row.values.get("ministry_id") or ""
        if SHORTEST <= len(short) < 10 and short.isdigit() and short not in self.by_ministry:
            if short.zfill(10) in self.by_ministry:
                row.values["ministry_id"] = short.zfill(10)

    # --- who is who -----------------------------------------------------------------------------------------

    def _match(self, row: Row) -> None:
        values, answer = row.values, self.setting.answers.get(f"person:{row.sheet}!{row.row}")
        if answer == "new":
            return
        if answer and answer in self.by_code:
            self.matched[row.number] = self.by_code[answer]
            return
        for name, index in (
            ("ministry_id", self.by_ministry),
            ("personal_number", self.by_number),
            ("code", self.by_code),
        ):
            found = index.get(values.get(name)) if values.get(name) else None
            if found is not None:
                if self._is_someone_else(row, found, name):
                    return
                self.matched[row.number] = found
                return
        self._match_by_name(row)

    def _is_someone_else(self, row: Row, found: dict[str, Any], name: str) -> bool:
        """Another name *and* another birth date: the identifier was copied from someone else's row."""
        values = row.values
        if "full_name" not in values or "birth_date" not in values:
            return False
        if (
            search_key(found["full_name"]) == search_key(values["full_name"])
            or found["birth_date"] == values["birth_date"]
        ):
            return False
        born = f"{found['birth_date']:%d/%m/%Y}" if found["birth_date"] else str(found["birth_year"])
        row.say(
            "error",
            "V01",
            name,
            f"Mã này là của em {found['full_name']}, sinh {born}. Sửa mã, hoặc sửa họ tên và ngày sinh.",
        )
        return True

    def _match_by_name(self, row: Row) -> None:
        found = self.by_name.get(_name_key(row.values), [])
        if not found:
            return
        found = [r for r in found if _compatible(r, row.values)]
        in_class = [r for r in found if r.get("class_code") == row.values.get("class_code")]
        hits = in_class or found
        if len(hits) == 1:
            self.matched[row.number] = hits[0]
        elif len(hits) > 1:
            codes = ", ".join(r.get("code") or "chưa có mã" for r in hits)
            row.say(
                "ask",
                "who",
                "full_name",
                f"Trường có {len(hits)} em cùng họ tên, ngày sinh, giới tính (mã {codes}). Dòng này là em nào?",
                normalised=";".join(r["code"] for r in hits if r.get("code")) or None,
            )

    def _same_person_twice(self) -> None:
        seen: dict[int, Row] = {}
        for row in self.rows:
            record = self.matched.get(row.number)
            key = record["pupil_id"] if record else None
            if key is None:
                continue
            first = seen.setdefault(key, row)
            if first is not row:
                row.say(
                    "error", "V01", "full_name", f"Dòng này và dòng {first.row} cùng là em {row.label}. Bỏ một dòng."
                )

    def _check_elsewhere(self) -> None:
        """Pupils unknown to this school whose numbers another school has: V07 if they are active there."""
        rows = [
            row for row in self.rows
            if row.number not in self.matched and (row.values.get("ministry_id") or row.values.get("personal_number"))
        ]  # fmt: skip
        if not rows:
            return
        numbers = [[row.values.get(name) for row in rows] for name in ("ministry_id", "personal_number")]
        found = query(
            "SELECT n, school_id, school, since FROM registry_match_pupils(%s, %s) WHERE known ORDER BY n", numbers
        )
        self._refuse_foreign_file(
            Counter(school for _, key, school, _ in found if key not in (None, self.setting.school_id))
        )
        for n, school_id, school, since in found:
            row = rows[n - 1]
            name = "personal_number" if row.values.get("personal_number") else "ministry_id"
            when = f" từ ngày {since:%d/%m/%Y}" if since else ""
            if school_id is not None and school_id != self.setting.school_id and _is_here(row):
                row.say(
                    "error",
                    "V07",
                    name,
                    f"Em này đang học ở {school}{when}. Trường đó chuyển đi trước, hoặc sửa số định danh.",
                )
            elif school_id is not None:
                row.say(
                    "error",
                    "known",
                    name,
                    f"Em này đang học ở {school}{when} và trường chưa có hồ sơ của em năm nay. Bỏ dòng này.",
                )
            elif school_id is None:
                row.say("normalised", "known", name, "Em này đã có hồ sơ trong thành phố; Khuê nối vào hồ sơ cũ.")

    def _refuse_foreign_file(self, elsewhere: Counter[str]) -> None:
        """Most of the file's pupils are at one other school: it is that school's file."""
        for school, count in elsewhere.most_common(1):
            if count >= MANY and count * 2 > len(self.rows):
                raise Refused(
                    f"{count} trong {len(self.rows)} em của tệp đang học ở {school}. Có lẽ đây là tệp của trường đó: "
                    "chọn tệp khác, hoặc nhập ở trường đó."
                )

    # --- rules and comparing --------------------------------------------------------------------------------

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
            if r["class_code"] in classes
            and r["pupil_id"] not in named
            and r["status"] in ("1", "2", "5", "6", "7", "10")
        ]

    # --- writing --------------------------------------------------------------------------------------------

    def attach(self) -> bool:
        """Let the school see, from now on, the new pupils among these rows who have left every other school."""
        rows = [r for r in self.rows if r.number not in self.matched and any(f.rule == "known" for f in r.findings)]
        numbers = [[row.values.get(name) for row in rows] for name in ("ministry_id", "personal_number")]
        if rows:
            query("SELECT count(*) FROM registry_attach_pupils(%s, %s, %s)", [self.setting.school_id, *numbers])
        return bool(rows)

    def write(self) -> None:
        rows = [row for row in self.rows if not row.is_wrong]
        self._write_classes(rows)
        pupils = self._write_pupils(rows)
        enrolments = self._write_enrolments(rows, pupils)
        self._write_placements(rows, enrolments)
        self._write_guardians(rows, pupils)
        self._write_status(rows, enrolments)

    def _write_classes(self, rows: list[Row]) -> None:
        needed = {row.values.get("class_code") for row in rows}
        codes = [c for c, grade in self.new_classes.items() if grade is not None and c in needed]
        if not codes:
            return
        campus = Campus.objects.get(school=self.setting.school_id, is_main=True)
        keys = allocate_ids(SchoolClass, len(codes))
        names = ("id", "school", "year", "grade", "code", "name", "sort_key", "campus", "shift", "combined", "boarding",
                 "language1", "language2", "inclusion", "note")  # fmt: skip
        insert_rows(SchoolClass, names, [
            (key, self.setting.school_id, self.setting.year, self.new_classes[code], code, code, class_sort_key(code),
             campus.pk, "", False, False, "", "", "", "")
            for key, code in zip(keys, codes, strict=True)
        ])  # fmt: skip
        self.classes |= {code: (key, self.new_classes[code]) for key, code in zip(keys, codes, strict=True)}

    def _write_pupils(self, rows: list[Row]) -> dict[int, int]:
        """New persons inserted, changed ones updated; row number → pupil id."""
        fresh = [row for row in rows if row.number not in self.matched]
        keys = dict(zip((row.number for row in fresh), allocate_ids(Pupil, len(fresh)), strict=True))
        names = ["id", *PERSON_FIELDS, "phone", "sort_key", "search_key", "school_ids"]
        insert_rows(Pupil, names, [
            (keys[row.number], *(_person_value(row.values, f) for f in PERSON_FIELDS), "",
             *_keys(row.values["full_name"]), [self.setting.school_id])
            for row in fresh
        ])  # fmt: skip
        changed = [row for row in rows if row.number in self.matched and self.person_changes[row.number]]
        update_rows(Pupil, [*PERSON_FIELDS, "sort_key", "search_key"], [
            (self.matched[row.number]["pupil_id"], *_merged(self.matched[row.number], row.values, PERSON_FIELDS),
             *_keys(row.values.get("full_name") or self.matched[row.number]["full_name"]))
            for row in changed
        ])  # fmt: skip
        return keys | {row.number: self.matched[row.number]["pupil_id"] for row in rows if row.number in self.matched}

    def _write_enrolments(self, rows: list[Row], pupils: dict[int, int]) -> dict[int, int]:
        fresh = [row for row in rows if "enrolment_id" not in self.matched.get(row.number, {})]
        keys = dict(zip((row.number for row in fresh), allocate_ids(Enrolment, len(fresh)), strict=True))
        insert_rows(Enrolment, ["id", "school", "pupil", "year", *ENROLMENT_FIELDS, "over_age_reason", "status"], [
            (keys[row.number], self.setting.school_id, pupils[row.number], self.setting.year,
             *(_enrolment_value(row.values, f) for f in ENROLMENT_FIELDS), "", "1")
            for row in fresh
        ])  # fmt: skip
        changed = [row for row in rows if row.number not in keys and self.enrolment_changes[row.number]]
        update_rows(Enrolment, ENROLMENT_FIELDS, [
            (self.matched[row.number]["enrolment_id"], *_merged(self.matched[row.number], row.values, ENROLMENT_FIELDS))
            for row in changed
        ])  # fmt: skip
        return keys | {row.number: self.matched[row.number]["enrolment_id"] for row in rows if row.number not in keys}

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
        insert_rows(Placement, ["school", "enrolment", "school_class", "since"], [
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
        school = [self.setting.school_id]
        insert_rows(Guardian, ["id", *names, "school_ids"], [
            (key, *_guardian_values(values), school) for key, values in zip(keys, fresh, strict=True)
        ])  # fmt: skip
        insert_rows(PupilGuardian, ["pupil", "guardian", "relation", "can_view", "can_act", "can_pick_up", "school_ids"], [
            (pupil, key, relation, True, True, True, school) for key, (pupil, relation) in zip(keys, links, strict=True)
        ])  # fmt: skip
        update_rows(Guardian, names, [(key, *_guardian_values(values)) for key, values in changed])

    def _latest(self, row: Row) -> date | None:
        """The day of the change that this row's status corrects."""
        return self.matched.get(row.number, {}).get("status_on")

    def _write_status(self, rows: list[Row], enrolments: dict[int, int]) -> None:
        """Last of all: a pupil who has left is hidden from the school from here on."""
        changes = [(row, self.new_status[row.number]) for row in rows if row.number in self.new_status]
        now = query("SELECT now()")[0][0]
        insert_rows(StatusChange, ["school", "enrolment", "status", "on", "effective_on", "reason", "other_school", "created_at"], [
            (self.setting.school_id, enrolments[row.number], s["status"], s.get("status_on"),
             effective_day(s["status"], s.get("status_on"), self.setting.calendar, latest=self._latest(row)),
             s.get("leaving_reason") or "", s.get("other_school") or "", now)
            for row, s in changes
        ])  # fmt: skip


def _name_key(values: dict[str, Any]) -> tuple[Any, ...]:
    return (
        search_key(values.get("full_name") or ""),
        values.get("birth_date") or values.get("birth_year"),
        values.get("sex"),
    )


def _compatible(record: dict[str, Any], values: dict[str, Any]) -> bool:
    """A namesake whose own identifiers differ from the row's is another child."""
    return all(
        not values.get(name) or not record.get(name) or values[name] == record[name]
        for name in ("ministry_id", "personal_number", "code")
    )


def _is_here(row: Row) -> bool:
    return row.values.get("status", "1") in ("1", "2", "5", "6", "7", "10")


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


def _keys(full_name: str) -> tuple[str, str]:
    return name_sort_key(full_name), search_key(full_name)


_NULL = {"birth_date", "birth_year", "personal_number", "ministry_id", "code"}
_BOOLEAN = {"inclusion", "two_sessions", "boarding"}


def _person_value(values: dict[str, Any], name: str) -> Any:
    return values.get(name) or (None if name in _NULL else "")


def _enrolment_value(values: dict[str, Any], name: str) -> Any:
    if name in _BOOLEAN:
        return bool(values.get(name))
    if name == "policies":
        return values.get(name) or []
    return values.get(name) or (None if name in _NULL else "")


def _merged(record: dict[str, Any], values: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [values.get(name, record.get(name)) for name in names]


def _guardian_values(values: dict[str, Any]) -> tuple[Any, ...]:
    name = values["name"]
    return (
        name, name_sort_key(name), search_key(name), values.get("birth_year"), values.get("job") or "",
        values.get("phone") or "", values.get("personal_number") or None,
    )  # fmt: skip
