"""``./khue start``: PostgreSQL, migrations, first data, web and worker, until Ctrl-C or SIGTERM."""

import argparse
import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from khue.base.core.process import die_with_parent

from . import database, environment
from .folders import CHECKOUT, home, secret
from .postgres import DatabaseTrouble, Server, embedded, trouble


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./khue start", description="Khởi động Khuê trên máy này.")
    parser.add_argument("--port", type=int, default=8000, help="cổng (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="địa chỉ nghe (127.0.0.1)")
    parser.add_argument("--empty", action="store_true", help="không tạo dữ liệu trình diễn")
    parser.add_argument("--demo", choices=["small", "city"], default="small", help="cỡ của bản trình diễn")
    return parser.parse_args(arguments)


def lock_home() -> IO[str]:
    """One launcher a home; the lock goes with the process, also after ``kill -9``."""
    guard = open(home() / "launcher.lock", "a+")  # noqa: SIM115  # held as long as the process lives
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        guard.seek(0)
        sys.exit(
            f"Khuê đang chạy với dữ liệu ở {home()} ({guard.read().strip() or 'tiến trình khác'}). "
            "Dừng bản đó trước, hoặc đặt KHUE_HOME khác cho bản này."
        )
    guard.truncate(0)
    guard.write(f"tiến trình {os.getpid()}")
    guard.flush()
    return guard


def check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(
                f"Không mở được cổng {port} trên {host}: {error.strerror}. "
                f"Chương trình khác có thể đang dùng; chọn cổng khác, ví dụ ./khue start --port {port + 1}"
            )


@dataclass
class Service:
    """A child that is started again when it dies."""

    name: str
    command: list[str]
    variables: dict[str, str]
    process: subprocess.Popen | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start, after whatever is left of a forerunner that was killed."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.variables, cwd=home(), preexec_fn=die_with_parent, start_new_session=True
        )

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float = 10) -> None:
        if not self.alive():
            return
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def services(options: argparse.Namespace, urls: dict[str, str]) -> list[Service]:
    variables = {**environment.variables(), **urls}
    if demo_wanted(options):
        variables.setdefault("KHUE_DEMO", "1")
    hosts = variables.get("KHUE_HOSTS")
    if not hosts and options.host not in ("127.0.0.1", "localhost", "::1"):
        variables["KHUE_HOSTS"] = f"localhost,127.0.0.1,{socket.gethostname()},{options.host}"
        if options.host in ("0.0.0.0", "::"):
            variables["KHUE_HOSTS"] += ",*"
    python = sys.executable
    web = [
        python, "-m", "granian", "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
        "--workers", str(min(os.cpu_count() or 1, 4)), "--blocking-threads", "3", "--log-level", "warning",
        "--respawn-failed-workers", "--workers-kill-timeout", "5", "khue.config.wsgi:application",
    ]  # fmt: skip
    worker = [python, "-m", "khue.config.manage", "work"]
    return [Service("web", web, variables), Service("worker", worker, variables)]


def demo_wanted(options: argparse.Namespace) -> bool:
    """The demonstration's sign-ins are told only where this home holds the demonstration."""
    return (home() / "demo").exists() and not options.empty


def prepare(options: argparse.Namespace) -> tuple[Server | None, dict[str, str]]:
    """The database, brought to this version, with its first data."""
    server = None
    if "DATABASE_URL" in os.environ:
        urls = database.prepare_external(os.environ["DATABASE_URL"])
    else:
        server = embedded()
        server.start()
        urls = database.prepare_embedded(server)
    try:
        if not database.is_migrated(urls["DATABASE_URL"]):
            print("Tạo bảng và danh mục trong cơ sở dữ liệu …", flush=True)
            database.migrate(urls)
        if not (home() / "static" / "staticfiles.json").exists() or _static_stale():
            database.manage(["collectstatic", "--noinput", "--verbosity", "0"], urls)
        if not options.empty and (database.is_empty(urls["DATABASE_URL"]) or (home() / "demo-begun.json").exists()):
            print("Tạo bản trình diễn (chỉ lần đầu) …", flush=True)
            database.manage(["make_city", "--size", options.demo], urls)
            database.analyse(urls["DATABASE_URL"])
            (home() / "demo").write_text(options.demo)
    except BaseException:
        if server is not None:
            server.stop()
        raise
    return server, urls


def _static_stale() -> bool:
    made = (home() / "static" / "staticfiles.json").stat().st_mtime
    sources = (CHECKOUT / "src" / "khue").glob("*/*/static/**/*")
    return any(path.stat().st_mtime > made for path in sources if path.is_file())


def wait_for_page(host: str, port: int, alive: Callable[[], bool], seconds: float = 60) -> None:
    """Until the web server takes connections."""
    target = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        try:
            with socket.create_connection((target, port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    sys.exit("Trang web không khởi động được; xem dòng báo lỗi ở trên.")


def announce(options: argparse.Namespace, *, empty: bool) -> None:
    host = "127.0.0.1" if options.host in ("0.0.0.0", "::") else options.host
    print(f"\nKhuê đang chạy: http://{host}:{options.port}/", flush=True)
    if empty:
        print(f"Thiết lập lần đầu: http://{host}:{options.port}/thiet-lap/?ma={secret('setup')}", flush=True)
    sign_ins = home() / "demo-accounts.txt"
    if demo_wanted(options) and sign_ins.exists():
        print(sign_ins.read_text("utf-8"), flush=True)
    print("Dừng: Ctrl-C", flush=True)


def watch(server: Server | None, children: list[Service], stopping: Callable[[], bool]) -> None:
    """Start again what died, until asked to stop. A child that dies at once waits a moment longer."""
    while not stopping():
        time.sleep(0.3)
        if server is not None and not server.alive() and not stopping():
            print("PostgreSQL đã dừng, khởi động lại …", flush=True)
            server.start()
        for child in children:
            if not child.alive() and not stopping() and time.monotonic() - child.started > 2:
                print(f"{child.name} đã dừng, khởi động lại …", flush=True)
                child.start()


def main() -> None:
    options = parse(sys.argv[1:])
    stop = {"asked": False}

    def ask(number: int, frame: object) -> None:
        if not stop["asked"] and stop.get("ready"):
            stop["asked"] = True
            return
        stop["asked"] = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    guard = lock_home()
    server: Server | None = None
    children: list[Service] = []
    try:
        check_port(options.host, options.port)
        server, urls = prepare(options)
        children = services(options, urls)
        for child in children:
            child.start()
        stop["ready"] = True
        wait_for_page(options.host, options.port, children[0].alive)
        announce(options, empty=database.is_empty(urls["DATABASE_URL"]))
        watch(server, children, lambda: stop["asked"])
    except DatabaseTrouble as error:
        trouble(error)
    except KeyboardInterrupt:
        pass
    finally:
        if children:
            print("\nĐang dừng …", flush=True)
        for child in children:
            child.stop()
        if server is not None:
            server.stop()
        guard.close()


if __name__ == "__main__":
    main()
