"""``./khue manage import_sheets``: a folder of files of the whole city, or of one school.

Exit 0 all applied (or, with --dry-run, nothing wrong), 1 something refused or skipped, 2 wrong use.
"""

import json
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from khue.base.core.scope import open_scope
from khue.base.org.models import School, Unit
from khue.base.org.selectors import root_office, school_ids_below
from khue.base.sheets.archive import expand_zip, is_archive
from khue.base.sheets.fields import KINDS
from khue.base.sheets.unreadable import Unreadable
from khue.school.intake.models import SheetImport, State
from khue.school.intake.refusal import Refused
from khue.school.intake.report import file_report, whole_report
from khue.school.intake.services import apply_import, read_import, take_file

SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt", ".zip"}
WRONG_USE = 2


class Command(BaseCommand):
    help = "Nhập bảng tính: trường, cán bộ, lớp, học sinh, phòng, thiết bị"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", required=True, choices=KINDS, help="loại danh sách")
        parser.add_argument("--year", required=True, type=int, help="năm học, ghi năm đầu: 2026")
        parser.add_argument("--school", help="mã trường; không ghi thì đọc từ từng tệp")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi")
        parser.add_argument("--skip-bad-rows", action="store_true", help="để lại các dòng có lỗi, ghi phần còn lại")
        parser.add_argument("--answers", type=Path, help="tệp JSON trả lời câu hỏi")
        parser.add_argument("--report", type=Path, help="ghi báo cáo JSON vào tệp này")
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="tệp hoặc thư mục")

    def handle(self, *args: Any, **options: Any) -> None:
        office = root_office()
        if office is None:
            self._wrong("Chưa có phòng GDĐT. Chạy trước: ./khue manage setup --office TÊN --year NĂM --admin TÊN")
        school = self._school(options["school"])
        answers = self._answers(options["answers"])
        missing = [path for path in options["paths"] if not path.exists()]
        if missing:
            self._wrong(f"Không có tệp hoặc thư mục {missing[0]}")
        files = list(_files(options["paths"]))
        if not files:
            self._wrong("Không có tệp bảng tính nào trong đường dẫn đã cho")
        reports, clean = [], True
        for shown, folder, path in files:
            assert office is not None
            report, good = self._one(office, school, answers, options, shown, folder, path)
            reports.append(report)
            clean = clean and good
            self._tell(report, applied=not options["dry_run"])
        applied = clean and not options["dry_run"]
        if options["report"]:
            text = json.dumps(whole_report(reports, applied=applied), ensure_ascii=False, indent=1)
            options["report"].write_text(text, "utf-8")
        if not clean:
            sys.exit(1)

    def _wrong(self, words: str) -> None:
        self.stderr.write(words)
        sys.exit(WRONG_USE)

    def _school(self, code: str | None) -> School | None:
        if code is None:
            return None
        found = School.objects.filter(code=code).first()
        if found is None:
            self._wrong(f"Không có trường mã {code}")
        return found

    def _answers(self, path: Path | None) -> dict[str, Any]:
        if path is None:
            return {}
        try:
            answers = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            self._wrong(f"Không đọc được tệp trả lời {path}: {error}")
        if not isinstance(answers, dict):
            self._wrong(f"Tệp trả lời {path} phải là một đối tượng JSON")
        return answers

    def _one(
        self, office: Unit, school: School | None, answers: dict[str, Any], options: dict[str, Any], shown: str,
        folder: str, path: Path,
    ) -> tuple[dict[str, Any], bool]:  # fmt: skip
        """Read and apply one file in a transaction of its own; (report, whether all of it was taken)."""
        with open_scope(school_ids_below(office), all_schools=True, actor="dòng lệnh", action="nhập tệp"):
            source = take_file(
                unit=office, school=None if options["kind"] == "schools" else school, kind=options["kind"],
                year=options["year"], user=None, actor="dòng lệnh", name=path.name, path=path, folder=folder,
            )  # fmt: skip
            source.answers = answers.get(shown, answers)
            if source.state != State.REFUSED:
                read_import(source)
        if source.state == State.READY and not options["dry_run"]:
            self._apply(office, source, options["skip_bad_rows"])
        if source.state == State.QUESTIONS:
            source.refused = _unanswered(source)
        with open_scope(school_ids_below(office), all_schools=True):
            report = file_report(source, shown)
        bad = source.counts.get("wrong", 0) if source.counts else 0
        good = source.state in (State.READY, State.APPLIED) and not bad
        return report, good

    def _apply(self, office: Unit, source: SheetImport, skip: bool) -> None:
        try:
            with open_scope(school_ids_below(office), all_schools=True, actor="dòng lệnh"):
                apply_import(source=source, actor="dòng lệnh", skip_bad_rows=skip)
        except Refused as error:
            with open_scope(school_ids_below(office), all_schools=True):
                source.refresh_from_db()
                source.refused = str(error)
                source.save(update_fields=["refused"])

    def _tell(self, report: dict[str, Any], *, applied: bool) -> None:
        if report["refused"]:
            self.stdout.write(f"{report['path']}: không nhận. {report['refused']}")
            for finding in [f for f in report["findings"] if f["level"] in ("error", "ask") and f["row"]][:20]:
                place = f"{finding['sheet']}!{finding['column'] or ''}{finding['row']}"
                self.stdout.write(f"  {place}: {finding['message']}")
            return
        verb = "đã ghi" if applied else "xem trước"
        self.stdout.write(
            f"{report['path']}: {verb} {report['rows']} dòng ({report['new']} mới, {report['changed']} đổi, "
            f"{report['moved_class']} chuyển lớp, {report['unchanged']} không đổi)"
        )


def _unanswered(source: SheetImport) -> str:
    """A question about a column refuses the file: nobody is here to be asked."""
    headers = ", ".join(dict.fromkeys(f"“{question['header']}”" for question in source.questions))
    return (
        f'Chưa rõ nghĩa của cột {headers}. Trả lời trong tệp của --answers: {{"column:TÊN CỘT": "tên mục" hoặc null}}.'
    )


def _files(paths: list[Path]) -> Iterator[tuple[str, str, Path]]:
    """(path as reported, folder inside what was given, file) of every spreadsheet; archives are opened."""
    for given in paths:
        found = (
            [given]
            if given.is_file()
            else sorted(p for p in given.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
        )
        for path in found:
            folder = str(path.parent)
            if is_archive(path):
                yield from _members(path)
            else:
                yield str(path), folder, path


def _members(archive: Path) -> Iterator[tuple[str, str, Path]]:
    into = Path(tempfile.mkdtemp(prefix="khue-zip-"))
    try:
        members = expand_zip(archive, into)
    except Unreadable:
        yield str(archive), str(archive.parent), archive
        return
    for name, path in members:
        yield f"{archive}/{name}", str(Path(archive.stem) / Path(name).parent), path
