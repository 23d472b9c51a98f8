"""What a page sets going: files taken from an upload, jobs deferred in the transaction of the request.

Procrastinate defers through Django's own connection: the state of the import and its job are written together or not.
"""

import tempfile
from pathlib import Path, PurePosixPath

from django.db import transaction

from khue.base.accounts.models import User
from khue.base.org.models import School, Unit
from khue.base.sheets.archive import expand_zip, is_archive
from khue.base.sheets.unreadable import Unreadable

from .jobs import apply_job, read_job, scope_of
from .models import SheetImport, State
from .selectors import in_order, is_clean
from .services import start, take_file

MAX_FILES = 300


def take_upload(
    *, unit: Unit, school: School | None, kind: str, year: int, user: User, name: str, path: Path, role: str = ""
) -> list[SheetImport]:
    """Take one uploaded file, or each spreadsheet of a ZIP, and let a job read it; what cannot be read is refused."""
    with tempfile.TemporaryDirectory(prefix="khue-zip-") as folder:
        files, refused = _members(name, path, Path(folder))
        taken = [
            take_file(
                unit=unit,
                school=school,
                kind=kind,
                year=year,
                user=user,
                actor=str(user)[:100],
                name=inner,
                path=file,
                folder=where,
            )
            for inner, where, file in files
        ]
    for source in taken:
        if refused:
            source.state, source.refused = State.REFUSED, refused
            source.save(update_fields=["state", "refused"])
        elif source.state == State.WAITING:
            begin_reading(source=source, role=role)
    return taken


def _members(name: str, path: Path, into: Path) -> tuple[list[tuple[str, str, Path]], str]:
    """(name, folder, where it lies) of each file inside a ZIP, or of the file itself; and why a ZIP is refused."""
    try:
        if not is_archive(path):
            return [(name, "", path)], ""
        return [
            (PurePosixPath(inner).name, str(PurePosixPath(name, inner).parent), file)
            for inner, file in expand_zip(path, into)
        ], ""
    except Unreadable as error:
        return [(name, "", path)], str(error)


def begin_reading(*, source: SheetImport, role: str = "") -> None:
    """Let a job read the file (again)."""
    start(source=source, state=State.READING)
    read_job.defer(**scope_of(source), role=role)


def begin_applying(*, source: SheetImport, actor: str, role: str = "", skip_bad_rows: bool = False) -> None:
    """Let a job write the file. Raises Refused when it is not ready."""
    start(source=source, state=State.APPLYING, progress={"rows": source.to_write})
    read = {**scope_of(source), "actor": actor[:100]}
    # one after the other in a unit, in the order in which they were given: classes before the pupils in them
    queued = apply_job.configure(lock=f"intake.apply:{source.unit_id}")
    queued.defer(**read, role=role, skip_bad_rows=skip_bad_rows)


@transaction.atomic
def begin_applying_all(*, unit: Unit, seen: dict[int, int], actor: str, role: str = "") -> tuple[int, list[str]]:
    """Let jobs write clean files, each in a transaction of its own; ``seen`` {key: rows that the person saw}.

    Returns how many, and the names of those that are no longer as the person saw them: they are left.
    """
    found = SheetImport.objects.select_related("unit", "school").filter(unit=unit, pk__in=seen)
    sources = {source.pk: source for source in found.select_for_update(of=("self",))}
    files = in_order(vars(source) | {"pk": source.pk} for source in sources.values())
    good = [file["pk"] for file in files if is_clean(file) and sources[file["pk"]].to_write == seen[file["pk"]]]
    for key in good:
        begin_applying(source=sources[key], actor=actor, role=role)
    return len(good), [source.name for key, source in sources.items() if key not in good]
