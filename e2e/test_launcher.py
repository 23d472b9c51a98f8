"""The two commands as an operator meets them: paths, ports, kills, second starts, wrong databases."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from .installation import CHECKOUT, free_port, installation, launch, new_home, variables

pytestmark = pytest.mark.launcher


def status(url: str) -> dict:
    request = urllib.request.Request(url + "/tinh-trang/", headers={"Accept": "application/json"})
    return json.loads(urllib.request.urlopen(request, timeout=5).read())


def until(condition, seconds: float = 25):
    """Wait for something that must come true."""
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.2)


def start(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(CHECKOUT / "khue"), "start", *arguments]
    return subprocess.run(command, env={**variables(home), **more}, capture_output=True, text=True, timeout=60, cwd="/")


def processes(text: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if text in line and "pytest" not in line:
                found.append(int(entry.name))
    return found


def test_launcher_survives_kills_and_starts_again_quickly():
    home = new_home(
        "một thư mục có dấu cách và một cái tên dài hơn một trăm kí tự để thử đường dẫn của ổ cắm PostgreSQL, thế này"
    )
    running = launch(home, "--empty")
    try:
        assert status(running.url)["ok"]
        postmaster = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: status(running.url)["ok"])
        web = next(p for p in processes(f"--port {running.port}") if p != running.process.pid)
        os.kill(web, signal.SIGKILL)
        until(lambda: status(running.url)["ok"])

        running.stop(signal.SIGKILL)
        until(lambda: not processes(f"--port {running.port}"))
        begun = time.monotonic()
        running = launch(home, "--empty", port=running.port)
        assert time.monotonic() - begun < 15, "a second start is quick (5 s on an idle machine)"
        assert status(running.url)["ok"]

        again = start(home, "--port", str(free_port()))
        assert again.returncode == 1
        assert "đang chạy với dữ liệu" in again.stderr

        other = new_home()
        busy = start(other, "--port", str(running.port), "--empty")
        assert busy.returncode == 1
        assert f"--port {running.port + 1}" in busy.stderr
    finally:
        assert running.stop() == 0
    assert not processes(f"--port {running.port}")
    assert not processes(str(home / "postgres"))


@pytest.mark.parametrize("url", ["postgresql://khue@127.0.0.1:1/khue", "postgresql://khue@/khue?host=/nowhere"])
def test_launcher_names_an_unreachable_database_in_one_line(url):
    result = start(new_home(), "--empty", "--port", str(free_port()), DATABASE_URL=url)
    assert result.returncode == 1
    assert result.stderr.startswith("Không nối được máy chủ PostgreSQL")
    assert len(result.stderr.strip().splitlines()) == 1


def test_launcher_sets_up_and_imports_on_the_command_line(tmp_path):
    with installation("--empty") as running:
        assert "/thiet-lap/?ma=" in running.printed
        done = running.manage("setup", "--office", "Phòng GDĐT Thử", "--year", "2026", "--admin", "quantri")
        assert done.returncode == 0, done.stderr
        assert running.manage("setup", "--office", "X", "--year", "2026", "--admin", "quantri").returncode == 2
        folder = tmp_path / "tep"
        made = running.manage("make_city", "--spreadsheets", str(folder), "--year", "2026", "--day", "2026-11-24")
        assert made.returncode == 0, made.stderr
        schools = next(folder.glob("**/*ruong*.xlsx"), None) or next(folder.glob("*.xlsx"))
        report = tmp_path / "report.json"
        result = running.manage(
            "import_sheets", "--kind", "schools", "--year", "2026", "--report", str(report), str(schools)
        )
        assert result.returncode == 0, result.stdout + result.stderr
        told = json.loads(report.read_text())
        assert told["applied"] is True
        assert told["files"][0]["new"] == 6
        again = running.manage(
            "import_sheets", "--kind", "schools", "--year", "2026", "--report", str(report), str(schools)
        )
        assert again.returncode == 0
        assert json.loads(report.read_text())["files"][0]["unchanged"] == 6


def test_launcher_works_in_a_home_that_the_database_s_user_cannot_enter():
    """As root the database runs as a system user; what it cannot reach goes elsewhere, and no mode is changed."""
    home = new_home()
    home.parent.chmod(0o700)
    running = launch(home, "--empty")
    try:
        assert status(running.url)["ok"]
        assert home.parent.stat().st_mode & 0o777 == 0o700
        if os.geteuid() == 0:
            assert "/var/lib/khue/" in running.printed
    finally:
        running.stop()
        for line in running.printed.splitlines():
            if "/var/lib/khue/" in line:
                shutil.rmtree(Path("/var/lib/khue") / line.rsplit("/", 1)[1].rstrip("."), ignore_errors=True)
