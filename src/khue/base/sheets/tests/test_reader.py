"""Good and bad files of every kind, made here byte by byte or by other libraries."""

import datetime
import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from khue.base.sheets import archive, encodings, unreadable
from khue.base.sheets.fields import load_fields
from khue.base.sheets.reader import Unreadable, expand_zip, is_archive, read_workbook
from khue.base.sheets.recognise import guess_kind
from khue.base.sheets.tables import find_tables
from khue.base.sheets.tests.test_encodings import TEXTS, to_1258, to_tcvn3, to_vni
from khue.base.sheets.tests.test_encodings import table as csv_text

DAY = datetime.date(2014, 9, 3)
MOMENT = datetime.datetime(2014, 9, 3, 5, 6)  # noqa: DTZ001 — spreadsheets have no zones


def refusal(path: Path, **limits: int) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_workbook(path, **limits)
    return caught.value


def xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rewritten(source: Path, target: Path, changes: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, data in changes.items():
            new.writestr(name, data)
    return target


def test_xlsx_keeps_addresses_types_merges_hidden_rows_and_errors(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Khối 1"
    sheet["C3"], sheet["D3"], sheet["E3"] = "Họ tên", DAY, MOMENT
    sheet["C4"], sheet["D4"], sheet["E4"] = 74214001234, 1.5, True
    sheet["E5"] = "#N/A"
    sheet["E5"].data_type = "e"
    sheet["C6"] = "1A"
    sheet.merge_cells("C6:C8")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("DM_ẩn").sheet_state = "hidden"
    book["DM_ẩn"]["A1"] = "01"
    book.save(tmp_path / "a.xlsx")

    read = read_workbook(tmp_path / "a.xlsx")

    first, second = read.sheets
    assert (read.format, first.name, first.hidden, second.hidden) == ("xlsx", "Khối 1", False, True)
    assert [first.cell(3, c) for c in (3, 4, 5)] == ["Họ tên", DAY, MOMENT]
    assert [first.cell(4, c) for c in (3, 4, 5)] == [74214001234, 1.5, True]
    assert type(first.cell(4, 3)) is int
    assert first.errors == {(5, 5): "#N/A"}
    assert first.merged == [(6, 3, 8, 3)]
    assert first.hidden_rows == [4]
    assert second.cell(1, 1) == "01"


def test_formulas_give_their_saved_values_and_unsaved_ones_are_named(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", [["Tên", "Tuổi"], ["An", "=1+1"]])
    read = read_workbook(tmp_path / "a.xlsx")
    assert read.sheets[0].rows == [["Tên", "Tuổi"], ["An", None]]
    [finding] = read.findings
    assert (finding.rule, finding.row, finding.column) == ("formula", 2, "B")


def test_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Trang 1")
    sheet.write(2, 2, "Lớp")
    sheet.write(3, 2, 2014)
    sheet.write(3, 3, DAY, xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    sheet.write_merge(4, 6, 2, 2, "1A")
    sheet.write(6, 4, "cuối")
    sheet.row(5).hidden = True
    book.save(str(tmp_path / "a.xls"))
    read = read_workbook(tmp_path / "a.xls")
    first = read.sheets[0]
    assert read.format == "xls"
    assert (first.cell(3, 3), first.cell(4, 3), first.cell(4, 4), first.cell(7, 5)) == ("Lớp", 2014, DAY, "cuối")
    assert first.merged == [(5, 3, 7, 3)]
    assert first.hidden_rows == [6]


def ods_sheet(name: str) -> tuple[OpenDocumentSpreadsheet, Table]:
    book = OpenDocumentSpreadsheet()
    sheet = Table(name=name)
    book.spreadsheet.addElement(sheet)
    return book, sheet


def ods_row(sheet: Table, *texts: str, **attributes: object) -> TableRow:
    row = TableRow(**attributes)
    for text in texts:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=text))
        row.addElement(cell)
    sheet.addElement(row)
    return row


def test_ods_with_hidden_row_merge_and_a_million_empty_rows(tmp_path: Path) -> None:
    book, sheet = ods_sheet("Trang & 1")
    ods_row(sheet, "Họ tên", "Lớp")
    ods_row(sheet, "An", visibility="collapse")
    merged = ods_row(sheet, "Bình")
    cell = TableCell(valuetype="string", numberrowsspanned=2, numbercolumnsspanned=1)
    cell.addElement(P(text="1A"))
    merged.addElement(cell)
    ods_row(sheet, "Chi").addElement(CoveredTableCell())
    empty = TableRow(numberrowsrepeated=1_048_000)
    empty.addElement(TableCell(numbercolumnsrepeated=16_384))
    sheet.addElement(empty)
    book.save(str(tmp_path / "a.ods"))
    first = read_workbook(tmp_path / "a.ods").sheets[0]
    assert first.name == "Trang & 1"
    assert first.rows == [["Họ tên", "Lớp"], ["An", None], ["Bình", "1A"], ["Chi", None]]
    assert first.hidden_rows == [2]
    assert first.merged == [(3, 2, 4, 2)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (csv_text(TEXTS).encode(), "utf-8"),
        (csv_text(TEXTS).encode("utf-8-sig"), "utf-8"),
        (csv_text(TEXTS).encode("utf-16"), "utf-16"),
        (to_1258(csv_text(TEXTS)), "cp1258"),
        (to_tcvn3(csv_text(TEXTS)).encode("latin-1"), "tcvn3"),
        (to_vni(csv_text(TEXTS)).encode("latin-1"), "vni"),
    ],
)
def test_csv_in_every_encoding(tmp_path: Path, data: bytes, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    read = read_workbook(tmp_path / "a.csv")
    assert (read.format, read.encoding.name, read.delimiter) == ("csv", encoding, ";")
    assert read.sheets[0].rows == [["STT", "Họ tên", "Lớp"], *[[str(i), t, "1A"] for i, t in enumerate(TEXTS, 1)]]


@pytest.mark.parametrize("name", ["utf-8", "utf-16", "cp1258", "tcvn3", "vni"])
def test_csv_in_the_encoding_that_a_person_chose(tmp_path: Path, name: str) -> None:
    stored = {
        "utf-8": csv_text(TEXTS).encode(),
        "utf-16": csv_text(TEXTS).encode("utf-16"),
        "cp1258": to_1258(csv_text(TEXTS)),
        "tcvn3": to_tcvn3(csv_text(TEXTS)).encode("latin-1"),
        "vni": to_vni(csv_text(TEXTS)).encode("latin-1"),
    }
    assert encodings.preview(name, stored[name]) == tuple(TEXTS[:3])
    path = tmp_path / "a.csv"
    path.write_bytes(stored[name])
    read = read_workbook(path, encoding=name)
    assert (read.encoding.name, read.encoding.chosen) == (name, True)
    assert [row[1] for row in read.sheets[0].rows[1:]] == TEXTS


def test_a_chosen_encoding_is_taken_at_its_word(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(to_tcvn3(csv_text(TEXTS)).encode("latin-1"))
    assert read_workbook(path, encoding="vni").sheets[0].rows[1][1] != TEXTS[0]
    path.write_bytes(to_tcvn3(csv_text(TEXTS)).encode())
    assert read_workbook(path, encoding="tcvn3").sheets[0].rows[1][1] == TEXTS[0]
    assert read_workbook(path, encoding="utf-8").sheets[0].rows[1][1] == to_tcvn3(TEXTS[0])


def test_an_encoding_that_cannot_be_right_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(to_tcvn3(csv_text(TEXTS)).encode("latin-1"))
    assert encodings.preview("utf-8", path.read_bytes()) is None
    with pytest.raises(Unreadable, match="Chọn bảng mã khác"):
        read_workbook(path, encoding="utf-8")
    with pytest.raises(Unreadable, match="Không có bảng mã “ebcdic”"):
        read_workbook(path, encoding="ebcdic")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_records_delimiters_and_guards(tmp_path: Path, delimiter: str) -> None:
    lines = ["Danh sách", "Tên|Mã|Ghi chú", 'An|0123|"dòng 1\ndòng 2"', "", "'=1+1|=\"007\"|''-x", "'nháy|-5|'@a"]
    text = "\n".join(lines).replace("|", delimiter)
    (tmp_path / "a.csv").write_text(text, "utf-8")
    read = read_workbook(tmp_path / "a.csv")
    assert read.delimiter == delimiter
    assert read.sheets[0].rows == [
        ["Danh sách", None, None],
        ["Tên", "Mã", "Ghi chú"],
        ["An", "0123", "dòng 1\ndòng 2"],
        [None, None, None],
        ["=1+1", "007", "'-x"],
        ["'nháy", "-5", "@a"],
    ]


def test_legacy_text_in_some_columns_of_a_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [["STT", "Họ và tên", "Giới", "Ghi chú"]]
    rows += [[i, to_tcvn3(text), to_tcvn3("Nữ"), "Đủ hồ sơ"] for i, text in enumerate(TEXTS, 1)]
    read = read_workbook(xlsx(tmp_path / "a.xlsx", rows))
    sheet = read.sheets[0]
    assert [row[1] for row in sheet.rows] == ["Họ và tên", *TEXTS]
    assert {row[2] for row in sheet.rows[1:]} == {"Nữ"}
    assert {row[3] for row in sheet.rows[1:]} == {"Đủ hồ sơ"}
    assert sheet.legacy == {2: "tcvn3", 3: "tcvn3"}
    assert read.encoding.name == "tcvn3"
    assert (to_tcvn3(TEXTS[0]), TEXTS[0]) in read.encoding.samples


def test_text_becomes_nfc(tmp_path: Path) -> None:
    read = read_workbook(xlsx(tmp_path / "a.xlsx", [["Nguyễn"], ["Nguye\u0302\u0303n"]]))
    assert read.sheets[0].rows == [["Nguyễn"], ["Nguyễn"]]


# --- files that are refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty", "trống"),
        (b"\r\n \r\n", "empty", "trống"),
        (b"%PDF-1.7\n1 0 obj", "other_kind", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "other_kind", "ảnh"),
        (b"Rar!\x1a\x07\x00", "other_kind", "RAR"),
        (b"<html><table><tr><td>1", "other_kind", "trang web"),
        (b"PK\x03\x04 nothing else", "truncated", "cụt"),
        (bytes(range(256)) * 40, "unknown_kind", "bảng tính"),
    ],
)
def test_other_things_called_xlsx(tmp_path: Path, data: bytes, code: str, word: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    error = refusal(path)
    assert error.code == code
    assert word in error.message
    assert error.remedy.endswith(".")


def test_missing_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path / "none.xlsx").code == "missing"
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n" * 1000)
    monkeypatch.setattr(unreadable, "MAX_UPLOAD", 1000)
    assert refusal(path).code == "too_large"


def test_truncated_xlsx_and_xls(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "a.xlsx", [[f"Dòng {i}", i] for i in range(500)]).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "cut.xlsx").code == "truncated"
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for i in range(2000):
        sheet.write(i, 0, f"Dòng {i}")
    book.save(str(tmp_path / "a.xls"))
    whole = (tmp_path / "a.xls").read_bytes()
    for part in (400, 5000, len(whole) // 2):
        (tmp_path / "cut.xls").write_bytes(whole[:part])
        assert refusal(tmp_path / "cut.xls").code == "truncated"


def compound_with(name: str) -> bytes:
    """An OLE file of three sectors: header, FAT, a directory with one stream."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:34] = b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    header[44:48] = (1).to_bytes(4, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[56:60] = (4096).to_bytes(4, "little")
    header[60:64] = header[68:72] = (0xFFFFFFFE).to_bytes(4, "little")
    header[76:512] = (0).to_bytes(4, "little") + b"\xff" * 432
    fat = (0xFFFFFFFD).to_bytes(4, "little") + (0xFFFFFFFE).to_bytes(4, "little") + b"\xff" * 504
    directory = bytearray(512)
    for place, entry in enumerate(("Root Entry", name)):
        text = entry.encode("utf-16-le") + b"\x00\x00"
        directory[place * 128 : place * 128 + len(text)] = text
        directory[place * 128 + 64 : place * 128 + 66] = len(text).to_bytes(2, "little")
    return bytes(header) + fat + bytes(directory)


@pytest.mark.parametrize(
    ("stream", "code", "word"), [("EncryptedPackage", "encrypted", "mật khẩu"), ("WordDocument", "other_kind", "Word")]
)
def test_encrypted_and_word_documents(tmp_path: Path, stream: str, code: str, word: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(compound_with(stream))
    error = refusal(tmp_path / "a.xlsx")
    assert error.code == code
    assert word in error.message


def test_encrypted_xls_says_so(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "x")
    book.save(str(tmp_path / "a.xls"))
    data = bytearray((tmp_path / "a.xls").read_bytes())
    # the first record after BOF becomes FILEPASS
    start = 512 + 4 + int.from_bytes(data[514:516], "little")
    data[start : start + 2] = b"\x2f\x00"
    (tmp_path / "a.xls").write_bytes(data)
    assert refusal(tmp_path / "a.xls").code == "encrypted"


def test_last_cell_of_a_sheet_is_refused_at_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Họ tên", 1
    book.save(tmp_path / "a.xlsx")
    old = xlwt.Workbook()
    sheet = old.add_sheet("Khối 1")
    sheet.write(0, 0, "x")
    sheet.write(65_535, 255, 1)
    old.save(str(tmp_path / "a.xls"))
    ods, far = ods_sheet("A")
    ods_row(far, "x")
    gap = TableRow(numberrowsrepeated=1_048_000)
    gap.addElement(TableCell(numbercolumnsrepeated=1000))
    far.addElement(gap)
    ods_row(far, "y")
    ods.save(str(tmp_path / "a.ods"))
    started = time.monotonic()
    errors = [refusal(tmp_path / name) for name in ("a.xlsx", "a.xls", "a.ods")]
    assert time.monotonic() - started < 5
    assert {error.code for error in errors} == {"far_cell"}
    cells = [
        cell for error, cell in zip(errors, ("XFD1048576", "IV65536", "A1048002"), strict=True) if cell in error.message
    ]
    assert len(cells) == 3
    assert "“Khối 1”" in errors[1].message


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_last_cell_is_found_however_the_xml_is_written(tmp_path: Path, quote: str, prefix: str) -> None:
    name = f":{prefix[:-1]}" if prefix else ""
    xml = (
        '<Pworksheet xmlnsN="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><PsheetData>'
        '<Prow r="1"><Pc r="A1"><Pv>1</Pv></Pc></Prow><Prow r="1048576">'
        "<Pc s=Q1Q\n r=QXFD1048576Q>\n <Pv>1</Pv></Pc></Prow></PsheetData></Pworksheet>"
    )
    for mark, text in (("xmlnsN", f"xmlns{name}"), ("<P", f"<{prefix}"), ("</P", f"</{prefix}"), ("Q", quote)):
        xml = xml.replace(mark, text)
    small = xlsx(tmp_path / "small.xlsx", [["x"]])
    path = rewritten(small, tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": xml.encode()})
    assert refusal(path).code == "far_cell"


def test_one_value_far_to_the_right_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for i in range(1, 400):
        book.active.cell(i, 1, f"Em {i}")
    book.active["XFD5"] = "x"
    book.save(tmp_path / "a.xlsx")
    error = refusal(tmp_path / "a.xlsx")
    assert error.code == "far_cell"
    assert "XFD5 " in error.message


def test_formatted_but_empty_cells_do_not_count(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Họ tên"
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    assert read_workbook(tmp_path / "a.xlsx").sheets[0].rows == [["Họ tên"]]


def test_half_a_million_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Tên;Lớp\n" + "An;1A\n" * 500_000, "utf-8")
    assert refusal(tmp_path / "a.csv").code == "too_many_rows"
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in range(1, 500_001))
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
    small = xlsx(tmp_path / "small.xlsx", [["x"]])
    path = rewritten(small, tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": sheet.format(rows).encode()})
    error = refusal(path)
    assert error.code == "too_many_rows"
    assert "100.000" in error.message


def test_too_many_cells(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text((";".join("1" * 300) + "\n") * 7_000, "utf-8")
    assert refusal(tmp_path / "a.csv").code == "too_many_cells"


def test_zip_bomb(tmp_path: Path) -> None:
    small = xlsx(tmp_path / "small.xlsx", [["x"]])
    path = rewritten(small, tmp_path / "a.xlsx", {"xl/sharedStrings.xml": b" " * (60 << 20)})
    assert path.stat().st_size < 200_000
    assert refusal(path).code == "bomb"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_external_entities(tmp_path: Path, codec: str) -> None:
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    small = xlsx(tmp_path / "small.xlsx", [["x"]])
    path = rewritten(small, tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": evil.encode(codec)})
    error = refusal(path)
    assert error.code == "entities"
    assert "sheet1.xml" in error.message


def test_damaged_inside(tmp_path: Path) -> None:
    small = xlsx(tmp_path / "small.xlsx", [["x"]])
    path = rewritten(small, tmp_path / "a.xlsx", {"xl/workbook.xml": b"<workbook"})
    assert refusal(path).code == "damaged"


def test_empty_sheets(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx").code == "empty"


def test_macros_are_noted_and_never_matter(tmp_path: Path) -> None:
    small = xlsx(tmp_path / "small.xlsx", [["x"]])
    path = rewritten(small, tmp_path / "a.xlsm", {"xl/vbaProject.bin": b"macro"})
    assert read_workbook(path).has_macros
    assert not read_workbook(small).has_macros


def test_limits_of_memory_and_time_hold(tmp_path: Path) -> None:
    text = "Họ tên;Lớp\n" + "Nguyễn Văn An;1A\n" * 90_000
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert refusal(tmp_path / "a.csv", max_memory=24 << 20).code == "too_big"
    assert len(read_workbook(tmp_path / "a.csv").sheets[0].rows) == 90_001


# --- ZIP of several files ---------------------------------------------------------------------------------------------


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in files.items():
            book.writestr(name, data)
    return path


def test_zip_of_files(tmp_path: Path) -> None:
    files = {
        "19164301/Khối 6.csv": b"a;b",
        "19164301/Khoi 7.XLSX": b"PK",
        "__MACOSX/._Khoi.csv": b"",
        "~$Khoi.xlsx": b"",
        "doc.docx": b"",
    }
    path = zipped(tmp_path / "a.zip", files)
    into = tmp_path / "out"
    into.mkdir()
    assert is_archive(path)
    found = expand_zip(path, into)
    assert [(name, target.name) for name, target in found] == [
        ("19164301/Khối 6.csv", "001.csv"),
        ("19164301/Khoi 7.XLSX", "002.xlsx"),
    ]
    assert found[0][1].read_bytes() == b"a;b"


def test_a_spreadsheet_is_no_archive(tmp_path: Path) -> None:
    assert not is_archive(xlsx(tmp_path / "a.xlsx", [["x"]]))
    assert refusal(zipped(tmp_path / "b.xlsx", {"a.csv": b"x"})).code == "archive"


def test_zip_with_names_of_old_windows(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"KhXi 6.csv": b"x"})
    path.write_bytes(path.read_bytes().replace(b"KhXi", b"Kh\xd4i"))
    assert [name for name, _ in expand_zip(path, tmp_path)] == ["KhÔi 6.csv"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"../a.csv": b"x"}, "zip_path"),
        ({"/etc/a.csv": b"x"}, "zip_path"),
        ({"C:\\a.csv": b"x"}, "zip_path"),
        ({"a.zip": b"x"}, "zip_nested"),
        ({"a.docx": b"x"}, "zip_empty"),
        ({f"{i}.csv": b"x" for i in range(archive.MAX_FILES + 1)}, "zip_many"),
        ({"a.csv": b"0" * (45 << 20)}, "bomb"),
    ],
)
def test_bad_zips(tmp_path: Path, files: dict[str, bytes], code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        expand_zip(zipped(tmp_path / "a.zip", files), tmp_path)
    assert caught.value.code == code


def test_cut_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": b"x" * 1000})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(Unreadable) as caught:
        expand_zip(path, tmp_path)
    assert caught.value.code == "truncated"


def test_every_message_follows_the_words() -> None:
    names = ["megabytes", "limit", "kind", "part", "cell", "sheet", "sheets", "seconds", "name", "count"]
    details = dict.fromkeys(names, "1")
    for code in unreadable._TEXTS:
        error = Unreadable.of(code, **details)
        text = str(error).lower()
        assert error.message.endswith(".")
        assert not any(word in text for word in ("!", "vui lòng", "file", "upload", "thành công"))


def test_the_child_knows_nothing_of_django_or_khue() -> None:
    code = (
        "import sys; sys.path.append(sys.argv[1]); import reader_child.main; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'khue', 'psycopg', 'openpyxl')))"
    )
    folder = str(Path(unreadable.__file__).parent)
    done = subprocess.run([sys.executable, "-I", "-c", code, folder], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_reading_and_mapping_is_quick(tmp_path: Path) -> None:
    stream = io.BytesIO()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("A")
    fields = load_fields("pupils")
    sheet.append([field.header for field in fields.fields][:40])
    for i in range(1500):
        sheet.append([f"Nguyễn Văn {i}" if c % 3 else DAY for c in range(40)])
    book.save(stream)
    (tmp_path / "a.xlsx").write_bytes(stream.getvalue())
    started = time.monotonic()
    read = read_workbook(tmp_path / "a.xlsx")
    [table] = find_tables(read.sheets[0], fields)
    assert (guess_kind(read), len(table.rows)) == ("pupils", 1500)
    # about 0.4 s on an idle machine; the bound leaves room for a busy one
    assert time.monotonic() - started < 3
