"""What a file is: the layout it has, the kind of list in it, the school and the school year it names."""

import functools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from khue.base.core.text import clean_text, search_key
from khue.base.sheets.fields import DATA, KINDS, load_fields
from khue.base.sheets.headers import matcher, normalise_header
from khue.base.sheets.layout import find_headers
from khue.base.sheets.workbook import Cell, Sheet, Workbook, column_letter

_HEAD = 60
_TITLE_ROWS = 10
_SCHOOL_CODE = re.compile(r"\bma (?:truong|don vi|co so)\s*:?\s*(?P<code>[0-9a-z][\w.-]{3,19})?")
_SCHOOL_YEAR = re.compile(r"\b(20\d\d)\s*[-–/]\s*(20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Profile:
    """A known layout: `columns` (header → field) go before the alias table; `kind` None if it serves several kinds."""

    code: str
    label: str
    kind: str | None
    columns: dict[str, str] = field(default_factory=dict)
    match: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SchoolHint:
    """A trace of the school in a file: `source` is column, title, text or folder, in the order of their weight.

    `value` is a code for column and title, a whole text for text (the caller looks for a school's exact name), the
    folder's name for folder (which is or begins with the code). `sheet` and `cell` say where it stands.
    """

    source: str
    value: str
    sheet: str | None = None
    cell: str | None = None


@functools.cache
def load_profiles() -> tuple[Profile, ...]:
    """All profiles of `data/profiles`, by their file's name."""
    return tuple(_profile(path) for path in sorted((DATA / "profiles").glob("*.toml")))


def _profile(path: Path) -> Profile:
    data = tomllib.loads(path.read_text("utf-8"))
    return Profile(path.stem, data["label"], data.get("kind"), data.get("columns", {}), data["match"])


def recognise_profile(workbook: Workbook, name: str | None = None) -> Profile | None:
    """The known layout of a file, None for a layout of its own. `name` is the file's original name."""
    seen = _Seen.of(workbook, name)
    scored = [(seen.points(profile), profile) for profile in load_profiles()]
    fitting = [(score, profile) for score, profile in scored if score >= profile.match["points"]]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


@dataclass(slots=True)
class _Seen:
    """What profiles look at: names of file and sheets, texts of the first rows, headers."""

    file: str
    sheets: list[str]
    texts: list[str]
    headers: set[str]
    raw: set[str]

    @classmethod
    def of(cls, workbook: Workbook, name: str | None) -> "_Seen":
        raw = {
            clean_text(cell)
            for sheet in workbook.sheets
            for row in sheet.rows[:_HEAD]
            for cell in row
            if isinstance(cell, str)
        }
        short = {text for text in raw if text and len(text) <= 80}
        texts = [search_key(text) for sheet in workbook.sheets for _, text in _first_texts(sheet)]
        file = search_key(PurePath(name or workbook.path).name)
        headers = {normalise_header(text).key for text in short}
        return cls(file, [search_key(sheet.name) for sheet in workbook.sheets], texts, headers, short)

    def points(self, profile: Profile) -> int:
        match, score = profile.match, 0
        score += 2 * bool("file" in match and re.search(match["file"], self.file))
        score += 2 * bool("text" in match and any(re.search(match["text"], text) for text in self.texts))
        score += bool("sheet" in match and any(re.search(match["sheet"], sheet) for sheet in self.sheets))
        if "headers" in match:
            hits = sum(normalise_header(header).key in self.headers for header in match["headers"])
            score += 3 * (hits >= match["headers_needed"])
        return score + 4 * bool(match.get("template") and self._is_template())

    def _is_template(self) -> bool:
        """Four labels of a template or more, stars included, and the required ones complete."""
        for kind in KINDS:
            required = {f.header for f in load_fields(kind).fields if f.required}
            labels = {f.header for f in load_fields(kind).fields}
            if required <= self.raw and len(labels & self.raw) >= 4:
                return True
        return False


def _first_texts(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """(cell, text) of the first ten rows."""
    for number, row in enumerate(sheet.rows[:_TITLE_ROWS], start=1):
        for index, cell in enumerate(row, start=1):
            if cell is not None and (text := clean_text(str(cell))):
                yield f"{column_letter(index)}{number}", text


def guess_kind(workbook: Workbook, profile: Profile | None = None) -> str | None:
    """The kind of list that most headers speak for; None if no sheet has a header that is known."""
    if profile is not None and profile.kind is not None:
        return profile.kind
    scores = {kind: max((_score(sheet, kind) for sheet in workbook.sheets), default=0.0) for kind in KINDS}
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] > 0 else None


def other_kind(sheet: Sheet, kind: str) -> str | None:
    """The kind that a sheet plainly is instead of ``kind``: it has all required columns of that one, but not of this.

    A file may hold a list of rooms and, on its next sheet, what stands in them.
    """
    if _is_whole(sheet, kind):
        return None
    return next((other for other in KINDS if other != kind and _is_whole(sheet, other)), None)


def _is_whole(sheet: Sheet, kind: str) -> bool:
    required = {f.name for f in load_fields(kind).fields if f.required}
    return any(required <= names for names, _asked in _named(sheet, kind))


def _named(sheet: Sheet, kind: str) -> Iterator[tuple[set[str], int]]:
    """(fields recognised, columns that are a question) of each header in the first rows."""
    head = replace(sheet, rows=sheet.rows[:_HEAD])
    for block in find_headers(head, matcher(kind)):
        yield {c.field for c in block.columns if c.field}, sum(1 for c in block.columns if c.candidates)


def _score(sheet: Sheet, kind: str) -> float:
    """Columns recognised in the first rows, required ones twice; all of them required counts as a whole."""
    required = {f.name for f in load_fields(kind).fields if f.required}
    best = 0.0
    for names, asked in _named(sheet, kind):
        best = max(best, len(names) + asked + len(names & required) + 3 * len(names & required) / len(required))
    return best


def find_school(workbook: Workbook, name: str | PurePath | None = None) -> list[SchoolHint]:
    """Where a file says which school it belongs to, in the order of weight: column, title line, text, folder.

    `name` is the path of the file as it was given (in a ZIP: inside the ZIP); the caller knows the schools and decides.
    """
    hints = [hint for sheet in workbook.sheets for hint in _column_hints(sheet)]
    texts = [(sheet, *found) for sheet in workbook.sheets for found in _first_texts(sheet)]
    titles = []
    for position, (sheet, cell, text) in enumerate(texts):
        if code := _code_in_title(text, texts[position + 1][2] if position + 1 < len(texts) else ""):
            titles.append(SchoolHint("title", code, sheet.name, cell))
    hints += titles
    hints += [SchoolHint("text", text, sheet.name, cell) for sheet, cell, text in texts if _may_name_school(text)]
    folders = [part for part in PurePath(name or workbook.path).parts[:-1] if part not in ("/", "\\", ".")]
    return hints + [SchoolHint("folder", folder) for folder in reversed(folders)]


def _may_name_school(text: str) -> bool:
    return 5 <= len(text) <= 150 and sum(c.isalpha() for c in text) >= 5


def _code_in_title(text: str, following: str) -> str | None:
    """The code of a line "Mã trường: 19164301", or of the cell to the right of "Mã trường:"."""
    match = _SCHOOL_CODE.search(search_key(text))
    if match is None:
        return None
    code = match["code"] or (following if ":" in text else "")
    return code.upper() if code and any(c.isdigit() for c in code) and " " not in code else None


def _column_hints(sheet: Sheet) -> list[SchoolHint]:
    """Different values of a column "Mã trường", the most frequent first."""
    for number, row in enumerate(sheet.rows[:_HEAD], start=1):
        for index, cell in enumerate(row):
            if isinstance(cell, str) and normalise_header(cell).key in ("ma truong", "ma don vi") and len(cell) < 40:
                values = Counter(_code(below[index]) for below in sheet.rows[number:] if _code(below[index]))
                if values and ":" not in cell:
                    place = f"{column_letter(index + 1)}{number}"
                    return [SchoolHint("column", value, sheet.name, place) for value, _ in values.most_common(50)]
    return []


def _code(cell: Cell) -> str:
    text = str(cell).strip() if isinstance(cell, str | int) and not isinstance(cell, bool) else ""
    return text if 3 <= len(text) <= 20 and text[:1].isalnum() and text.replace("-", "").isalnum() else ""


def find_years(workbook: Workbook) -> list[int]:
    """School years that the titles name ("Năm học 2026-2027" → 2026), the most frequent first."""
    years: Counter[int] = Counter()
    for sheet in workbook.sheets:
        for _, text in _first_texts(sheet):
            for first, second in _SCHOOL_YEAR.findall(text):
                if int(second) == int(first) + 1:
                    years[int(first)] += 1
    return [year for year, _ in years.most_common()]
