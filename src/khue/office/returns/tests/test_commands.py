"""Official tables and the proof of frozen figures from the command line."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from khue.base.core.scope import open_scope
from khue.office.returns.services import approve
from khue.office.statistics.models import PupilFact
from khue.testing import factories

from .test_services import hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(ready: Any, period: Any, principal: Any, specialist: Any) -> Any:
    snapshot = hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        approve(school=ready, period=period, version=1, user=specialist)
    return snapshot


def run(name: str, *arguments: str) -> tuple[str, str, int]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return out.getvalue(), err.getvalue(), int(ended.code or 0)
    return out.getvalue(), err.getvalue(), 0


def cells(report: dict[str, Any], place: int, table: str, row: str) -> dict[str, Any]:
    tables = {t["code"]: t for t in report["places"][place]["tables"]}
    return next(r["cells"] for r in tables[table]["rows"] if r["code"] == row)


def test_every_table_of_a_period(approved: Any, ready: Any) -> None:
    factories.pupil(ready, None, "Em Thêm Sau")
    found = json.loads(run("statistics", "--period", "opening", "--year", "2026")[0])
    assert (found["as_at"], found["version"]) == ("2026-09-30", "1/1")
    assert [(p["kind"], p["code"]) for p in found["places"]] == [
        ("office", "TDM"), ("ward", "Phú Cường"), ("school", ready.code),
    ]  # fmt: skip
    assert [t["code"] for t in found["places"][0]["tables"]] == [f"THCS{n}" for n in range(1, 7)]
    for place in range(3):
        assert cells(found, place, "THCS3", "1")["T"] == 12
        assert cells(found, place, "THCS1", "4") == {"T": 0}
    assert cells(found, 0, "THCS5", "10")["T"] == "48.00"


def test_the_school_and_its_version_and_live(approved: Any, ready: Any) -> None:
    factories.pupil(ready, None, "Em Thêm Sau")
    arguments = ("--period", "opening", "--year", "2026", "--school", ready.code, "--format", "json")
    kept, live = json.loads(run("statistics", *arguments)[0]), json.loads(run("statistics", *arguments, "--live")[0])
    assert (kept["version"], len(kept["places"]), cells(kept, 0, "THCS3", "1")["T"]) == (1, 1, 12)
    assert (live["version"], cells(live, 0, "THCS3", "1")["T"]) == ("live", 13)


def test_the_cube_of_frozen_facts(approved: Any, ready: Any) -> None:
    factories.pupil(ready, None, "Em Thêm Sau", sex="0")
    arguments = ("--cube", "pupils", "--by", "sex", "--period", "opening", "--year", "2026")
    assert run("statistics", *arguments)[0].splitlines() == ["sex,count", "Nam,6", "Nữ,6"]
    assert run("statistics", *arguments, "--live")[0].splitlines() == ["sex,count", "Nam,6", "Nữ,7"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--period", "opening"), "Thiếu năm học"),
        (("--period", "closing", "--year", "2026"), "Không có kỳ “closing” của năm học 2026. Có: --period opening"),
        (("--period", "opening", "--year", "2026", "--format", "pdf"), "Dạng có: json"),
        (("--period", "opening", "--year", "2026", "--school", "1"), "Không có trường mang mã “1”"),
        (("--format", "csv"), "Không có khối “”"),
    ],
)
def test_wrong_use(approved: Any, arguments: tuple[str, ...], told: str) -> None:
    _out, err, code = run("statistics", *arguments)
    assert told in err
    assert code == 2


def test_what_was_tampered_with_is_named(approved: Any, ready: Any) -> None:
    assert run("verify_snapshots") == ("1 bản, 1 bản còn nguyên.\n", "", 0)
    with open_scope([ready.pk]):
        row = PupilFact.objects.values().first()
        PupilFact.objects.create(**{**row, "id": None, "record_id": 5_000_000, "title": "Em Thêm Vào"})
    out, _err, code = run("verify_snapshots", "--school", ready.code)
    assert code == 1
    assert "bản 1: Học sinh “Em Thêm Vào” (mã dòng 5000000) đã bị sửa" in out
    assert "1 bản, 0 bản còn nguyên." in out
