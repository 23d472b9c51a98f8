"""Build the catalogue's administrative units from the data of the package `vietnamadminunits` (MIT).

Run by hand when a new release is out, never at run time (the package pulls in shapely and geopy):

    pip download --no-deps vietnamadminunits
    python src/khue/base/catalog/build_admin_units.py vietnamadminunits-1.0.4-py3-none-any.whl

Writes into `data/`: `admin_units.csv.gz` (units before and after 01/07/2025), `admin_successions.csv.gz`
(which unit took over which) and the licence of the package. The 63 provinces, 696 districts and 10,035 wards in
force until 30/06/2025 have keys with a leading "c" (*cũ*), because the new wards reuse their five-digit codes:
25750 was Phường Phú Hòa and is now Phường Phú Lợi.
"""

import csv
import gzip
import io
import json
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
LAST_DAY_OLD = "2025-06-30"
FIRST_DAY_NEW = "2025-07-01"
UNIT_FIELDS = ["key", "code", "kind", "unit_type", "name", "full_name", "parent", "system", "valid_from", "valid_to"]
SUCCESSION_FIELDS = ["old_key", "new_key", "is_default", "note"]
DIVIDED_NOTE = "Phường, xã cũ được chia cho nhiều phường, xã mới"

Row = dict[str, str]


def province_row(*, code: str, full_name: str, name: str, system: str) -> Row:
    unit_type = full_name.removesuffix(name).strip()
    return unit_row(code, "province", unit_type, name, full_name, "", system)


def unit_row(code: str, kind: str, unit_type: str, name: str, full_name: str, parent: str, system: str) -> Row:
    """One unit; `system` is "before" or "after" 01/07/2025 and decides the key and the dates."""
    old = system == "before"
    key, valid_from, valid_to = (f"c{code}", "", LAST_DAY_OLD) if old else (code, FIRST_DAY_NEW, "")
    values = (key, code, kind, unit_type, name, full_name, parent, system, valid_from, valid_to)
    return dict(zip(UNIT_FIELDS, values, strict=True))


def old_units(rows: Iterable[sqlite3.Row]) -> Iterator[tuple[str, Row]]:
    """Units in force until 30/06/2025, each with the key under which the package's converter knows it."""
    for row in rows:
        yield (
            row["provinceKey"],
            province_row(
                code=row["provinceCode"], full_name=row["province"], name=row["provinceShort"], system="before"
            ),
        )
        district_key = f"{row['provinceKey']}_{row['districtKey']}_"
        yield (
            district_key,
            unit_row(
                row["districtCode"],
                "district",
                row["districtType"],
                row["districtShort"],
                row["district"],
                f"c{row['provinceCode']}",
                "before",
            ),
        )
        if row["wardCode"]:
            yield (
                f"{district_key}{row['wardKey']}",
                unit_row(
                    row["wardCode"],
                    "ward",
                    row["wardType"],
                    row["wardShort"],
                    row["ward"],
                    f"c{row['districtCode']}",
                    "before",
                ),
            )


def new_units(rows: Iterable[sqlite3.Row]) -> Iterator[tuple[str, Row]]:
    """Units in force from 01/07/2025, keyed by "province" or "province|ward"."""
    for row in rows:
        code = row["provinceCode"]
        yield (
            row["provinceKey"],
            province_row(code=code, full_name=row["province"], name=row["provinceShort"], system="after"),
        )
        yield (
            f"{row['provinceKey']}|{row['wardKey']}",
            unit_row(row["wardCode"], "ward", row["wardType"], row["wardShort"], row["ward"], code, "after"),
        )


def succession_pairs(converter: dict[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    """(old converter key, new converter key, is the default successor, note)."""
    for province, olds in converter["DICT_PROVINCE"].items():
        yield from ((old, province, True, "") for old in olds)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            yield from ((old, f"{province}|{ward}", True, "") for old in olds)
    for province, wards in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in wards.items():
            for part in parts:
                yield old, f"{province}|{part['newWardKey']}", part["isDefaultNewWard"], DIVIDED_NOTE


def build(wheel: Path) -> tuple[list[Row], list[Row], str]:
    """Units, successions and licence text out of the downloaded wheel."""
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        database = archive.extract("vietnamadminunits/data/dataset.db", folder)
        converter = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
        licence = next(name for name in archive.namelist() if name.endswith("licenses/LICENSE"))
        connection = sqlite3.connect(database)
        connection.row_factory = sqlite3.Row
        old = dict(old_units(connection.execute("SELECT * FROM admin_units_legacy ORDER BY wardCode")))
        new = dict(new_units(connection.execute("SELECT * FROM admin_units ORDER BY wardCode")))
        successions = [
            {"old_key": old[a]["key"], "new_key": new[b]["key"], "is_default": str(int(default)), "note": note}
            for a, b, default, note in succession_pairs(converter)
        ]
        units = sorted([*old.values(), *new.values()], key=lambda row: (row["system"], len(row["code"]), row["code"]))
        return (
            units,
            sorted(successions, key=lambda row: (row["old_key"], row["new_key"])),
            archive.read(licence).decode(),
        )


def write_csv(name: str, fields: list[str], rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    # mtime 0: the same data give the same bytes, so that a rebuild without news changes nothing.
    (DATA / name).write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def main(wheel: Path) -> None:
    units, successions, licence = build(wheel)
    write_csv("admin_units.csv.gz", UNIT_FIELDS, units)
    write_csv("admin_successions.csv.gz", SUCCESSION_FIELDS, successions)
    (DATA / "admin_units.LICENSE").write_text(licence, encoding="utf-8")
    print(f"{wheel.name}: {len(units)} units, {len(successions)} successions")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
