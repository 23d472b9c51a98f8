"""Two lists as old programs still write them: staff in TCVN3 (fonts .VnTime), pupils in Windows-1258, both CSV."""

import csv
import io
import unicodedata
from functools import cache
from pathlib import Path

from khue.base.sheets.encodings import decode_tcvn3
from khue.base.sheets.fields import load_fields

from ..city import City
from ..fields import Record
from . import book

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def write(city: City, folder: Path) -> list[Path]:
    """Staff of the first school in TCVN3 with commas, pupils of the third in Windows-1258 with semicolons."""
    first, third = city.schools[0], city.schools[min(2, len(city.schools) - 1)]
    staff = book.school_folder(folder, first) / "can-bo TCVN3.csv"
    pupils = book.school_folder(folder, third) / "hoc-sinh 1258.csv"
    _write(staff, encode_tcvn3(_table("staff", first.staff, ",")))
    _write(pupils, encode_1258(_table("pupils", third.pupils, ";")))
    return [staff, pupils]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _table(kind: str, records: list[Record], delimiter: str) -> str:
    """The template's columns that have a value somewhere."""
    fields = [field for field in load_fields(kind).fields if any(record[field.name] for record in records)]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(field.label for field in fields)
    writer.writerows([record[field.name] for field in fields] for record in records)
    return text.getvalue()


@cache
def _tcvn3_codes() -> dict[str, int]:
    return {decode_tcvn3(chr(code)): code for code in range(0xA1, 0xFF)}


def encode_tcvn3(text: str) -> bytes:
    """TCVN3 bytes. Capitals with a tone have no place of their own: they become small, as in files of that time."""
    codes = _tcvn3_codes()
    letters = unicodedata.normalize("NFC", text)
    return bytes(ord(c) if c.isascii() else codes.get(c) or codes.get(c.lower(), ord("?")) for c in letters)


def encode_1258(text: str) -> bytes:
    """Windows-1258 bytes: the tone follows its letter where the two have no place together."""
    return b"".join(_letter_1258(letter) for letter in unicodedata.normalize("NFC", text))


def _letter_1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        return (base + "".join(c for c in parts if c in _TONES)).encode("cp1258", "replace")
