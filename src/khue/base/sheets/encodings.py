"""Which encoding Vietnamese text was stored in, and its reading as Unicode (NFC).

Before Unicode, schools typed with fonts that drew Vietnamese letters in the places of Western ones: TCVN3 (fonts
.VnTime, also called ABC) one letter a byte, VNI (fonts VNI-Times) a letter followed by its mark. Such text survives in
their spreadsheets, often in some columns only: "Lª ThÞ Ngäc" is Lê Thị Ngọc. What tells them apart is whether the
words that come out are syllables that Vietnamese has.
"""

import codecs
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

_TCVN3_CODES = "µ¸¶·¹ ¨»¾¼½Æ ©ÇÊÈÉË ® ÌÐÎÏÑ ªÒÕÓÔÖ ×ÝØÜÞ ßãáâä «åèæçé ¬êíëìî ïóñòô \xadõøö÷ù úýûüþ ¡¢§£¤¥¦".replace(
    " ", ""
)
_TCVN3_LETTERS = "àáảãạ ăằắẳẵặ âầấẩẫậ đ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ ĂÂĐÊÔƠƯ".replace(
    " ", ""
)

_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_SINGLE = dict(zip("íìæóòîñôöÍÌÆÓÒÎÑÔÖ", "íìỉĩịỵđơưÍÌỈĨỊỴĐƠƯ", strict=True))
_VNI_PAIR = re.compile("([aeouyôöAEOUYÔÖ])([" + "".join(_VNI_MARKS) + "".join(_VNI_MARKS).upper() + "])")
_VNI_REST = str.maketrans(_VNI_SINGLE)

# A spreadsheet of a Vietnamese Windows hands the bytes over as code page 1258: these letters stand for one byte each.
_FROM_1258 = str.maketrans("ĂÐƠƯăđơư₫\u0300\u0309\u0303\u0301\u0323", "ÃÐÕÝãðõýþÌÒÞìò") | {ord("Đ"): "Ð"}
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)

_CAPITALS, _SMALL = re.compile("[A-Z][^ ]*[A-Z]"), re.compile("[a-z]")
_UNICODE_ONLY = re.compile("[\u1ea0-\u1ef9]")
_WORD = re.compile(r"[A-Za-z\u00a1-\u1fff\u20ab]+")
_TONE_MARKS = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|ch|gh|gi|kh|kr|ph|qu|th|tr|[bcdđghklmnprstvxyfjwz])?"
    "(?:iêu|yêu|oai|oay|oeo|oao|uây|uôi|ươi|ươu|uyê|uya|uyu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|"
    "ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])(?:ch|ng|nh|[cmnptk])?"
)

NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1258": "Windows-1258",
    "latin-1": "Western",
    "tcvn3": "TCVN3 (.VnTime)",
    "vni": "VNI",
}

CHOICES = ("utf-8", "utf-16", "cp1258", "tcvn3", "vni")
"""Names from which a person may choose for a text file."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How text is stored: `codec` is Python's for the bytes, `legacy` the font encoding on top ("tcvn3", "vni").

    `confidence` is the share (0–1) of marked words that are Vietnamese syllables once read; `samples` are pairs
    (as stored, as read) that the page shows before anything is imported. `chosen`: by a person, not detected.
    """

    codec: str = "utf-8"
    legacy: str | None = None
    confidence: float = 1.0
    samples: tuple[tuple[str, str], ...] = ()
    chosen: bool = False

    @property
    def name(self) -> str:
        """utf-8, utf-16, cp1258, latin-1, tcvn3 or vni: the word of the report."""
        if self.legacy:
            return self.legacy
        return "utf-16" if self.codec.startswith("utf-16") else self.codec.removesuffix("-sig")

    @property
    def label(self) -> str:
        return NAMES[self.name]


def decode_tcvn3(text: str) -> str:
    """TCVN3 text, as a Western reader shows it, to Unicode: "Lª ThÞ Ngäc" → "Lê Thị Ngọc".

    The capital fonts (.VnTimeH) draw small codes as capitals: "NGUYÔN" is NGUYỄN.
    """
    read = text.translate(_FROM_1258).translate(_TCVN3)
    return read.upper() if _CAPITALS.search(text) and not _SMALL.search(text) else read


def decode_vni(text: str) -> str:
    """VNI text, as a Western reader shows it, to Unicode: "Leâ Thò Ngoïc" → "Lê Thị Ngọc"."""
    paired = _VNI_PAIR.sub(_vni_letter, text.translate(_FROM_1258))
    return unicodedata.normalize("NFC", paired.translate(_VNI_REST))


def _vni_letter(match: re.Match[str]) -> str:
    base, mark = match.groups()
    return _VNI_SINGLE.get(base, base) + _VNI_MARKS[mark.lower()]


DECODERS = {"tcvn3": decode_tcvn3, "vni": decode_vni}


@functools.lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable, by its letters; one tone at most."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    toneless = decomposed.translate(_TONE_MARKS)
    return len(decomposed) - len(toneless) <= 1 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)))


def score(text: str) -> tuple[int, int]:
    """Words with marks in a text, and how many of them are Vietnamese syllables."""
    marked = [word for word in _WORD.findall(text) if not word.isascii()]
    return len(marked), sum(map(is_syllable, marked))


def _share(texts: Iterable[str]) -> float:
    words = good = 0
    for text in texts:
        more, fine = score(text)
        words, good = words + more, good + fine
    return good / words if words else 0.0


def detect_legacy(texts: Iterable[str]) -> Encoding | None:
    """TCVN3 or VNI, if some texts read better that way than as they stand; None for Unicode text."""
    telling = (text for text in dict.fromkeys(texts) if not text.isascii() and not _is_unicode(text))
    sample = list(itertools.islice(telling, 300))
    if not sample or _only_abbreviations(sample):
        return None
    as_it_stands = _share(map(_nfc, sample))
    shares = {name: _share(map(decode, sample)) for name, decode in DECODERS.items()}
    best = max(shares, key=shares.__getitem__)
    if shares[best] < 0.6 or shares[best] < as_it_stands + 0.2:
        return None
    return Encoding("utf-8", best, round(shares[best], 2), sample_pairs(sample, best))


def _only_abbreviations(texts: list[str]) -> bool:
    """ "SĐT", "ĐT": capitals of one word tell nothing about the encoding."""
    return all(re.fullmatch("[A-ZĐ]{2,4}", text.strip()) for text in texts)


def _is_unicode(text: str) -> bool:
    """Letters with two marks (U+1EA0 and up) exist in Unicode only."""
    return _UNICODE_ONLY.search(text) is not None


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def sample_pairs(texts: Iterable[str], legacy: str | None, count: int = 3) -> tuple[tuple[str, str], ...]:
    """Pairs (as stored, as read) of the first texts that change."""
    decode = DECODERS[legacy] if legacy else _nfc
    pairs = ((text.strip()[:60], decode(text.strip()[:60])) for text in texts)
    return tuple(pair for pair in pairs if not pair[0].isascii())[:count]


def decode_cells(texts: list[str], legacy: str) -> list[str]:
    """All texts read in a font encoding; those that can only be Unicode stay as they are."""
    decode = DECODERS[legacy]
    return [text if text.isascii() or _is_unicode(text) else decode(text) for text in texts]


def detect(data: bytes) -> Encoding:
    """The encoding of a text file, from its first bytes (64 KB are enough; a whole file is fine too)."""
    if data.startswith(codecs.BOM_UTF8):
        return _with_legacy(Encoding("utf-8-sig"), data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _with_legacy(Encoding("utf-16"), data)
    if (wide := _utf16_without_mark(data)) is not None:
        return _with_legacy(Encoding(wide), data)
    if _is_utf8(data):
        return _with_legacy(Encoding("utf-8"), data)
    return _one_byte(data)


def _with_legacy(encoding: Encoding, data: bytes) -> Encoding:
    pieces = _pieces(data.decode(encoding.codec, "replace"))
    legacy = detect_legacy(pieces)
    if legacy is not None:
        return replace(legacy, codec=encoding.codec)
    return replace(encoding, samples=sample_pairs(pieces, None))


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"[\r\n\t;,|]+", text) if not piece.isascii()][:400]


def _utf16_without_mark(data: bytes) -> str | None:
    """Half of the bytes of a table's digits and separators are zero in UTF-16, none in any other encoding here."""
    head = data[:4000]
    if len(head) < 4 or head.count(0) < len(head) * 0.2:
        return None
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", False)  # not the end: the last letter may be cut
    except UnicodeDecodeError:
        return False
    return True


def _one_byte(data: bytes) -> Encoding:
    """Windows-1258, TCVN3 or VNI: the reading with the most Vietnamese syllables."""
    western = _pieces(data.decode("latin-1"))
    windows = [unicodedata.normalize("NFC", piece) for piece in _pieces(data.decode("cp1258", "replace"))]
    readings = {
        "cp1258": windows,
        "tcvn3": [decode_tcvn3(piece) for piece in western],
        "vni": [decode_vni(piece) for piece in western],
    }
    shares = {name: _share(texts) for name, texts in readings.items()}
    best = max(shares, key=shares.__getitem__)
    confidence = round(shares[best], 2)
    if best == "cp1258":
        raw = _pieces(data.decode("cp1252", "replace"))
        return Encoding("cp1258", None, confidence, tuple(zip(raw, windows, strict=False))[:3])
    return Encoding("latin-1", best, confidence, sample_pairs(western, best))


def choose(name: str, data: bytes) -> Encoding:
    """The encoding of this name (one of `CHOICES`) for a text file that begins with `data`, whatever it looks like."""
    codec, legacy = _codec(name, data), name if name in DECODERS else None
    raw = _pieces(data.decode(codec if legacy else "latin-1", "replace"))
    read = [DECODERS[legacy](text) if legacy else _nfc(text) for text in _pieces(data.decode(codec, "replace"))]
    return Encoding(codec, legacy, 1.0, tuple(zip(raw, read, strict=False))[:3], chosen=True)


def _codec(name: str, data: bytes) -> str:
    """Python's codec: a font encoding may lie on top of Unicode, UTF-16 has two orders of bytes, UTF-8 a mark."""
    found = detect(data).codec
    is_unicode = found.startswith("utf")
    if name in DECODERS:
        return found if is_unicode else "latin-1"
    if name == "utf-16":
        return found if found.startswith("utf-16") else "utf-16-le"
    return "utf-8-sig" if name == "utf-8" else name


def preview(name: str, data: bytes, count: int = 3) -> tuple[str, ...] | None:
    """Some texts of a file as this encoding reads them, names rather than words; None if it cannot read them."""
    codec = _codec(name, data)
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(data)
    except UnicodeError:
        return None
    read = DECODERS.get(name, _nfc)
    # the first line is the header; texts of several words are names
    texts = dict.fromkeys(" ".join(read(piece).split())[:40] for piece in _pieces(text.partition("\n")[2]))
    names = [text for text in texts if " " in text]
    return tuple((names or list(texts))[:count])
