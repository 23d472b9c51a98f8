"""Short ways to write marks: "9,0 9,0 9,6; 8,5; 9,0" is regular marks; middle; end of the term."""

from khue.school.assessment.rules.marks import Study, Subject, TermMarks
from khue.school.assessment.rules.numbers import read_mark
from khue.school.assessment.rules.trace import Trace

COMMENTS = ("gdtc", "nghe_thuat", "hdtn", "gddp")
CORE = ("toan", "ngu_van", "ngoai_ngu")
ABSENCES = (("", 0),)


def marks(text: str) -> TermMarks:
    formative, midterm, final = text.split(";")
    return TermMarks(tuple(map(read_mark, formative.split())), read_mark(midterm), read_mark(final))


def passed(*results: bool) -> TermMarks:
    return TermMarks(results[:-2], results[-2], results[-1])


def flat(mark: int, formative: int = 2) -> TermMarks:
    """A term in which every mark is the same, so that this is the average."""
    return TermMarks((mark,) * formative, mark, mark)


def study(code: str, mark: int, second: int | None = None, **more) -> Study:
    """A subject with marks whose averages are ``mark`` in the first, ``second`` (or the same) in the second term."""
    terms = (flat(mark), flat(mark if second is None else second))
    return Study(Subject(code, "score", 2, code in CORE), terms, **more)


def comment(code: str, *results: bool, **more) -> Study:
    """A subject with comments; ``results`` of the two terms, both Đạt if not given."""
    first, second = results or (True, True)
    terms = (passed(True, True, True, first), passed(True, True, True, second))
    return Study(Subject(code, "comment", 2), terms, **more)


def graded(scores: str, failed: tuple[str, ...] = (), core: tuple[int, ...] = (0, 1, 2), comments: int = 4) -> list:
    """Results of subjects as a level wants them: "8,2 8,5 …", and the comments that are Chưa đạt."""
    subjects = [Subject(f"s{number}", "score", 2, number in core) for number, _ in enumerate(scores.split())]
    found = [
        (subject, Trace("22.year_average", read_mark(mark), subject.code))
        for subject, mark in zip(subjects, scores.split(), strict=True)
    ]
    return found + [
        (Subject(code, "comment", 2), Trace("22.year_comment", code not in failed, code))
        for code in COMMENTS[:comments]
    ]
