"""From a cell to a value: pure parsers, each `(cell, …) -> (value, findings)`.

A blank cell gives (None, ()). A value that cannot be taken gives None and an error that says how to mend it; a value
that was changed on the way carries a finding "normalised" with what is taken instead.
"""

import datetime
import math
import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal, InvalidOperation

from khue.base.core.text import clean_text, search_key
from khue.base.sheets.findings import NOTHING, Finding, Level
from khue.base.sheets.workbook import Cell

Findings = tuple[Finding, ...]

EPOCH = datetime.date(1899, 12, 30)
"""Day 0 of spreadsheet serials (sector database page §5)."""
SERIALS = range(20_000, 60_001)
YEARS = range(1900, 2101)
SPLIT_LENGTHS = {10: "ministry_id", 11: "personal_number", 12: "personal_number"}
"""Where one column holds both identifiers, what a value is by its digits (11: Excel ate a zero). With nine it may be
either, or an old CMND: nobody can tell."""
NAME_LENGTH = 100

_DATE = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,4})(?:\s+0{1,2}:00(?::00)?)?")
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?(?:\.0+)?)?")
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_ONE_GROUP = re.compile(r"-?\d{1,3}\.\d{3}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_YES = {"x", "co", "1", "true", "dung", "v", "✓", "✔", "yes", "c"}
_NO = {"khong", "0", "false", "sai", "ko", "no", "k", "-"}


def _one(level: Level, rule: str, cell: Cell, message: str, normalised: str | None = None) -> Findings:
    return (Finding(level, rule, message, cell_text(cell), normalised),)


def cell_text(cell: Cell) -> str:
    """A cell as text: whole numbers without ".0", dates as dd/mm/yyyy, "" for a blank."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean_text(cell)
    if isinstance(cell, bool):
        return "Có" if cell else "Không"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e17 else repr(cell).replace(".", ",")
    if isinstance(cell, datetime.date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def parse_text(cell: Cell, *, maximum: int = 250, rule: str = "text") -> tuple[str | None, Findings]:
    """Any text up to `maximum` letters, cleaned; refuses HTML and control characters."""
    if cell is None:
        return None, NOTHING
    text = cell_text(cell)
    if isinstance(cell, str) and (fault := _text_fault(cell)):
        return None, _one("error", rule, cell, fault)
    if len(text) > maximum:
        return None, _one("error", rule, text[:60] + "…", f"Dài {len(text)} chữ, nhiều nhất {maximum}. Viết gọn lại.")
    return text or None, NOTHING


def _text_fault(text: str) -> str | None:
    if not text.isprintable() and (control := _CONTROL.search(text)):
        return f"Có kí tự ẩn (mã {ord(control[0])}) không nhìn thấy. Xóa ô rồi gõ lại."
    if "<" in text or ">" in text:
        return "Có dấu < hoặc > của mã trang web. Chỉ để lại chữ."
    return None


def parse_name(cell: Cell) -> tuple[str | None, Findings]:
    """Họ tên: up to 100 letters, no digits, no HTML, no control characters; "NGUYỄN VĂN AN" becomes "Nguyễn Văn An"."""
    if cell is None:
        return None, NOTHING
    if not isinstance(cell, str):
        return None, _one("error", "name", cell, "Ô họ tên chứa số hoặc ngày. Ghi lại họ tên.")
    name, letters_only = clean_text(cell), cell.replace(" ", "").isalpha()
    fault = None if letters_only else _text_fault(cell)
    if fault is None and len(name) > NAME_LENGTH:
        return None, _one(
            "error", "name", name[:60] + "…", f"Tên dài {len(name)} chữ, nhiều nhất {NAME_LENGTH}. Ghi lại."
        )
    if fault is None and not letters_only:
        fault = _letters_fault(name)
    if fault is not None:
        return None, _one("error", "name", cell, fault)
    if " " in name and name.isupper():
        return (proper := _proper_case(name)), _one("normalised", "name", cell, "Đổi chữ hoa thành chữ thường.", proper)
    return name, NOTHING


def _letters_fault(name: str) -> str | None:
    if any(c.isdigit() for c in name):
        return "Họ tên có chữ số. Bỏ chữ số, phần khác ghi vào cột ghi chú."
    if not any(c.isalpha() for c in name):
        return "Họ tên không có chữ nào. Ghi lại họ tên."
    return None


def _proper_case(name: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)


def parse_date(cell: Cell) -> tuple[datetime.date | int | None, Findings]:
    """A date; an int is the year alone, kept as incomplete (sector database page §5, requirement 3).

    Takes real dates, dd/mm/yyyy with / . or -, yyyy-mm-dd, years and serials 20000–60000 counted from 30/12/1899.
    Refuses two-digit years and days that do not exist.
    """
    if cell is None:
        return None, NOTHING
    if isinstance(cell, datetime.date):
        return _real_date(cell.date() if isinstance(cell, datetime.datetime) else cell)
    if isinstance(cell, str):
        return _date_of_text(cell)
    if isinstance(cell, bool):
        return None, _one("error", "date", cell, _DATE_REMEDY)
    return _date_of_number(cell, int(cell) if math.isfinite(cell) else 0)


_DATE_REMEDY = "Không đọc được ngày. Ghi ngày/tháng/năm, ví dụ 03/09/2014."


def _real_date(day: datetime.date) -> tuple[datetime.date | int | None, Findings]:
    """A year typed into a cell formatted as a date shows as a day of 1905: 2014 becomes 06/07/1905."""
    serial = (day - EPOCH).days
    return _date_of_number(day, serial) if serial in YEARS else (day, NOTHING)


def _date_of_number(cell: Cell, number: int) -> tuple[datetime.date | int | None, Findings]:
    if number in SERIALS:
        day = EPOCH + datetime.timedelta(days=number)
        return day, _one("normalised", "date", cell, f"Ô ghi {number}, đọc là {day:%d/%m/%Y}.", f"{day:%d/%m/%Y}")
    if number in YEARS:
        message = f"Chỉ có năm {number}. Bổ sung ngày và tháng theo giấy khai sinh."
        return number, _one("warning", "date-incomplete", cell, message, str(number))
    return None, _one("error", "date", cell, _DATE_REMEDY)


def _date_of_text(cell: str) -> tuple[datetime.date | int | None, Findings]:
    text = cell.strip()
    if match := _DATE.fullmatch(text):
        day, month, year = match.groups()
        if len(year) != 4:
            message = f"Năm {year} chỉ có {len(year)} chữ số. Ghi đủ 4 chữ số, ví dụ {day}/{month}/2014."
            return None, _one("error", "date", cell, message)
        return _day(cell, int(day), int(month), int(year))
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = match.groups()
        return _day(cell, int(day), int(month), int(year))
    if text.isdecimal() and len(text) <= 5:
        return _date_of_number(cell, int(text))
    if not text:
        return None, NOTHING
    return None, _one("error", "date", cell, _DATE_REMEDY)


def _day(cell: str, day: int, month: int, year: int) -> tuple[datetime.date | None, Findings]:
    try:
        value = datetime.date(year, month, day)
    except ValueError:
        return None, _one("error", "date", cell, _why_no_day(day, month, year))
    if year not in YEARS:
        return None, _one("error", "date", cell, f"Không có năm {year}. Ghi lại năm bằng 4 chữ số.")
    return value, NOTHING


def _why_no_day(day: int, month: int, year: int) -> str:
    """The sentence that names what does not exist: "Tháng 2 không có ngày 31." """
    if not 1 <= month <= 12:
        return f"Không có tháng {month}. Ghi ngày trước, tháng sau, ví dụ 03/09/2014."
    if (month, day) == (2, 29):
        return f"Năm {year} không nhuận, tháng 2 không có ngày 29."
    return f"Tháng {month} không có ngày {day}."


def parse_identifier(cell: Cell, *, length: int | None = None, maximum: int = 20) -> tuple[str | None, Findings]:
    """A code as text: numbers lose ".0", never their digits; with `length`, a spreadsheet's eaten zero is put back.

    A number up to three digits short is padded ("normalised"); a text one digit short stays with a warning that
    offers the padded value, since somebody may have typed it. Other lengths stay as they are with a warning
    (Ministry identifier: "as WARNING, not refusal", sector database page §4).
    """
    text, findings = _digits_or_text(cell, maximum)
    if text is None or findings or length is None or not text.isdecimal() or len(text) == length:
        return text, findings
    padded = text.zfill(length)
    if length - 3 <= len(text) < length and not isinstance(cell, str):
        return padded, _one("normalised", "identifier", cell, "Excel đã bỏ số 0 ở đầu, Khuê thêm lại.", padded)
    if len(text) == length - 1:
        message = f"Có {len(text)} chữ số, phải đủ {length}. Thêm số 0 ở đầu thành {padded}?"
        return text, _one("warning", "identifier", cell, message, padded)
    message = f"Có {len(text)} chữ số, mã của Bộ có {length}. Đối chiếu với cơ sở dữ liệu ngành."
    return text, _one("warning", "identifier", cell, message)


def _digits_or_text(cell: Cell, maximum: int) -> tuple[str | None, Findings]:
    """The text of a code; an error where a spreadsheet has already lost digits."""
    if cell is None:
        return None, NOTHING
    if cell.__class__ is str and cell.isdecimal() and len(cell) <= maximum:
        return cell, NOTHING
    if isinstance(cell, bool | datetime.date):
        return None, _one("error", "identifier", cell, "Ô chứa ngày hoặc đúng/sai thay cho mã. Ghi lại mã dạng chữ.")
    if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 1e15):
        return None, _one("error", "identifier", cell, "Ô chứa số lẻ hoặc số quá dài. Ghi lại mã dạng chữ (Text).")
    if isinstance(cell, str) and (fault := _text_fault(cell)):
        return None, _one("error", "identifier", cell, fault)
    text = cell_text(cell).lstrip("'")
    if _SCIENTIFIC.fullmatch(text):
        message = "Excel đã rút gọn số này nên mất chữ số. Định dạng cột là Text rồi ghi lại từ bản gốc."
        return None, _one("error", "identifier", cell, message)
    if text.endswith(".0") and text[:-2].isdecimal():
        text = text[:-2]
    if re.fullmatch(r"\d[\d .]*\d", text):
        text = re.sub(r"[ .]", "", text) if " " in text or text.count(".") > 1 else text
    if len(text) > maximum:
        return None, _one("error", "identifier", cell, f"Mã dài {len(text)} chữ, nhiều nhất {maximum}. Ghi lại mã.")
    return text or None, NOTHING


def split_identifier(cell: Cell) -> tuple[str | None, Findings]:
    """Which identifier a cell of a mixed column holds, by its length: the field's name, or an error that says why."""
    text, findings = _digits_or_text(cell, 30)
    if text is None or findings:
        return None, findings
    name = SPLIT_LENGTHS.get(len(text)) if text.isdecimal() else None
    return name, NOTHING if name else _one("error", "identifier", cell, _no_kind(text))


def _no_kind(text: str) -> str:
    if not text.isdecimal():
        return "Có chữ hoặc dấu. Mã định danh Bộ có 10 chữ số, số định danh cá nhân có 12. Ghi lại mã."
    if len(text) == 9:
        return "Có 9 chữ số: số CMND cũ, hoặc mã định danh Bộ mất số 0 ở đầu. Ghi đủ 10 hoặc 12 chữ số."
    return f"Có {len(text)} chữ số, mã định danh Bộ có 10, số định danh cá nhân có 12. Ghi đủ chữ số."


def parse_personal_number(
    cell: Cell, *, sex: str | None = None, birth_year: int | None = None, provinces: Collection[str] = ()
) -> tuple[str | None, Findings]:
    """Số định danh cá nhân, 12 digits (Nghị định 137/2015/NĐ-CP art. 13; rule V02).

    `sex` is "1" (Nam) or "0" (Nữ), `birth_year` the recorded year, `provinces` the known codes of digits 1–3; what is
    not given is not checked. Zeros that a spreadsheet ate are put back when the result agrees with what is known.
    """
    text, findings = _digits_or_text(cell, 30)
    if text is None or findings:
        return text, findings
    if not text.isdecimal():
        return None, _one(
            "error", "personal-number", cell, "Có chữ hoặc dấu, phải là 12 chữ số. Đối chiếu với giấy khai sinh."
        )
    number = text
    if 10 <= len(text) <= 11:
        padded = text.zfill(12)
        sure = provinces or sex is not None or birth_year is not None
        fits = not v02_fault(padded, sex, birth_year) and (not provinces or padded[:3] in provinces)
        if fits and (sure or not isinstance(cell, str)):
            number = padded
            findings = _one("normalised", "personal-number", cell, "Excel đã bỏ số 0 ở đầu, Khuê thêm lại.", padded)
    if len(number) != 12:
        return None, _one("error", "personal-number", cell, _wrong_length(len(text)))
    if fault := v02_fault(number, sex, birth_year):
        return None, _one("error", "V02", cell, fault)
    if provinces and number[:3] not in provinces:
        message = f"Ba số đầu {number[:3]} không có trong mã tỉnh. Nếu khai sinh ở nước ngoài thì giữ nguyên."
        findings += _one("warning", "personal-number", cell, message)
    return number, findings


def _wrong_length(digits: int) -> str:
    if digits == 9:
        return "Có 9 chữ số của CMND cũ, phải đủ 12. Ghi số định danh cá nhân."
    return f"Có {digits} chữ số, phải đủ 12."


def v02_fault(number: str, sex: str | None, birth_year: int | None) -> str | None:
    """V02: digit 4 tells century and sex, digits 5–6 the year of birth. The sentence, None if all agrees."""
    century, parity = divmod(int(number[3]), 2)
    year = 1900 + 100 * century + int(number[4:6])
    if sex in ("0", "1") and parity != 1 - int(sex):
        said, own = ("nữ", "Nam") if parity else ("nam", "Nữ")
        return f"Số thứ tư là {number[3]} của {said}, giới tính ghi {own}. Một trong hai chép nhầm."
    if birth_year is not None and year != birth_year:
        return f"Số này của người sinh năm {year}, ngày sinh ghi {birth_year}. Một trong hai chép nhầm."
    return None


def parse_bool(cell: Cell) -> tuple[bool | None, Findings]:
    """x, có, 1, đúng → True; không, 0, sai → False; blank → None."""
    if cell is None or isinstance(cell, bool):
        return cell, NOTHING
    key = search_key(cell_text(cell))
    if key in _YES:
        return True, NOTHING
    if key in _NO:
        return False, NOTHING
    return None, _one("error", "bool", cell, "Không rõ có hay không. Ghi x nếu có, để trống nếu không.")


def parse_female_mark(cell: Cell) -> tuple[str | None, Findings]:
    """A column "Nữ" with x: the code of sex, "0" Nữ when ticked, "1" Nam when blank."""
    if cell is None:
        return "1", NOTHING
    if search_key(cell_text(cell)) == "nu":
        return "0", NOTHING
    ticked, findings = parse_bool(cell)
    if findings:
        return None, _one("error", "sex", cell, "Cột Nữ chỉ ghi x. Ghi x nếu là nữ, để trống nếu là nam.")
    return ("0" if ticked else "1"), NOTHING


def parse_decimal(
    cell: Cell, *, minimum: Decimal | None = None, maximum: Decimal | None = None
) -> tuple[Decimal | None, Findings]:
    """A number as people write it: 8,5 and 8.5, 1.248,5; "1.248" alone asks whether it means 1248."""
    if cell is None:
        return None, NOTHING
    if isinstance(cell, bool | datetime.date):
        return None, _one("error", "number", cell, "Ô chứa ngày hoặc đúng/sai. Ghi lại một số.")
    if isinstance(cell, int | float):
        return _in_range(cell, Decimal(repr(cell)), minimum, maximum)
    text = cell_text(cell).replace(" ", "")
    if _ONE_GROUP.fullmatch(text):
        whole = text.replace(".", "")
        message = f"{text} có thể là {whole} hoặc {text.replace('.', ',')}. Ghi dấu phẩy cho phần lẻ."
        return None, _one("ask", "number", cell, message, whole)
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None, _one("error", "number", cell, "Không phải số. Chỉ ghi chữ số, phần lẻ sau dấu phẩy.")
    return _in_range(cell, number, minimum, maximum)


def _in_range(
    cell: Cell, number: Decimal, minimum: Decimal | None, maximum: Decimal | None
) -> tuple[Decimal | None, Findings]:
    if not number.is_finite():
        return None, _one("error", "number", cell, "Không phải số. Chỉ ghi chữ số, phần lẻ sau dấu phẩy.")
    if minimum is not None and number < minimum:
        return None, _one("error", "number", cell, f"Nhỏ hơn {_comma(minimum)}. Kiểm tra lại số.")
    if maximum is not None and number > maximum:
        return None, _one("error", "number", cell, f"Lớn hơn {_comma(maximum)}. Kiểm tra lại số.")
    return number, NOTHING


def _comma(number: Decimal) -> str:
    return str(number).replace(".", ",")


def parse_integer(cell: Cell, *, minimum: int = 0, maximum: int = 100_000) -> tuple[int | None, Findings]:
    """A whole number inside the bounds."""
    number, findings = parse_decimal(cell, minimum=Decimal(minimum), maximum=Decimal(maximum))
    if number is not None and number != number.to_integral_value():
        return None, _one("error", "number", cell, "Phải là số nguyên. Bỏ phần lẻ.")
    return (None if number is None else int(number)), findings


def parse_year(cell: Cell, *, earliest: int = 1900, latest: int = 2100) -> tuple[int | None, Findings]:
    """A year of four digits; the year of a date; the first year of "2026-2027"."""
    if cell is None:
        return None, NOTHING
    if isinstance(cell, datetime.date):
        return _year_in_range(cell, cell.year, earliest, latest)
    text = cell_text(cell)
    span = re.fullmatch(r"(\d{4})\s*[-–/]\s*(\d{4})", text)
    if span and int(span[2]) == int(span[1]) + 1:
        return _year_in_range(cell, int(span[1]), earliest, latest)
    if re.fullmatch(r"\d{4}", text):
        return _year_in_range(cell, int(text), earliest, latest)
    day, findings = parse_date(cell)
    if isinstance(day, datetime.date) and isinstance(cell, str) and not findings:
        return _year_in_range(cell, day.year, earliest, latest)
    return None, _one("error", "year", cell, "Không đọc được năm. Ghi 4 chữ số, ví dụ 1986.")


def _year_in_range(cell: Cell, year: int, earliest: int, latest: int) -> tuple[int | None, Findings]:
    if earliest <= year <= latest:
        return year, NOTHING
    return None, _one("error", "year", cell, f"Năm {year} nằm ngoài {earliest} đến {latest}. Kiểm tra lại năm.")


def parse_phone(cell: Cell) -> tuple[str | None, Findings]:
    """A Vietnamese telephone number as digits: +84 and an eaten zero become 0; the first of several is taken."""
    if cell is None:
        return None, NOTHING
    if cell.__class__ is str and len(cell) in (10, 11) and cell[0] == "0" and cell.isdecimal():
        return cell, NOTHING
    text = unicodedata.normalize("NFC", cell_text(cell))
    first, *others = [part for part in re.split(r"[;/,\n]|\s-\s|\s{2,}", text) if part.strip()] or [""]
    digits = re.sub(r"[\s.\-()]", "", first.lstrip("'"))
    if digits.startswith("+84") or (digits.startswith("84") and len(digits) in (11, 12)):
        digits = "0" + digits.removeprefix("+").removeprefix("84").removeprefix("0")
    if not digits.isdecimal():
        return None, _one("error", "phone", cell, "Không phải số điện thoại. Chỉ ghi chữ số, ví dụ 0913208554.")
    findings: Findings = NOTHING
    if len(digits) in (9, 10) and digits[0] != "0":
        digits = "0" + digits
        findings = _one("normalised", "phone", cell, "Excel đã bỏ số 0 ở đầu, Khuê thêm lại.", digits)
    if not (digits.startswith("0") and len(digits) in (10, 11)):
        return None, _one("error", "phone", cell, f"Có {len(digits)} chữ số, số điện thoại có 10. Kiểm tra lại số.")
    if others:
        findings += _one("warning", "phone", cell, f"Có {len(others) + 1} số trong một ô, chỉ lấy số đầu.", digits)
    return digits, findings
