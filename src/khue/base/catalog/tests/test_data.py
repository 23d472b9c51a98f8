"""The data files: complete, consistent, without codes that nobody answers for."""

from datetime import date

import pytest

from khue.base.catalog import rules

LISTS = [
    "sex",
    "level",
    "grade",
    "age_group",
    "ownership",
    "school_type",
    "area",
    "pupil_status",
    "entry_kind",
    "leaving_reason",
    "disability",
    "staff_group",
    "staff_job",
    "staff_status",
    "staff_age_band",
    "contract",
    "qualification",
    "standard",
    "national_standard",
    "ethnicity",
    "religion",
    "policy",
    "nationality",
    "subject",
    "room_kind",
    "room_structure",
    "room_condition",
    "equipment_group",
    "shift",
    "foreign_language",
    "poverty",
    "inclusion",
    "rank",
    "rank_code",
    "number_province",
]
COUNTS = {"sex": 2, "grade": 15, "pupil_status": 12, "ethnicity": 55, "number_province": 63, "disability": 6}


def entries(list_code: str) -> list[rules.CodeEntry]:
    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    return [
        rules.CodeEntry(
            row["code"],
            row["name"],
            tuple(filter(None, row["aliases"].split("|"))),
            day(row["valid_from"]),
            day(row["valid_to"]),
        )
        for row in rules.read_rows(list_code)
    ]


def test_every_agreed_list_has_a_file():
    assert list(rules.list_names()) == LISTS
    assert {code: len(rules.read_rows(code)) for code in COUNTS} == COUNTS


@pytest.mark.parametrize("list_code", LISTS)
def test_codes_are_unique_and_every_text_means_one_code(list_code):
    found = entries(list_code)
    assert len({(entry.code, entry.valid_from) for entry in found}) == len(found)
    table = rules.match_table(found)
    for entry in found:
        for text in (entry.code, entry.name, *entry.aliases):
            assert rules.resolve(table, text, None) == entry.code, text


@pytest.mark.parametrize("list_code", LISTS)
def test_every_code_names_its_source(list_code):
    assert all(row["source"] and row["name"] == row["name"].strip() for row in rules.read_rows(list_code))


def test_the_kind_of_admission_is_never_a_number():
    texts = [text for row in rules.read_rows("entry_kind") for text in (row["code"], *row["aliases"].split("|"))]
    assert not [text for text in texts if text.isdecimal()]
    assert not [row for row in rules.read_rows("mappings") if row["list"] == "entry_kind"]


def test_mappings_point_to_codes_that_exist():
    codes = {(name, row["code"]) for name in LISTS for row in rules.read_rows(name)}
    rows = rules.read_rows("mappings")
    assert {(row["list"], row["code"]) for row in rows} <= codes
    assert len({(r["list"], r["system"], r["external_code"]) for r in rows if r["direction"] == "in"}) == sum(
        r["direction"] == "in" for r in rows
    )


def test_administrative_units_and_their_successors_agree():
    units = {row["key"]: row for row in rules.read_rows("admin_units")}
    kinds = [(row["system"], row["kind"]) for row in units.values()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        ("before", "province"): 63,
        ("before", "district"): 696,
        ("before", "ward"): 10035,
        ("after", "province"): 34,
        ("after", "ward"): 3321,
    }
    assert all(row["parent"] in units for row in units.values() if row["kind"] != "province")
    successions = rules.read_rows("admin_successions")
    assert all(units[r["old_key"]]["system"] == "before" for r in successions)
    assert all(units[r["new_key"]]["system"] == "after" for r in successions)
    wards = {key for key, row in units.items() if row["system"] == "before" and row["kind"] == "ward"}
    defaults = [r["old_key"] for r in successions if r["is_default"] == "1"]
    assert wards <= set(defaults)
    assert len(defaults) == len(set(defaults))


def test_phu_loi_took_over_parts_of_thu_dau_mot():
    news = {r["old_key"]: r["new_key"] for r in rules.read_rows("admin_successions") if r["is_default"] == "1"}
    assert news["c25744"] == "25750"
    assert news["c74"] == "79"
