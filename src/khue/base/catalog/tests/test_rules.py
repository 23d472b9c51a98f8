from datetime import date

import pytest

from khue.base.catalog import rules

from .test_data import entries

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("list_code", "text", "code"),
    [
        ("ethnicity", "5", "05"),
        ("ethnicity", "H'Mông", "08"),
        ("ethnicity", "khơ  me", "05"),
        ("ethnicity", "Khơ-me", "05"),
        ("ethnicity", "05 - Khơ-me", "05"),
        ("ethnicity", "05 - Hoa", None),
        ("ethnicity", "99", None),
        ("ethnicity", "", None),
        ("sex", "02", "0"),
        ("sex", "1", "1"),
        ("sex", " NỮ ", "0"),
        ("entry_kind", "1", None),
        ("entry_kind", "3", None),
        ("entry_kind", "Tuyển mới", "tuyen_moi"),
        ("pupil_status", "Chuyển đi", None),
        ("pupil_status", "Chuyển đi HKII", "8"),
        ("grade", "05", "5"),
        ("grade", "Lớp 5", "5"),
        ("grade", "Khối Lá", "18"),
        ("nationality", "Mỹ", "US"),
        ("nationality", "MY", "MY"),
        ("number_province", "74", "074"),
        ("rank_code", "V.07.03.29", "V.07.03.29"),
        ("rank_code", "V.07.03.09", None),
    ],
)
def test_resolve(list_code, text, code):
    assert rules.resolve(rules.match_table(entries(list_code)), text, TODAY) == code


def test_a_code_counts_only_while_it_is_in_force():
    table = rules.match_table(entries("rank_code"))
    assert rules.resolve(table, "V.07.03.09", date(2021, 3, 19)) == "V.07.03.09"
    assert rules.resolve(table, "V.07.03.09", date(2021, 3, 20)) is None
    assert rules.resolve(table, "V.07.03.29", date(2021, 3, 20)) == "V.07.03.29"


def test_a_place_is_split_into_parts_with_their_kind():
    ward, district = rules.split_place("P. Phú Cường, TP Thủ Dầu Một")
    assert ward == rules.UnitText(frozenset({"pphucuong", "phucuong"}), "Phường")
    assert district == rules.UnitText(frozenset({"tpthudaumot", "thudaumot"}), "Thành phố")
    assert rules.split_place("  ") == []


@pytest.mark.parametrize("text", ["Phường 5", "Phường 05", "P.5", "phuong 5"])
def test_numbered_wards_meet_under_one_key(text):
    assert rules.unit_key("Phường 5") in rules.split_place(text)[0].keys
