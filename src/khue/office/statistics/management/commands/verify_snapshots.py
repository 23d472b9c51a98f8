"""``verify_snapshots``: recompute the fingerprints of all frozen figures and name what was tampered with."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.office.statistics.models import Snapshot
from khue.office.statistics.sealing import altered


class Command(BaseCommand):
    help = "Tính lại dấu vân tay của mọi bản đã trình; nêu tên dòng đã bị sửa. Mã thoát 1 khi có bản không còn nguyên."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", default="", help="mã trường; mặc định mọi trường")

    def handle(self, *args: Any, **options: Any) -> None:
        schools = School.objects.filter(code=options["school"]) if options["school"] else School.objects.all()
        ids = list(schools.values_list("pk", flat=True))
        if options["school"] and not ids:
            self.stderr.write(f"Không có trường mang mã “{options['school']}”.")
            sys.exit(2)
        with open_scope(ids, all_schools=True):
            snapshots = list(Snapshot.objects.filter(school__in=ids).select_related("school", "period").order_by("pk"))
            found = altered(snapshots)
        for snapshot in snapshots:
            for fault in found.get(snapshot.pk, []):
                where = f"{snapshot.school.code} {snapshot.school_name}, {snapshot.period}, bản {snapshot.version}"
                self.stdout.write(f"{where}: {fault}")
        self.stdout.write(f"{len(snapshots)} bản, {len(snapshots) - len(found)} bản còn nguyên.")
        if found:
            sys.exit(1)
