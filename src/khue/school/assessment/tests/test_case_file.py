"""`./khue manage assess`: 32 pupils of another reading of the circulars, and files that are not what they should be."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from khue.school.assessment.rules.case_file import FileError, evaluate_text

EXAMPLES = Path(__file__).with_name("data") / "assessment_examples.json"
CASES = json.loads(EXAMPLES.read_text("utf-8"))["cases"]


def evaluate(given, name="case"):
    return evaluate_text(json.dumps({"cases": [{"id": name, "input": given}]}))["cases"][0]


def at(result, path):
    for key in path.split("."):
        result = result[key]
    return result


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_examples(case):
    """Result for result what `expected` says; `accept` names other readings that are right, of which none is needed."""
    expected = {key: value for key, value in case["expected"].items() if key != "accept"}
    result = evaluate(case["input"])["result"]
    assert result == expected
    for path, readings in case["expected"].get("accept", {}).items():
        assert at(result, path) in readings


def secondary(**changes):
    terms = {term: {"tx": ["8,0", "8.0"], "gk": "8", "ck": "8.0"} for term in ("hk1", "hk2")}
    subject = {"code": "TOAN", "kind": "score", "periods": 35, **terms, **changes}
    return {
        "regulation": "TT22/2021",
        "grade": 8,
        "absences": 1,
        "conduct": {"hk1": "Tốt", "hk2": "Tốt"},
        "subjects": [subject],
    }


def test_a_comma_and_a_point_are_the_same_mark():
    assert evaluate(secondary())["result"]["subjects"] == {"TOAN": {"hk1": "8.0", "hk2": "8.0", "cn": "8.0"}}


@pytest.mark.parametrize(
    ("term", "errors"),
    [
        ({"tx": ["8.0"], "gk": "8.0", "ck": "8.0"}, ["missing:TOAN"]),
        ({"tx": ["8.0", "8.0"], "gk": "8.0"}, ["missing:TOAN"]),
        ({"tx": ["8.0", "8.55"], "gk": "8.0", "ck": "8.0"}, ["invalid:TOAN"]),
        ({"tx": ["8.0", "8.0"], "gk": "11", "ck": 9}, ["invalid:TOAN"]),
    ],
)
def test_marks_that_are_missing_or_none_are_findings(term, errors):
    result = evaluate(secondary(hk1=term))["result"]
    assert result["errors"] == errors
    assert result["subjects"]["TOAN"]["hk1"] is None
    assert result["learning"]["cn"] is None


def test_results_of_the_summer():
    case = next(case for case in CASES if case["id"] == "EX-TT22-0004")
    summer = {"retake": {"NN1": "5.0", "CONGNGHE": "6.5"}, "conduct": None}
    after = evaluate({**case["input"], "summer": summer})["result"]["after_summer"]
    assert after["subjects"] == {"NN1": "5.0", "CONGNGHE": "6.5"}
    assert (after["learning"], after["promotion"]) == ("Khá", "Lên lớp")


@pytest.mark.parametrize(
    ("marks", "errors"),
    [
        ({"TOAN": [7.5]}, ["invalid:TOAN"]),
        ({"TOAN": [0]}, ["invalid:TOAN"]),
        ({}, ["missing:TOAN"]),
        ({"TOAN": []}, ["missing:TOAN"]),
    ],
)
def test_tests_of_primary_schools(marks, errors):
    given = next(case for case in CASES if case["id"] == "EX-TT2216-0001")["input"]
    tests = {code: attempts for code, attempts in given["tests"].items() if code != "TOAN"} | marks
    result = evaluate({**given, "tests": tests})["result"]
    assert (result["errors"], result["complete_grade"], result["award"]) == (errors, None, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Dòng 1, cột 1: không phải JSON"),
        ('{"cases": [}', "Dòng 1, cột 12: không phải JSON"),
        ("[" * 100_000, "lồng nhau quá sâu"),
        ('{"cases": ' + "1" * 5000 + "}", "số quá dài"),
        ("[]", "tệp: phải là nhóm"),
        ("{}", 'thiếu "cases"'),
        ('{"cases": {}}', "tệp.cases: phải là danh sách"),
        ('{"cases": [{"input": {}}]}', r"tệp.cases\[1\].id: phải là chữ"),
        ('{"cases": [{"id": "A"}]}', "A.input: phải là nhóm"),
        (
            '{"cases": [{"id": "A", "input": {"regulation": "TT99"}}]}',
            "A.input.regulation: không có quy định “TT99”. Ghi một",
        ),
        ('{"cases": [{"id": "A", "input": {"regulation": ["x"]}}]}', "không có quy định"),
    ],
)
def test_files_that_cannot_be_read(text, words):
    with pytest.raises(FileError, match=words):
        evaluate_text(text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "điểm"}, r"case.input.subjects\[1\].kind: “điểm” không hợp lệ"),
        ({"kind": None}, "kind: thiếu"),
        ({"code": 5}, "code: phải là chữ"),
        ({"periods": "35"}, "periods: phải là số nguyên"),
        ({"periods": -1}, "không được âm"),
        ({"hk1": []}, r"hk1: phải là nhóm"),
        ({"hk1": {"tx": "8"}}, "hk1.tx: phải là danh sách"),
        ({"hk1": {"tx": [["8"]]}}, r"hk1.tx\[1\]: phải là chữ"),
        ({"exempt": "hk3"}, "exempt: “hk3” không hợp lệ"),
    ],
)
def test_wrong_fields_are_named_with_their_place(changes, words):
    with pytest.raises(FileError, match=words):
        evaluate(secondary(**changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"conduct": {"hk1": "Giỏi"}}, "conduct.hk1: “Giỏi” không hợp lệ. Ghi một trong: Chưa đạt, Đạt, Khá, Tốt"),
        ({"absences": "3"}, "absences: phải là số nguyên"),
        ({"summer": {"retake": {"SU": "5.0"}}}, "summer.retake.SU: em không học môn SU"),
        ({"grade": None}, "grade: phải là số nguyên"),
        ({"grade": 5}, "grade: lớp 5 không theo TT22/2021. Ghi một trong: 6, 7, 8, 9"),
        ({"subjects": secondary()["subjects"] * 2}, "môn TOAN có hai lần"),
    ],
)
def test_wrong_facts_of_a_pupil(changes, words):
    with pytest.raises(FileError, match=words):
        evaluate({**secondary(), **changes})


def test_the_command_prints_results_with_traces():
    out = StringIO()
    call_command("assess", str(EXAMPLES), stdout=out)
    cases = json.loads(out.getvalue())["cases"]
    assert [case["id"] for case in cases] == [case["id"] for case in CASES]
    promoted = next(trace for trace in cases[0]["trace"] if trace["rule"] == "22.promotion")
    assert (promoted["text"], promoted["article"]) == ("Lên lớp", "Thông tư 22/2021, Điều 12, 13, 14")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "Không đọc được"), (b"\xff\xfe{", "không phải UTF-8"), (b"{", "không phải JSON")]
)
def test_the_command_says_what_is_wrong_with_a_file(tmp_path, content, words):
    path, err = tmp_path / "cases.json", StringIO()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SystemExit, match="2"):
        call_command("assess", str(path), stderr=err)
    assert words in err.getvalue()
