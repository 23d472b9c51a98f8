"""Lists of schools (Trường), imported by the office: recognised by mã trường."""

from decimal import Decimal
from typing import Any

from khue.base.catalog.selectors import find_wards
from khue.base.core.scope import open_scope
from khue.base.core.text import name_sort_key, search_key
from khue.base.org.models import School, Unit, UnitKind
from khue.base.org.services import change_unit, create_unit
from khue.school.registry.models import Campus

from .base import CHANGED, NEW, UNCHANGED, WRONG, Plan, Row, compare, duplicates, require_new

FIELDS = (
    "name", "levels", "ownership", "school_type", "ward", "address", "phone", "email", "principal",
    "national_standard", "longitude", "latitude",
)  # fmt: skip
MAIN = "Điểm chính"


class SchoolPlan(Plan):
    kind = "schools"

    def check(self) -> None:
        stored = School.objects.values("pk", "code", "ward_code", *FIELDS)
        self.stored = {record["code"]: record for record in stored}
        ids = [record["pk"] for record in self.stored.values()]
        with open_scope(ids, all_schools=True):
            campuses = list(Campus.objects.values_list("school_id", "name", "is_main"))
        self.campuses: dict[int, list[str]] = {}
        for school, name, main in campuses:
            self.campuses.setdefault(school, []).insert(0 if main else 99, name)
        for row in self.rows:
            row.label = row.values.get("name", "")
        duplicates(self.rows, "code", "Mã trường")
        for row in self.rows:
            self._check_row(row)
            self._compare(row)

    def _check_row(self, row: Row) -> None:
        values = row.values
        for name, low, high in (("longitude", 100, 115), ("latitude", 7, 24)):
            if name in values:
                values[name] = values[name].quantize(Decimal("0.000001"))
                if not low <= values[name] <= high:
                    row.say("error", "place", name, f"Tọa độ này không ở Việt Nam (cần từ {low} đến {high}). Sửa số.")
        if "campuses" in values:
            values["campuses"] = list(
                dict.fromkeys(part.strip()[:150] for part in values["campuses"].split(";") if part.strip())
            )
        if "ward" in values and not find_wards(values["ward"]):
            row.say(
                "warning",
                "ward",
                "ward",
                f"Danh mục đơn vị hành chính không có “{values['ward']}”. Khuê giữ nguyên tên này.",
            )

    def _compare(self, row: Row) -> None:
        record = self.stored.get(row.values.get("code", ""))
        if record is None:
            require_new(row, "schools", "code", "name", "levels", "ownership", "ward")
        compare(row, record or {}, FIELDS)
        known = self.campuses.get(record["pk"], []) if record else []
        added = [name for name in row.values.get("campuses", []) if name not in known]
        if record and added:
            row.changes.append(("campuses", "; ".join(known), "; ".join([*known, *added])))
        row.action = WRONG if row.is_wrong else NEW if record is None else CHANGED if row.changes else UNCHANGED

    def write(self) -> None:
        """A school is a unit, its details and its campuses: few rows, so one after the other."""
        office = Unit.objects.get(path=self.setting.office_path)
        for n, row in enumerate(self.rows):
            if row.is_wrong or row.action == UNCHANGED:
                continue
            self.setting.tell("School", n, len(self.rows))
            record = self.stored.get(row.values["code"])
            school = self._create(row, office) if record is None else self._change(row, record["pk"])
            self._add_campuses(row, school, first=record is None)

    def _create(self, row: Row, office: Unit) -> School:
        values = row.values
        unit = create_unit(kind=UnitKind.SCHOOL, code=values["code"], name=values["name"], parent=office)
        return School.objects.create(unit=unit, code=values["code"], **_columns(values))

    def _change(self, row: Row, pk: int) -> School:
        school = School.objects.select_related("unit").get(pk=pk)
        columns = _columns({**{f: getattr(school, f) for f in FIELDS}, **row.values})
        if columns["name"] != school.name:
            change_unit(unit=school.unit, from_day=self.setting.today, name=columns["name"])
        for name, value in columns.items():
            setattr(school, name, value)
        school.save(update_fields=list(columns))
        return school

    def _add_campuses(self, row: Row, school: School, *, first: bool) -> None:
        named = row.values.get("campuses") or ([MAIN] if first else [])
        known = self.campuses.get(school.pk, [])
        with open_scope([school.pk], all_schools=True):
            for n, name in enumerate(name for name in named if name not in known):
                Campus.objects.create(school=school, name=name, is_main=first and n == 0)


def _columns(values: dict[str, Any]) -> dict[str, Any]:
    wards = find_wards(values.get("ward") or "")
    return {
        **{f: values.get(f, None if f in ("longitude", "latitude") else "") for f in FIELDS},
        "sort_key": name_sort_key(values["name"]),
        "search_key": search_key(values["name"]),
        "ward_code": wards[0].code if len(wards) == 1 else "",
    }
