"""Rows of a CSV file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from .limits import MAX_CELLS, MAX_ROWS, Refused

DELIMITERS = ",;\t|"
_GUARD = re.compile(r"^'(?='*[=+\-@\t\r])")
_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)
_HINT = re.compile(r"^sep=(.)\r?\n")


def read(path: str, codec: str) -> tuple[str, list[list[str | None]]]:
    """The delimiter, and the records as equally long rows. Blank records keep their place."""
    try:
        with open(path, encoding=codec, newline="", errors="strict") as file:
            text = file.read().replace("\x00", "")
    except UnicodeError as error:
        raise Refused("undecodable") from error
    delimiter = _delimiter(text)
    text = _HINT.sub("", text)
    return delimiter, _rectangle(list(_records(text, delimiter)))


def _delimiter(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of fields."""
    if hint := _HINT.match(text):
        return hint[1]
    lines = text[:100_000].splitlines(keepends=True)[:50]
    return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def _regularity(lines: list[str], delimiter: str) -> int:
    try:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if len(record) > 1)
    except csv.Error:
        return 0
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def _records(text: str, delimiter: str) -> Iterator[list[str | None]]:
    csv.field_size_limit(1_000_000)
    cells = 0
    try:
        for index, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            cells += len(record)
            if index >= MAX_ROWS:
                raise Refused("too_many_rows", sheet="CSV", rows=index + 1)
            if cells > MAX_CELLS:
                raise Refused("too_many_cells", cells=cells)
            yield [_cell(value) for value in record]
    except csv.Error as error:
        raise Refused("damaged") from error


def _cell(value: str) -> str | None:
    """Takes away the ' that keeps formulas from running, and Excel's ="0123" around text."""
    if value[:1] == "'":
        return _GUARD.sub("", value)
    if value[:2] == '="' and (text := _AS_TEXT.match(value)):
        return text[1]
    return value if value and not value.isspace() else None


def _rectangle(rows: list[list[str | None]]) -> list[list[str | None]]:
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise Refused("too_many_cells", cells=width * len(rows))
    return [row + [None] * (width - len(row)) for row in rows]
