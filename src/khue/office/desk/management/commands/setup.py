"""``./khue manage setup --office NAME --year 2026 --admin NAME``: an empty installation without the browser.

Exit 2 when it is set up already or a name cannot be used.
"""

import re
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from khue.base.accounts.services import create_account, grant_role
from khue.base.core.text import search_key
from khue.base.org.rules import usual_calendar, year_label
from khue.base.org.selectors import root_office
from khue.base.org.services import office_chain, save_school_year, set_current_year


class Command(BaseCommand):
    help = "Thiết lập: phòng GDĐT, năm học, người quản trị đầu tiên"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--office", required=True, help="tên phòng GDĐT")
        parser.add_argument("--year", required=True, type=int, help="năm học, ghi năm đầu: 2026")
        parser.add_argument("--admin", required=True, help="họ tên hoặc tên đăng nhập của người quản trị")
        parser.add_argument("--code", default="PGD", help="mã ngắn của phòng (PGD)")
        parser.add_argument("--department", default="Sở Giáo dục và Đào tạo", help="tên sở quản lý")
        parser.add_argument("--province", default="74", help="mã tỉnh")

    def handle(self, *args: Any, **options: Any) -> None:
        if root_office() is not None:
            self._wrong("Cơ sở dữ liệu này đã có phòng GDĐT. Thiết lập chỉ làm một lần.")
        year = options["year"]
        if not 2000 <= year <= 2100:
            self._wrong(f"Năm học {year} không đúng, ghi năm đầu, ví dụ 2026.")
        name = options["admin"].strip()
        username = name if re.fullmatch(r"[A-Za-z0-9._@-]{3,60}", name) else re.sub(r"[^a-z0-9]", "", search_key(name))
        if len(username) < 3:
            self._wrong("Tên người quản trị quá ngắn.")
        with transaction.atomic():
            office = office_chain(
                office_name=options["office"].strip(), office_code=options["code"],
                department_name=options["department"], province_code=options["province"],
            )  # fmt: skip
            for each in (year - 1, year):
                save_school_year(calendar=usual_calendar(each))
            set_current_year(unit=office, year=year)
            user, password = create_account(username=username, full_name=name)
            grant_role(user=user, unit=office, role="office_admin", valid_from=timezone.localdate())
        self.stdout.write(f"Đã thiết lập {office.name}, năm học {year_label(year)}.")
        self.stdout.write(f"Đăng nhập lần đầu: {user.username}, mật khẩu {password} (phải đổi khi vào)")

    def _wrong(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(2)
