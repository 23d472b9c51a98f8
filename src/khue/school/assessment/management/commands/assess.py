"""``./khue manage assess FILE``: results of the rules for cases from anywhere. Exit 2: the file cannot be used."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from khue.school.assessment.rules.case_file import FileError, evaluate_text

WRONG_USE = 2


class Command(BaseCommand):
    help = "Tính kết quả theo các thông tư cho một tệp JSON học sinh và điểm, in kết quả kèm giải thích; không ghi gì"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            answer = evaluate_text(path.read_text("utf-8-sig"))
        except OSError:
            self._wrong(f"Không đọc được tệp {path}. Kiểm tra đường dẫn.")
        except UnicodeDecodeError:
            self._wrong(f"{path}: không phải UTF-8. Lưu lại tệp với bảng mã UTF-8.")
        except FileError as error:
            self._wrong(f"{path}: {error}")
        else:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))

    def _wrong(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(WRONG_USE)
