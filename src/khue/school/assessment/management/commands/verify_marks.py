"""``./khue manage verify_marks``: whether every mark is as it was written."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khue.base.core.scope import open_scope
from khue.base.org.models import School

from ...selectors.chains import told, verify


class Command(BaseCommand):
    help = "Tính lại chuỗi của mọi sổ điểm, kể tên chỗ bị sửa, bị bỏ hay ghi thẳng vào cơ sở dữ liệu."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--school", help="mã một trường; không ghi thì mọi trường")

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.order_by("pk")
        if options["school"]:
            schools = schools.filter(code=options["school"])
        ids = list(schools.values_list("pk", flat=True))
        if options["school"] and not ids:
            raise CommandError(f"Không có trường mã {options['school']}.")
        begun = time.monotonic()
        with open_scope(ids, all_schools=True):
            found = verify(ids)
            lines = [told(fault) for fault in found.faults]
        for line in lines:
            self.stderr.write(line)
        seconds = time.monotonic() - begun
        if lines:
            raise CommandError(f"{len(lines)} chỗ không còn nguyên, trong {found.entries} dòng của {found.chains} sổ.")
        self.stdout.write(f"Nguyên vẹn: {found.entries} dòng của {found.chains} sổ, {seconds:.1f} giây.")
