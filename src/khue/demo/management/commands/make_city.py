"""``./khue manage make_city``: the demonstration city into an empty installation, or as spreadsheets into a folder."""

import json
import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from khue.base.org.rules import school_year_of
from khue.base.org.selectors import root_office
from khue.demo.generator import Maker
from khue.demo.load import PASSWORD, load
from khue.demo.marks import load_marks_of_clerks
from khue.demo.returns import load_returns
from khue.demo.spreadsheets import write_spreadsheets

BEGUN = "demo-begun.json"
"""In KHUE_HOME while a city is being made; `./khue start` goes on where it stopped."""


class Command(BaseCommand):
    help = "Tạo thành phố trình diễn trong cơ sở dữ liệu trống, hoặc thành tệp bảng tính"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=["small", "city"], default="small", help="6 trường, hoặc 140 trường")
        parser.add_argument("--seed", type=int, default=1, help="số khởi đầu: cùng số, năm, ngày thì cùng dữ liệu")
        parser.add_argument("--year", type=int, help="năm học, ghi năm đầu (mặc định: năm đang chạy)")
        parser.add_argument("--day", type=date.fromisoformat, help="ngày của dữ liệu, yyyy-mm-dd (mặc định: hôm nay)")
        parser.add_argument("--spreadsheets", type=Path, metavar="THƯ_MỤC", help="chỉ ghi thành các tệp như trường có")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["spreadsheets"]:
            paths = write_spreadsheets(_maker(options).city(), options["spreadsheets"])
            self.stdout.write(f"Đã ghi {len(paths)} tệp vào {options['spreadsheets']}")
            return
        maker = self._begin(options)
        told = load(maker, tell=self.stdout.write, processes=1 if maker.size == "small" else os.cpu_count() or 1)
        self.stdout.write("  Báo cáo thống kê đầu năm của hai năm học …")
        office = root_office()
        if office is not None:
            load_returns(office, seed=maker.seed, year=maker.year, today=maker.day)
            self.stdout.write("  Sổ điểm hai năm học của trường có người đăng nhập …")
            load_marks_of_clerks(seed=maker.seed, year=maker.year, today=maker.day)
        lines = [f"Đăng nhập trình diễn (mật khẩu chung: {PASSWORD})"]
        lines += [f"  {username:<16} {name:<24} {role}" for username, name, role in told]
        (settings.HOME / "demo-accounts.txt").write_text("\n".join(lines) + "\n", "utf-8")
        (settings.HOME / BEGUN).unlink()

    def _begin(self, options: dict[str, Any]) -> Maker:
        """Note which city is made, or go on with the one that was interrupted."""
        note: Path = settings.HOME / BEGUN
        if root_office() is None:
            kept = {name: options[name] for name in ("seed", "year", "size")}
            note.write_text(json.dumps(kept | {"day": str(options["day"] or timezone.localdate())}))
        elif not note.exists():
            raise CommandError("Cơ sở dữ liệu đã có phòng GDĐT; bản trình diễn chỉ tạo trong cơ sở dữ liệu trống")
        else:
            self.stdout.write("Làm tiếp thành phố đang tạo dở …")
        kept = json.loads(note.read_text())
        return _maker(kept | {"day": date.fromisoformat(kept["day"])})


def _maker(options: dict[str, Any]) -> Maker:
    day = options["day"] or timezone.localdate()
    year = options["year"] or school_year_of(day)
    return Maker(seed=options["seed"], year=year, day=day, size=options["size"], faults=True)
