"""`data/averages.json`: cases that every implementation of the averages must give, the browser's too.

A case is `{"kind": "term", "formative": […], "midterm", "final", "average"}` or `{"kind": "year", "first", "second",
"average"}`, marks as people type them with a comma or point or none, the average with a comma. Written anew by
``python -m khue.school.assessment.tests.test_averages``.
"""

import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from khue.school.assessment.rules import tt22_2021 as tt22
from khue.school.assessment.rules.marks import PupilYear, Study, Subject, TermMarks
from khue.school.assessment.rules.numbers import mark_text, read_mark

FILE = Path(__file__).with_name("data") / "averages.json"
# where floats and other roundings err (§1 and the worked examples), and the ends of the scale
TERMS = (
    "9 9 9,6; 8,5; 9",
    "5,1 7.1 7; 4,8; 3.6",
    "7 8 6 9; 7,5; 8",
    "8 8 8,5 8; 8; 8",
    "8 8 9 7; 0; 8",
    "0 0; 0; 0",
    "10 10 10 10; 10; 10",
    "0 0 0; 0; 0,1",
    "10 10 10; 10; 9,9",
)
YEARS = (("7,7", "8,1"), ("6,4", "7,7"), ("9,0", "9,0"), ("0,0", "0,1"), ("10", "9,9"), ("10", "10"))


def term_case(formative: list[str], midterm: str, final: str) -> dict[str, object]:
    entry = TermMarks(tuple(map(read_mark, formative)), read_mark(midterm), read_mark(final))
    study = Study(Subject("s", "score", len(formative)), (entry, entry))
    average = tt22.evaluate_term(PupilYear((study,)), 1).subjects["s"].value
    shown = mark_text(average)
    return {"kind": "term", "formative": formative, "midterm": midterm, "final": final, "average": shown}


def year_case(first: str, second: str) -> dict[str, object]:
    entries = tuple(TermMarks((read_mark(mark),) * 2, read_mark(mark), read_mark(mark)) for mark in (first, second))
    year = tt22.evaluate_year(PupilYear((Study(Subject("s", "score", 2), entries),)))
    return {"kind": "year", "first": first, "second": second, "average": mark_text(year.subjects["s"].value)}


def cases() -> Iterator[dict[str, object]]:
    for text in TERMS:
        formative, midterm, final = text.split(";")
        yield term_case(formative.split(), midterm.strip(), final.strip())
    for first, second in YEARS:
        yield year_case(first, second)
    chance = random.Random(5)

    def mark() -> str:
        return mark_text(chance.randint(0, 100))

    for count in (2, 3, 4):
        yield from (term_case([mark() for _ in range(count)], mark(), mark()) for _ in range(60))
    yield from (year_case(mark(), mark()) for _ in range(40))


def test_the_file_is_what_the_rules_give():
    assert json.loads(FILE.read_text("utf-8"))["cases"] == list(cases())


def test_exact_fractions_give_the_same():
    for case in json.loads(FILE.read_text("utf-8"))["cases"]:
        assert case["average"] == mark_text(int(exact(case) + Fraction(1, 2))), case


def exact(case: dict) -> Fraction:
    """The formulas once more, in tenths before rounding."""
    if case["kind"] == "year":
        return Fraction(read_mark(case["first"]) + 2 * read_mark(case["second"]), 3)
    formative = [read_mark(mark) for mark in case["formative"]]
    total = sum(formative) + 2 * read_mark(case["midterm"]) + 3 * read_mark(case["final"])
    return Fraction(total, len(formative) + 5)


if __name__ == "__main__":
    rows = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases())
    FILE.write_text(f'{{"cases": [\n{rows}\n]}}\n', "utf-8")
