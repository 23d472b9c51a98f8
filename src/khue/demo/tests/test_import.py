"""The files of the demonstration city come in by the command line, in all layouts and both old encodings.

The city has faults on purpose: those that a school may really have, so they are warnings or later checks, no refusals.
"""

import json

import pytest

from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.demo.spreadsheets import write_spreadsheets
from khue.school.intake.models import SheetImport, State
from khue.school.intake.tests.test_command import command
from khue.school.registry.models import Enrolment, Pupil

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(scope="module")
def files(faulty_city, tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_spreadsheets(faulty_city, folder)
    return folder


def layout(files, name, kind):
    return sorted(
        (files / name).rglob(
            {
                "staff": "can-bo*",
                "classes": "lop*",
                "pupils": "*oc*inh*.*",
                "rooms": "phong*",
                "equipment": "thiet-bi*",
            }[kind]
        )
    )


def run_layout(files, name, kind, report, *more):
    code, said = command("--report", report, *more, *layout(files, name, kind), kind=kind)
    return code, said, json.loads(report.read_text("utf-8"))["files"]


def faults(reports):
    """Every reason for which something was refused or would be left out."""
    whole = [
        (r["path"], r["refused"])
        for r in reports
        if r["refused"] and not any(f["level"] in ("error", "ask") and f["row"] for f in r["findings"])
    ]
    rows = [
        (f["rule"], f["message"]) for r in reports for f in r["findings"] if f["level"] in ("error", "ask") and f["row"]
    ]
    return whole, rows


@pytest.fixture
def registered(office, files, tmp_path):
    """The schools of the city, from their own list."""
    code, said = command(files / "khue" / "truong.xlsx", kind="schools")
    assert code == 0, said


def test_a_whole_city_comes_in_by_the_project_s_templates_and_stays_the_same(registered, files, faulty_city, tmp_path):
    for kind in ("staff", "classes", "pupils", "rooms", "equipment"):
        code, said, reports = run_layout(files, "khue", kind, tmp_path / "r.json")
        assert (code, faults(reports)) == (0, ([], [])), said
        assert sum(r["new"] for r in reports) == sum(r["rows"] for r in reports) > 0
    code, said, reports = run_layout(files, "khue", "pupils", tmp_path / "r.json")
    assert (code, sum(r["unchanged"] for r in reports)) == (0, sum(r["rows"] for r in reports))
    with open_scope([], all_schools=True):
        assert SheetImport.objects.filter(school=None, state=State.APPLIED).count() == 1


ANSWERS = {"c1-hocsinh": {}, "admission-list": {"column:Mã định danh": "personal_number"}}


@pytest.mark.parametrize("name", list(ANSWERS))
def test_the_other_layouts_create_their_classes(registered, files, name, tmp_path):
    answers = tmp_path / "tra-loi.json"
    answers.write_text(json.dumps(ANSWERS[name]), "utf-8")
    code, said, reports = run_layout(files, name, "pupils", tmp_path / "r.json", "--answers", answers)
    assert (code, faults(reports)) == (0, ([], [])), said
    assert len(reports) == 6
    assert all(r["new"] == r["rows"] > 0 for r in reports)


def test_old_encodings_come_in(registered, files, faulty_city, tmp_path):
    code, said, [staff] = run_layout(files, "csv", "staff", tmp_path / "r.json")
    assert (code, staff["encoding"], faults([staff])) == (0, "tcvn3", ([], [])), said
    code, said, [children] = run_layout(files, "csv", "pupils", tmp_path / "r.json")
    assert (code, children["encoding"], faults([children])) == (0, "cp1258", ([], [])), said
    names = {pupil["full_name"] for school in faulty_city.schools for pupil in school.pupils}
    with open_scope(School.objects.values_list("pk", flat=True), all_schools=True):
        assert set(Pupil.objects.values_list("full_name", flat=True)) <= names
        assert Enrolment.objects.count() == children["rows"]
