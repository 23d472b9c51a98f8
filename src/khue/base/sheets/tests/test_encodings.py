"""TCVN3, VNI, Windows-1258, UTF-16: detected and read back over the whole Vietnamese alphabet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.base.sheets.encodings import decode_tcvn3, decode_vni, detect, detect_legacy, is_syllable

SMALL = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
TEXTS = [
    "Nguyễn Thị Ngọc Diễm",
    "Hộ cận nghèo",
    "Đỗ Quốc Đạt",
    "Huỳnh Thị Mỹ Duyên",
    "Khu phố 3, phường Phú Cường",
    "Nữ",
]

TCVN3 = dict(
    zip(
        SMALL + "ĂÂĐÊÔƠƯ",
        [
            *"µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô",
            *("\xad", "õ", "ø", "ö", "÷", "ù"),
            *"úýûüþ¡¢§£¤¥¦",
        ],
        strict=True,
    )
)
VNI_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
VNI_CIRCUMFLEX = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
VNI_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
VNI_I = {"": "i", "\u0301": "í", "\u0300": "ì", "\u0309": "æ", "\u0303": "ó", "\u0323": "ò"}


def to_tcvn3(text: str) -> str:
    return "".join(TCVN3.get(c, c) for c in text)


def vni_letter(letter: str) -> str:
    if letter in "đĐ":
        return "ñ" if letter == "đ" else "Ñ"
    base, *marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in VNI_TONES), "")
    if base in "iI":
        return VNI_I[tone] if base == "i" else VNI_I[tone].upper()
    if base in "yY" and tone == "\u0323":
        return "î" if base == "y" else "Î"
    if "\u031b" in marks:
        horn = {"o": "ô", "O": "Ô", "u": "ö", "U": "Ö"}[base]
        mark = VNI_TONES[tone] if tone else ""
        return horn + (mark.upper() if base.isupper() else mark)
    table = VNI_CIRCUMFLEX if "\u0302" in marks else VNI_BREVE if "\u0306" in marks else {"": "", **VNI_TONES}
    return base + (table[tone].upper() if base.isupper() else table[tone])


def to_vni(text: str) -> str:
    return "".join(vni_letter(c) if c.isalpha() and (c in "iIđĐ" or not c.isascii()) else c for c in text)


def to_1258(text: str) -> bytes:
    tones = set(VNI_TONES)
    out = bytearray()
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        out += base.encode("cp1258") + "".join(c for c in parts if c in tones).encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize("letter", SMALL + "ĂÂĐÊÔƠƯ")
def test_every_letter_of_tcvn3(letter: str) -> None:
    assert decode_tcvn3(f"a{to_tcvn3(letter)}") == f"a{letter}"


@pytest.mark.parametrize("letter", SMALL + SMALL.upper() + "ĂÂĐÊÔƠƯ")
def test_every_letter_of_vni(letter: str) -> None:
    assert decode_vni(to_vni(letter)) == letter


@given(st.text(SMALL + "bcdghklmnpqrstvx ", max_size=30))
def test_tcvn3_round_trip(text: str) -> None:
    assert decode_tcvn3(to_tcvn3(text)) == text


def test_tcvn3_of_capital_fonts_is_read_as_capitals() -> None:
    assert decode_tcvn3("NGUYÔN THÞ N÷") == "NGUYỄN THỊ NỮ"
    assert decode_tcvn3("Lª §ç N÷") == "Lê Đỗ Nữ"


def test_bytes_shown_by_code_page_1258_are_read_too() -> None:
    stored = to_tcvn3("Nguyễn Thị Đào, hẻm 3").encode("latin-1")
    assert decode_tcvn3(stored.decode("cp1258")) == "Nguyễn Thị Đào, hẻm 3"


@pytest.mark.parametrize("text", TEXTS)
def test_vni_of_whole_words(text: str) -> None:
    assert decode_vni(to_vni(text)) == text


def table(texts: list[str]) -> str:
    return "STT;Họ tên;Lớp\r\n" + "".join(f"{i};{text};1A\r\n" for i, text in enumerate(texts, 1))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (table(TEXTS).encode(), "utf-8"),
        (table(TEXTS).encode("utf-8-sig"), "utf-8"),
        (table(TEXTS).encode("utf-16"), "utf-16"),
        (table(TEXTS).encode("utf-16-le"), "utf-16"),
        (table(TEXTS).encode("utf-16-be"), "utf-16"),
        (to_1258(table(TEXTS)), "cp1258"),
        (to_tcvn3(table(TEXTS)).encode("latin-1"), "tcvn3"),
        (to_vni(table(TEXTS)).encode("latin-1"), "vni"),
        (to_tcvn3(table(TEXTS)).encode("utf-8"), "tcvn3"),
        (unicodedata.normalize("NFD", table(TEXTS)).encode(), "utf-8"),
    ],
)
def test_detect(data: bytes, name: str) -> None:
    found = detect(data)
    assert found.name == name
    assert found.confidence > 0.9
    assert any("ễ" in read for _, read in found.samples)


def test_utf8_cut_in_the_middle_of_a_letter_is_still_utf8() -> None:
    data = table(TEXTS).encode()
    cut = data[: data.index("ễ".encode()) + 1]
    assert detect(cut).name == "utf-8"


def test_sample_pairs_are_as_stored_and_as_read() -> None:
    found = detect_legacy(["Lª ThÞ Ngäc DiÔm", "Hé cËn nghÌo"])
    assert found is not None
    assert found.samples[0] == ("Lª ThÞ Ngäc DiÔm", "Lê Thị Ngọc Diễm")


def test_unicode_is_left_alone() -> None:
    assert detect_legacy(TEXTS) is None
    assert detect_legacy(["Hà", "Bé Tư", "Lê Ân"]) is None
    assert detect_legacy(["Café", "Nguyễn"]) is None
    assert detect_legacy([]) is None


def test_syllables() -> None:
    assert all(map(is_syllable, ["Nguyễn", "nghiêng", "khuya", "quỳnh", "gì", "xoong", "Đắk", "quyết", "yêu", "ưa"]))
    assert not any(map(is_syllable, ["Ngäc", "DiÔm", "ñöôøng", "àá", "ươươ"]))
