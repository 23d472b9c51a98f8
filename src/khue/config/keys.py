"""Settings of an installation: one table of keys, read as default < file < environment.

The file is ``KHUE_HOME/khue.toml``; the environment name of a key is ``KHUE_`` and the key in capitals.
``./khue manage config`` prints the table with the value in force and where it came from.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Key:
    name: str
    kind: type
    default: object
    help: str

    @property
    def environment(self) -> str:
        return "KHUE_" + self.name.upper()


KEYS = (
    Key(
        "debug", bool, False, "Trang báo lỗi chi tiết và trang /ui/ cho người phát triển; không bật khi có dữ liệu thật"
    ),
    Key("demo", bool, False, "Bản trình diễn: trang đăng nhập nêu các tài khoản mẫu"),
    Key("hosts", list, ["localhost", "127.0.0.1", "[::1]"], "Tên miền mà máy chủ trả lời"),
    Key("https", bool, False, "Máy chủ đứng sau nginx với HTTPS: bật cookie an toàn và HSTS"),
    Key("proxies", int, 0, "Số máy chủ trung gian (nginx) đứng trước: địa chỉ người dùng lấy từ X-Forwarded-For"),
    Key("secret_key", str, "", "Khóa bí mật; để trống thì tạo một lần trong KHUE_HOME/secrets"),
    Key("marks_key", str, "", "Khóa của chuỗi điểm, không bao giờ đổi; để trống thì tạo trong KHUE_HOME/secrets"),
    Key("upload_limit_mb", int, 50, "Tệp nhập nặng nhất, MB"),
    Key("time_zone", str, "Asia/Ho_Chi_Minh", "Múi giờ"),
    Key("export_limit", int, 200, "Xuất nhiều học sinh hơn số này cần quyền xuất nhiều"),
    Key("idle_minutes", int, 30, "Số phút không dùng thì tự đăng xuất; 0 là không tự đăng xuất"),
    Key("lockout_attempts", int, 5, "Số lần nhập sai trước khi khóa đăng nhập 15 phút"),
)
_TRUE = {"1", "true", "yes", "on"}


def home() -> Path:
    """Where data lives (``KHUE_HOME``); by default the folder ``var`` of the checkout."""
    return Path(os.environ.get("KHUE_HOME") or Path(__file__).resolve().parents[3] / "var")


def _from_environment(key: Key, text: str) -> object:
    if key.kind is bool:
        return text.strip().lower() in _TRUE
    if key.kind is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    return key.kind(text)


def read() -> dict[str, tuple[Any, str]]:
    """Every key with its value in force and its source: ``mặc định``, ``khue.toml`` or the environment's name."""
    path = home() / "khue.toml"
    file = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    values: dict[str, tuple[Any, str]] = {}
    for key in KEYS:
        value, source = key.default, "mặc định"
        if key.name in file:
            value, source = file[key.name], "khue.toml"
        if key.environment in os.environ:
            value, source = _from_environment(key, os.environ[key.environment]), key.environment
        values[key.name] = (value, source)
    return values
