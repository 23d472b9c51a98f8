"""A small server with the mark sheet's page and its two addresses, so that every answer and fault can be arranged."""

import json
import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SOURCE = Path(__file__).resolve().parents[1] / "src" / "khue"
STATIC = {"core": SOURCE / "base/core/static", "assessment": SOURCE / "school/assessment/static"}
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'"
NAMES = (
    "Tô Bình An", "Đoàn Ngọc Minh Anh", "Trần Gia Bảo", "Lê Minh Châu", "Huỳnh Anh Dũng", "Võ Thành Đạt",
    "Trần Văn Đức", "Lê Gia Hân", "Đỗ Quốc Huy", "Lê Tuấn Kiệt",
)  # fmt: skip
COLUMNS = (("tx", 1), ("tx", 2), ("tx", 3), ("gk", 1), ("ck", 1))
LABELS = {("tx", 1): "TX1", ("tx", 2): "TX2", ("tx", 3): "TX3", ("gk", 1): "Giữa kì", ("ck", 1): "Cuối kì"}
FIRST = 771
ME = "Phạm Văn Dũng"
Key = tuple[int, str, int]


def shown(value: str) -> str:
    words = {"": "", "D": "Đ", "CD": "CĐ", "absent": "V", "make_up": "B"}
    return words[value] if value in words else f"{int(value) // 10},{int(value) % 10}" if value.isdecimal() else value


class Stub:
    """What the server knows: entries by cell, batches that it has answered, how it answers next."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.entries: list[tuple[Key, str, str]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.batches: list[dict[str, Any]] = []
        self.news_asked = 0
        self.locked = {"gk"}
        self.refusals: dict[Key, str] = {}
        self.method = "score"
        self.mode = "ok"
        """ok; down: no answer; lost: written, no answer; broken: 503; closed: 409; out: on to the sign-in."""

    def write(self, place: Key, value: str, by: str) -> int:
        self.entries.append((place, value, by))
        return len(self.entries)

    def newest(self, place: Key) -> tuple[int, str, str]:
        return next(
            (
                (serial, value, by)
                for serial, (at, value, by) in reversed(list(enumerate(self.entries, 1)))
                if at == place
            ),
            (0, "", ""),
        )

    def value(self, row: int, kind: str, number: int = 1) -> str:
        return self.newest((FIRST + row, kind, number))[1]

    def save(self, sent: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            self.batches.append(sent)
            if sent["batch"] not in self.answers:
                self.answers[sent["batch"]] = self._written(sent["cells"])
            return self.answers[sent["batch"]]

    def _written(self, cells: list[dict[str, Any]]) -> dict[str, Any]:
        answer: dict[str, Any] = {"saved": [], "clashes": [], "refused": [], "averages": {}, "at": "10:42"}
        for cell in cells:
            where = {name: cell[name] for name in ("pupil", "kind", "number")}
            place = (cell["pupil"], cell["kind"], cell["number"])
            serial, value, by = self.newest(place)
            if place in self.refusals:
                answer["refused"].append({**where, "message": self.refusals[place]})
            elif serial != cell["base"]:
                answer["clashes"].append({**where, "value": value, "serial": serial, "by": by, "at": "10:41"})
            else:
                answer["saved"].append({**where, "serial": self.write(place, cell["value"], ME)})
        return {**answer, "length": len(self.entries)}

    def news(self, since: int) -> dict[str, Any]:
        with self.lock:
            self.news_asked += 1
            names = ("pupil", "kind", "number")
            cells = [
                {**dict(zip(names, place, strict=True)), "value": value, "serial": serial, "by": by, "at": "10:41"}
                for serial, (place, value, by) in enumerate(self.entries, 1)
                if serial > since
            ]
            return {"cells": cells, "averages": {}, "length": len(self.entries)}

    def page(self) -> str:
        heads = "".join(f"<th scope='col'>{LABELS[column]}<small>hệ số</small></th>" for column in COLUMNS)
        rows = "".join(self._row(n, name) for n, name in enumerate(NAMES))
        return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Sổ điểm</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="csrf-token" content="token">
<meta name="khue-sprite" content="/static/core/icons/khue-icons.svg"><link rel="icon" href="/static/core/icons/khue.svg">
<link rel="stylesheet" href="/static/core/khue.css"><link rel="stylesheet" href="/static/core/app.css">
<script src="/static/assessment/sheet.js" type="module"></script></head><body><main class="page wide"><h1>Toán 8A2</h1>
<span class="saves" role="status" data-saves></span><div class="card"><div class="sheet" tabindex="0" role="region"
aria-label="Sổ điểm" data-sheet="5-17-1" data-save="/luu/" data-news="/moi/" data-length="{len(self.entries)}"
data-method="{self.method}" data-formative="3" data-me="{ME}"><table><thead><tr><th scope="col" class="no"><span
class="vh">Số</span></th><th scope="col" class="name">Họ và tên</th>{heads}<th scope="col">TB môn</th>
<th scope="col">Nhận xét</th></tr></thead><tbody>{rows}</tbody></table></div></div></main></body></html>"""

    def _row(self, n: int, name: str) -> str:
        family, _, given = name.rpartition(" ")
        cells = "".join(self._cell(FIRST + n, name, *column) for column in COLUMNS)
        serial, text, _by = self.newest((FIRST + n, "nx", 1))
        comment = f"""<td class="cmt"><input data-kind="nx" data-number="1" data-serial="{serial}" value="{text}"
            maxlength="500" aria-label="Nhận xét, {name}"></td>"""
        return f"""<tr data-pupil="{FIRST + n}"><th scope="row" class="no">{n + 1}</th><th scope="row" class="name">
            <span>{family} </span><b>{given}</b></th>{cells}<td class="avg" data-avg>–</td>{comment}</tr>"""

    def _cell(self, pupil: int, name: str, kind: str, number: int) -> str:
        serial, value, _by = self.newest((pupil, kind, number))
        where = f'data-kind="{kind}" data-number="{number}"'
        if kind in self.locked:
            return f'<td class="lock n" {where}>{shown(value)}</td>'
        label = f"{LABELS[kind, number]}, {name}"
        return f"""<td><input inputmode="decimal" {where} data-serial="{serial}" value="{shown(value)}"
            aria-label="{label}"></td>"""


class Handler(BaseHTTPRequestHandler):
    """Requests of the page; ``server.stub`` decides."""

    @property
    def stub(self) -> Stub:
        return self.server.stub  # type: ignore[attr-defined]

    def log_message(self, *_arguments: Any) -> None:
        """Nothing: the test's output stays readable."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/":
            self._send(200, self.stub.page().encode(), "text/html; charset=utf-8")
        elif address.path == "/dang-nhap/":
            self._send(200, b"<!doctype html>", "text/html")
        elif address.path == "/moi/":
            self._answer(lambda: self.stub.news(int(parse_qs(address.query)["tu"][0])))
        else:
            self._file(address.path)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["X-CSRFToken"]
        self._answer(lambda: self.stub.save(json.loads(body)))

    def _answer(self, make: Any) -> None:
        mode = self.stub.mode
        if mode == "lost":
            make()
        if mode in ("down", "lost"):
            self.close_connection = True
        elif mode == "out":
            self.send_response(302)
            self.send_header("Location", "/dang-nhap/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif mode == "broken":
            self._send(503, b"", "text/html")
        elif mode == "closed" and self.command == "POST":
            self._json(409, {"message": "Học kì I đã khóa ngày 15/01. Xin mở khóa rồi gửi lại."})
        else:
            self._json(200, make())

    def _json(self, status: int, data: dict[str, Any]) -> None:
        self._send(status, json.dumps(data).encode(), "application/json")

    def _file(self, path: str) -> None:
        found = re.fullmatch(r"/static/(core|assessment)/([\w./-]+)", path)
        file = STATIC[found[1]] / found[1] / found[2] if found else Path()
        if not file.is_file():
            return self._send(404, b"", "text/plain")
        return self._send(200, file.read_bytes(), mimetypes.guess_type(file.name)[0] or "application/octet-stream")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(stub: Stub) -> Iterator[str]:
    """The stub's address while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.stub = stub  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
