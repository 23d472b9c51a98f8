"""Steps of an import: take the file, read it, mend a cell, answer, apply in one transaction.

Callers open the scope (a page its place, a job the school). Reading stages rows and writes nothing else; applying
makes the plan anew from what was staged, so that it stands on the data of that moment, and never reads the file again.
"""

import hashlib
import shutil
import uuid
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from khue.base.accounts.models import User
from khue.base.core.bulk import query
from khue.base.core.scope import because
from khue.base.core.told import tell
from khue.base.org.models import School, Unit
from khue.base.org.selectors import calendar_of, schools_below
from khue.base.sheets.findings import Finding
from khue.base.sheets.reader import read_workbook
from khue.base.sheets.unreadable import Unreadable, check_size
from khue.base.sheets.workbook import Workbook

from . import reading, staging
from .kinds import PLANS, Plan, Row, Setting
from .kinds.base import settle_cells
from .models import KnownLayout, SheetImport, StagedRow, State
from .parse import apply_edits
from .refusal import Refused

PROGRESS = "import"
READABLE = (State.WAITING, State.READY, State.QUESTIONS, State.REFUSED)
"""States in which a file may be read (again)."""


def stored_path(source: SheetImport) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / source.stored


def take_file(
    *, unit: Unit, school: School | None, kind: str, year: int, user: User | None, actor: str, name: str, path: Path,
    folder: str = "", profile: str = "",
) -> SheetImport:  # fmt: skip
    """Keep a copy of a file under a random name and open an import for it. A file that cannot be is refused at once."""
    stored = f"{uuid.uuid4().hex}{Path(name).suffix.lower()[:6]}"
    source = SheetImport(
        unit=unit, school=school, kind=kind, year=year, user=user, actor=actor, name=name[:255], folder=folder[:255],
        stored=stored, size=path.stat().st_size if path.exists() else 0, sha256="", profile=profile,
    )  # fmt: skip
    try:
        check_size(path)
    except Unreadable as error:
        source.state, source.refused = State.REFUSED, str(error)
    else:
        target = stored_path(source)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(path, target)
        source.sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
    source.save()
    return source


def open_book(source: SheetImport) -> Workbook:
    """The file as it is stored, in the encoding that somebody chose or the one that it seems to have."""
    return read_workbook(stored_path(source), encoding=str(source.answers.get("encoding", "")))


def read_import(source: SheetImport, workbook: Workbook | None = None) -> SheetImport:
    """Read the file and make the dry run: rows, findings, counts; nothing of the registry is written."""
    try:
        book = workbook or open_book(source)
        with transaction.atomic():
            _stage(source, book)
    except (Unreadable, Refused) as error:
        refuse(source, str(error))
    return source


def refuse(source: SheetImport, words: str) -> None:
    source.state, source.refused = State.REFUSED, words[:1000]
    source.findings = [Finding("error", "file", words).as_dict()]
    source.read_at = timezone.now()
    source.save()


def _stage(source: SheetImport, book: Workbook) -> None:
    reading.recognise(source, book)
    apply_edits(book.sheets, source.edits)
    aside = reading.of_other_kinds(source, book)
    tables = reading.tables_of(source, book, aside)
    source.read_at, source.refused = timezone.now(), ""
    if source.questions:
        source.state = State.QUESTIONS
        source.counts = {"rows": sum(len(table.rows) for table in tables)}
        source.findings = [f.as_dict() for f in [*book.findings, *reading.asked(source)]]
        source.save()
        return
    rows = reading.rows_of(source, tables)
    read = [staging.as_read(row) for row in rows]
    plan = make_plan(source, rows)
    plan.check()
    StagedRow.objects.filter(source=source).delete()
    staging.store(source, rows, read)
    _summarise(source, plan, [*book.findings, *reading.remarks(source, book, tables, aside)])
    source.state = State.READY
    source.save()


def make_plan(source: SheetImport, rows: list[Row]) -> Plan:
    """The plan of an import for these rows."""
    setting = Setting(
        school=source.school,
        year=source.year,
        calendar=calendar_of(source.year),
        today=timezone.localdate(),
        answers=source.answers,
        fields=frozenset(name for column in source.columns for name in staging.fields_of(column)),
        office_path=source.unit.path,
    )
    for row in rows:
        settle_cells(row, source.answers)
    return PLANS[source.kind](setting, rows)


def _summarise(source: SheetImport, plan: Plan, of_file: list[Finding]) -> None:
    actions = Counter(row.action for row in plan.rows)
    levels = Counter(row.worst for row in plan.rows)
    source.counts = {
        "rows": len(plan.rows), "new": actions["new"], "changed": actions["changed"], "moved": actions["moved"],
        "unchanged": actions["unchanged"], "wrong": actions["wrong"], "error": levels["error"], "ask": levels["ask"],
        "warning": levels["warning"], "normalised": levels["normalised"], "missing": len(plan.missing),
        "classes": plan.made_classes(),
    }  # fmt: skip
    source.missing = plan.missing
    source.findings = [finding.as_dict() for finding in of_file]


# --- mending -------------------------------------------------------------------------------------------------------


@transaction.atomic
def mend_cell(*, source: SheetImport, row: StagedRow, column: str, text: str) -> StagedRow:
    """Type over a cell: that row is read again, all rows are checked anew (a twin may be free of its error now)."""
    _locked(source, State.READY)
    source.refused = ""
    source.edits.setdefault(row.sheet, {}).setdefault(str(row.row), {})[column] = text[:1000]
    cells = {**row.cells, column: text[:1000]}
    staging.read_again(source, row, {letter: value for letter, value in cells.items() if value})
    check_again(source)
    return StagedRow.objects.get(pk=row.pk)


@transaction.atomic
def answer(*, source: SheetImport, answers: dict[str, Any]) -> None:
    """Settle questions about rows: ``person:Sheet1!12`` → mã học sinh or "new", ``grade:Lá 1`` → grade of a new class;
    an answer None is taken back."""
    _locked(source, State.READY)
    settled, source.refused = {**source.answers, **answers}, ""
    source.answers = {key: value for key, value in settled.items() if value is not None}
    check_again(source)


def check_again(source: SheetImport) -> Plan:
    """The dry run once more on what is staged; saves the rows whose outcome changed."""
    staged = list(StagedRow.objects.filter(source=source).order_by("number"))
    rows = staging.rows_of(source, staged)
    plan = make_plan(source, rows)
    plan.check()
    source.touched = staging.update(staged, rows)
    of_file = [Finding(**finding) for finding in source.findings]
    _summarise(source, plan, of_file)
    source.save()
    return plan


def choose_columns(*, source: SheetImport, mapping: dict[str, str | None]) -> SheetImport:
    """Take over the person's meaning of columns, remember it for this layout and read the file with it."""
    keep_columns(source=source, mapping=mapping)
    return read_import(source)


@transaction.atomic
def keep_columns(*, source: SheetImport, mapping: dict[str, str | None], remember: bool = True) -> None:
    """Note what columns mean (keys as in ``reading.column_key``), also for the next file of this layout."""
    _locked(source, State.READY, State.QUESTIONS)
    source.mapping = {**source.mapping, **mapping}
    source.save(update_fields=["mapping"])
    if remember and source.layout:
        KnownLayout.objects.update_or_create(
            unit=source.unit, layout=source.layout, defaults={"kind": source.kind, "mapping": source.mapping}
        )


@transaction.atomic
def keep_encoding(*, source: SheetImport, name: str) -> None:
    """Note in which encoding the file is to be read; also of a file that was refused for its looks."""
    _locked(source, State.READY, State.QUESTIONS, State.REFUSED)
    source.answers = {**source.answers, "encoding": name}
    source.save(update_fields=["answers"])


@transaction.atomic
def forget_columns(*, source: SheetImport) -> None:
    """Forget the choices for this layout: the columns are recognised as if it came for the first time."""
    _locked(source, State.READY, State.QUESTIONS)
    KnownLayout.objects.filter(unit=source.unit, layout=source.layout).delete()
    source.mapping = {}
    source.save(update_fields=["mapping"])


@transaction.atomic
def start(*, source: SheetImport, state: str, progress: dict[str, Any] | None = None) -> None:
    """Put an import into the hands of a job that the caller defers in the same transaction."""
    allowed = (State.READY,) if state == State.APPLYING else READABLE
    _locked(source, *allowed)
    source.state, source.progress, source.refused = state, progress or {}, ""
    source.save(update_fields=["state", "progress", "refused"])


# --- applying ------------------------------------------------------------------------------------------------------


def _locked(source: SheetImport, *states: str) -> None:
    """Lock the import's row; two people cannot mend or apply it at once."""
    current = SheetImport.objects.select_for_update().values_list("state", flat=True).get(pk=source.pk)
    if current not in states:
        raise Refused(
            f"Tệp này đang ở bước “{State(current).label.lower()}”, không làm được việc này nữa. Mở lại trang."
        )


def lock_school(source: SheetImport) -> None:
    """One import at a time for a school: the second one sees what the first has written."""
    query("SELECT pg_advisory_xact_lock(hashtext('khue.intake'), %s)", [source.school_id or 0])


def _checked(source: SheetImport, staged: list[StagedRow]) -> Plan:
    plan = make_plan(source, staging.rows_of(source, staged))
    plan.check()
    return plan


@transaction.atomic
def apply_import(*, source: SheetImport, actor: str, skip_bad_rows: bool = False) -> SheetImport:
    """Write the file, all of it or nothing. Bad rows are left out only when the person says so."""
    _locked(source, State.READY, State.APPLYING)
    lock_school(source)
    tell(PROGRESS, source.pk, "SheetImport", 0, source.to_write)
    staged = list(StagedRow.objects.filter(source=source).order_by("number"))
    with because(**{"import": source.token, "action": "nhập tệp", "reason": f"Nhập tệp {source.name}"}):
        plan = _checked(source, staged)
        if plan.attach():
            plan = _checked(source, staged)
        rows = plan.rows
        wrong = [row for row in rows if row.is_wrong]
        if wrong and not skip_bad_rows:
            raise Refused(
                f"Còn {len(wrong)} dòng có lỗi hoặc câu hỏi, "
                f"dòng đầu là dòng {wrong[0].row} của trang {wrong[0].sheet}. "
                "Sửa trong ô, hoặc cho để các dòng này lại."
            )
        plan.setting.tell = partial(tell, PROGRESS, source.pk)
        plan.write()
        plan.setting.tell("StagedRow", 0, len(rows))
    staging.update(staged, rows)
    _summarise(source, plan, [Finding(**finding) for finding in source.findings])
    source.state, source.applied_at, source.applied_by = State.APPLIED, timezone.now(), actor
    source.save()
    return source


def drop(*, source: SheetImport) -> None:
    """Leave a file unwritten; what was read of it is forgotten."""
    with transaction.atomic():
        _locked(source, State.READY, State.QUESTIONS, State.REFUSED, State.WAITING)
        StagedRow.objects.filter(source=source).delete()
        source.state = State.DROPPED
        source.save(update_fields=["state"])
    stored_path(source).unlink(missing_ok=True)


def school_of(source: SheetImport, code: str) -> School | None:
    """A school of the import's unit by its code."""
    return schools_below(source.unit).filter(code=code).first()
