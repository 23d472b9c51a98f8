"""Undoing a whole import from the row history: what it inserted goes, what it changed returns.

Refused, with a list, when a row that it wrote was changed since by something else, or something later refers to it.
Undoing is itself an audited change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import ForeignObjectRel, Model
from django.utils import timezone
from psycopg import sql

from khue.base.accounts.models import Membership
from khue.base.audit.models import AccessLog
from khue.base.core.bulk import query
from khue.base.core.scope import because
from khue.base.org.models import School, Unit, UnitVersion
from khue.school.registry.models import (
    Campus,
    Enrolment,
    Equipment,
    Guardian,
    Placement,
    Position,
    Pupil,
    PupilGuardian,
    Room,
    SchoolClass,
    StaffMember,
    StatusChange,
)

from .models import KnownLayout, SheetImport, StagedRow, State
from .refusal import Refused
from .services import lock_school

# children first: the order in which inserted rows can go
ORDER: tuple[type[Model], ...] = (
    StatusChange,
    Placement,
    PupilGuardian,
    Guardian,
    Enrolment,
    Pupil,
    SchoolClass,
    Position,
    StaffMember,
    Equipment,
    Room,
    Campus,
    School,
    UnitVersion,
    Unit,
)
# removed by a function of the owner, in this order: the application may not delete them
PERSONS = {PupilGuardian: "link", Pupil: "pupil", Guardian: "guardian", StaffMember: "staff"}
DERIVED = {Enrolment: {"status", "status_on", "current_class", "frozen"}, Position: {"frozen"}}
NAMES = {
    Pupil: "học sinh",
    Guardian: "người thân",
    Enrolment: "học sinh",
    StaffMember: "cán bộ",
    Position: "cán bộ",
    SchoolClass: "lớp",
    Room: "phòng",
    Equipment: "thiết bị",
    Campus: "điểm trường",
    School: "trường",
    Unit: "đơn vị",
    UnitVersion: "tên đơn vị",
    Placement: "xếp lớp",
    StatusChange: "trạng thái",
    PupilGuardian: "người thân",
    SheetImport: "tệp đã nhập",
    KnownLayout: "tệp đã nhập",
    StagedRow: "tệp đã nhập",
    Membership: "tài khoản",
    AccessLog: "nhật ký truy cập",
}


@dataclass
class Written:
    """What an import wrote to one table."""

    model: type[Model]
    inserted: list[int]
    updated: list[int]


def _event_table(model: type[Model]) -> str:
    return f"{model._meta.db_table}event"


def written_by(source: SheetImport, model: type[Model]) -> Written:
    """Keys that this import inserted and updated, from the history."""
    statement = sql.SQL(
        "SELECT pgh_obj_id, bool_or(pgh_label = 'insert') FROM {} WHERE pgh_context ->> 'import' = %s"
        " AND coalesce(pgh_context ->> 'undo', '') = '' GROUP BY pgh_obj_id ORDER BY pgh_obj_id"
    ).format(sql.Identifier(_event_table(model)))
    rows = query(statement, [source.token])
    return Written(model, [k for k, fresh in rows if fresh], [k for k, fresh in rows if not fresh])


@transaction.atomic
def undo_import(*, source: SheetImport, actor: str) -> SheetImport:
    """Take a whole import back. Raises Refused with the rows that stand in the way."""
    state = SheetImport.objects.select_for_update().values_list("state", flat=True).get(pk=source.pk)
    if state != State.APPLIED:
        raise Refused("Tệp này chưa ghi hoặc đã được hoàn tác.")
    lock_school(source)
    written = [written_by(source, model) for model in ORDER]
    obstacles = [line for one in written for line in _obstacles(source, one, written)]
    if obstacles:
        more = f" và {len(obstacles) - 10} chỗ nữa" if len(obstacles) > 10 else ""
        raise Refused(
            "Không hoàn tác được, vì có dữ liệu đã đổi hoặc dựa vào: " + "; ".join(obstacles[:10]) + more + ".",
            obstacles[:50],
        )
    with because(
        **{
            "import": source.token,
            "undo": "1",
            "action": "hoàn tác nhập tệp",
            "reason": f"Hoàn tác nhập tệp {source.name}",
        }
    ):
        _take_back(source, {one.model: one for one in written})
    source.state, source.undone_at, source.undone_by = State.UNDONE, timezone.now(), actor
    source.save()
    return source


def _take_back(source: SheetImport, written: dict[type[Model], Written]) -> None:
    # persons first, while their enrolments and positions still let the school see them
    for model in PERSONS:
        _restore(source, written[model])
    for model in ORDER:
        one = written[model]
        if model not in PERSONS:
            _delete(model, one.inserted)
            _restore(source, one)
    for model, kind in PERSONS.items():
        if written[model].inserted:
            query("SELECT registry_forget_persons(%s, %s, %s)", [kind, written[model].inserted, source.token])


def _delete(model: type[Model], keys: list[int]) -> None:
    if keys:
        manager = model._default_manager.filter(pk__in=keys)
        manager._raw_delete(manager.db)  # no collector: under policies it sees no rows of other schools


def _restore(source: SheetImport, one: Written) -> None:
    """Rows that it changed get the values of the event before its own."""
    if not one.updated:
        return
    left_alone = {"id", *DERIVED.get(one.model, set())}
    columns = [
        sql.Identifier(str(f.column))
        for f in one.model._meta.concrete_fields
        if f.name not in left_alone and not f.primary_key and f.name not in ("school_ids", "school")
    ]
    table, events = sql.Identifier(one.model._meta.db_table), sql.Identifier(_event_table(one.model))
    key = sql.Identifier(str(one.model._meta.pk.column))
    assignments = sql.SQL(", ").join([sql.SQL("{0} = p.{0}").format(c) for c in columns])
    listed = sql.SQL(", ").join(columns)
    statement = sql.SQL(
        "WITH p AS (SELECT DISTINCT ON (e.pgh_obj_id) e.pgh_obj_id, {listed} FROM {events} e"
        " JOIN (SELECT pgh_obj_id, min(pgh_id) AS first FROM {events} WHERE pgh_context ->> 'import' = %s"
        " AND pgh_obj_id = ANY (%s) GROUP BY pgh_obj_id) mine"
        " ON mine.pgh_obj_id = e.pgh_obj_id AND e.pgh_id < mine.first ORDER BY e.pgh_obj_id, e.pgh_id DESC)"
        " UPDATE {table} t SET {assignments} FROM p WHERE t.{key} = p.pgh_obj_id RETURNING 1"
    ).format(listed=listed, events=events, table=table, assignments=assignments, key=key)
    query(statement, [source.token, one.updated])


def _obstacles(source: SheetImport, one: Written, written: list[Written]) -> Iterator[str]:
    keys = [*one.inserted, *one.updated]
    if not keys:
        return
    later = sql.SQL(
        "SELECT DISTINCT e.pgh_obj_id FROM {events} e JOIN (SELECT pgh_obj_id, max(pgh_id) AS last FROM {events}"
        " WHERE pgh_context ->> 'import' = %s AND pgh_obj_id = ANY (%s) GROUP BY pgh_obj_id) mine"
        " ON mine.pgh_obj_id = e.pgh_obj_id AND e.pgh_id > mine.last"
        " WHERE NOT coalesce(e.pgh_context ->> 'import', '') = ANY (%s) ORDER BY 1"
    ).format(events=sql.Identifier(_event_table(one.model)))
    # what a file did that was itself undone meanwhile has left no trace
    undone = [str(key) for key in SheetImport.objects.filter(state=State.UNDONE).values_list("pk", flat=True)]
    for (key,) in query(later, [source.token, keys, undone]):
        yield f"{NAMES[one.model]} {_label(one.model, key)} đã sửa sau khi nhập"
    yield from _references(one, {w.model: set(w.inserted) for w in written})


def _references(one: Written, own: dict[type[Model], set[int]]) -> Iterator[str]:
    """Rows of others that point to what would be deleted."""
    if not one.inserted or one.model in PERSONS:
        return
    for relation in one.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        other: type[Model] = relation.related_model
        field = relation.field
        # derived columns and history follow by themselves
        if field.name in DERIVED.get(other, set()) or other.__name__.endswith("Event"):
            continue
        found = other._base_manager.filter(**{f"{field.name}__in": one.inserted}).values_list("pk", field.attname)
        targets = {target: None for key, target in found if key not in own.get(other, set())}
        for target in targets:
            user = NAMES.get(other, other._meta.verbose_name)
            yield f"{NAMES[one.model]} {_label(one.model, target)} đang được {user} dùng"


def _label(model: type[Model], key: int) -> str:
    found = model._base_manager.filter(pk=key).first()
    if isinstance(found, Enrolment | StatusChange | Placement):
        enrolment = found if isinstance(found, Enrolment) else found.enrolment
        return str(enrolment.pupil or (enrolment.frozen or {}).get("full_name", "")) or str(key)
    if isinstance(found, Position):
        return str(found.staff or (found.frozen or {}).get("full_name", ""))
    if isinstance(found, PupilGuardian):
        return str(found.guardian)
    if isinstance(found, UnitVersion):
        return found.name
    return str(found or key)
