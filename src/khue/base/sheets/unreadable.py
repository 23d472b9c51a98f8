"""Why a file is not read, in words that say how to mend it."""

from pathlib import Path

MAX_UPLOAD = 50 * 1024 * 1024
"""Bytes; checked before anything is read."""

_SAVE_AGAIN = "Mở bằng Excel, lưu lại dạng .xlsx rồi thả vào."
_TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("Không tìm thấy tệp này.", "Chọn lại tệp."),
    "empty": ("Tệp trống, không có ô nào có chữ.", "Chọn tệp có danh sách."),
    "too_large": (
        "Tệp nặng {megabytes} MB, nhiều nhất {limit} MB.",
        "Bỏ ảnh và trang không dùng, hoặc chia thành nhiều tệp.",
    ),
    "other_kind": ("Bên trong là {kind}, không phải bảng tính.", _SAVE_AGAIN),
    "unknown_kind": ("Bên trong không phải bảng tính nào đọc được.", "Dùng tệp XLSX, XLS, ODS hoặc CSV."),
    "archive": ("Đây là tệp nén ZIP, không phải bảng tính.", "Đổi đuôi thành .zip rồi thả vào, hoặc giải nén trước."),
    "encrypted": ("Tệp có mật khẩu.", "Mở bằng Excel, bỏ mật khẩu, lưu lại rồi thả vào."),
    "truncated": ("Tệp bị cụt, thiếu phần cuối.", "Tải hoặc chép lại tệp từ nguồn."),
    "damaged": ("Tệp bị hỏng bên trong.", _SAVE_AGAIN),
    "bomb": (
        "Tệp nén quá chặt, bung ra tới {megabytes} MB.",
        "Chép bảng sang một tệp Excel mới rồi thả tệp đó vào.",
    ),
    "entities": (
        "Tệp gọi nội dung từ bên ngoài (DOCTYPE trong {part}) nên không được mở.",
        "Chép bảng sang một tệp Excel mới rồi thả tệp đó vào.",
    ),
    "far_cell": (
        "Ô {cell} của trang “{sheet}” có giá trị nằm rất xa bảng.",
        "Xóa ô đó, lưu lại rồi thả vào.",
    ),
    "too_many_rows": (
        "Trang “{sheet}” có hơn {limit_rows} dòng, nhiều nhất {limit_rows} dòng một trang.",
        "Bỏ dòng thừa hoặc chia thành nhiều tệp.",
    ),
    "too_many_cells": (
        "Tệp có hơn {limit_cells} ô, nhiều nhất {limit_cells} ô một tệp.",
        "Bỏ trang, cột thừa hoặc chia thành nhiều tệp.",
    ),
    "too_many_sheets": ("Tệp có {sheets} trang, nhiều nhất 300.", "Bỏ trang thừa hoặc chia thành nhiều tệp."),
    "too_big": ("Tệp quá lớn khi mở ra, hoặc làm hỏng bộ đọc.", "Chép bảng sang một tệp Excel mới rồi thả tệp đó vào."),
    "too_slow": ("Đọc tệp quá {seconds} giây chưa xong.", "Chia thành nhiều tệp nhỏ hơn."),
    "undecodable": (
        "Có chữ không đọc được theo bảng mã của tệp.",
        "Chọn bảng mã khác, hoặc lưu lại dạng “CSV UTF-8” hay .xlsx rồi thả vào.",
    ),
    "unknown_encoding": (
        "Không có bảng mã “{name}”.",
        "Chọn bảng mã Khuê biết: utf-8, utf-16, cp1258, tcvn3, vni.",
    ),
    "zip_path": ("Tệp nén có tên tệp trỏ ra ngoài: {name}.", "Nén lại các tệp bảng tính rồi thả vào."),
    "zip_many": ("Tệp nén có {count} tệp, nhiều nhất {limit}.", "Chia thành nhiều tệp nén."),
    "zip_nested": ("Trong tệp nén còn tệp nén khác: {name}.", "Giải nén tệp bên trong rồi nén lại."),
    "zip_empty": ("Tệp nén không có bảng tính nào.", "Nén các tệp XLSX, XLS, ODS hoặc CSV."),
}


class Unreadable(Exception):  # noqa: N818 — an outcome, said to the user
    """A file that cannot be read: `code` for programs, `message` and `remedy` in Vietnamese for people."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(f"{message} {remedy}")
        self.code = code
        self.message = message
        self.remedy = remedy

    @classmethod
    def of(cls, code: str, **details: object) -> "Unreadable":
        """The refusal with the words for its code; details fill the blanks of the message."""
        message, remedy = _TEXTS[code]
        shared = {"limit_rows": "100.000", "limit_cells": "2.000.000"}
        return cls(code, message.format(**(shared | details)), remedy)


def check_size(path: Path) -> None:
    """Raises Unreadable for a missing, empty or too large file, without opening it."""
    if not path.is_file():
        raise Unreadable.of("missing")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable.of("empty")
    if size > MAX_UPLOAD:
        raise Unreadable.of("too_large", megabytes=-(-size // (1024 * 1024)), limit=MAX_UPLOAD // (1024 * 1024))
