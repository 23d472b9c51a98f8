"""The statements of freezing, and the fingerprints by which tampering shows."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from khue.base.core.bulk import query

from .cubes import CUBES, SCHOOL_COLUMN, Cube
from .models import Seal, Snapshot, extras, table_of

_DIGEST = "sha256(convert_to(concat_ws(chr(31), {}), 'UTF8'))"


def freezing_sql(cube: Cube) -> str:
    """INSERT … SELECT of a cube's rows into its table of facts."""
    with_, names, select = _select(cube)
    return f"{with_} INSERT INTO {table_of(cube)} (school_id, snapshot_id, {names}, digest) {select}"


def differences(snapshot: Snapshot) -> tuple[str, dict[str, Any]]:
    """(statement, parameters) for (cube, more | fewer | changed, title) of each row that would be frozen otherwise now,
    in the order of names."""
    parts = []
    for cube in CUBES.values():
        with_, _names, select = _select(cube)
        parts.append(f"""SELECT '{cube.name}' AS cube, CASE WHEN k.digest IS NULL THEN 'more'
              WHEN l.digest IS NULL THEN 'fewer' ELSE 'changed' END AS kind, COALESCE(l.title, k.title) AS title,
              COALESCE(l.sort_key, k.sort_key) AS sort_key
            FROM ({with_} SELECT d.record_id, d.title, d.sort_key, d.digest FROM ({select}) d) l
            FULL JOIN (SELECT record_id, title, sort_key, digest FROM {table_of(cube)} WHERE snapshot_id = %(one)s) k
              USING (record_id)
            WHERE l.digest IS DISTINCT FROM k.digest""")
    sql = f'SELECT cube, kind, title FROM ({" UNION ALL ".join(parts)}) e ORDER BY cube, kind, sort_key COLLATE "C"'
    return sql, {"snapshots": [snapshot.pk], "one": snapshot.pk, "day": snapshot.as_at, "year": snapshot.year}


def _select(cube: Cube) -> tuple[str, str, str]:
    """(WITH …, names of the columns, SELECT of the rows that count with their digest)."""
    columns = {
        "record_id": cube.key,
        "title": f"COALESCE({cube.title.sql}, '')",
        "sort_key": f"COALESCE({cube.order}, '')",
        "search_key": f"COALESCE({cube.search}, '')" if cube.search else "''",
        **{f"x{n}": f"({c.sql})::text" for n, c in enumerate(cube.columns) if c is not SCHOOL_COLUMN},
        **{f"is_{d.name}": d.sql for d in cube.all_dimensions},
        **{name: f"({sql})" for name, (_label, sql) in cube.measures.items()},
    }
    names = ", ".join(columns)
    selected = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    with_ = f"WITH {cube.cte}" if cube.cte else ""
    return (
        with_,
        names,
        f"""SELECT t.*, {_digest(cube, "t")} AS digest FROM (
          SELECT n.school_id, n.id AS snapshot_id, {selected}
          FROM {cube.table} {" ".join(cube.joins.values())}
          JOIN statistics_snapshot n ON n.school_id = {cube.owner} AND n.id = ANY (%(snapshots)s)
          WHERE {cube.where}
        ) t""",
    )


def _digest(cube: Cube, alias: str) -> str:
    """The hash of a row: every column in order; a blank and a null differ."""
    parts = ["snapshot_id", "record_id", "title", "sort_key", "search_key", *(f"{x}" for x in extras(cube))]
    parts += [f"is_{d.name}" for d in cube.all_dimensions] + [f"{name}::numeric(12,2)" for name in cube.measures]
    return _DIGEST.format(", ".join(f"COALESCE({alias}.{part}::text, chr(30))" for part in parts))


def fingerprints(snapshots: Iterable[Snapshot]) -> dict[int, tuple[dict[str, int], str]]:
    """Snapshot id → (rows by cube, fingerprint over the digests as they stand, the entered figures and the names)."""
    known = {snapshot.pk: snapshot for snapshot in snapshots}
    counts: dict[int, dict[str, int]] = {pk: {} for pk in known}
    lines: dict[int, list[str]] = {pk: [] for pk in known}
    for cube in CUBES.values():
        sql = f"""SELECT snapshot_id, count(*),
              encode(sha256(convert_to(string_agg(encode(digest, 'hex'), '' ORDER BY record_id), 'UTF8')), 'hex')
            FROM {table_of(cube)} WHERE snapshot_id = ANY (%s) GROUP BY snapshot_id"""  # our own names
        rows = {pk: (number, print_) for pk, number, print_ in query(sql, [list(known)])}
        for pk in known:
            number, print_ = rows.get(pk, (0, ""))
            counts[pk][cube.name] = number
            lines[pk].append(f"{cube.name} {number} {print_}")
    return {pk: (counts[pk], _print(lines[pk], snapshot)) for pk, snapshot in known.items()}


def _print(lines: list[str], snapshot: Snapshot) -> str:
    facts = [
        snapshot.version, snapshot.as_at.isoformat(), snapshot.school_name, snapshot.office_name,
        snapshot.department_name, snapshot.taken_by, snapshot.figures, snapshot.reasons,
    ]  # fmt: skip
    text = "\n".join([*lines, json.dumps(facts, ensure_ascii=False, sort_keys=True)])
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(fingerprint: str) -> str:
    """The fingerprint under the installation's secret: whoever has the database alone cannot make one."""
    return hmac.new(settings.SECRET_KEY.encode(), f"khue.seal:{fingerprint}".encode(), hashlib.sha256).hexdigest()


def altered(snapshots: list[Snapshot]) -> dict[int, list[str]]:
    """Snapshot id → what no longer is as it was sealed, in words; snapshots that are whole are left out.

    Names the rows whose content does not fit their own hash; rows added or taken away show in the counts.
    """
    found: dict[int, list[str]] = {}
    seals = {seal.snapshot_id: seal for seal in Seal.objects.filter(snapshot__in=[s.pk for s in snapshots])}
    now = fingerprints(snapshots)
    broken = _broken_rows([snapshot.pk for snapshot in snapshots])
    for snapshot in snapshots:
        faults = broken.get(snapshot.pk, [])
        seal, (counts, print_) = seals.get(snapshot.pk), now[snapshot.pk]
        if seal is None:
            faults.append("không có dấu vân tay")
        else:
            faults += [
                f"{CUBES[name].label}: chốt {was} dòng, nay còn {counts.get(name, 0)}"
                for name, was in seal.counts.items()
                if was != counts.get(name, 0)
            ]
            if not hmac.compare_digest(seal.seal, keyed(seal.fingerprint)):
                faults.append("dấu vân tay không do hệ thống này ghi")
            elif seal.fingerprint != print_ and not faults:
                faults.append("tên đơn vị, số nhập tay, giải trình hoặc dấu của từng dòng đã bị sửa")
        if faults:
            found[snapshot.pk] = faults
    return found


def _broken_rows(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for cube in CUBES.values():
        sql = f"""SELECT f.snapshot_id, f.title, f.record_id FROM {table_of(cube)} f
            WHERE f.snapshot_id = ANY (%s) AND f.digest <> {_digest(cube, "f")} ORDER BY f.id"""
        for pk, title, record in query(sql, [ids]):
            found.setdefault(pk, []).append(f"{cube.label} “{title}” (mã dòng {record}) đã bị sửa")
    return found
