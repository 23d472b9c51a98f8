"""Vietnamese text: search without marks, order of names, cleaning.

PostgreSQL's embedded build has neither `unaccent` nor ICU, so what is searched and sorted by is computed here once,
stored in a column and compared byte by byte (collation "C"). Everything works on tables built when the module loads.
"""

import difflib
import functools
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""The letters in Vietnamese order (f, j, w and z stand where foreign names need them)."""

TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Combining mark → place in the order of tones: ngang (0), huyền, hỏi, ngã, sắc, nặng."""

_LETTER_MARKS = {"ă": "a~", "â": "a~~", "đ": "d~", "ê": "e~", "ô": "o~", "ơ": "o~~", "ư": "u~"}
_LATIN = [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
_STROKES = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i"}


def _bare(letter: str) -> str:
    """The letter without any mark: ệ → e, đ → d."""
    decomposed = unicodedata.normalize("NFD", letter)
    return "".join(_STROKES.get(c, c) for c in decomposed if not unicodedata.combining(c))


def _without_tone(letter: str) -> str:
    """The letter of the alphabet that carries the tone: ệ → ê, ứ → ư, đ → đ."""
    decomposed = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES))


def _sort_letter(letter: str) -> str:
    """ASCII code of one letter that keeps the alphabet's order: a < a~ (ă) < a~~ (â) < b."""
    toneless = _without_tone(letter)
    return _LETTER_MARKS.get(toneless, _bare(letter))


def _tone(letter: str) -> str:
    return next((TONES[c] for c in unicodedata.normalize("NFD", letter) if c in TONES), "")


_COMBINING: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
_TO_BARE = _COMBINING | {code: _bare(chr(code)) for code in _LATIN}
_TO_SORT = _COMBINING | {code: _sort_letter(chr(code)) for code in _LATIN}
_TO_TONE = dict.fromkeys(range(0x250)) | {code: _tone(chr(code)) or None for code in _LATIN}
_INVISIBLE: dict[int, str | None] = {
    code: None
    for code in range(0x11000)
    if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs") and not chr(code).isspace()
}


def search_key(text: str) -> str:
    """Lower case, no Vietnamese marks, đ as d, single spaces: " Đỗ  Thị Huế" → "do thi hue"."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFC", text).lower().translate(_TO_BARE).split())


def as_typed(words: Sequence[str]) -> list[str]:
    """Words of a name as somebody types them: whole ("nguyen ", with the space after it) but the last, unfinished."""
    return [*(f"{word} " for word in words[:-1]), *words[-1:]]


def name_sort_key(full_name: str) -> str:
    """ASCII key by which Vietnamese names sort byte by byte: given name, family and middle names, then all tones.

    "Đào Văn Ân" → "a~~n.d~ao.va~n 010": words of the given name first, letters coded so that a < ă < â and d < đ;
    after the space the tones of the words in the same order, which decide only between names of the same letters.
    """
    words = unicodedata.normalize("NFC", full_name).lower().split()
    if not words:
        return ""
    letters, tones = zip(*map(_sort_word, [words[-1], *words[:-1]]), strict=True)
    return f"{'.'.join(letters)} {''.join(tones)}"


@functools.lru_cache(maxsize=16_384)  # the words of names are few
def _sort_word(word: str) -> tuple[str, str]:
    """The letters of a word and its tone, as the sort key has them."""
    return _ascii(word.translate(_TO_SORT)), _ascii((word.translate(_TO_TONE) or "0")[0])


def _ascii(text: str) -> str:
    """Letters of other scripts have no place in the order and are left out."""
    return text if text.isascii() else "".join(c for c in text if c.isascii())


def clean_text(value: str) -> str:
    """NFC, without control and invisible characters, white space collapsed and stripped."""
    if value.isprintable() and (value.isascii() or unicodedata.is_normalized("NFC", value)):
        return " ".join(value.split()) if "  " in value or value[:1] == " " or value[-1:] == " " else value
    return " ".join(unicodedata.normalize("NFC", value.translate(_INVISIBLE)).split())


def given_name(full_name: str) -> str:
    """Tên: the last word of a Vietnamese full name, "" for an empty one."""
    return full_name.split()[-1] if full_name.strip() else ""


def nearest(value: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """Up to `n` of the candidates that look most like the value, best first; marks and case do not count."""
    by_key: dict[str, list[str]] = {}
    for candidate in candidates:
        by_key.setdefault(search_key(candidate), []).append(candidate)
    keys = difflib.get_close_matches(search_key(value), by_key, n=n, cutoff=0.5)
    return [candidate for key in keys for candidate in by_key[key]][:n]


_SMALL_WORDS = {"trường", "mầm", "non", "tiểu", "học", "thcs", "mn", "th", "nhóm", "trẻ", "lớp", "phòng"}


def initials(name: str) -> str:
    """Two letters that stand for a name: of a unit its own words, of a person the last two."""
    words = [word for word in name.split() if word[0].isalnum()]
    own = [word for word in words if word.casefold() not in _SMALL_WORDS] or words
    return "".join(word[0] for word in own[-2:]).upper()


def dotted(value: int | Decimal) -> str:
    """1248 → ``1.248``; 48.50 → ``48,5``: dots between thousands, a comma before decimals, no zeros at the end."""
    text = f"{value:,}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return text.rstrip("0").rstrip(",") if "," in text else text


def signed(change: int | Decimal) -> str:
    """16 → ``+16``, -4 → ``−4``."""
    return f"+{dotted(change)}" if change > 0 else f"−{dotted(-change)}" if change < 0 else "0"
