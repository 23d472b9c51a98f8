"""Every table of a period as plain data, for the command line and for other programs."""

from collections.abc import Collection
from typing import Any

from khue.base.org.models import School
from khue.base.org.selectors import root_office

from ..models import ReportingPeriod, Return, Snapshot
from .basis import approved_snapshots, frozen_basis, live_basis
from .figures import Basis, Cells, figures, with_entered
from .loading import form_of
from .shape import Table


def report(period: ReportingPeriod, school_ids: Collection[int], *, live: bool, one: bool) -> dict[str, Any]:
    """{"as_at", "version", "places": [{"place", "code", "kind", "tables"}]}: the school, or office, wards and schools.

    ``version`` is "live", or the number of the school's version, or how many schools of how many are approved.
    """
    schools = list(School.objects.filter(unit__among=school_ids).order_by("code"))
    snapshots = () if live else approved_snapshots(period, school_ids)
    basis = live_basis(period, school_ids) if live else frozen_basis(period, snapshots)
    tables = form_of(period.kind).tables
    by_school = {table.code: figures(table, basis, by="school") for table in tables}
    names = dict(Snapshot.objects.filter(pk__in=snapshots).values_list("school_id", "school_name"))
    places = [
        _place(names.get(s.pk, s.name), s.code, "school", _of_schools(tables, by_school, basis, [s])) for s in schools
    ]
    if not one:
        wards = sorted({school.ward for school in schools})
        totals = {ward: _of_schools(tables, by_school, basis, [s for s in schools if s.ward == ward]) for ward in wards}
        office = root_office()
        whole = _of_schools(tables, by_school, basis, schools)
        head = _place(office.name if office else "", office.code if office else "", "office", whole)
        places = [head, *(_place(ward, ward, "ward", cells) for ward, cells in totals.items()), *places]
    return {
        "as_at": period.as_at.isoformat(),
        "version": _version(period, snapshots, schools, live, one),
        "places": places,
    }


def _version(
    period: ReportingPeriod, snapshots: tuple[int, ...], schools: list[School], live: bool, one: bool
) -> str | int:  # fmt: skip
    if live:
        return "live"
    if one:
        return Snapshot.objects.filter(pk__in=snapshots).values_list("version", flat=True).first() or 0
    asked = Return.objects.filter(period=period, school__in=[s.pk for s in schools]).exclude(approved=None).count()
    return f"{asked}/{len(schools)}"


def _of_schools(
    tables: tuple[Table, ...], by_school: dict[str, dict[str, Cells]], basis: Basis, schools: list[School]
) -> list[tuple[Table, Cells]]:  # fmt: skip
    """Cells of these schools together; tables of levels that none of them has are left out."""
    levels = {level for school in schools for level in school.levels}
    found = []
    for table in tables:
        if table.level not in levels:
            continue
        cells: Cells = {
            (row.code, column.code): 0
            for row in table.rows if not row.entered
            for column in table.columns if table.applies(row, column)
        }  # fmt: skip
        for school in schools:
            for key, value in by_school[table.code].get(school.code, {}).items():
                cells[key] += value
        entered = (basis.entered.get(school.code, {}) for school in schools)
        found.append((table, with_entered(table, cells, entered)))
    return found


def _place(name: str, code: str, kind: str, tables: list[tuple[Table, Cells]]) -> dict[str, Any]:
    return {
        "place": name, "code": code, "kind": kind,
        "tables": [
            {
                "code": table.code, "title": table.title, "level": table.level,
                "rows": [_row(table, row, cells) for row in table.rows],
            }
            for table, cells in tables
        ],
    }  # fmt: skip


def _row(table: Table, row: Any, cells: Cells) -> dict[str, Any]:
    """Whole numbers as such, measured ones as text with their decimals: JSON's numbers would be floats."""
    values = {column.code: cells.get((row.code, column.code)) for column in table.columns if table.applies(row, column)}
    return {
        "code": row.code, "label": row.label, **({"entered": True} if row.entered else {}),
        "cells": {code: v if v is None or isinstance(v, int) else str(v) for code, v in values.items()},
    }  # fmt: skip
