"""Headers and tables as schools really write them."""

import datetime
import unicodedata

import pytest

from khue.base.sheets.encodings import Encoding
from khue.base.sheets.fields import KINDS, alias_data, load_fields
from khue.base.sheets.headers import matcher, normalise_header
from khue.base.sheets.recognise import find_school, find_years, guess_kind, load_profiles, recognise_profile
from khue.base.sheets.tables import Table, class_title, find_tables
from khue.base.sheets.workbook import Cell, Range, Sheet, Workbook, column_letter, column_number

PUPILS = load_fields("pupils")
DAY = datetime.date(2014, 9, 3)


def sheet(rows: list[list[Cell]], name: str = "Trang 1", merged: list[Range] | None = None) -> Sheet:
    width = max(map(len, rows))
    return Sheet(name, [row + [None] * (width - len(row)) for row in rows], merged=merged or [])


def book(*sheets: Sheet, path: str = "/x/a.xlsx") -> Workbook:
    return Workbook(path, "xlsx", list(sheets), Encoding())


def mapping(table: Table) -> dict[str, str | None]:
    return {column.letter: column.field for column in table.columns}


def one(rows: list[list[Cell]], kind: str = "pupils", **options: object) -> Table:
    [table] = find_tables(sheet(rows, **options), load_fields(kind))  # type: ignore[arg-type]
    return table


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("Họ  và tên *", "ho va ten", ""),
        ("Tỉnh/Thành phố\n(Theo địa chỉ thường trú)", "tinh/thanh pho", "theo dia chi thuong tru"),
        ("Mã định danh Bộ GD & ĐT", "ma dinh danh bo gd&dt", ""),
        ("Cha: họ tên", "cha ho ten", ""),
        (unicodedata.normalize("NFD", "Ngày, tháng, năm sinh"), "ngay thang nam sinh", ""),
        ("K.Tật", "k.tat", ""),
        ("Diện tích (m2", "dien tich", "m2"),
        ("", "", ""),
    ],
)
def test_normalise_header(text: str, key: str, hint: str) -> None:
    assert normalise_header(text) == (key, hint)


@pytest.mark.parametrize("kind", KINDS)
def test_every_label_of_every_template_names_its_own_field(kind: str) -> None:
    fields = load_fields(kind)
    for field in fields.fields:
        for label in (field.label, field.header, field.label.upper()):
            match = matcher(kind).single(label)
            assert match is not None
            assert (match.field, match.reading) == (field.name, "value")


@pytest.mark.parametrize("kind", KINDS)
def test_no_alias_names_two_fields(kind: str) -> None:
    fields = load_fields(kind)
    assert set(fields.anchors) <= {field.name for field in fields.fields}
    for field in fields.fields:
        for alias in field.aliases:
            match = matcher(kind).single(alias)
            assert match is not None, alias
            assert match.field == field.name, alias


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Mã HS", "code"),
        ("MOET", "ministry_id"),
        ("CMTND/TCC", "personal_number"),
        ("Mã định danh 12 số", "personal_number"),
        ("Họ tên (chữ in hoa)", "full_name"),
        ("Xã/Phường (theo địa chỉ thường trú)", "home_ward"),
        ("Xã/Phường (tạm trú)", None),
        ("Điện thoại (của cha)", "father_phone"),
        ("ĐT mẹ", "mother_phone"),
        ("SĐT liên hệ", "phone"),
        ("Khối học/Nhóm tuổi", None),
        ("STT", None),
    ],
)
def test_headers_of_other_systems(header: str, field: str | None) -> None:
    match = matcher("pupils").single(header)
    assert (match.field if match else None) == field


def test_ministry_file_header_after_titles_and_with_line_breaks() -> None:
    table = one(
        [
            ["SỞ GIÁO DỤC VÀ ĐÀO TẠO"],
            ["DANH SÁCH HỌC SINH"],
            [],
            ["STT", "Mã lớp", "Mã học\nsinh", "Họ tên", "Ngày sinh", "Tỉnh/Thành phố\n(Theo địa chỉ thường trú)"],
            [1, "1A", "HS1", "Lê An", "03/09/2014", "Bình Dương"],
        ]
    )
    assert table.header == (4, 4)
    assert mapping(table) == dict(
        zip("ABCDEF", [None, "class_code", "code", "full_name", "birth_date", "home_province"], strict=True)
    )
    assert table.rows == [5]
    assert [left.reason for left in table.left_out] == ["title", "title"]


def class_blocks() -> list[list[Cell]]:
    head: list[Cell] = ["STT", "Họ và tên", "Ngày sinh", "Nữ", "Dân tộc", "Nơi sinh"]
    return [
        ["TRƯỜNG TIỂU HỌC PHÚ CƯỜNG"],
        ["Năm học 2026-2027"],
        ["LỚP 1A"],
        head,
        [1, "Lê Văn An", 41599, None, "Kinh", "Bình Dương"],
        [2, "Lê Thị Ân", "3/9/2014", "x", "Kinh", "Bình Dương"],
        ["Tổng cộng: 2", None, None, 1],
        [],
        [None, "Lớp: 1B"],
        [unicodedata.normalize("NFD", str(text)) for text in head],
        [1, "Trần Cộng", "3/9/2014", None, "Kinh", "Bình Dương"],
        [2, "Đỗ Đức"],
        [3],
        ["Cộng", None, 3],
        [None, None, "Bình Dương, ngày 5 tháng 9 năm 2026"],
        ["Người lập", None, None, "Hiệu trưởng"],
        [],
        ["Trần Văn X", None, None, "Nguyễn Y"],
    ]


def test_blocks_per_class_with_repeated_headers_totals_and_signatures() -> None:
    table = one(class_blocks())
    assert table.rows == [5, 6, 11, 12]
    assert table.cells("class_code") == ["1A", "1A", "1B", "1B"]
    assert table.cells("full_name") == ["Lê Văn An", "Lê Thị Ân", "Trần Cộng", "Đỗ Đức"]
    [sex] = table.find("sex")
    assert (sex.letter, sex.reading) == ("D", "female_mark")
    reasons = {left.row: left.reason for left in table.left_out}
    assert reasons == {
        **dict.fromkeys((1, 2, 3), "title"),
        **dict.fromkeys((8, 13, 17), "empty"),
        **dict.fromkeys((7, 14), "total"),
        9: "class",
        10: "header",
        **dict.fromkeys((15, 16, 18), "signature"),
    }


def test_class_from_the_name_of_the_sheet() -> None:
    rows: list[list[Cell]] = [["Họ tên", "Ngày sinh"], ["An", DAY]]
    assert one(rows, name="Lớp 8A2").cells("class_code") == ["8A2"]
    assert one(rows, name="6/3").cells("class_code") == ["6/3"]
    assert one(rows, name="Sheet1").cells("class_code") == [None]


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["LỚP 1A"], "1A"),
        (["Lớp: Mầm 1"], "Mầm 1"),
        (["Lớp:", "Lá 2"], "Lá 2"),
        (["DANH SÁCH HỌC SINH LỚP 1A NĂM HỌC 2026-2027"], "1A"),
        (["Danh sách lớp 8A2 - GVCN: Nguyễn Thị B"], "8A2"),
        (["Lớp 1A (35 học sinh)"], "1A"),
        (["Danh sách học sinh các lớp"], None),
        (["Danh sách lớp học"], None),
        (["Trường Tiểu học Phú Cường"], None),
    ],
)
def test_class_title(texts: list[str], name: str | None) -> None:
    assert class_title(texts) == name


def test_header_of_two_lines_with_merged_groups() -> None:
    rows: list[list[Cell]] = [
        ["Mã lớp", "Họ tên", "Cha", None, None, "Mẹ", None, "Địa chỉ thường trú", None],
        [None, None, "Họ tên", "Năm sinh", "SĐT", "Họ tên", "Nghề nghiệp", "Tỉnh", "Xã"],
        ["1A", "An", "Lê B", 1980, "0912345678", "Ng C", "May", "Bình Dương", "Phú Cường"],
    ]
    merged = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 5), (1, 6, 1, 7), (1, 8, 1, 9)]
    expected = {
        "A": "class_code",
        "B": "full_name",
        "C": "father_name",
        "D": "father_birth_year",
        "E": "father_phone",
        "F": "mother_name",
        "G": "mother_job",
        "H": "home_province",
        "I": "home_ward",
    }
    for ranges in (merged, []):
        table = one(rows, merged=ranges)
        assert table.header == (1, 2)
        assert table.rows == [3]
        assert mapping(table) == expected


def test_header_of_three_lines_and_a_row_of_numbers() -> None:
    table = one(
        [
            ["STT", "Thông tin học sinh", None, None, "Gia đình", None],
            [None, "Họ tên", "Ngày sinh", "Lớp", "Thông tin cha", None],
            [None, None, None, None, "Họ và tên", "Điện thoại"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
            [1, "An", DAY, "1A", "Lê B", "0912345678"],
        ],
        merged=[(1, 2, 1, 4), (1, 5, 1, 6), (2, 5, 2, 6)],
    )
    assert table.header == (2, 3)
    assert [left.reason for left in table.left_out] == ["title", "hint"]
    assert mapping(table) == dict(
        zip("BCDEF", ["full_name", "birth_date", "class_code", "father_name", "father_phone"], strict=True)
    )


@pytest.mark.parametrize("second", [["Họ và tên đệm", "Tên"], ["Họ và tên", "Họ và tên"]])
def test_name_in_two_columns(second: list[str]) -> None:
    merged = [(1, 2, 1, 3)] if second[0] == second[1] else []
    first: list[Cell] = [second[0], None if merged else second[1]]
    table = one([["Lớp", *first, "Ngày sinh"], ["1A", "Nguyễn Văn", "An", DAY]], merged=merged)
    assert table.cells("full_name") == ["Nguyễn Văn An"]
    assert [column.reading for column in table.find("full_name")] == ["family", "given"]


def test_name_column_called_only_ten() -> None:
    table = one([["Lớp", "Họ tên", "Ngày sinh"], ["1A", "An", DAY]])
    assert table.cells("full_name") == ["An"]
    staff = one([["Tên", "Ngày sinh", "Chức vụ"], ["Lê An", DAY, "Giáo viên"]], kind="staff")
    assert staff.cells("full_name") == ["Lê An"]


def test_own_template_has_a_row_of_hints() -> None:
    hints: list[Cell] = [field.hint or None for field in PUPILS.fields]
    values: list[Cell] = ["x" if field.name != "full_name" else "Lê An" for field in PUPILS.fields]
    table = one([[field.header for field in PUPILS.fields], hints, values])
    assert table.rows == [3]
    assert [left.reason for left in table.left_out] == ["hint"]
    assert [column.field for column in table.columns] == [field.name for field in PUPILS.fields]
    assert table.missing() == []
    assert recognise_profile(book(table.sheet)).code == "khue"  # type: ignore[union-attr]


def test_code_lists_and_unknown_sheets_are_ignored() -> None:
    rows: list[list[Cell]] = [["Mã", "Họ tên", "Ngày sinh"], ["01", "Kinh", DAY]]
    assert find_tables(sheet(rows, "DM_DanToc"), PUPILS) == []
    assert find_tables(sheet(rows, "Danh mục"), PUPILS) == []
    assert find_tables(sheet([["Ghi", "chú"], ["gì", "đó"]]), PUPILS) == []
    assert find_tables(sheet([["An", "Nữ", "Kinh", "Khuyết tật", "Hộ nghèo"]]), PUPILS) == []


def test_a_row_of_data_under_the_header_is_never_a_second_line() -> None:
    table = one([["Họ tên", "Lớp", "Nữ"], ["Nguyễn Văn An", "1A", "x"], ["Lê Bình", "1A", "x"]])
    assert table.header == (1, 1)
    assert table.rows == [2, 3]


def test_two_columns_for_one_field_are_a_question() -> None:
    table = one([["Họ tên", "Điện thoại", "SĐT liên hệ"], ["An", "0911", "0922"], ["Bình", "0933", None]])
    [first, second] = table.questions
    assert (first.letter, second.letter) == ("B", "C")
    assert first.candidates == second.candidates == ("phone",)
    assert (first.reason, first.suggested, second.suggested) == ("twice", "phone", None)
    assert first.samples == ("0911", "0933")
    table.remap({2: "phone", 3: None})
    assert table.questions == []
    assert table.cells("phone") == ["0911", "0933"]


@pytest.mark.parametrize(("second", "reason"), [([None, None], "blank"), (["0911", "0933"], "same")])
def test_blank_and_equal_columns_give_way(second: list[Cell], reason: str) -> None:
    rows = [["An", "0911", second[0]], ["Bình", "0933", second[1]]]
    table = one([["Họ tên", "Điện thoại", "SĐT liên hệ"], *rows])
    assert table.questions == []
    assert (table.columns[1].field, table.columns[2].field, table.columns[2].reason) == ("phone", None, reason)


def test_ma_dinh_danh_alone_asks_by_length() -> None:
    rows: list[list[Cell]] = [["An", "7412903355"], ["Bình", 7412903361], ["Chi", "074213006518"]]
    [question] = one([["Họ tên", "Mã định danh"], *rows]).questions
    assert question.candidates == ("ministry_id", "personal_number")
    assert question.counts == {"ministry_id": 2, "personal_number": 1, "by_length": 3}
    assert (question.suggested, question.reason) == ("ministry_id", "identifier")


def test_a_column_of_both_identifiers_is_split_by_length() -> None:
    values: list[Cell] = ["7412903355", 7412903361, "074213006518", 74213006526, "271234567", "không rõ", None]
    table = one([["Họ tên", "Mã định danh"], *(["An", value] for value in values)])
    [question] = table.questions
    assert (question.suggested, (question.counts or {})["by_length"]) == ("by_length", 4)
    table.remap({2: "by_length"})
    assert table.cells("ministry_id") == ["7412903355", 7412903361, None, None, None, None, None]
    assert table.cells("personal_number") == [None, None, "074213006518", 74213006526, None, None, None]
    found = {finding.row: finding.message for _position, finding in table.unsorted_identifiers()}
    assert list(found) == [6, 7]
    assert "CMND" in found[6]
    assert "Có chữ" in found[7]


def test_a_column_of_its_own_goes_before_the_mixed_one() -> None:
    rows: list[list[Cell]] = [["An", "074213006518", "074213000001"], ["Bình", "074213006526", None]]
    table = one([["Họ tên", "Mã định danh", "Số CCCD"], *rows])
    table.remap({2: "by_length"})
    assert table.cells("personal_number") == ["074213000001", "074213006526"]


def test_ma_dinh_danh_beside_the_other_number_is_no_question() -> None:
    rows: list[list[Cell]] = [["An", "7412903355", "074213006518"]]
    table = one([["Họ tên", "Mã định danh", "Số CCCD"], *rows])
    assert mapping(table) == {"A": "full_name", "B": "ministry_id", "C": "personal_number"}


def test_marks_of_sex_beside_a_column_of_sex_give_way() -> None:
    table = one([["Họ tên", "Giới tính", "Nữ"], ["An", "Nam", None]])
    assert mapping(table) == {"A": "full_name", "B": "sex", "C": None}
    both = one([["Họ tên", "Lớp", "Nam", "Nữ"], ["An", "1A", "x", None]])
    assert [column.field for column in both.columns] == ["full_name", "class_code", None, "sex"]
    [alone] = [c for c in one([["Họ tên", "Lớp", "Nam"], ["An", "1A", "x"]]).columns if c.letter == "C"]
    assert alone.field is None


def test_merged_class_cells_count_for_all_their_rows() -> None:
    rows: list[list[Cell]] = [["Lớp", "Họ tên"], ["1A", "An"], [None, "Bình"], ["1B", "Chi"], [None, "Dũng"]]
    table = one(rows, merged=[(2, 1, 3, 1), (4, 1, 900, 1)])
    assert table.cells("class_code") == ["1A", "1A", "1B", "1B"]
    assert one(rows).cells("class_code") == ["1A", None, "1B", None]


def test_error_cells_and_hidden_rows_are_reported() -> None:
    data = sheet([["Họ tên", "Lớp"], ["An", None], ["Bình", "1A"]])
    data.errors, data.hidden_rows = {(2, 2): "#N/A"}, [3]
    [table] = find_tables(data, PUPILS)
    error, hidden = table.findings()
    assert (error.level, error.row, error.column, error.value) == ("error", 2, "B", "#N/A")
    assert (hidden.level, hidden.rule, hidden.row, hidden.column) == ("warning", "hidden-row", 3, None)


def test_tables_with_different_headers_stay_apart() -> None:
    rows: list[list[Cell]] = [["Họ tên", "Lớp"], ["An", "1A"], [], ["Lớp", "Họ tên"], ["1B", "Bình"]]
    first, second = find_tables(sheet(rows), PUPILS)
    assert (first.cells("full_name"), second.cells("full_name")) == (["An"], ["Bình"])
    assert first.layout != second.layout
    assert len(first.layout) == 32


def test_profile_columns_go_before_aliases() -> None:
    rows: list[list[Cell]] = [["Mã lớp", "Tên lớp", "Họ tên"], ["1A", "Một A", "An"]]
    assert [c.candidates for c in find_tables(sheet(rows), PUPILS)[0].questions] == [("class_code",)] * 2
    profile = next(profile for profile in load_profiles() if profile.code == "c1-hocsinh")
    [table] = find_tables(sheet(rows), PUPILS, profile.columns)
    assert mapping(table) == {"A": "class_code", "B": None, "C": "full_name"}


HEADERS: dict[str, list[Cell]] = {
    "schools": ["Mã trường", "Tên trường", "Cấp học", "Loại hình", "Xã/Phường", "Địa chỉ"],
    "staff": ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Trạng thái CB", "Vị trí việc làm", "Môn dạy"],
    "classes": ["Mã trường", "Năm học", "Khối", "Mã lớp", "Tên lớp", "GVCN"],
    "pupils": ["STT", "Mã lớp", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc", "Họ tên cha"],
    "rooms": ["Mã phòng", "Điểm trường", "Loại phòng", "Cấp công trình", "Diện tích"],
    "equipment": ["STT", "Tên thiết bị", "Nhóm", "Khối", "Mã phòng", "Số lượng"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_guess_kind(kind: str) -> None:
    data: list[Cell] = ["x"] * len(HEADERS[kind])
    lists = sheet([["Mã", "Tên"], ["1", "Nam"]], "DM_GioiTinh")
    assert guess_kind(book(sheet([["Danh sách"], HEADERS[kind], data]), lists)) == kind


def test_guess_kind_of_nothing() -> None:
    assert guess_kind(book(sheet([["Ghi", "chú"]]))) is None


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        (
            "C1-HocSinh khối 6.xlsx",
            ["Mã lớp", "Mã học sinh", "Họ tên", "Trạng thái HS", "Ngày nhập trạng thái", "Loại khuyết tật"],
            "c1-hocsinh",
        ),
        (
            "CSDL_GiaoVien.xlsx",
            ["Họ tên", "Email", "Trạng thái CB", "Vị trí việc làm", "Nhóm chức vụ", "Môn dạy"],
            "csdl-giaovien",
        ),
        ("DS SMAS 2026.xlsx", ["Họ tên", "Lớp"], "smas"),
        ("vnedu.xls", ["Họ tên", "Lớp"], "vnedu"),
        ("Khoi 6.xlsx", ["Họ tên", "Lớp"], None),
    ],
)
def test_recognise_profile(path: str, headers: list[Cell], code: str | None) -> None:
    found = recognise_profile(book(sheet([[], headers, ["x"] * len(headers)], "Sheet1"), path=f"/x/{path}"))
    assert (found.code if found else None) == code


def test_profiles_name_real_fields_and_headers_that_match() -> None:
    kinds = alias_data()["kinds"]
    for profile in load_profiles():
        for field in profile.columns.values():
            assert field == "" or field in kinds[profile.kind]["fields"]


def test_find_school_in_the_order_of_weight() -> None:
    rows: list[list[Cell]] = [
        ["Mã trường: 19164301"],
        ["Trường Tiểu học Phú Cường"],
        ["Mã trường", "Họ tên"],
        ["19164302", "An"],
        [19164302, "Bình"],
    ]
    hints = find_school(book(sheet(rows), path="/tinh/19164303-PhuCuong/a.xlsx"))
    assert [(h.source, h.value) for h in hints if h.source != "text"][:3] == [
        ("column", "19164302"),
        ("title", "19164301"),
        ("folder", "19164303-PhuCuong"),
    ]
    assert ("text", "Trường Tiểu học Phú Cường", "A2") in [(h.source, h.value, h.cell) for h in hints]
    title = find_school(book(sheet([["Mã trường:", "19164301"]])))[0]
    assert (title.source, title.value) == ("title", "19164301")


def test_find_years() -> None:
    assert find_years(book(sheet([["Danh sách năm học 2026 - 2027"]]))) == [2026]
    assert find_years(book(sheet([["SĐT 2026-2029"]]))) == []


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (16384, "XFD")])
def test_column_letters(number: int, letters: str) -> None:
    assert column_letter(number) == letters
    assert column_number(letters) == number
