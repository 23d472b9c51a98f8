"""Search keys, name order and cleaning, by example and by property."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.base.core.text import clean_text, given_name, name_sort_key, nearest, search_key

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
words = st.text(VIETNAMESE + VIETNAMESE.upper(), min_size=1, max_size=7)
names = st.lists(words, min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" Đỗ  Thị Huế", "do thi hue"),
        ("NGUYỄN VĂN ĐỨC", "nguyen van duc"),
        ("ẨN ƯỚT Ỷ", "an uot y"),
        ("H'Mông", "h'mong"),
        ("Mã lớp\n(2026)", "ma lop (2026)"),
        ("", ""),
    ],
)
def test_search_key_drops_marks(text: str, key: str) -> None:
    assert search_key(text) == key


@given(names)
def test_search_key_is_ascii_stable_and_blind_to_composition(name: str) -> None:
    key = search_key(name)
    assert key.isascii()
    assert search_key(key) == key
    assert search_key(unicodedata.normalize("NFD", name)) == key


@given(st.text())
def test_search_key_takes_any_text(text: str) -> None:
    assert "  " not in search_key(text)


def test_given_names_sort_in_vietnamese_order() -> None:
    order = [
        "An",
        "Ăn",
        "Ân",
        "Bình",
        "Cúc",
        "Dũng",
        "Đào",
        "Đức",
        "Em",
        "Êm",
        "Oanh",
        "Ôn",
        "Ơn",
        "Uyên",
        "Ước",
        "Yến",
    ]
    assert sorted(set(order), key=name_sort_key) == order


def test_names_sort_by_given_then_family_then_middle() -> None:
    order = ["Trần Văn An", "Bùi Thị Anh", "Đặng Văn Anh", "Lê An Anh", "Lê Bá Anh", "Lê Văn Bình"]
    assert sorted(set(order), key=name_sort_key) == order


def test_shorter_names_come_first_and_tones_decide_last() -> None:
    order = ["Lê Ma", "Lê Mà", "Lê Mả", "Lê Mã", "Lê Má", "Lê Mạ", "Lê Văn Ma"]
    assert sorted(set(order), key=name_sort_key) == order


@given(st.text(VIETNAMESE, min_size=1, max_size=5), st.text(VIETNAMESE, min_size=1, max_size=5))
def test_letters_follow_the_alphabet(left: str, right: str) -> None:
    def alphabetic(word: str) -> list[int]:
        bare = (unicodedata.normalize("NFD", c) for c in word)
        toneless = (
            unicodedata.normalize("NFC", "".join(m for m in c if m not in "\u0300\u0309\u0303\u0301\u0323"))
            for c in bare
        )
        return ["aăâbcdđeêghiklmnoôơpqrstuưvxy".index(c) for c in toneless]

    if alphabetic(left) < alphabetic(right):
        assert name_sort_key(left) < name_sort_key(right)


@given(st.text())
def test_sort_key_is_ascii_for_any_text(text: str) -> None:
    assert name_sort_key(text).isascii()


@given(names)
def test_sort_key_ignores_case_and_composition(name: str) -> None:
    assert name_sort_key(name.upper()) == name_sort_key(unicodedata.normalize("NFD", name.lower()))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Lê   Văn\tAn\n", "Lê Văn An"),
        ("Lê\u00a0An", "Lê An"),
        ("Lê\u200b An\ufeff\x07", "Lê An"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Hằng"), "Nguyễn Thị Hằng"),
        ("An\x00", "An"),
        ("", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
def test_clean_text_is_idempotent(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


def test_given_name_is_the_last_word() -> None:
    assert given_name("Nguyễn Thị  Hằng ") == "Hằng"
    assert given_name(" ") == ""


def test_nearest_offers_similar_names_without_marks() -> None:
    assert set(nearest("6a9", ["6A1", "6A2", "7B1"], n=2)) == {"6A1", "6A2"}
    assert nearest("khome", ["Khơ-me", "Kinh", "Mường"])[0] == "Khơ-me"
    assert nearest("zzz", ["Kinh"]) == []
