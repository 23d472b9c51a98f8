"""Count from the command line, and the official tables of a period.

``statistics --cube pupils --by grade,sex --as-of 2026-09-30 --format csv``; with ``--period opening --year 2026`` the
approved figures of that period instead. ``statistics --period opening --year 2026 --format json``: every table, row and
cell of the city, its wards and schools; ``--live`` counts the rows as they are now.
"""

import csv
import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.office.statistics.board import read_day
from khue.office.statistics.cubes import CUBES, Cube
from khue.office.statistics.models import PeriodKind, ReportingPeriod
from khue.office.statistics.official.basis import approved_snapshots
from khue.office.statistics.official.report import report
from khue.office.statistics.selectors import NoSchoolYearError, count, csv_rows, make_query


class Command(BaseCommand):
    help = "Đếm theo chiều: một dòng cho mỗi tổ hợp có thật, các chiều theo thứ tự đã hỏi, rồi số đếm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cube", default="", help=", ".join(CUBES))
        parser.add_argument("--by", default="", help="các chiều, cách nhau dấu phẩy")
        parser.add_argument("--as-of", default="", help="ngày đếm, yyyy-mm-dd hoặc dd/mm/yyyy; mặc định hôm nay")
        parser.add_argument("--school", default="", help="mã trường; mặc định mọi trường")
        parser.add_argument("--period", default="", help=f"kỳ báo cáo: {', '.join(PeriodKind.values)}")
        parser.add_argument("--year", type=int, default=0, help="năm học của kỳ, ghi năm đầu")
        parser.add_argument("--number", type=int, default=1, help="lần thứ mấy, với kỳ đột xuất")
        parser.add_argument("--live", action="store_true", help="đếm trên hồ sơ hiện nay, không phải số đã duyệt")
        parser.add_argument("--format", default="", help="csv với --cube, json với biểu thống kê")

    def handle(self, *args: Any, **options: Any) -> None:
        period = self.period(options) if options["period"] else None
        if period is not None and not options["cube"]:
            self.tables(period, options)
        else:
            self.count(period, options)

    def period(self, options: dict[str, Any]) -> ReportingPeriod:
        if not options["year"]:
            self.refuse("Thiếu năm học của kỳ: thêm --year, ví dụ --year 2026.")
        found = ReportingPeriod.objects.filter(
            kind=options["period"], year=options["year"], number=options["number"]
        ).first()
        known = ", ".join(f"--period {p.kind} --year {p.year}" for p in ReportingPeriod.objects.all()[:6])
        return found or self.refuse(
            f"Không có kỳ “{options['period']}” của năm học {options['year']}. "
            + (f"Có: {known}." if known else "Phòng chưa đặt kỳ nào.")
        )

    def tables(self, period: ReportingPeriod, options: dict[str, Any]) -> None:
        if options["format"] not in ("", "json"):
            self.refuse(f"Không có dạng “{options['format']}” cho biểu thống kê. Dạng có: json.")
        schools = self.schools(options["school"])
        with open_scope(schools, all_schools=True):
            found = report(period, schools, live=options["live"], one=bool(options["school"]))
        json.dump(found, self.stdout, ensure_ascii=False, indent=1)
        self.stdout.write("")

    def count(self, period: ReportingPeriod | None, options: dict[str, Any]) -> None:
        cube = CUBES.get(options["cube"]) or self.refuse(
            f"Không có khối “{options['cube']}”. Các khối: {', '.join(CUBES)}."
        )
        if options["format"] not in ("", "csv"):
            self.refuse(f"Không có dạng “{options['format']}”. Dạng có: csv.")
        names, measures = self.dimensions(cube, options["by"])
        schools = self.schools(options["school"])
        day = period.as_at if period else self.day(options["as_of"])
        with open_scope(schools, all_schools=True):
            snapshots = approved_snapshots(period, schools) if period and not options["live"] else None
            asked = make_query(cube=cube.name, by=names, day=day, snapshots=snapshots)
            try:
                rows = count(asked, measure=measures[0] if measures else "")
            except NoSchoolYearError:
                self.refuse(
                    f"Ngày {day:%d/%m/%Y} không thuộc năm học nào đã lập. Lập năm học trước, hoặc chọn ngày khác."
                )
        out = csv.writer(self.stdout, lineterminator="\n")
        out.writerow([*names, "count", *measures])
        out.writerows(csv_rows(asked, rows))

    def dimensions(self, cube: Cube, text: str) -> tuple[list[str], list[str]]:
        """Dimensions and measures that ``--by`` names."""
        asked = [name.strip() for name in text.split(",") if name.strip()]
        wrong = [name for name in asked if name not in cube.dimensions and name not in cube.measures]
        if wrong:
            known = "\n".join(f"  {d.name}: {d.label}" for d in cube.all_dimensions)
            known += "".join(f"\n  {name}: {label}" for name, (label, _) in cube.measures.items())
            self.refuse(f"Khối {cube.name} không có chiều “{', '.join(wrong)}”. Các chiều:\n{known}")
        return [n for n in asked if n in cube.dimensions], [n for n in asked if n in cube.measures]

    def schools(self, code: str) -> tuple[int, ...]:
        found = School.objects.filter(code=code) if code else School.objects.all()
        ids = tuple(found.order_by("pk").values_list("pk", flat=True))
        if code and not ids:
            self.refuse(f"Không có trường mang mã “{code}”.")
        return ids

    def day(self, text: str) -> date:
        day = read_day(text) if text else timezone.localdate()
        return day or self.refuse(f"Không đọc được ngày “{text}”. Viết 2026-09-30 hoặc 30/09/2026.")

    def refuse(self, message: str) -> NoReturn:
        """Wrong use: the message on stderr, exit code 2."""
        self.stderr.write(message)
        sys.exit(2)
