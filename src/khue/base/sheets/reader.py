"""Spreadsheets from outside, read safely: `read_workbook(path)` and `expand_zip(path, into)`."""

import json
import subprocess
import sys
import tempfile
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

from khue.base.sheets import encodings
from khue.base.sheets.archive import expand_zip, is_archive
from khue.base.sheets.encodings import Encoding
from khue.base.sheets.findings import Finding
from khue.base.sheets.unreadable import MAX_UPLOAD, Unreadable, check_size
from khue.base.sheets.workbook import Cell, Sheet, Workbook

__all__ = ["MAX_UPLOAD", "Unreadable", "expand_zip", "is_archive", "read_workbook"]

_FOLDER = Path(__file__).resolve().parent
_CHILD = (
    "import sys; sys.path.append(sys.argv[1]); from reader_child.main import main; "
    "main(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6]))"
)
_SAMPLE = 256 * 1024
_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How spreadsheets that are no text begin: what their bytes would look like as text is not asked."""


def read_workbook(
    path: str | Path, *, encoding: str = "", max_seconds: int = 60, max_memory: int = 600 * 1024 * 1024
) -> Workbook:
    """Reads XLSX, XLSM, XLS, ODS or CSV by its content, in a process of its own with limits.

    `encoding` (one of `encodings.CHOICES`) is how a CSV is stored, if its detected encoding is not to be believed.
    `max_seconds` bounds processor time and waiting, `max_memory` (bytes) the child's address space.
    Text stored in TCVN3 or VNI is read as Unicode, column by column. Raises Unreadable with a Vietnamese message.
    """
    path = Path(path)
    check_size(path)
    found = _encoding(path, encoding)
    with tempfile.TemporaryDirectory(prefix="khue-sheet-") as folder:
        out = Path(folder) / "cells.jsonl"
        _run_child(path, out, found.codec, max_seconds, max_memory)
        workbook = _load(path, out, found)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise Unreadable.of("empty")
    _compose(workbook)
    return workbook


def head_of(path: Path) -> bytes:
    """The first bytes of a file, from which its encoding is told."""
    with path.open("rb") as file:
        return file.read(_SAMPLE)


def _encoding(path: Path, chosen: str) -> Encoding:
    if chosen and chosen not in encodings.CHOICES:
        raise Unreadable.of("unknown_encoding", name=chosen)
    head = head_of(path)
    if head.startswith(_CONTAINERS):
        return Encoding()
    return encodings.choose(chosen, head) if chosen else encodings.detect(head)


def _run_child(path: Path, out: Path, codec: str, seconds: int, memory: int) -> None:
    # -I keeps the environment and the current folder out of the child; -S would hide calamine
    arguments = [str(_FOLDER), str(path.resolve()), str(out), codec, str(seconds), str(memory)]
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds + 5,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise Unreadable.of("too_slow", seconds=seconds) from expired
    if done.returncode:
        # SIGXCPU, or SIGKILL a second later: time; SIGABRT and everything else: memory or a fault of the reader
        raise Unreadable.of("too_slow" if done.returncode in (-24, -9) else "too_big", seconds=seconds)


def _load(path: Path, out: Path, encoding: Encoding) -> Workbook:
    with out.open(encoding="utf-8") as lines:
        first = json.loads(next(lines))
        _raise_refusal(first)
        workbook = Workbook(str(path), first["format"], [], Encoding(), first["delimiter"], first["macros"])
        if workbook.format == "csv":
            workbook.encoding = encoding
        rows: list[list[Cell]] = []
        for line in lines:
            value = json.loads(line)
            if value.__class__ is list:
                rows.append(value)
            elif "sheet" in value:
                rows = []
                workbook.sheets.append(Sheet(value["sheet"], rows, hidden=value["hidden"]))
            else:
                _raise_refusal(value)
                _finish(workbook, workbook.sheets[-1], value)
    return workbook


def _raise_refusal(line: dict[str, Any]) -> None:
    if "refused" in line:
        raise Unreadable.of(line["refused"], **line["details"])


def _finish(workbook: Workbook, sheet: Sheet, end: dict[str, Any]) -> None:
    """Puts dates in their cells and takes over what the child noted beside the values."""
    for row, column, text in end["dates"]:
        sheet.rows[row - 1][column - 1] = _moment(text)
    sheet.merged = [tuple(merged) for merged in end["merged"]]
    sheet.hidden_rows = end["hidden_rows"]
    for row, column, text in end["errors"]:
        sheet.errors[row, column] = text
    while sheet.rows and not any(cell is not None for cell in sheet.rows[-1]):
        sheet.rows.pop()
    if end["uncomputed"]:
        workbook.findings.append(_uncomputed(sheet.name, end["uncomputed"]))


def _moment(text: str) -> date:
    if len(text) == 10:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment if moment.time() != datetime.min.time() else moment.date()


def _uncomputed(sheet: str, cell: str) -> Finding:
    message = f"Ô {cell} có công thức chưa được tính nên đọc là trống. Mở tệp bằng Excel, lưu lại rồi thả vào."
    letters = cell.rstrip("0123456789")
    return Finding("warning", "formula", message).at(sheet, int(cell[len(letters) :]), letters)


def _compose(workbook: Workbook) -> None:
    """Makes all text NFC and reads the columns that were stored in TCVN3 or VNI; each text of a column once."""
    found: list[Encoding] = []
    for sheet in workbook.sheets:
        for index, column in enumerate(zip(*sheet.rows, strict=True)):
            texts = [cell for cell in dict.fromkeys(column) if cell.__class__ is str and not cell.isascii()]
            if not texts:
                continue
            decoded = texts
            legacy = _legacy(workbook, texts)
            if legacy is not None and legacy.legacy is not None:
                found.append(legacy)
                sheet.legacy[index + 1] = legacy.legacy
                decoded = encodings.decode_cells(texts, legacy.legacy)
            composed = {old: unicodedata.normalize("NFC", new) for old, new in zip(texts, decoded, strict=True)}
            _replace(sheet, index, {old: new for old, new in composed.items() if old != new})
    if found and workbook.format != "csv":
        workbook.encoding = max(found, key=lambda encoding: len(encoding.samples))


def _replace(sheet: Sheet, index: int, changed: dict[Cell, str]) -> None:
    """Puts other texts into a column."""
    if changed:
        for row in sheet.rows:
            row[index] = changed.get(row[index], row[index])


def _legacy(workbook: Workbook, texts: list[str]) -> Encoding | None:
    return workbook.encoding if workbook.encoding.chosen else encodings.detect_legacy(texts) or _whole_file(workbook)


def _whole_file(workbook: Workbook) -> Encoding | None:
    """A text file has one encoding: its verdict holds for columns too short to judge."""
    return workbook.encoding if workbook.format == "csv" and workbook.encoding.codec == "latin-1" else None
