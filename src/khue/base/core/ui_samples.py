"""Invented values for ``/ui/``; nothing here comes from a database or goes into one."""

from datetime import date
from typing import Any

from django import forms


class SampleForm(forms.Form):
    """Every kind of field once, with its states."""

    sections = [
        ("Ô nhập", "Đúng, sai, cần xem, chỉ đọc", ["name", "born", "identity", "phone", "ministry_code", "password"]),
        ("Lựa chọn", "Ít thì bày ra, nhiều thì tìm", ["sex", "ward", "ethnicity", "sessions", "grades", "boarding"]),
        ("Dài", "", ["remark"]),
    ]
    name = forms.CharField(label="Họ và tên", initial="Lê Thị Thanh Trúc")
    born = forms.DateField(label="Ngày sinh", required=False, help_text="Gõ 14082015 cũng được.")
    identity = forms.CharField(label="Số định danh", widget=forms.TextInput({"class": "num", "inputmode": "numeric"}))
    phone = forms.CharField(label="Điện thoại nhà", required=False, widget=forms.TextInput({"class": "num"}))
    ministry_code = forms.CharField(label="Mã của Bộ", disabled=True, initial="7412903355", help_text="Giữ suốt đời.")
    password = forms.CharField(label="Mật khẩu", widget=forms.PasswordInput, required=False)
    sex = forms.ChoiceField(
        label="Giới tính", choices=[("2", "Nữ"), ("1", "Nam")], widget=forms.RadioSelect, initial="2"
    )
    ward = forms.ChoiceField(label="Phường", choices=[("1", "Phú Cường"), ("2", "Phú Lợi")])
    ethnicity = forms.ChoiceField(
        label="Dân tộc",
        choices=[("01", "Kinh"), ("02", "Tày"), ("04", "Hoa"), ("05", "Khơ-me"), ("06", "Mường")],
        widget=forms.Select({"data-search": ""}),
    )
    sessions = forms.ChoiceField(
        label="Buổi học",
        choices=[(str(n), f"{n} buổi mỗi tuần") for n in (5, 6, 7, 8, 9)],
        widget=forms.RadioSelect,
        required=False,
    )
    grades = forms.MultipleChoiceField(
        label="Khối",
        choices=[(str(n), f"Khối {n}") for n in range(6, 10)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    boarding = forms.BooleanField(label="Học bán trú", required=False, help_text="Tính vào biểu đầu năm.")
    remark = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea({"rows": 3}))
    warnings = {"phone": ["Chưa có điện thoại, trường không gọi được cho nhà."]}

    def clean_identity(self) -> str:
        value: str = self.cleaned_data["identity"]
        if len(value) != 12:
            raise forms.ValidationError(f"Có {len(value)} chữ số, phải đủ 12.")
        return value


COLOURS = (
    ("bg", "bg", "nền trang"), ("sunk", "sunk", "lề, ô khóa"), ("surface", "surface", "thẻ, bảng"),
    ("line", "line", "kẻ mảnh"), ("edge", "edge", "viền ô nhập"), ("ink", "ink", "chữ chính"),
    ("ink2", "ink-2", "chữ phụ"), ("ink3", "ink-3", "chú thích"), ("lotus", "lotus", "một nút chính"),
    ("weak", "lotus-weak", "dòng đã chọn"), ("ok", "ok", "đúng, đã lưu"), ("warn", "warn", "cần xem"),
    ("err", "err", "lỗi, từ chối"), ("info", "info", "mới, đang chạy"),
    ("c2", "c2", "dãy số 2"), ("c3", "c3", "dãy số 3"),
)  # fmt: skip

DUTIES = [
    {"date": date(2026, 10, 10), "note": "còn 5 ngày", "title": "Sửa 3 lỗi rồi trình thống kê đầu năm",
     "text": "1.248 học sinh, 32 lớp đã đủ. Còn 3 số định danh sai giới tính.", "url": "#", "verb": "Sửa 3 lỗi"},
    {"date": date(2026, 10, 2), "note": "trễ 3 ngày", "late": True, "title": "Trả lời công văn 1482",
     "text": "Khuê đã điền sẵn 9 trong 10 ô.", "url": "#", "verb": "Xem và gửi"},
]  # fmt: skip
HEALTH = [
    {"label": "Học sinh", "count": 1248, "ok": 1229, "warn": 16, "err": 3, "url": "#"},
    {"label": "Lớp", "count": 32, "ok": 32, "warn": 0, "err": 0, "url": "#"},
    {"label": "Phòng học", "count": 0, "ok": 0, "warn": 0, "err": 0, "url": "#"},
]
ENTRIES = [
    {"who": "Cô Trần Thị Mỹ Hạnh", "role": "văn thư", "when": "hôm nay 9:12", "undo_url": "#",
     "changes": [{"label": "Điện thoại nhà", "old": "0918 402 117", "new": "0987 554 210"},
                 {"label": "Diện", "old": "", "new": "Hộ cận nghèo"}],
     "why": "Từ tệp C1-HocSinh khối 8, dòng 41.", "why_url": "#", "why_link": "Xem tệp"},
    {"who": "Thầy Lê Minh Tâm", "role": "hiệu trưởng", "when": "28/08/2026 10:02",
     "changes": [{"label": "Lớp", "old": "7A4", "new": "8A2"}], "lock": "Có điểm 8A2 dựa vào. Dùng Chuyển lớp."},
]  # fmt: skip
FILES = [
    {"name": "Khoi 8 (TCVN3).xls", "note": "Excel 97, 1 trang, 312 dòng", "kind": "Học sinh khối 8",
     "layout": "Bố cục của trường, đã nhớ từ 12/09/2025", "level": "warn", "text": "Xem chữ mẫu",
     "encoding": {"raw": "Lª ThÞ Ngäc DiÔm", "read": "Lê Thị Ngọc Diễm", "text": "Bảng mã TCVN3.", "yes_url": "#"}},
    {"name": "Khoi 9.csv", "note": "UTF-16, trong HocSinh.zip", "kind": "Học sinh khối 9", "level": "info",
     "text": "61 %", "symbol": "refresh", "in_zip": True, "done": 188, "total": 307},
    {"name": "danh sach lop.xlsx", "note": "410 KB", "kind": "Không đọc được", "level": "err", "text": "Bỏ ra",
     "layout": "Bên trong là PDF đổi đuôi. Mở bằng Excel, lưu lại rồi thả vào."},
]  # fmt: skip
OUTCOME = [
    {"count": 3, "level": "err", "text": "Lỗi", "url": "#", "current": True},
    {"count": 7, "level": "warn", "text": "Cảnh báo", "url": "#"},
    {"count": 18, "level": "ok", "text": "Đổi", "symbol": "pencil", "url": "#"},
    {"count": 36, "level": "info", "text": "Mới", "url": "#"},
    {"count": 241, "level": "", "text": "Không đổi", "symbol": "circle-check", "url": "#"},
]
SHEET_COLUMNS = [
    {"letter": "B", "label": "Mã lớp"},
    {"letter": "D", "label": "Họ tên"},
    {"letter": "E", "label": "Ngày sinh"},
]
SHEET_ROWS = [
    {"key": "27", "number": 27, "level": "err", "state": {"level": "err", "text": "Lỗi"},
     "cells": [{"ref": "B27", "value": "6A1"}, {"ref": "D27", "value": "Trần Quốc Bảo"},
               {"ref": "E27", "value": "31/02/2015", "kind": "err", "num": True, "mend_url": "#"}],
     "says": [{"ref": "E27", "level": "err", "text": "Tháng 2 không có ngày 31.",
               "use": {"value": "13/02/2015", "label": "Dùng 13/02/2015"}}]},
    {"key": "63", "number": 63, "level": "warn", "state": {"level": "warn", "text": "Cảnh báo"},
     "cells": [{"ref": "B63", "value": "6A3"}, {"ref": "D63", "value": "Nguyễn Văn Đức"},
               {"ref": "E63", "value": "09/03/2011", "kind": "warn", "num": True}],
     "says": [{"ref": "E63", "level": "warn", "text": "15 tuổi học lớp 6, hơn tuổi chuẩn 4 năm.", "url": "#",
               "verb": "Ghi lý do"}]},
    {"key": "64", "number": 64, "level": "err", "state": {"level": "err", "text": "Lỗi"},
     "cells": [{"ref": "B64", "value": "6A9", "kind": "err"}, {"ref": "D64", "value": "Lê Thị Ngọc"},
               {"ref": "E64", "value": "02/05/2015", "num": True}],
     "says": [{"ref": "B64", "level": "err", "text": "Trường không có lớp 6A9 trong năm học này.",
               "form": {"url": "#", "hidden": [("lop", "6A9")], "verb": "Tạo lớp 6A9 (khối 6)"}}]},
    {"key": "41", "number": 41, "state": {"level": "ok", "text": "Chuyển lớp", "symbol": "switch-horizontal"},
     "cells": [{"ref": "B41", "value": "6A2", "old": "6A4", "kind": "chg"}, {"ref": "D41", "value": "Huỳnh Tấn Lộc"},
               {"ref": "E41", "value": "11/11/2015", "num": True}]},
]  # fmt: skip
RULES = [
    {"label": "Học sinh", "note": "1.248 hồ sơ, 2 quy tắc", "rules": [
        {"id": "V02", "text": "Số định danh khớp giới tính và năm sinh", "level": "err", "state": "1 lỗi", "open": True,
         "why": "Chữ số thứ tư là giới tính và thế kỉ, hai số sau là năm sinh. Nghị định 137/2015, Điều 13.",
         "records": [
             {"key": "1", "name": "Huỳnh Ngọc Minh Thư", "url": "#", "note": "8A2, sinh 21/11/2013", "mend_url": "#",
              "fields": [{"name": "identity", "label": "Số định danh", "value": "074213006518", "num": True,
                          "invalid": True},
                         {"name": "sex", "label": "Giới tính", "value": "2", "choices": [("2", "Nữ"), ("1", "Nam")]}],
              "message": "Chữ số thứ tư là 2 (nam), hồ sơ ghi Nữ.",
              "use": {"name": "identity", "value": "074313006518", "label": "Dùng 074313006518"}},
             {"key": "2", "name": "Lê Quốc Anh", "url": "#", "note": "6A1", "done": "Hết lỗi lúc 10:42",
              "old": "74215008121", "new": "074215008121"}]},
        {"id": "V03", "text": "Tuổi đúng chuẩn của lớp", "level": "ok", "state": "1.248 đúng",
         "why": "Sớm 1, muộn 3 năm. Hơn thì ghi lý do."}]},
]  # fmt: skip
QUESTION = {
    "key": "ui-q1", "title": "“Mã định danh” là mã nào?", "where": "Cột F",
    "text": "298 dòng có 10 chữ số, 14 dòng có 12.",
    "samples": [{"value": "7412903355"}, {"value": "074213006518", "strong": True}, {"value": "Nghèo", "note": "9"}],
    "choices": [{"value": "1", "title": "Tách theo độ dài", "text": "10 số vào mã của Bộ, 12 số vào số định danh",
                 "checked": True},
                {"value": "2", "title": "Không nhập cột này"}],
}  # fmt: skip
SHELVES = [
    {"key": "hang", "label": "Hàng",
     "chips": [{"label": "Loại hình", "remove_url": "#"}, {"label": "Lớp", "remove_url": "#"}],
     "choices": [{"label": "Dân tộc", "url": "#"}, {"label": "Giới tính", "url": "#"}]},
    {"key": "loc", "label": "Chỉ lấy", "chips": [{"label": "Cấp", "value": "THCS", "remove_url": "#"}]},
]  # fmt: skip
COLUMNS = [
    {"label": "Họ và tên", "css": "k-name", "sort_url": "#", "sort": "ascending"},
    {"label": "Lớp", "css": "k-class", "sort_url": "#"},
    {"label": "Ngày sinh", "css": "k-meta", "sort_url": "#"},
    {"label": "Dữ liệu", "css": "k-state"},
]
PUPILS = [
    {
        "key": "1",
        "name": "Hồ Ngọc Minh",
        "given": "Anh",
        "class": "8A2",
        "born": "11/03/2013",
        "level": "ok",
        "text": "Đủ",
    },
    {
        "key": "2",
        "name": "Hồ Minh",
        "given": "Châu",
        "class": "8A1",
        "born": "19/07/2012",
        "level": "err",
        "text": "1 lỗi",
    },
]
FACTS = {
    "title": "Thông tin có ngày", "hint": "Theo quyết định", "url": "#",
    "items": [{"label": "Tên", "value": "Trường THCS Phú Cường", "since": date(1996, 8, 1)},
              {"label": "Hiệu trưởng", "value": "Lê Minh Tâm", "note": "Quyết định 1874", "since": date(2023, 8, 1)},
              {"label": "Mã số thuế", "value": ""}],
}  # fmt: skip


def _form() -> SampleForm:
    values = {name: field.initial or "" for name, field in SampleForm.base_fields.items()}
    return SampleForm({**values, "identity": "07421300651", "ward": "1", "ethnicity": "05", "grades": ["6"]})


def context() -> dict[str, Any]:
    """The whole context of ``core/ui.html``."""
    return {
        "title": "Bộ thành phần",
        "colours": COLOURS,
        "duties": DUTIES,
        "health": HEALTH,
        "entries": ENTRIES,
        "files": FILES,
        "outcome": OUTCOME,
        "sheet_columns": SHEET_COLUMNS,
        "sheet_rows": SHEET_ROWS,
        "groups": RULES,
        "question": QUESTION,
        "shelves": SHELVES,
        "columns": COLUMNS,
        "pupils": PUPILS,
        "section": FACTS,
        "form": _form(),
        "figures": [("Học sinh", 70214, "+714 so đầu năm trước"), ("Lớp", 2011, "34,9 em một lớp")],
        "steps": [{"label": "Chọn tệp", "state": "done"}, {"label": "Nhận cột", "state": "now"}, {"label": "Ghi"}],
        "tabs": [{"label": "Hồ sơ", "url": "#", "current": True, "errors": 1}, {"label": "Quá trình học", "url": "#"}],
        "pager": {"text": "1 đến 2 trong 61 em", "total": 61, "shown": 2, "next_url": "#",
                  "pages": [{"number": 1, "url": "#", "current": True}, {"number": 2, "url": "#"}]},
        "bulk": [{"label": "Chuyển lớp", "icon": "switch-horizontal", "url": "#"}],
        "empty": {"title": "Chưa có thiết bị nào", "text": "Thả tệp Excel trường đang dùng vào đây.",
                  "actions": [{"label": "Chọn tệp Excel", "icon": "upload", "url": "#", "primary": True}]},
    }  # fmt: skip
