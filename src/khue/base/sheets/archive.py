"""Several spreadsheets in one ZIP."""

import stat
import zipfile
from pathlib import Path, PurePosixPath

from khue.base.sheets.unreadable import MAX_UPLOAD, Unreadable, check_size

MAX_FILES = 300
MAX_TOTAL = 500 * 1024 * 1024
MAX_RATIO = 200
_SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt", ".tsv"}


def is_archive(path: str | Path) -> bool:
    """Whether a file is a ZIP of files, and not a spreadsheet (which is a ZIP too)."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return not {"[Content_Types].xml", "mimetype"} & set(archive.namelist())


def expand_zip(path: str | Path, into: str | Path) -> list[tuple[str, Path]]:
    """Unpacks the spreadsheets of a ZIP into the folder `into`.

    Returns (name inside the ZIP with its folders, where it now lies); files of other kinds are left out, files of the
    system too. Names on disk are numbers, never those of the ZIP. Raises Unreadable for paths that point outside,
    passwords, too many files, too large or too tightly packed ones, a ZIP in the ZIP.
    """
    check_size(Path(path))
    try:
        with zipfile.ZipFile(path) as archive:
            members = [(name, member) for member in archive.infolist() if (name := _wanted(member))]
            _check(members, Path(path).stat().st_size)
            return [_unpack(archive, member, name, Path(into), i) for i, (name, member) in enumerate(members, start=1)]
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Unreadable.of("truncated") from error


def _wanted(member: zipfile.ZipInfo) -> str | None:
    """The member's name, or None for folders, links, files of the system and other kinds."""
    name = _name(member)
    base = PurePosixPath(name).name
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or ":" in name[:2]:
        raise Unreadable.of("zip_path", name=name[:80])
    if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16) or name.startswith("__MACOSX/"):
        return None
    if base.startswith((".", "~$")):
        return None
    if base.lower().endswith((".zip", ".rar", ".7z")):
        raise Unreadable.of("zip_nested", name=name[:80])
    return name if PurePosixPath(base).suffix.lower() in _SPREADSHEETS else None


def _name(member: zipfile.ZipInfo) -> str:
    """The name as it was typed: old packers on Vietnamese Windows write UTF-8 or code page 1258 without saying so."""
    name = member.filename.replace("\\", "/")
    if member.flag_bits & 0x800 or name.isascii():
        return name
    raw = name.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1258", "replace")


def _check(members: list[tuple[str, zipfile.ZipInfo]], packed: int) -> None:
    if not members:
        raise Unreadable.of("zip_empty")
    if len(members) > MAX_FILES:
        raise Unreadable.of("zip_many", count=len(members), limit=MAX_FILES)
    if any(member.flag_bits & 1 for _, member in members):
        raise Unreadable.of("encrypted")
    total = sum(member.file_size for _, member in members)
    if total > MAX_TOTAL or (total > 20 << 20 and total > MAX_RATIO * packed):
        raise Unreadable.of("bomb", megabytes=total >> 20)
    for _, member in members:
        if member.file_size > MAX_UPLOAD:
            raise Unreadable.of("too_large", megabytes=member.file_size >> 20, limit=MAX_UPLOAD >> 20)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, into: Path, number: int) -> tuple[str, Path]:
    target = into / f"{number:03d}{PurePosixPath(name).suffix.lower()}"
    with archive.open(member) as source, target.open("wb") as file:
        while chunk := source.read(1 << 20):
            file.write(chunk)
    return name, target
