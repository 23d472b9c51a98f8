"""Traces in Vietnamese: formula, article, which condition decided, what would have changed the result.

Made only when somebody looks; decimals have a comma. ``names`` gives names of subjects, qualities and competences by
code; a code without a name stands for itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .numbers import mark_text
from .trace import Lift, Missing, Trace

LEVELS = ("Chưa đạt", "Đạt", "Khá", "Tốt")
ACADEMIC = ("Kém", "Yếu", "Trung bình", "Khá", "Giỏi")
CONDUCT58 = ("Yếu", "Trung bình", "Khá", "Tốt")
PASSED = ("CĐ", "Đ")
OUTCOMES22 = (
    "Ở lại lớp",
    "Rèn luyện trong kì nghỉ hè và kiểm tra, đánh giá lại",
    "Kiểm tra, đánh giá lại",
    "Rèn luyện trong kì nghỉ hè",
    "Lên lớp",
)
OUTCOMES58 = (*OUTCOMES22[:2], "Kiểm tra lại các môn", *OUTCOMES22[3:])
AWARDS22 = ("Không", "Học sinh Giỏi", "Học sinh Xuất sắc")
TITLES58 = ("Không", "Học sinh tiên tiến", "Học sinh giỏi")
COMPLETION27 = ("Chưa hoàn thành", "Hoàn thành", "Hoàn thành tốt", "Hoàn thành xuất sắc")
AWARDS27 = ("Không", "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện", "Học sinh Xuất sắc")
AWARDS30 = (
    "Không",
    "Có thành tích vượt trội hoặc tiến bộ vượt bậc",
    "Hoàn thành xuất sắc các nội dung học tập và rèn luyện",
)
RATINGS = {"level": ("C", "H", "T"), "trait": ("C", "Đ", "T")}

Scale = tuple[str, ...] | None
"""Words of the values of a result, the lowest first; None: marks."""


class RuleText(NamedTuple):
    """What is said of one kind of result, whoever it is about."""

    label: str
    article: str
    formula: str
    scale: Scale


STUDY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "22": ("kết quả học tập", LEVELS),
    "58": ("học lực", ACADEMIC),
    "27": ("kết quả giáo dục", COMPLETION27),
    "30": ("kết quả giáo dục", COMPLETION27),
}
CONDUCT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "22": ("kết quả rèn luyện", LEVELS),
    "58": ("hạnh kiểm", CONDUCT58),
}
"""What each regulation calls study and conduct, and their levels."""


_AVERAGE = "(tổng điểm thường xuyên + 2 × giữa kì + 3 × cuối kì) / (số điểm thường xuyên + 5)"
_YEAR = "(trung bình học kì I + 2 × trung bình học kì II) / 3"
_T22, _T58, _T27, _T30 = (
    "Thông tư 22/2021",
    "Thông tư 58/2011, 26/2020",
    "Thông tư 27/2020",
    "Thông tư 30/2014, 22/2016",
)


def _secondary(prefix: str, circular: str, comment: str, subject: str, retake: str) -> dict[str, RuleText]:
    return {
        f"{prefix}.average": RuleText("Trung bình môn", f"{circular}, {subject}", _AVERAGE, None),
        f"{prefix}.year_average": RuleText("Trung bình môn", f"{circular}, {subject}", _YEAR, None),
        f"{prefix}.comment": RuleText("Kết quả môn", f"{circular}, {subject}", comment, PASSED),
        f"{prefix}.combined": RuleText(
            "Kết quả môn", f"{circular}, {subject}", "Đạt khi mọi nội dung của môn đều Đạt", PASSED
        ),
        f"{prefix}.year_comment": RuleText(
            "Kết quả môn", f"{circular}, {subject}", "kết quả học kì II là kết quả cả năm", PASSED
        ),
        f"{prefix}.retake": RuleText(
            "Đánh giá lại", f"{circular}, {retake}", "kết quả đánh giá lại thay kết quả cả năm", None
        ),
    }


RULES: Mapping[str, RuleText] = {
    **_secondary("22", _T22, "Đạt khi đủ số lần đánh giá và mọi lần đều Đạt", "Điều 9 khoản 1", "Điều 14"),
    **_secondary("58", _T58, "Đ khi đủ số bài, ít nhất 2/3 số bài Đ, trong đó có bài cuối kì", "Điều 10", "Điều 16"),
    "22.learning": RuleText(
        "Kết quả học tập",
        f"{_T22}, Điều 9 khoản 2, 3",
        "Tốt: mọi môn từ 6,5, ít nhất 6 môn từ 8,0; Khá: mọi môn từ 5,0, ít nhất 6 môn từ 6,5; Đạt: không môn nào "
        "dưới 3,5, ít nhất 6 môn từ 5,0, nhiều nhất 1 môn nhận xét Chưa đạt",
        LEVELS,
    ),
    "22.conduct": RuleText(
        "Kết quả rèn luyện", f"{_T22}, Điều 8 khoản 2", "theo mức của học kì I và học kì II", LEVELS
    ),
    "22.summer_conduct": RuleText(
        "Kết quả rèn luyện", f"{_T22}, Điều 13", "mức sau rèn luyện trong hè thay mức cả năm", LEVELS
    ),
    "22.promotion": RuleText(
        "Lên lớp",
        f"{_T22}, Điều 12, 13, 14",
        "rèn luyện từ Đạt, học tập từ Đạt, nghỉ không quá 45 buổi",
        OUTCOMES22,
    ),
    "22.award": RuleText(
        "Khen thưởng",
        f"{_T22}, Điều 15",
        "Giỏi: rèn luyện Tốt, học tập Tốt; Xuất sắc: thêm ít nhất 6 môn từ 9,0",
        AWARDS22,
    ),
    "58.overall": RuleText(
        "Trung bình các môn", f"{_T58}, Điều 11", "trung bình cộng của mọi môn tính điểm, không hệ số", None
    ),
    "58.learning": RuleText(
        "Học lực",
        f"{_T58}, Điều 13",
        "trung bình các môn, một trong Toán, Ngữ văn, Ngoại ngữ, mọi môn: Giỏi từ 8,0, 8,0, 6,5; Khá từ 6,5, 6,5, 5,0; "
        "Trung bình từ 5,0, 5,0, 3,5, các môn nhận xét Đ; Yếu: trung bình từ 3,5, mọi môn từ 2,0",
        ACADEMIC,
    ),
    "58.conduct": RuleText(
        "Hạnh kiểm", f"{_T58}, Điều 4", "giáo viên chủ nhiệm xếp, chủ yếu theo học kì II", CONDUCT58
    ),
    "58.title": RuleText(
        "Danh hiệu",
        f"{_T58}, Điều 18",
        "giỏi: hạnh kiểm Tốt, học lực Giỏi; tiên tiến: hạnh kiểm từ Khá, học lực từ Khá",
        TITLES58,
    ),
    "58.promotion": RuleText(
        "Lên lớp",
        f"{_T58}, Điều 15, 16, 17",
        "hạnh kiểm từ Trung bình, học lực từ Trung bình, nghỉ không quá 45 buổi",
        OUTCOMES58,
    ),
    "27.level": RuleText(
        "Đánh giá kết quả giáo dục",
        f"{_T27}, Điều 9",
        "Xuất sắc: mọi môn T, mọi phẩm chất và năng lực Tốt, mọi bài từ 9; Tốt: như trên, mọi bài từ 7; "
        "Hoàn thành: mọi môn từ H, mọi phẩm chất và năng lực từ Đạt, mọi bài từ 5",
        COMPLETION27,
    ),
    "27.completion": RuleText(
        "Hoàn thành chương trình lớp học",
        f"{_T27}, Điều 11",
        "kết quả giáo dục từ Hoàn thành; chưa hoàn thành thì hiệu trưởng xét việc lên lớp",
        COMPLETION27[:2],
    ),
    "27.award": RuleText(
        "Khen thưởng",
        f"{_T27}, Điều 13",
        "Xuất sắc: Hoàn thành xuất sắc; Tiêu biểu: Hoàn thành tốt, nổi bật và được lớp công nhận",
        AWARDS27,
    ),
    "30.completion": RuleText(
        "Hoàn thành chương trình lớp học",
        _T30,
        "mọi môn từ H, mọi năng lực và phẩm chất từ Đạt, mọi bài cuối năm từ 5",
        COMPLETION27[:2],
    ),
    "30.award": RuleText(
        "Khen thưởng",
        _T30,
        "xuất sắc: mọi môn T, mọi năng lực và phẩm chất Tốt, mọi bài từ 9; vượt trội: nổi bật và được lớp công nhận",
        AWARDS30,
    ),
}

TERMS = ("cả năm", "học kì I", "học kì II", "sau hè")


class Words:
    """The words for one trace."""

    def __init__(self, trace: Trace, names: Mapping[str, str] | None = None) -> None:
        self.trace, self.names = trace, names or {}
        self.rule = RULES[trace.rule]

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def value(self) -> str:
        return self._shown(self.trace.value)

    def _shown(self, value: int | None) -> str:
        if value is None:
            return "chưa xác định"
        if self.rule.scale is None and not isinstance(value, bool):
            return mark_text(value)
        return (self.rule.scale or PASSED)[value]

    @property
    def regulation(self) -> str:
        return self.trace.rule[:2]

    def title(self) -> str:
        """ "Trung bình môn học kì: Toán, học kì I"."""
        parts = [self.name(self.trace.subject)] if self.trace.subject else []
        return f"{self.rule.label}: {', '.join([*parts, TERMS[self.trace.term]])}"

    def worked(self) -> str:
        """The formula with the pupil's own numbers, where there is one."""
        kind, trace = self.trace.rule[3:], self.trace
        if trace.value is None:
            return ""
        if kind == "average" and trace.inputs:
            formative, (midterm,), (final,) = trace.inputs
            total = sum(formative) + 2 * midterm + 3 * final
            terms = " + ".join([*map(mark_text, formative), f"2 × {mark_text(midterm)}", f"3 × {mark_text(final)}"])
            weight = len(formative) + 5
            return f"({terms}) / {weight} = {mark_text(total)} / {weight} → {self.value()}"
        if kind == "year_average" and None not in trace.inputs:
            first, second = trace.inputs
            total = mark_text(first + 2 * second)
            return f"({mark_text(first)} + 2 × {mark_text(second)}) / 3 = {total} / 3 → {self.value()}"
        if kind == "overall":
            total, count = mark_text(sum(mark for _, mark in trace.inputs)), len(trace.inputs)
            return f"{total} / {count} môn → {self.value()}"
        if kind == "comment":
            return f"{', '.join(PASSED[result] for result in trace.inputs)} → {self.value()}"
        return ""

    def decided(self) -> list[str]:
        return [CONDITIONS[code](self, *parameters) for code, *parameters in self.trace.decided]

    def lifts(self) -> list[str]:
        return [self._lift(lift) for lift in self.trace.lifts]

    def _lift(self, lift: Lift) -> str:
        changes = ", ".join(self._change(what, needed) for what, needed in lift.changes)
        return f"Nếu {changes} thì được {self._shown(lift.value)}."

    def _change(self, what: str, needed: int) -> str:
        if what.startswith("#"):
            return CHANGES[what[1:]](self.regulation, needed)
        kind, _, code = what.rpartition(":")
        if kind:
            return _rated(self.name(code), kind, needed)
        if isinstance(needed, bool):
            return f"{self.name(what)} được đánh giá Đạt"
        return f"{self.name(what)} đạt {mark_text(needed)}"

    def missing(self) -> list[str]:
        return [self._missing(item) for item in self.trace.missing]

    def _missing(self, item: Missing) -> str:
        where = ", ".join(part for part in (self.name(item.subject), TERMS[item.term] if item.term else "") if part)
        words = MISSING[item.what].format(number=item.number)
        return f"{where}: {words}" if where else _capital(words)

    def marks(self, scores: Sequence[tuple[str, int]]) -> str:
        return ", ".join(f"{self.name(code)} {mark_text(mark)}" for code, mark in scores)


def _rated(name: str, kind: str, given: int) -> str:
    return f"bài kiểm tra {name} {given} điểm" if kind == "test" else f"{name} mức {RATINGS[kind][given]}"


def _adjusted(words: Words, base: int, code: str) -> str:
    article = "khoản 3 Điều 9" if words.regulation == "22" else "khoản 6 Điều 13"
    scale = words.rule.scale or ()
    return f"Chỉ do {words.name(code)} mà bị xếp {scale[base]}: được điều chỉnh lên {words.value()} theo {article}."


CONDITIONS: Mapping[str, Callable[..., str]] = {
    "adjusted": _adjusted,
    "all_met": lambda words: "Đủ mọi điều kiện.",
    "below": lambda words, floor, scores: f"{words.marks(scores)} dưới {mark_text(floor)}.",
    "few": lambda words, mark, have, need: f"Có {have} môn từ {mark_text(mark)} trở lên, cần {need} môn.",
    "failed": lambda words, codes, allowed: (
        f"{', '.join(map(words.name, codes))} Chưa đạt" + (f", nhiều nhất {allowed} môn." if allowed else ".")
    ),
    "overall": lambda words, have, need: f"Trung bình các môn {mark_text(have)} dưới {mark_text(need)}.",
    "core": lambda words, have, need: (
        f"Không môn nào trong Toán, Ngữ văn, Ngoại ngữ từ {mark_text(need)} (cao nhất {mark_text(have)})."
    ),
    "reading": lambda words, reading: READING[reading],
    "absences": lambda words, count: f"Nghỉ {count} buổi, quá 45 buổi.",
    "conduct": lambda words, level: _capital(_of_scale(CONDUCT[words.regulation], level)) + ".",
    "learning": lambda words, level: _capital(_of_scale(STUDY[words.regulation], level)) + ".",
    "lone_term": lambda words, term: f"Chỉ có kết quả {TERMS[term]}.",
    "carried": lambda words, origin: f"Kết quả do {origin} chốt, giữ nguyên khi chuyển trường.",
    "origins": lambda words, *origins: f"Có điểm của {', '.join(origins)} chuyển đến.",
    "absent": lambda words: "Vắng không kiểm tra bù: tính 0 điểm, hoặc Chưa đạt.",
    "theory": lambda words: "Miễn phần thực hành: đánh giá bằng lí thuyết.",
    "level": lambda words, code, given: _sentence(words, "level", code, given),
    "trait": lambda words, code, given: _sentence(words, "trait", code, given),
    "test": lambda words, code, given: _sentence(words, "test", code, given),
    "outstanding": lambda words: "Chưa có thành tích nổi bật hoặc tiến bộ rõ rệt.",
    "recognised": lambda words: "Chưa được tập thể lớp công nhận.",
}


def _sentence(words: Words, kind: str, code: str, given: int) -> str:
    return _capital(_rated(words.name(code), kind, given)) + "."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _of_scale(named: tuple[str, tuple[str, ...]], level: int) -> str:
    name, scale = named
    return f"{name} {scale[level]}"


READING: Mapping[str, str] = {
    "made_good": "Cách hiểu: coi môn ấy như đã đạt, kể cả khi đếm số môn; cách hiểu kia cho kết quả khác.",
    "others_alone": "Cách hiểu: các môn còn lại phải tự đủ số môn; cách hiểu kia cho kết quả khác.",
}

CHANGES: Mapping[str, Callable[[str, int], str]] = {
    "assessments": lambda regulation, count: f"thêm {count} lần đánh giá được Đạt",
    "conduct": lambda regulation, level: _of_scale(CONDUCT[regulation], level),
    "conduct2": lambda regulation, level: f"rèn luyện học kì II {LEVELS[level]}",
    "learning": lambda regulation, level: _of_scale(STUDY[regulation], level),
    "absences": lambda regulation, count: f"nghỉ không quá {count} buổi",
    "overall": lambda regulation, mark: f"trung bình các môn đạt {mark_text(mark)}",
    "outstanding": lambda regulation, _: "có thành tích nổi bật hoặc tiến bộ rõ rệt",
    "recognised": lambda regulation, _: "được tập thể lớp công nhận",
}

MISSING = {
    "formative": "còn thiếu {number} lần đánh giá thường xuyên",
    "midterm": "còn thiếu đánh giá giữa kì",
    "final": "còn thiếu đánh giá cuối kì",
    "conduct": "còn thiếu kết quả rèn luyện (hạnh kiểm)",
    "absences": "chưa tổng hợp số buổi nghỉ cả năm",
    "level": "còn thiếu mức đạt được",
    "trait": "còn thiếu mức đạt được",
    "test": "còn thiếu điểm kiểm tra cuối năm",
    "school_decides": "chỉ học hoặc chỉ có kết quả một học kì, nhà trường quyết định kết quả cả năm",
    "principal_decides": "không đủ môn tính điểm để xếp mức, hiệu trưởng quyết định",
}


def to_dict(trace: Trace, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The trace for a page, the API or a JSON file: codes and numbers for programs, sentences for people."""
    words = Words(trace, names)
    return {
        "rule": trace.rule,
        "subject": trace.subject,
        "term": trace.term,
        "value": trace.value,
        "title": words.title(),
        "text": words.value(),
        "article": words.rule.article,
        "formula": words.rule.formula,
        "worked": words.worked(),
        "decided": words.decided(),
        "lifts": words.lifts(),
        "missing": words.missing(),
        "data": {"inputs": trace.inputs, "decided": trace.decided, "lifts": trace.lifts, "missing": trace.missing},
    }
