"""Who is who: the rows of a file and the pupils that are stored.

Order of recognition (sector-database §5): Ministry identifier; personal number; mã học sinh within the school; name,
birth date and sex within the class; the same within the school if exactly one. Two hits are a question; an identifier
that points to a person of another name and birth date is an error, never an update.
"""

from collections import Counter, defaultdict
from typing import Any

from khue.base.core.bulk import query
from khue.base.core.text import search_key
from khue.school.intake.refusal import Refused
from khue.school.registry.rules import ACTIVE

from ..base import Plan, Row, Setting
from .stored import pupils_of_other_years, stored_guardians, stored_pupils

MANY = 5
"""Fewer pupils of another school than this are mistakes in rows, not in the choice of the file."""
SHORTEST = 6
"""A Ministry identifier with fewer digits left is no longer one whose zeros a spreadsheet ate."""


class PupilMatching(Plan):
    """Finds the stored pupil of each row: ``matched`` {row number: record}."""

    def __init__(self, setting: Setting, rows: list[Row]) -> None:
        super().__init__(setting, rows)
        self.matched: dict[int, dict[str, Any]] = {}

    def _load_pupils(self) -> None:
        school, year = self.setting.school_id, self.setting.year
        self.existing = stored_pupils(school, year)
        self.others = pupils_of_other_years(school, year)
        self.guardians = stored_guardians(school)
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

    def _complete_identifier(self, row: Row) -> None:
        """A short Ministry identifier that, with its zeros back, is a pupil's of this school."""
        short = row.values.get("ministry_id") or ""
        if not SHORTEST <= len(short) < 10 or not short.isdigit() or short in self.by_ministry:
            return
        if short.zfill(10) in self.by_ministry:
            row.values["ministry_id"] = short.zfill(10)

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
            found = index.get(values.get(name) or "")
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
    return row.values.get("status", "1") in ACTIVE
