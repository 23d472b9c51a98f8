"""What a file really is, by its first bytes and its parts, and whether it is safe to unpack."""

import re
import zipfile
from collections.abc import Iterator

from . import compound
from .limits import MAX_PARTS, MAX_RATIO, MAX_UNPACKED, Refused

_SIGNATURES = [
    (b"%PDF", "PDF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "chương trình Windows"),
    (b"\x7fELF", "chương trình Linux"),
    (b"{\\rtf", "Word (RTF)"),
    (b"SQLite format 3", "cơ sở dữ liệu SQLite"),
]
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MARKS = (b"<!", b"<\x00!")
_DOCTYPE_16 = re.compile(rb"<\x00!\x00[DdEe]\x00|\x00<\x00!\x00[DdEe]")
_CHUNK = 1 << 20


def kind_of(path: str) -> str:
    """xlsx, xls, ods or csv, by the content and not by the name; refuses everything else by what it is."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Refused("empty")
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(b"PK"):
        raise Refused("empty" if head.startswith(b"PK\x05\x06") else "damaged")
    if head.startswith(compound.SIGNATURE):
        return _compound_kind(path)
    return _plain_kind(head)


def _plain_kind(head: bytes) -> str:
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            raise Refused("other_kind", kind=name)
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:512].lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<meta", b"<?xml", b"<style")):
        raise Refused("other_kind", kind="trang web hoặc XML")
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:200:2].count(0) > 20 or head[:200:2].count(0) > 20
    if not wide and sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 50:
        raise Refused("unknown_kind")
    return "csv"


def _zip_kind(path: str) -> str:
    with open_container(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            raise Refused("other_kind", kind="Excel nhị phân (XLSB)")
        if "mimetype" in names and "content.xml" in names:
            return _open_document_kind(archive)
    if any(name.startswith("word/") for name in names):
        raise Refused("other_kind", kind="Word")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("other_kind", kind="PowerPoint")
    raise Refused("damaged" if "[Content_Types].xml" in names else "archive")


def _open_document_kind(archive: zipfile.ZipFile) -> str:
    mime = archive.read("mimetype")[:100]
    if b"spreadsheet" not in mime:
        raise Refused("other_kind", kind="văn bản OpenDocument")
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused("encrypted")
    return "ods"


def _compound_kind(path: str) -> str:
    with open(path, "rb") as file:
        names = compound.Compound(file.read()).names
    if "EncryptedPackage" in names:
        raise Refused("encrypted")
    if "Workbook" in names or "Book" in names:
        return "xls"
    raise Refused("other_kind", kind="Word" if "WordDocument" in names else "tài liệu Office không phải bảng tính")


def open_container(path: str) -> zipfile.ZipFile:
    """Opens a ZIP container after checking number, size and packing of its parts."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused("truncated") from error
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    steep = any(part.file_size > 5 << 20 and part.file_size > MAX_RATIO * part.compress_size for part in parts)
    overlap = packed > _size(archive)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or steep or overlap:
        archive.close()
        raise Refused("bomb", megabytes=unpacked >> 20)
    if any(part.flag_bits & 1 for part in parts):
        archive.close()
        raise Refused("encrypted")
    return archive


def _size(archive: zipfile.ZipFile) -> int:
    assert archive.fp is not None
    archive.fp.seek(0, 2)
    return archive.fp.tell()


def check_entities(archive: zipfile.ZipFile) -> None:
    """Refuses document types and entities in any XML part: spreadsheets never have them, attacks do."""
    for part in archive.infolist():
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            tail = b""
            for chunk in chunks(archive, part.filename):
                text = tail + chunk
                if any(mark in text for mark in _MARKS) and (_DOCTYPE.search(text) or _DOCTYPE_16.search(text)):
                    raise Refused("entities", part=part.filename)
                tail = chunk[-16:]


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The unpacked bytes of a part, one megabyte at a time."""
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("truncated") from error
    except Exception as error:  # zlib.error and its kin differ by Python's version
        raise Refused("damaged") from error
