"""Headers: their normal form, and which field of a kind they name."""

import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from khue.base.core.text import search_key
from khue.base.sheets.fields import FieldSet, alias_data, load_fields

_PARENTHESES = re.compile(r"[(\[]([^)\]]*)[)\]]?")
_NOISE = str.maketrans({"*": " ", ":": " ", ",": " ", "“": " ", "”": " ", '"': " ", "_": " ", "…": " "})
_AROUND = re.compile(r"\s*([/&\-–])\s*")


class HeaderKey(NamedTuple):
    """A header in normal form: `key` to look up, and the `hint` that stood in parentheses ("" if none)."""

    key: str
    hint: str


@functools.lru_cache(maxsize=32_768)  # the words of the code lists beside a table, for each kind and file again
def normalise_header(text: str) -> HeaderKey:
    """NFC, no marks, lower case, one space, no stars or colons; the text in parentheses is kept apart.

    "Tỉnh/Thành phố⏎(Theo địa chỉ thường trú)*" → ("tinh/thanh pho", "theo dia chi thuong tru").
    """
    hints = " ".join(_PARENTHESES.findall(text))
    return HeaderKey(_plain(_PARENTHESES.sub(" ", text)), _plain(hints))


def _plain(text: str) -> str:
    key = search_key(_AROUND.sub(r"\1", text.translate(_NOISE)))
    return key.rstrip(". ")


def _key(alias: str) -> str:
    """An alias as one key; parentheses only tell its parts apart."""
    return _plain(alias.replace("(", " ").replace(")", " "))


@dataclass(frozen=True, slots=True)
class Match:
    """What a header means: one field, read as value, or as the mark x for female or male, or as part of a name.

    Several `candidates` and no `field`: the values must decide, or the user.
    """

    field: str | None
    reading: str = "value"
    candidates: tuple[str, ...] = ()


class Matcher:
    """Looks headers up for one kind.

    `columns` (header → field, "" for a column to leave aside) come from a profile or from what the user chose for this
    layout, and go before the aliases.
    """

    def __init__(self, fields: FieldSet, columns: dict[str, str] | None = None) -> None:
        self.fields = fields
        self._table: dict[str, Match] = {}
        for field in fields.fields:
            for alias in (field.label, *field.aliases):
                self._table.setdefault(_key(alias), Match(field.name))
            for reading in ("family", "given", "female_mark", "male_mark"):
                for alias in getattr(field, reading):
                    self._table.setdefault(_key(alias), Match(field.name, reading))
        self._add_questions()
        self._table.update({_key(header): Match(name or None) for header, name in (columns or {}).items()})

        self.anchor_words = {key.partition(" ")[0] for key, match in self._table.items() if self._anchors(match)}

    def _anchors(self, match: Match | None) -> bool:
        return match is not None and match.field in self.fields.anchors

    def is_anchor(self, text: str) -> bool:
        """Whether a text names a field without which a row is no header."""
        return self._anchors(self.single(text))

    def _add_questions(self) -> None:
        names = {field.name for field in self.fields.fields}
        for header, candidates in alias_data()["questions"].items():
            if names.issuperset(candidates):
                self._table[_key(header)] = Match(None, candidates=tuple(candidates))

    def single(self, text: str) -> Match | None:
        """The meaning of a header of one line."""
        return self.lines((text,))

    def lines(self, texts: tuple[str, ...]) -> Match | None:
        """The meaning of a header of several lines, outermost group first."""
        *outer, leaf = [normalise_header(text) for text in texts]
        group = next((g for h in reversed(outer) if (g := group_of(h.key))), None) or group_of(leaf.hint)
        if group is not None:
            return self._under(group, leaf.key)
        above = "".join(f"{h.key} " for h in outer)
        for text in (f"{above}{leaf.key} {leaf.hint}", above + leaf.key, f"{leaf.key} {leaf.hint}", leaf.key):
            if match := self._table.get(text.rstrip()):
                return match
        return None

    def _under(self, group: str, leaf: str) -> Match | None:
        if leaf == group or group_of(leaf) == group:
            return self._table.get(leaf)
        return self._table.get(f"{group} {leaf}") or self._table.get(f"{leaf} {group}")


@functools.cache
def matcher(kind: str) -> Matcher:
    """The matcher of a kind without any profile."""
    return Matcher(load_fields(kind))


@functools.cache
def _groups() -> dict[str, str]:
    return {_key(text): _key(group) for group, texts in alias_data()["groups"].items() for text in texts}


def group_of(key: str) -> str | None:
    """The group word of a normalised text: "thong tin cha" → "cha"; None if it names no known group."""
    return _groups().get(key) if key else None
