"""Background work of imports: thin doors to the services. A job that is run twice does no harm."""

import logging
from contextlib import AbstractContextManager
from typing import Any

from procrastinate.contrib.django import app

from khue.base.core.remember import forget
from khue.base.core.scope import open_scope
from khue.base.org.models import UnitKind
from khue.base.org.selectors import school_ids_below
from khue.base.sheets.unreadable import Unreadable
from khue.base.sheets.workbook import Workbook

from .models import SheetImport, State
from .refusal import Refused
from .selectors import waiting_elsewhere
from .services import apply_import, check_again, open_book, read_import, refuse

BROKEN = "Lỗi của chúng tôi khi xử lý tệp này, chưa ghi gì. Người quản trị thấy lỗi trong nhật ký của máy chủ."
logger = logging.getLogger(__name__)


def _scope(unit_kind: str, school_ids: list[int], actor: str, role: str) -> AbstractContextManager[None]:
    return open_scope(school_ids, all_schools=unit_kind != UnitKind.SCHOOL, actor=actor, role=role, action="nhập tệp")


def _found(source_id: int, *states: str) -> SheetImport | None:
    """The import, locked, if it still waits for this job."""
    rows = SheetImport.objects.select_related("unit", "school").select_for_update(of=("self",))
    return rows.filter(pk=source_id, state__in=states).first()


@app.task(name="intake.read", queue="intake")
def read_job(*, source_id: int, school_ids: list[int], unit_kind: str, actor: str, role: str = "") -> None:
    """Read a file and make its dry run. The file itself is read outside of any transaction: it may take a minute."""
    who = (unit_kind, school_ids, actor, role)
    try:
        with _scope(*who):
            source = _found(source_id, State.WAITING, State.READING)
        if source is None:
            return
        book: Workbook | Unreadable
        try:
            book = open_book(source)
        except Unreadable as error:
            book = error
        else:
            _tell(who, source_id, rows=sum(len(sheet.rows) for sheet in book.sheets))
        with _scope(*who):
            source = _found(source_id, State.WAITING, State.READING)
            if source is not None:
                refuse(source, str(book)) if isinstance(book, Unreadable) else read_import(source, book)
    except Exception:
        logger.exception("Reading import %s failed", source_id)
        with _scope(*who):
            source = _found(source_id, State.WAITING, State.READING)
            if source is not None:
                refuse(source, BROKEN)


def _tell(who: tuple[Any, ...], source_id: int, **progress: int) -> None:
    """Let the page that waits know how far the job is."""
    with _scope(*who):
        SheetImport.objects.filter(pk=source_id).update(progress=progress)


@app.task(name="intake.apply", queue="intake")
def apply_job(
    *, source_id: int, school_ids: list[int], unit_kind: str, actor: str, role: str = "", skip_bad_rows: bool = False
) -> None:
    """Write a file; a refusal puts it back to where the person can mend it."""
    who = (unit_kind, school_ids, actor, role)
    try:
        with _scope(*who):
            source = _found(source_id, State.APPLYING)
            if source is None:
                return
            apply_import(source=source, actor=actor, skip_bad_rows=skip_bad_rows)
            forget(source.school_id or source.unit_id)
            waiting = waiting_elsewhere(source)
        _check_again(who, waiting)
    except Refused as error:
        _back(who, source_id, str(error))
        _check_again(who, [source_id])
    except Exception:
        logger.exception("Applying import %s failed", source_id)
        _back(who, source_id, BROKEN)


def _check_again(who: tuple[Any, ...], keys: list[int]) -> None:
    """Files that wait stand on what is written now: a class or a teacher that they lacked may be there, or gone."""
    for key in keys:
        try:
            with _scope(*who):
                source = _found(key, State.READY)
                if source is not None:
                    check_again(source)
        except Refused:
            continue  # said again, with the reason, when somebody writes it
        except Exception:
            logger.exception("Checking import %s again failed", key)


def _back(who: tuple[Any, ...], source_id: int, words: str) -> None:
    with _scope(*who):
        rows = SheetImport.objects.filter(pk=source_id, state=State.APPLYING)
        rows.update(state=State.READY, refused=words[:1000])


def scope_of(source: SheetImport) -> dict[str, Any]:
    """Arguments that a job of this import needs."""
    return {
        "source_id": source.pk,
        "school_ids": school_ids_below(source.unit),
        "unit_kind": source.unit.kind,
        "actor": source.actor,
    }
