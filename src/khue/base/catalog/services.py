"""Loading of the reference data that ships with the program."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from khue.base.core import bulk

from . import rules, selectors
from .models import CatalogState, CodeList

Row = Sequence[object]

_CODE_COLUMNS = (
    "list_code text, code text, name text, aliases text[], valid_from date, valid_to date, source text, note text, "
    "position integer"
)
_UNIT_COLUMNS = (
    "key text, code text, kind text, unit_type text, name text, full_name text, parent text, system text, "
    "valid_from date, valid_to date, search_key text"
)


@dataclass(frozen=True)
class TableDiff:
    """What one load did to one table: keys of rows, for example "ethnicity/05"."""

    inserted: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inserted or self.changed or self.ended)


@dataclass(frozen=True)
class CatalogDiff:
    """What a load changed, by table name."""

    tables: dict[str, TableDiff] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.tables.values())


@transaction.atomic
def load_catalog() -> CatalogDiff:
    """Bring the database to the state of the data files: insert, update, end what vanished, delete nothing.

    A code, a mapping or a unit that stands in the database and no longer in the files is ended yesterday, so that old
    rows keep their name. Loading twice changes nothing.
    """
    diff = CatalogDiff(
        {
            "code_list": _load_lists(),
            "code": _load_codes(),
            "mapping": _load_mappings(),
            "admin_unit": _load_units(),
            "succession": _load_successions(),
        }
    )
    _raise_versions(diff)
    transaction.on_commit(selectors.forget)
    return diff


@contextmanager
def _staged(columns: str, rows: Iterable[Row]) -> Iterator[str]:
    """Name of a temporary table with these rows; `columns` is "code text, valid_from date"."""
    pairs = [(name, kind) for name, kind in (column.split(" ", 1) for column in columns.split(", "))]
    with bulk.copied(pairs, rows) as table:
        yield table.as_string()


def _upsert(statement: str) -> TableDiff:
    """Run INSERT … ON CONFLICT … RETURNING key, inserted; rows that did not change are not returned."""
    found = bulk.query(statement)
    return TableDiff(
        inserted=tuple(sorted(key for key, inserted in found if inserted)),
        changed=tuple(sorted(key for key, inserted in found if not inserted)),
    )


def _keys(statement: str) -> tuple[str, ...]:
    return tuple(sorted(key for (key,) in bulk.query(statement)))


def _load_lists() -> TableDiff:
    with _staged("code text, name text, source text", _list_rows()) as stage:
        return _upsert(
            f"""
            INSERT INTO catalog_codelist AS t (code, name, source, version)
            SELECT code, name, source, 1 FROM {stage}
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, source = excluded.source
            WHERE (t.name, t.source) IS DISTINCT FROM (excluded.name, excluded.source)
            RETURNING t.code, xmax = 0
            """
        )


def _list_rows() -> Iterable[Row]:
    for code, name in rules.list_names().items():
        sources = dict.fromkeys(row["source"] for row in rules.read_rows(code))
        yield code, name, "; ".join(sources)


def _load_codes() -> TableDiff:
    with _staged(_CODE_COLUMNS, _code_rows()) as stage:
        diff = _upsert(
            f"""
            INSERT INTO catalog_code AS t
              (code_list_id, code, name, aliases, valid_from, valid_to, source, note, "order")
            SELECT l.id, s.code, s.name, s.aliases, s.valid_from, s.valid_to, s.source, s.note, s.position
            FROM {stage} s JOIN catalog_codelist l ON l.code = s.list_code
            ON CONFLICT (code_list_id, code, valid_from) DO UPDATE SET
              name = excluded.name, aliases = excluded.aliases, valid_to = excluded.valid_to, source = excluded.source,
              note = excluded.note, "order" = excluded."order"
            WHERE (t.name, t.aliases, t.valid_to, t.source, t.note, t."order") IS DISTINCT FROM
              (excluded.name, excluded.aliases, excluded.valid_to, excluded.source, excluded.note, excluded."order")
            RETURNING (SELECT l.code FROM catalog_codelist l WHERE l.id = t.code_list_id) || '/' || t.code, xmax = 0
            """
        )
        ended = _keys(
            f"""
            UPDATE catalog_code t SET valid_to = current_date - 1
            FROM catalog_codelist l
            WHERE l.id = t.code_list_id AND (t.valid_to IS NULL OR t.valid_to >= current_date) AND NOT EXISTS (
              SELECT 1 FROM {stage} s
              WHERE s.list_code = l.code AND s.code = t.code AND s.valid_from IS NOT DISTINCT FROM t.valid_from)
            RETURNING l.code || '/' || t.code
            """
        )
        return TableDiff(diff.inserted, diff.changed, ended)


def _code_rows() -> Iterable[Row]:
    for list_code in rules.list_names():
        for order, row in enumerate(rules.read_rows(list_code), start=1):
            aliases = [alias for alias in row["aliases"].split("|") if alias]
            dates = (row["valid_from"] or None, row["valid_to"] or None)
            yield list_code, row["code"], row["name"], aliases, *dates, row["source"], row["note"], order


def _load_mappings() -> TableDiff:
    """Mappings say how others write a code today; one that vanished from the files would send a wrong code: removed."""
    fields = ("list", "system", "direction", "external_code", "code", "note")
    rows = ([row[name] for name in fields] for row in rules.read_rows("mappings"))
    columns = "list_code text, system text, direction text, external_code text, code text, note text"
    with _staged(columns, rows) as stage:
        same = """
            s.list_code = l.code AND s.system = t.system AND s.direction = t.direction
            AND s.external_code = t.external_code AND s.code = t.code AND s.note = t.note"""
        key = "l.code || '/' || t.system || '/' || t.direction || '/' || t.external_code"
        ended = _keys(
            f"""
            DELETE FROM catalog_codemapping t USING catalog_codelist l
            WHERE l.id = t.code_list_id AND NOT EXISTS (SELECT 1 FROM {stage} s WHERE {same})
            RETURNING {key}
            """
        )
        inserted = _keys(
            f"""
            INSERT INTO catalog_codemapping (code_list_id, system, direction, external_code, code, note)
            SELECT l.id, s.system, s.direction, s.external_code, s.code, s.note
            FROM {stage} s JOIN catalog_codelist l ON l.code = s.list_code
            ON CONFLICT DO NOTHING
            RETURNING (SELECT l.code FROM catalog_codelist l WHERE l.id = code_list_id)
                      || '/' || system || '/' || direction || '/' || external_code
            """
        )
        changed = set(inserted) & set(ended)
        return TableDiff(
            tuple(k for k in inserted if k not in changed),
            tuple(sorted(changed)),
            tuple(k for k in ended if k not in changed),
        )


def _load_units() -> TableDiff:
    with _staged(_UNIT_COLUMNS, _unit_rows()) as stage:
        diff = _upsert(
            f"""
            INSERT INTO catalog_adminunit AS t
              (key, code, kind, unit_type, name, full_name, parent_id, system, valid_from, valid_to, search_key)
            SELECT key, code, kind, unit_type, name, full_name, parent, system, valid_from, valid_to, search_key
            FROM {stage}
            ON CONFLICT (key) DO UPDATE SET
              code = excluded.code, kind = excluded.kind, unit_type = excluded.unit_type, name = excluded.name,
              full_name = excluded.full_name, parent_id = excluded.parent_id, system = excluded.system,
              valid_from = excluded.valid_from, valid_to = excluded.valid_to, search_key = excluded.search_key
            WHERE (t.unit_type, t.name, t.full_name, t.parent_id, t.valid_from, t.valid_to, t.search_key)
              IS DISTINCT FROM (excluded.unit_type, excluded.name, excluded.full_name, excluded.parent_id,
                                excluded.valid_from, excluded.valid_to, excluded.search_key)
            RETURNING t.key, xmax = 0
            """
        )
        ended = _keys(
            f"""
            UPDATE catalog_adminunit t SET valid_to = current_date - 1
            WHERE (t.valid_to IS NULL OR t.valid_to >= current_date)
              AND NOT EXISTS (SELECT 1 FROM {stage} s WHERE s.key = t.key)
            RETURNING t.key
            """
        )
        return TableDiff(diff.inserted, diff.changed, ended)


def _unit_rows() -> Iterable[Row]:
    names = ["key", "code", "kind", "unit_type", "name", "full_name", "parent", "system", "valid_from", "valid_to"]
    optional = {"parent", "valid_from", "valid_to"}
    for row in rules.read_rows("admin_units"):
        values = [row[name] or None if name in optional else row[name] for name in names]
        yield *values, rules.unit_key(row["name"])


def _load_successions() -> TableDiff:
    fields = ("old_key", "new_key", "is_default", "note")
    rows = ([row[name] for name in fields] for row in rules.read_rows("admin_successions"))
    with _staged("old_key text, new_key text, is_default boolean, note text", rows) as stage:
        return _upsert(
            f"""
            INSERT INTO catalog_adminunitsuccession AS t (old_id, new_id, is_default, note)
            SELECT old_key, new_key, is_default, note FROM {stage}
            ON CONFLICT (old_id, new_id) DO UPDATE SET is_default = excluded.is_default, note = excluded.note
            WHERE (t.is_default, t.note) IS DISTINCT FROM (excluded.is_default, excluded.note)
            RETURNING t.old_id || '/' || t.new_id, xmax = 0
            """
        )


def _raise_versions(diff: CatalogDiff) -> None:
    """Raise the number of each list that changed, and the one that tells the caches to read again."""
    codes = diff.tables["code"]
    changed = sorted({key.split("/")[0] for key in (*codes.inserted, *codes.changed, *codes.ended)})
    fresh = set(diff.tables["code_list"].inserted)
    older = [code for code in changed if code not in fresh]
    CodeList.objects.filter(code__in=older).update(version=F("version") + 1)
    if diff and not CatalogState.objects.update(version=F("version") + 1):
        CatalogState.objects.create(version=1)
