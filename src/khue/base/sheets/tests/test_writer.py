"""What goes out comes back unchanged, and never runs as a formula."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khue.base.sheets.encodings import Encoding
from khue.base.sheets.fields import KINDS, load_fields
from khue.base.sheets.findings import Finding
from khue.base.sheets.marked import LIST_NAME, write_marked
from khue.base.sheets.reader import read_workbook
from khue.base.sheets.reader_child import text_table
from khue.base.sheets.tables import find_tables
from khue.base.sheets.workbook import Sheet, Workbook
from khue.base.sheets.writer import OutColumn, columns_of, sheet_name, write_csv, write_table

DAY = datetime.date(2014, 9, 3)
COLUMNS = [
    OutColumn("Mã học sinh*", "Dạng chữ"),
    OutColumn("Họ tên*"),
    OutColumn("Ngày sinh*", "ngày/tháng/năm", "date"),
    OutColumn("Dân tộc*", values="ethnicity"),
    OutColumn("Bán trú", "x nếu đúng", "bool"),
    OutColumn("Chiều cao", type="number"),
]
ROWS: list[list[object]] = [
    ["0074", "Lê An", DAY, "Kinh", True, 120.5],
    ["=1+1", "@SUM(A1)", datetime.date(1850, 1, 1), "Khơ-me", False, None],
    ["+84", "-5", 2014, None, None, 7],
    ["https://a.vn", "mailto:a@b.vn", None, None, None, "cao"],
]
LISTS = {"ethnicity": [("01", "Kinh"), ("05", "Khơ-me")]}


def written(path: Path, **options: object) -> Path:
    with path.open("wb") as stream:
        write_table(stream, name="Học sinh", columns=COLUMNS, rows=ROWS, code_lists=LISTS, **options)  # type: ignore[arg-type]
    return path


def test_table_comes_back_as_it_went(tmp_path: Path) -> None:
    read = read_workbook(written(tmp_path / "a.xlsx", template=True, watermark="Xuất ngày 05/10/2026\nCho Sở"))
    data, codes, source = read.sheets
    assert [sheet.name for sheet in read.sheets] == ["Học sinh", "DM_ethnicity", "Nguồn"]
    assert data.rows[0] == [column.label for column in COLUMNS]
    assert data.rows[1] == ["Dạng chữ", None, "ngày/tháng/năm", None, "x nếu đúng", None]
    assert data.rows[2:] == [
        ["0074", "Lê An", DAY, "Kinh", "Có", 120.5],
        ["=1+1", "@SUM(A1)", "01/01/1850", "Khơ-me", "Không", None],
        ["+84", "-5", 2014, None, None, 7],
        ["https://a.vn", "mailto:a@b.vn", None, None, None, "cao"],
    ]
    assert codes.rows == [["Mã", "Tên"], ["01", "Kinh"], ["05", "Khơ-me"]]
    assert source.rows == [["Xuất ngày 05/10/2026"], ["Cho Sở"]]


def test_cells_are_typed_and_lists_offered(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(tmp_path / "a.xlsx"))["Học sinh"]
    assert (sheet["A2"].data_type, sheet["A2"].number_format) == ("s", "@")
    assert sheet["A3"].data_type == "s"
    assert (sheet["C2"].is_date, sheet["C2"].number_format) == (True, "dd/mm/yyyy")
    [validation] = sheet.data_validations.dataValidation
    assert validation.formula1 == "'DM_ethnicity'!$B$2:$B$3"
    assert "D2" in validation.cells
    assert sheet["A4"].hyperlink is None


@pytest.mark.parametrize("kind", KINDS)
def test_template_of_every_kind_is_recognised_by_the_importer(tmp_path: Path, kind: str) -> None:
    fields = load_fields(kind)
    columns = columns_of(fields)
    path = tmp_path / "a.xlsx"
    with path.open("wb") as stream:
        write_table(stream, name=fields.label, columns=columns, rows=[["1"] * len(columns)], template=True)
    [table] = find_tables(read_workbook(path).sheets[0], fields)
    assert [column.field for column in table.columns] == [field.name for field in fields.fields]
    assert len(table.rows) == 1
    assert table.missing() == []


def test_sheet_names() -> None:
    assert sheet_name("Lớp 6/1: [A]") == "Lớp 6 1   A"
    assert len(sheet_name("x" * 50)) == 31
    assert sheet_name("''") == "Trang 1"


def csv_bytes(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    write_csv(stream, header=["Tên", "Mã"], rows=rows)  # type: ignore[arg-type]
    return stream.getvalue()


def test_csv_is_guarded_and_typed() -> None:
    rows: list[list[object]] = [["=1+1", "'=x"], ["-5", -5], [DAY, True], [None, 1.5]]
    assert csv_bytes(rows).decode("utf-8-sig").splitlines() == [
        *("Tên,Mã", "'=1+1,''=x", "'-5,-5", "03/09/2014,Có"),
        ',"1,5"',
    ]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1))
def test_csv_comes_back_as_it_went(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    wanted = [row for row in rows if not any(text.startswith('="') for text in row)]
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(csv_bytes(list(wanted)))
    _, back = text_table.read(str(path), "utf-8-sig")
    assert back == [["Tên", "Mã"], *wanted]


def marked(path: Path, workbook: Workbook, findings: list[Finding]) -> openpyxl.Workbook:
    with path.open("wb") as stream:
        write_marked(stream, workbook, findings)
    return openpyxl.load_workbook(path)


def test_marked_file_keeps_places_and_shows_faults(tmp_path: Path) -> None:
    first = Sheet("DM_GioiTinh", [["Mã", "Tên"]], hidden=True)
    second = Sheet(
        "Lớp 1A",
        [
            ["LỚP 1A", None, None],
            [None, None, None],
            ["Họ tên", "Ngày sinh", "Mã"],
            ["=An", "31/02/2014", 742140012340000001],
        ],
        merged=[(1, 1, 1, 3), (1, 2, 2, 2), (5, 1, 1_000_000, 3)],
        hidden_rows=[2],
    )
    findings = [
        Finding("warning", "date", "Xem lại ngày.").at("Lớp 1A", 4, "B"),
        Finding("error", "date", "Tháng 2 không có ngày 31.", "31/02/2014").at("Lớp 1A", 4, "B"),
        Finding("error", "required", "Còn thiếu dân tộc.").at("Lớp 1A", 4, None),
        Finding("error", "blank", "Còn thiếu.").at("Lớp 1A", 2, "C"),
        Finding("ask", "year", "Tệp của năm nào?"),
    ]
    book = marked(tmp_path / "a.xlsx", Workbook("a.xls", "xls", [first, second], Encoding()), findings)
    assert book.sheetnames == ["DM_GioiTinh", "Lớp 1A", LIST_NAME]
    assert book["DM_GioiTinh"].sheet_state == "hidden"
    sheet = book["Lớp 1A"]
    assert (sheet["A4"].value, sheet["A4"].data_type, sheet["C4"].value) == ("=An", "s", "742140012340000001")
    assert sheet["B4"].comment.text == "Tháng 2 không có ngày 31.\nXem lại ngày."
    assert sheet["B4"].fill.fgColor.rgb == "FFF6C9C4"
    assert sheet["A4"].comment.text == "Còn thiếu dân tộc."
    assert sheet["C2"].comment.text == "Còn thiếu."
    assert sheet.row_dimensions[2].hidden
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C1"]
    listed = [[cell.value for cell in row] for row in book[LIST_NAME].iter_rows()]
    assert listed[0] == ["Trang", "Ô", "Mức", "Giá trị", "Việc cần làm"]
    assert [row[2] for row in listed[1:]] == ["Lỗi", "Lỗi", "Lỗi", "Câu hỏi", "Cảnh báo"]
    assert book[LIST_NAME]["B2"].hyperlink.location == "'Lớp 1A'!C2"


def test_marked_file_is_read_again_without_its_list(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Họ tên", "Lớp", "Ngày sinh"], ["Lê An", "1A", DAY], ["Lê Bình", "1A", 41599]]
    workbook = Workbook("a.csv", "csv", [Sheet("CSV", rows)], Encoding())  # type: ignore[arg-type]
    marked(tmp_path / "a.xlsx", workbook, [Finding("error", "x", "Sai.").at("CSV", 2, "A")])
    again = read_workbook(tmp_path / "a.xlsx")
    assert again.sheets[0].rows == rows
    tables = [table for sheet in again.sheets for table in find_tables(sheet, load_fields("pupils"))]
    assert [table.rows for table in tables] == [[2, 3]]
