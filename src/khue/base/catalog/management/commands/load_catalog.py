from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from khue.base.catalog.services import load_catalog


class Command(BaseCommand):
    help = "Nạp danh mục đi kèm chương trình vào cơ sở dữ liệu; nạp lại không đổi gì"

    def handle(self, *args: Any, **options: Any) -> None:
        tables = load_catalog().tables
        for table, diff in tables.items() if options["verbosity"] else ():
            line = _("%(table)s: %(new)d mới, %(changed)d đổi, %(ended)d hết hiệu lực")
            values = {"new": len(diff.inserted), "changed": len(diff.changed), "ended": len(diff.ended)}
            self.stdout.write(line % {"table": table, **values})
