"""Background work of imports: thin doors to the services. A job that is run twice does no harm."""

from procrastinate.contrib.django import app

from khue.base.core.scope import open_scope
from khue.base.org.models import UnitKind
from khue.base.org.selectors import school_ids_below

from .models import SheetImport, State
from .refusal import Refused
from .services import apply_import, read_import


def _scope(unit_kind: str, school_ids: list[int], actor: str, role: str):  # type: ignore[no-untyped-def]
    return open_scope(school_ids, all_schools=unit_kind != UnitKind.SCHOOL, actor=actor, role=role, action="nhập tệp")


@app.task(name="intake.read", queue="intake")
def read_job(*, source_id: int, school_ids: list[int], unit_kind: str, actor: str, role: str = "") -> None:
    """Read a file and make its dry run."""
    with _scope(unit_kind, school_ids, actor, role):
        source = SheetImport.objects.select_related("unit", "school").filter(pk=source_id).first()
        if source is None or source.state not in (State.WAITING, State.READING):
            return
        read_import(source)


@app.task(name="intake.apply", queue="intake")
def apply_job(
    *, source_id: int, school_ids: list[int], unit_kind: str, actor: str, role: str = "", skip_bad_rows: bool = False
) -> None:
    """Write a file; a refusal puts it back to where the person can mend it."""
    try:
        with _scope(unit_kind, school_ids, actor, role):
            source = SheetImport.objects.select_related("unit", "school").filter(pk=source_id).first()
            if source is None or source.state != State.APPLYING:
                return
            apply_import(source=source, actor=actor, skip_bad_rows=skip_bad_rows)
    except Refused as error:
        with _scope(unit_kind, school_ids, actor, role):
            SheetImport.objects.filter(pk=source_id, state=State.APPLYING).update(
                state=State.READY, refused=str(error)[:1000]
            )


def scope_of(source: SheetImport) -> dict[str, object]:
    """Arguments that a job of this import needs."""
    return {
        "source_id": source.pk,
        "school_ids": school_ids_below(source.unit),
        "unit_kind": source.unit.kind,
        "actor": source.actor,
    }
