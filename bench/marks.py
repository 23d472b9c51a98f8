"""Marks on the city of 70,000 pupils: saving and opening a sheet, evaluating a term, verifying chains."""

import json
import os
import re
import resource
import statistics
import time
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client

from khue.base.accounts.models import User
from khue.base.core.bulk import query
from khue.base.core.process import settle_memory
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.base.org.selectors import root_office
from khue.demo.marks import load_marks
from khue.launch.database import analyse
from khue.school.assessment.selectors.chains import entries_read, verify
from khue.school.assessment.services.evaluation import evaluate_term
from khue.school.assessment.services.teaching import set_up_books
from khue.school.registry.models import Position, UserLink

from . import city
from .pages import p50, queries
from .table import Table

TERM_OVER = date(city.YEAR + 1, 1, 12)
SAVES, TEACHERS, SECONDS, PORT = 40, 8, 6, 8918


def run() -> None:
    if root_office() is None:
        city.make(Table("Making the city"))
    schools = _secondary()
    made = Table("Marks of a term of all lower-secondary schools")
    _fill(schools, made)
    analyse(os.environ["DATABASE_URL"])
    made.show()
    table = Table("Marks")
    _sheet(table)
    _evaluation(schools, table)
    _verification(schools, table)
    table.show()


def _secondary() -> list[School]:
    return list(School.objects.filter(levels__contains=["THCS"]).order_by("pk"))


def _fill(schools: list[School], table: Table) -> None:
    """Books and marks where there are none yet."""
    user = User.objects.get(username=city.ROLES["specialist"])
    begun, written = time.perf_counter(), 0
    for school in schools:
        with open_scope([school.pk]):
            set_up_books(school=school, year=city.YEAR)
        written += load_marks(school, user=user, year=city.YEAR, today=TERM_OVER, seed=1)
    if written:
        table.add("entries written, chained", str(written))
        table.add("time, results of the term included", f"{time.perf_counter() - begun:.0f} s")


def _sheet(table: Table) -> None:
    """Opening the sheet of the largest class of the demonstration's teacher; saving a column of 45 cells."""
    client, base = _teacher()
    opened = p50(client, base)
    table.add("open a sheet: server time p50", f"{opened:.1f} ms", "≤ 15 ms", f"{opened / 15:.2f}")
    table.add("open a sheet: queries", str(queries(client, base)), "≤ 12")
    cells = _cells(client.get(base).content.decode())
    settle_memory()
    times = [_save(client, base, cells, n) for n in range(SAVES)]
    saved = statistics.median(times[5:])
    table.add(f"save {len(cells)} cells: server time p50", f"{saved:.1f} ms", "≤ 25 ms", f"{saved / 25:.2f}")


def _teacher() -> tuple[Client, str]:
    user = User.objects.get(username=city.ROLES["teacher"])
    school = School.objects.get(unit=user.memberships.get().unit_id)
    with open_scope([school.pk]):
        [position] = Position.objects.filter(staff=UserLink.objects.get(pk=user.pk).staff_id)
        book = query(
            """SELECT g.id FROM assessment_gradebook g JOIN assessment_teachingassignment a ON a.gradebook_id = g.id
            JOIN registry_schoolclass c ON c.id = g.school_class_id
            JOIN registry_placement w ON w.school_class_id = c.id AND w.until IS NULL
            WHERE a.teacher_id = %s AND c.year = %s AND g.kind = 'score'
            GROUP BY g.id ORDER BY count(*) DESC LIMIT 1""",
            [position.pk, city.YEAR],
        )[0][0]
    client = Client()
    client.force_login(user)
    return client, f"/truong/{school.code}/so-diem/{book}/1/"


def _cells(page: str) -> list[dict[str, Any]]:
    """The cells of the final marks of a page, with the serials that it has seen."""
    rows = re.findall(r'<tr data-pupil="(\d+)">(.*?)</tr>', page, re.DOTALL)
    found = ((pupil, re.search(r'data-kind="ck" data-number="1" data-serial="(\d+)"', row)) for pupil, row in rows)
    return [
        {"pupil": int(pupil), "kind": "ck", "number": 1, "base": int(cell.group(1))} for pupil, cell in found if cell
    ][:45]


def _save(client: Client, base: str, cells: list[dict[str, Any]], n: int) -> float:
    """Milliseconds of saving every cell with another value; the serials are carried on."""
    for place, cell in enumerate(cells):
        cell["value"] = str((n * 7 + place * 3) % 101)
    body = json.dumps({"batch": str(uuid4()), "device": "bench", "cells": cells})
    begun = time.perf_counter()
    response = client.post(f"{base}luu/", body, content_type="application/json")
    spent = (time.perf_counter() - begun) * 1000
    serials = {saved["pupil"]: saved["serial"] for saved in response.json()["saved"]}
    assert len(serials) == len(cells), response.json()
    for cell in cells:
        cell["base"] = serials[cell["pupil"]]
    return spent


def _evaluation(schools: list[School], table: Table) -> None:
    begun, pupils = time.perf_counter(), 0
    for school in schools:
        with open_scope([school.pk]):
            pupils += evaluate_term(school_id=school.pk, year=city.YEAR, term=1)
    seconds = time.perf_counter() - begun
    table.add(f"evaluate a term of {pupils} pupils", f"{seconds:.1f} s", "≤ 60 s", f"{seconds / 60:.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    table.add("peak memory of the process", f"{peak} MB", "≤ 600 MB", f"{peak / 600:.2f}")


def _verification(schools: list[School], table: Table) -> None:
    """Against the floor: reading the same rows and hashing each, without following chains."""
    ids = [school.pk for school in schools]
    with open_scope(ids, all_schools=True):
        begun = time.perf_counter()
        count = 0
        for school in ids:
            for _book, _serial, text, _stored in entries_read(school):
                blake2b(text, key=settings.MARKS_KEY, digest_size=32).digest()
                count += 1
        floor = time.perf_counter() - begun
        begun = time.perf_counter()
        found = verify(ids)
        seconds = time.perf_counter() - begun
    assert not found.faults
    assert found.entries == count
    each = seconds / found.entries * 5_000_000
    table.add(f"verify {found.entries} entries", f"{seconds:.1f} s", f"{floor:.1f} s", f"{seconds / floor:.2f}")
    table.add("verify, as 5 million", f"{each:.0f} s", "≤ 30 s", f"{each / 30:.2f}")
