"""Reference data as files, and how a text that a person typed is compared with the names in them.

A list is `data/<list>.csv` (code, name, valid_from, valid_to, source, aliases separated by |, note). A source "check"
means that the code is the project's own: no official code is added from guesswork. Dates are first and last day of
validity; blank is unlimited.
"""

import csv
import gzip
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from khue.base.core.text import search_key

DATA = Path(__file__).with_name("data")

_UNIT_WORDS = {
    "phuong": "Phường",
    "p": "Phường",
    "xa": "Xã",
    "x": "Xã",
    "thi tran": "Thị trấn",
    "tt": "Thị trấn",
    "dac khu": "Đặc khu",
    "quan": "Quận",
    "q": "Quận",
    "huyen": "Huyện",
    "h": "Huyện",
    "thi xa": "Thị xã",
    "tx": "Thị xã",
    "thanh pho": "Thành phố",
    "tp": "Thành phố",
    "tinh": "Tỉnh",
    "t": "Tỉnh",
}
_PLACE_ALIASES = {"tphcm": "hochiminh", "hcm": "hochiminh", "saigon": "hochiminh", "thuathienhue": "hue"}


def read_rows(name: str) -> list[dict[str, str]]:
    """Rows of `data/<name>.csv` or `data/<name>.csv.gz`."""
    packed = DATA / f"{name}.csv.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.exists() else (DATA / f"{name}.csv").read_bytes()
    return list(csv.DictReader(raw.decode("utf-8").splitlines()))


@cache
def list_names() -> dict[str, str]:
    """Code and Vietnamese name of each catalogue list, in the order of `data/lists.csv`."""
    return {row["code"]: row["name"] for row in read_rows("lists")}


def words(text: str) -> str:
    """Lower case, no marks, đ as d, everything but letters and digits as one space: "P. Phú Cường" → "p phu cuong"."""
    return re.sub(r"[\W_]+", " ", search_key(text)).strip()


def match_key(text: str) -> str:
    """Key under which names are compared; spaces do not count either: "H'Mông", "Hmông" → "hmong"."""
    return words(text).replace(" ", "")


def is_in_force(valid_from: date | None, valid_to: date | None, on: date | None) -> bool:
    """Whether `on` lies in the closed span; without a day every span counts."""
    return on is None or ((valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to))


@dataclass(frozen=True)
class CodeEntry:
    """One code of a list with the names that are accepted for it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def is_in_force(self, on: date | None) -> bool:
        return is_in_force(self.valid_from, self.valid_to, on)


def match_table(entries: Iterable[CodeEntry]) -> dict[str, tuple[CodeEntry, ...]]:
    """Entries by each key that names them: code, name, aliases."""
    table: dict[str, dict[CodeEntry, None]] = {}
    for entry in entries:
        for text in (entry.code, entry.name, *entry.aliases):
            table.setdefault(match_key(text), {})[entry] = None
    return {key: tuple(found) for key, found in table.items() if key}


def resolve(table: Mapping[str, tuple[CodeEntry, ...]], text: str, on: date | None) -> str | None:
    """Code that `text` means: a code, a name or an alias, "05 - Khơ-me", or a number whose zeros were eaten.

    None when nothing fits, or when two codes do. A number and a name that contradict each other mean nothing:
    "05 - Hoa" is refused.
    """
    text = text.strip()
    numbered = re.fullmatch(r"([0-9]+)\s*[-–.:)]\s*(\D.*)", text) if text else None
    if numbered and not _codes(table, text, on):
        code, name = _codes(table, numbered[1], on), _codes(table, numbered[2], on)
        return _only(code & name)
    return _only(_codes(table, text, on))


def _codes(table: Mapping[str, tuple[CodeEntry, ...]], text: str, on: date | None) -> set[str]:
    key = match_key(text)
    found = {entry for entry in table.get(key, ()) if entry.is_in_force(on)}
    # "Mỹ" is a name, "MY" the code of another country: what is written exactly so comes first
    exact = {entry.code for entry in found if _folded(text) in map(_folded, (entry.name, *entry.aliases))}
    if any(entry.code == text for entry in found):
        return {text}
    if found or not key.isdecimal():
        return exact or {entry.code for entry in found}
    widths = {str(int(key)), key.zfill(2), key.zfill(3)}
    return {e.code for pad in widths for e in table.get(pad, ()) if e.code == pad and e.is_in_force(on)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _only(codes: set[str]) -> str | None:
    return next(iter(codes)) if len(codes) == 1 else None


@dataclass(frozen=True)
class UnitText:
    """A place as typed: the keys it may be found under, and its kind if the text names one."""

    keys: frozenset[str]
    unit_type: str | None


def split_place(text: str) -> list[UnitText]:
    """Parts of an address from the smallest on: "P. Phú Cường, TP Thủ Dầu Một" → ward, district."""
    parts = (words(part) for part in re.split(r"[,;\n]|\s[-–]\s", text))
    return [_unit_text(part) for part in parts if part]


def _unit_text(part: str) -> UnitText:
    whole = part.replace(" ", "")
    for count in (2, 1):
        head, rest = " ".join(part.split(" ")[:count]), "".join(part.split(" ")[count:])
        if rest and head in _UNIT_WORDS:
            return UnitText(frozenset({whole, _place(rest)}), _UNIT_WORDS[head])
    return UnitText(frozenset({_place(whole)}), None)


def unit_key(name: str) -> str:
    """Search key of a unit's name without its kind, which only numbered ones carry: "Phường 5" → "5"."""
    numbered = re.fullmatch(r"(?:phuong|quan) (\d+)", words(name))
    return _place(numbered[1] if numbered else match_key(name))


def _place(key: str) -> str:
    """Numbered wards are written "Phường 1" and "Phường 01"; a few provinces go by a short name."""
    return str(int(key)) if key.isdecimal() else _PLACE_ALIASES.get(key, key)
