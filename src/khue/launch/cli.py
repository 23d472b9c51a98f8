"""Words of the command line: ``./khue start | test | bench | check | manage …``."""

import sys

from . import environment

USAGE = """Khuê: nền tảng giáo dục của một thành phố

  ./khue start [--port 8000] [--host 127.0.0.1] [--empty | --demo small|city]
                             khởi động tất cả: cơ sở dữ liệu, trang web, việc nền
  ./khue manage LỆNH …       lệnh quản trị (setup, import_sheets, statistics, config …)
  ./khue test [--all] [PYTEST …]   chạy toàn bộ kiểm thử
  ./khue bench [TÊN]         đo tốc độ, in bảng
  ./khue check               kiểm tra mã như máy chủ tích hợp

KHUE_HOME   nơi đặt dữ liệu (mặc định: thư mục var trong bản mã)
DATABASE_URL   dùng PostgreSQL có sẵn (15 trở lên) thay cho bản kèm theo
"""
MODULES = {
    "start": ("khue.launch.serve", False),
    "manage": ("khue.launch.admin", False),
    "test": ("khue.launch.testing", True),
    "bench": ("khue.launch.bench", True),
    "check": ("khue.launch.checking", True),
}


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE)
        return
    word, *rest = arguments
    if word not in MODULES:
        print(USAGE)
        sys.exit(f"Không có lệnh {word!r}.")
    module, development = MODULES[word]
    environment.enter(module, rest, development=development)
