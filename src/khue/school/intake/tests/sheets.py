"""Small spreadsheets for tests."""

from pathlib import Path
from typing import Any

import openpyxl

HEADERS = [
    "Mã lớp*",
    "Mã học sinh",
    "Mã định danh Bộ",
    "Số định danh cá nhân",
    "Họ tên*",
    "Ngày sinh*",
    "Giới tính*",
    "Dân tộc*",
    "Trạng thái*",
]


def write(
    path: Path, rows: list[list[Any]], headers: list[str] | None = None, above: list[list[Any]] | None = None
) -> Path:
    """A workbook of one sheet: lines above, headers, rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for line in [*(above or []), headers or HEADERS, *rows]:
        sheet.append(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def pupil(
    code: str = "HS001",
    *,
    cls: str = "6A1",
    name: str = "Nguyễn Văn An",
    born: str = "14/03/2015",
    sex: str = "Nam",
    ministry: str = "7400000001",
    number: str = "074215000001",
    ethnicity: str = "Kinh",
    status: str = "Đang theo học",
) -> list[Any]:
    return [cls, code, ministry, number, name, born, sex, ethnicity, status]
