"""Results for cases of any origin: `{"cases": [{"id", "input"}]}` in, `{"id", "result", "trace"}` of each out.

The same rules check what others computed. The file is somebody else's: whatever is wrong with it is said with the case,
the place in it and how to mend it (`FileError`). Marks that a regulation refuses and marks that are missing are
findings of their own, `errors` of the result: "invalid:TOAN", "missing:TOAN".
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from . import tt22_2021, tt27_2020, tt30_2014, tt58_2011
from .curriculum import formative_required, subjects_of, traits_for
from .marks import Gap, Mark, PupilYear, Study, Subject, TermMarks, Value
from .numbers import mark_text, read_mark, read_whole_mark
from .primary import PrimaryPupil, PrimaryResult, PrimarySubject
from .regulations import regulation_named
from .secondary import SUMMER, AfterSummer, TermResult, YearResult
from .trace import Trace
from .wording import CONDUCT58, LEVELS, PASSED, RATINGS, Words, to_dict

TERMS = ("hk1", "hk2")


class FileError(Exception):
    """The file is not what it should be; the message says where and how to mend it."""


class Place:
    """A value of the file with the way to it, so that a complaint can name it."""

    def __init__(self, value: Any, path: str) -> None:
        self.value, self.path = value, path

    def fail(self, words: str) -> FileError:
        return FileError(f"{self.path}: {words}")

    def _is(self, kind: type, words: str) -> Any:
        if not isinstance(self.value, kind) or (kind is int and isinstance(self.value, bool)):
            raise self.fail(words)
        return self.value

    def items(self) -> list["Place"]:
        values = self._is(list, "phải là danh sách [ … ].")
        return [Place(value, f"{self.path}[{number}]") for number, value in enumerate(values, 1)]

    def fields(self) -> dict[str, "Place"]:
        fields = self._is(dict, "phải là nhóm { … }.")
        return {key: Place(value, f"{self.path}.{key}") for key, value in fields.items()}

    def get(self, key: str) -> "Place":
        """The value under ``key``; what is absent is null."""
        return self.fields().get(key, Place(None, f"{self.path}.{key}"))

    def text(self) -> str:
        return str(self._is(str, "phải là chữ trong ngoặc kép."))

    def number(self) -> int:
        value = int(self._is(int, "phải là số nguyên, không có ngoặc kép."))
        if value < 0:
            raise self.fail("không được âm.")
        return value

    def flag(self) -> bool:
        return bool(self._is(bool, "phải là true hoặc false.")) if self.value is not None else False

    def choice(self, words: tuple[str, ...]) -> int | None:
        """Place of the word on its scale, None for null."""
        if self.value is None:
            return None
        if self.value not in words:
            raise self.fail(f"“{self.value}” không hợp lệ. Ghi một trong: {', '.join(words)}.")
        return words.index(self.value)


def evaluate_text(text: str) -> dict[str, Any]:
    """The whole file; FileError if it cannot be read."""
    try:
        document = json.loads(unicodedata.normalize("NFC", text))
    except json.JSONDecodeError as error:
        raise FileError(
            f"Dòng {error.lineno}, cột {error.colno}: không phải JSON. Sửa dấu câu ở đó rồi thử lại."
        ) from None
    except (ValueError, RecursionError):
        raise FileError("tệp: lồng nhau quá sâu hoặc có số quá dài. Tạo lại tệp theo mẫu.") from None
    cases = Place(document, "tệp").get("cases")
    if cases.value is None:
        raise FileError('tệp: thiếu "cases". Tệp phải có dạng {"cases": [{"id": …, "input": …}]}.')
    return {"cases": [_evaluate_case(case) for case in cases.items()]}


def _evaluate_case(case: Place) -> dict[str, Any]:
    name = case.get("id").text()
    given = Place(case.get("input").value, f"{name}.input")
    regulation = given.get("regulation")
    evaluate = _EVALUATORS.get(regulation.value) if isinstance(regulation.value, str) else None
    if evaluate is None:
        raise regulation.fail(f"không có quy định “{regulation.value}”. Ghi một trong: {', '.join(_EVALUATORS)}.")
    result, traces, names = evaluate(given, regulation.value)
    return {"id": name, "result": result, "trace": [to_dict(trace, names) for trace in traces]}


def _grade(given: Place, regulation: str) -> int:
    place = given.get("grade")
    grade, known = place.number(), regulation_named(regulation).since
    if grade not in known:
        raise place.fail(f"lớp {grade} không theo {regulation}. Ghi một trong: {', '.join(map(str, known))}.")
    return grade


def _names(given: Place, regulation: str) -> dict[str, str]:
    grade = _grade(given, regulation)
    names = {subject.short: subject.name for subject in subjects_of(regulation, grade)}
    return names | {trait.code: trait.name for trait in traits_for(regulation, grade)}


Answer = tuple[dict[str, Any], list[Trace], dict[str, str]]


# Secondary schools


def _secondary_pupil(given: Place, regulation: str, conducts: tuple[str, ...]) -> tuple[PupilYear, list[str]]:
    invalid: list[str] = []
    studies = tuple(_study(subject, regulation, invalid) for subject in given.get("subjects").items())
    codes = [study.subject.code for study in studies]
    if doubled := next((code for code in codes if codes.count(code) > 1), None):
        raise given.get("subjects").fail(f"môn {doubled} có hai lần. Để lại một.")
    kinds = {study.subject.code: study.subject.kind for study in studies}
    conduct, summer = given.get("conduct"), given.get("summer")
    read = conduct.get if conduct.value is not None else lambda key: Place(None, key)
    after = summer.get if summer.value is not None else lambda key: Place(None, key)
    absences = given.get("absences")
    pupil = PupilYear(
        studies,
        (read("hk1").choice(conducts), read("hk2").choice(conducts)),
        None if absences.value is None else (("", absences.number()),),
        read("cn").choice(conducts),
        _retakes(after("retake"), kinds),
        after("conduct").choice(conducts),
    )
    return pupil, invalid


def _retakes(retake: Place, kinds: Mapping[str, str]) -> dict[str, Value]:
    if retake.value is None:
        return {}
    found: dict[str, Value] = {}
    for code, new in retake.fields().items():
        if code not in kinds:
            raise new.fail(f"em không học môn {code}. Bỏ dòng này hoặc sửa mã môn.")
        found[code] = _passed(new) if kinds[code] == "comment" else _mark(new)
    return found


def _study(given: Place, regulation: str, invalid: list[str]) -> Study:
    code = given.get("code").text()
    kind = given.get("kind").choice(("score", "comment"))
    if kind is None:
        raise given.get("kind").fail("thiếu. Ghi score (nhận xét và điểm) hoặc comment (nhận xét).")
    terms = tuple(_term(given.get(term), bool(kind), code, invalid) for term in TERMS)
    required = _required(given, regulation, kind, terms)
    core = code in ("TOAN", "NGUVAN", "NGOAINGU")
    subject = Subject(code, "comment" if kind else "score", required, core)
    return Study(subject, (terms[0], terms[1]), _without(given.get("exempt")))


def _required(given: Place, regulation: str, kind: int, terms: tuple[TermMarks, ...]) -> int:
    """Number of regular marks by periods; a file without them is taken at its word."""
    periods = given.get("periods")
    name = "comment" if kind else "score"
    if periods.value is not None:
        return formative_required(regulation, name, periods.number())
    return max(2, *(len(marks.formative) for marks in terms)) if regulation == tt58_2011.CODE else 2


def _without(exempt: Place) -> tuple[int, ...]:
    """Terms without assessment: true and "year" mean both."""
    if exempt.value is None or exempt.value is False:
        return ()
    if exempt.value is True:
        return (1, 2)
    return ((1, 2), (1,), (2,))[exempt.choice(("year", *TERMS)) or 0]


def _term(given: Place, is_comment: bool, code: str, invalid: list[str]) -> TermMarks:
    if given.value is None:
        return TermMarks()
    read = _passed if is_comment else _mark

    def mark(place: Place) -> Mark:
        """null is an assessment missed without make-up; a mark that is none is kept apart and counts as not entered."""
        if place.value is None:
            return Gap.ABSENT
        try:
            return read(place)
        except FileError:
            if not isinstance(place.value, str | int | float):
                raise
            if (finding := f"invalid:{code}") not in invalid:
                invalid.append(finding)
            return None

    if is_comment:
        results = given.get("results")
        found = [mark(result) for result in results.items()] if results.value is not None else []
        found += [None] * (2 - len(found))
        return TermMarks(tuple(found[:-2]), found[-2], found[-1])
    fields = given.fields()
    formative = tuple(mark(place) for place in fields["tx"].items()) if "tx" in fields else ()
    midterm, final = (mark(fields[key]) if key in fields else None for key in ("gk", "ck"))
    return TermMarks(formative, midterm, final)


def _mark(place: Place) -> int:
    try:
        return read_mark(place.text())
    except ValueError as error:
        raise place.fail(str(error)) from None


def _passed(place: Place) -> bool:
    given = place.choice(PASSED)
    if given is None:
        raise place.fail("thiếu. Ghi Đ hoặc CĐ.")
    return bool(given)


def _evaluate_22(given: Place, regulation: str) -> Answer:
    pupil, invalid = _secondary_pupil(given, regulation, LEVELS)
    year = tt22_2021.evaluate_year(pupil)
    result = {
        "subjects": _subjects(year),
        **_learning(year, "learning"),
        "conduct_year": _word(year.conduct),
        "promotion": _word(year.promotion),
        "retake_subjects": sorted(year.retakes),
        "award": _award(year.award),
    }
    return _with_findings(result, year, invalid), year.traces(), _names(given, regulation)


def _evaluate_58(given: Place, regulation: str) -> Answer:
    pupil, invalid = _secondary_pupil(given, regulation, CONDUCT58)
    year = tt58_2011.evaluate_year(pupil)
    periods = _periods(year)
    result = {
        "subjects": _subjects(year),
        "overall": {key: period.overall and _plain(period.overall) for key, period in periods.items()},
        **_learning(year, "academic"),
        "promotion": _word(year.promotion),
        "retake_subjects": sorted(year.retakes),
        "title": {
            key: _award(period.award if isinstance(period, YearResult) else period.title)
            for key, period in periods.items()
        },
    }
    return _with_findings(result, year, invalid), year.traces(), _names(given, regulation)


def _periods(year: YearResult) -> dict[str, TermResult | YearResult]:
    return {"hk1": year.terms[0], "hk2": year.terms[1], "cn": year}


def _subjects(year: YearResult) -> dict[str, dict[str, str | None]]:
    codes = dict.fromkeys(code for period in _periods(year).values() for code in period.subjects)
    return {
        code: {
            key: _plain(period.subjects[code]) if code in period.subjects else None
            for key, period in _periods(year).items()
        }
        for code in codes
    }


def _learning(year: YearResult, key: str) -> dict[str, Any]:
    levels = {term: period.learning for term, period in _periods(year).items()}
    return {
        key: {term: _word(trace) for term, trace in levels.items()},
        f"{key}_base": {term: _word(trace._replace(value=trace.base)) for term, trace in levels.items()},
        "adjusted": {term: trace.base != trace.value for term, trace in levels.items()},
    }


def _with_findings(result: dict[str, Any], year: YearResult, invalid: list[str]) -> dict[str, Any]:
    """After the summer, and what was refused or is missing, where there is any of it."""
    if year.after_summer:
        result["after_summer"] = _summer(year.after_summer)
    missing = [item.subject for trace in year.traces() for item in trace.missing if item.subject]
    if errors := invalid + _missing(missing, invalid):
        result["errors"] = errors
    return result


def _summer(after: AfterSummer) -> dict[str, Any]:
    retaken = {code: _plain(trace) for code, trace in after.subjects.items() if trace.term == SUMMER}
    overall = {"overall": _plain(after.overall)} if after.overall else {}
    levels = {"learning": _word(after.learning), "conduct": _word(after.conduct)}
    return {"subjects": retaken, **overall, **levels, "promotion": _word(after.promotion)}


def _missing(codes: list[str], invalid: list[str]) -> list[str]:
    return [f"missing:{code}" for code in dict.fromkeys(codes) if f"invalid:{code}" not in invalid]


def _plain(trace: Trace) -> str | None:
    """A mark with a point as in the file, or Đ / CĐ."""
    if trace.value is None:
        return None
    return PASSED[trace.value] if isinstance(trace.value, bool) else mark_text(trace.value).replace(",", ".")


def _word(trace: Trace) -> str | None:
    return None if trace.value is None else Words(trace).value()


def _award(trace: Trace | None) -> str | None:
    return _word(trace) if trace and trace.value else None


# Primary schools


def _evaluate_27(given: Place, regulation: str) -> Answer:
    pupil, errors = _primary_pupil(given, regulation, tt27_2020.LOWEST_TEST_MARK)
    return _primary(tt27_2020.evaluate_year(pupil), errors, given, regulation)


def _evaluate_30(given: Place, regulation: str) -> Answer:
    pupil, errors = _primary_pupil(given, regulation, tt30_2014.LOWEST_TEST_MARK)
    return _primary(tt30_2014.evaluate_year(pupil), errors, given, regulation)


def _primary_pupil(given: Place, regulation: str, lowest: int) -> tuple[PrimaryPupil, list[str]]:
    grade, invalid = _grade(given, regulation), list[str]()
    levels, tests = given.get("levels").fields(), given.get("tests").fields()
    curriculum = subjects_of(regulation, grade)
    tested = {subject.short for subject in curriculum if subject.kind == "test"}
    wanted = [subject.short for subject in curriculum if not subject.elective and not subject.part_of]
    subjects = tuple(
        PrimarySubject(
            code,
            levels[code].choice(RATINGS["level"]) if code in levels else None,
            code in tested or code in tests,
            _attempts(tests[code], code, lowest, invalid) if code in tests else (),
        )
        for code in dict.fromkeys([*levels, *wanted, *tests])
    )
    rated = given.get("traits").fields()
    codes = dict.fromkeys([*rated, *(trait.code for trait in traits_for(regulation, grade))])
    traits = tuple((code, rated[code].choice(RATINGS["trait"]) if code in rated else None) for code in codes)
    outstanding, recognised = given.get("outstanding_one").flag(), given.get("class_recognised").flag()
    return PrimaryPupil(grade, subjects, traits, outstanding, recognised), invalid


def _attempts(tests: Place, code: str, lowest: int, invalid: list[str]) -> tuple[int, ...]:
    """Marks of the attempts; if one is none, the subject has no mark that could count."""
    try:
        return tuple(read_whole_mark(str(attempt.value), lowest) for attempt in tests.items())
    except ValueError:
        invalid.append(f"invalid:{code}")
        return ()


def _primary(result: PrimaryResult, invalid: list[str], given: Place, regulation: str) -> Answer:
    complete = result.completion.value
    answer: dict[str, Any] = {
        "award": _award(result.award),
        "complete_grade": None if complete is None else bool(complete),
        "complete_primary": result.complete_primary,
        "errors": invalid + _missing([item.subject for item in result.completion.missing], invalid),
    }
    if result.level:
        answer["level"] = _word(result.level)
    return answer, result.traces(), _names(given, regulation)


_EVALUATORS: Mapping[str, Callable[[Place, str], Answer]] = {
    tt22_2021.CODE: _evaluate_22,
    tt58_2011.CODE: _evaluate_58,
    tt27_2020.CODE: _evaluate_27,
    tt30_2014.CODE: _evaluate_30,
}
