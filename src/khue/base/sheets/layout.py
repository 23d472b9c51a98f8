"""Where the headers of a sheet are: one to three lines that name the fields of a kind."""

import itertools
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from khue.base.core.text import clean_text
from khue.base.sheets.columns import Column
from khue.base.sheets.headers import Match, Matcher, normalise_header
from khue.base.sheets.workbook import Cell, Sheet

_LONGEST = 120


@dataclass(slots=True)
class HeaderBlock:
    """Lines `top` to `bottom` (from 1) and the columns that they name."""

    top: int
    bottom: int
    columns: list[Column]

    @property
    def score(self) -> int:
        """How many different meanings the lines name."""
        return len({(column.field, column.candidates) for column in self.columns if column.field or column.candidates})


def find_headers(sheet: Sheet, look: Matcher) -> list[HeaderBlock]:
    """All header blocks, from the top down."""
    blocks: list[HeaderBlock] = []
    spans = _Spans(sheet)
    for number in _anchor_rows(sheet, look):
        if not blocks or number > blocks[-1].bottom:
            floor = blocks[-1].bottom if blocks else 0
            block = _best_block(sheet, look, spans, number, floor)
            if block is not None:
                blocks.append(block)
    return blocks


def _anchor_rows(sheet: Sheet, look: Matcher) -> list[int]:
    """Rows that name an anchor field (a name, a code).

    Most cells are told from a header by their first word; texts and words repeat, so each is looked at once.
    """
    texts = {cell for cell in set().union(*sheet.rows) if cell.__class__ is str and len(cell) <= _LONGEST}
    begin: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        begin[(text.split(None, 1) or ("",))[0]].append(text)
    likely = (word for word in begin if normalise_header(word).key.partition(" ")[0] in look.anchor_words)
    anchors = {text for word in likely for text in begin[word] if look.is_anchor(text)}
    return [number for number, row in enumerate(sheet.rows, start=1) if not anchors.isdisjoint(row)]


def _best_block(sheet: Sheet, look: Matcher, spans: "_Spans", row: int, floor: int) -> HeaderBlock | None:
    """The block of lines around an anchor that names most columns; the fewer lines the better."""
    ranges = [(row, row), (row, row + 1), (row - 1, row), (row, row + 2), (row - 1, row + 1), (row - 2, row)]
    best: HeaderBlock | None = None
    for top, bottom in ranges:
        if top > floor and bottom <= len(sheet.rows):
            block = _block(sheet, look, spans, top, bottom, row)
            if block is not None and (best is None or block.score > best.score):
                best = block
    return best if best is not None and best.score >= 2 and _is_header(sheet.rows[row - 1], best) else None


def _is_header(row: list[Cell], block: HeaderBlock) -> bool:
    """Data rows may hold a word that is a header elsewhere; headers have no dates and are mostly recognised."""
    filled = [cell for cell in row if cell is not None and str(cell).strip()]
    texts = sum(isinstance(cell, str) for cell in filled)
    if any(isinstance(cell, date) for cell in filled) or texts < len(filled) * 0.8:
        return False
    return block.score >= 4 or block.score >= len(block.columns) * 0.4


def _block(sheet: Sheet, look: Matcher, spans: "_Spans", top: int, bottom: int, anchor: int) -> HeaderBlock | None:
    lines = [spans.line(number) for number in range(top, bottom + 1)]
    if any(not _only_texts(sheet.rows[number - 1]) for number in range(top, bottom + 1) if number != anchor):
        return None
    columns, matches = [], 0
    for index in range(sheet.width):
        texts = _stack(lines, index)
        if texts is None:
            continue
        match = look.lines(texts)
        if _is_data_below(lines, index, anchor - top, look, match):
            return None
        matches += match is not None
        columns.append(_column(look, index + 1, texts, match))
    _split_names(spans, columns, bottom)
    return HeaderBlock(top, bottom, columns) if matches else None


def _only_texts(row: list[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None]
    return bool(filled) and all(isinstance(cell, str) for cell in filled)


def _stack(lines: list[list[str]], index: int) -> tuple[str, ...] | None:
    """The different texts over a column, outermost first; a group to the left reaches over blanks above a text."""
    texts: list[str] = []
    for depth, line in enumerate(lines):
        text = line[index]
        if not text and any(lower[index] for lower in lines[depth + 1 :]):
            text = _group_to_the_left(lines, depth, index)
        if text and text not in texts:
            texts.append(text)
    return tuple(texts) or None


def _group_to_the_left(lines: list[list[str]], depth: int, index: int) -> str:
    """The next text to the left on this line, if it has texts below it, that is, if it is a group."""
    for left in range(index - 1, -1, -1):
        if text := lines[depth][left]:
            return text if any(lower[left] and lower[left] != text for lower in lines[depth + 1 :]) else ""
    return ""


def _is_data_below(lines: list[list[str]], index: int, anchor: int, look: Matcher, match: Match | None) -> bool:
    """Under a header that means a field by itself stands another text that means nothing: that is a row of data."""
    own = lines[anchor][index]
    below = next((line[index] for line in lines[anchor + 1 :] if line[index] and line[index] != own), "")
    return bool(own and below) and match is None and look.single(own) is not None and look.single(below) is None


def _column(look: Matcher, number: int, texts: tuple[str, ...], match: Match | None) -> Column:
    header = " / ".join(texts)
    if match is None:
        return Column(number, header)
    hint = look.fields[match.field].hint if match.field else ""
    return Column(number, header, match.field, match.candidates, reading=match.reading, hint=hint)


def _split_names(spans: "_Spans", columns: list[Column], bottom: int) -> None:
    """A header "Họ và tên" merged over two columns: family and middle names, then the given name."""
    for left, right in itertools.pairwise(columns):
        same = left.field is not None and left.field == right.field and left.reading == right.reading == "value"
        if same and spans.together(bottom, left.index, right.index):
            left.reading, right.reading = "family", "given"


def _text(cell: Cell) -> str:
    return clean_text(cell)[:_LONGEST] if isinstance(cell, str) else ""


class _Spans:
    """Lines of a sheet with merged ranges filled in, cleaned for reading as headers."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._lines: dict[int, list[str]] = {}

    def line(self, number: int) -> list[str]:
        if number not in self._lines:
            line = [_text(cell) for cell in self._sheet.rows[number - 1]]
            for top, left, bottom, right in self._sheet.merged:
                if top <= number <= bottom:
                    text = _text(self._sheet.cell(top, left))
                    for index in range(left - 1, min(right, len(line))):
                        line[index] = text
            self._lines[number] = line
        return self._lines[number]

    def together(self, row: int, left: int, right: int) -> bool:
        """Whether one merged range covers both columns of a row."""
        return any(t <= row <= b and lo <= left and right <= hi for t, lo, b, hi in self._sheet.merged)
