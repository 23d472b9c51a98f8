"""Places of the demonstration: wards and streets of Thủ Dầu Một, and where its families come from.

Names of wards are those until 30/06/2025, as residence papers still show them; they are read from the catalogue's
data, so that every ward that a record names exists.
"""

from functools import cache
from random import Random

from khue.base.catalog.rules import read_rows

from .fields import words

CITY = "Thành phố Thủ Dầu Một"
PROVINCE = "Bình Dương"
WARDS = {
    "Phú Cường": (106.6512, 10.9813),
    "Hiệp Thành": (106.6576, 10.9951),
    "Chánh Nghĩa": (106.6599, 10.9692),
    "Phú Hòa": (106.6851, 10.9726),
    "Phú Lợi": (106.6792, 10.9948),
    "Phú Mỹ": (106.6822, 11.0137),
    "Phú Tân": (106.6925, 11.0301),
    "Phú Thọ": (106.6733, 10.9624),
    "Định Hòa": (106.6557, 11.0289),
    "Tân An": (106.6114, 11.0286),
    "Tương Bình Hiệp": (106.6321, 11.0083),
    "Chánh Mỹ": (106.6321, 10.9920),
    "Hòa Phú": (106.6796, 11.0723),
    "Hiệp An": (106.6321, 11.0356),
}
"""Ward → longitude, latitude of its middle, in degrees."""

STREETS = words(
    "Yersin|Cách Mạng Tháng Tám|Đại lộ Bình Dương|Bạch Đằng|Hùng Vương|Nguyễn Trãi|Ngô Quyền|Phú Lợi|Huỳnh Văn Lũy|"
    "Lê Hồng Phong|Thích Quảng Đức|Nguyễn Chí Thanh|Hồ Văn Cống|Phan Đăng Lưu|Lò Chén|Bùi Quốc Khánh|Trần Văn Ơn|"
    "Nguyễn Thị Minh Khai|Phạm Ngọc Thạch|Huỳnh Văn Cù|Ngô Gia Tự|Lê Hoàn|Trần Phú|Hoàng Văn Thụ|Võ Minh Đức|"
    "Nguyễn Đức Thuận|Hoàng Hoa Thám|Lê Lợi|Đồng Khởi|Trần Bình Trọng|Nguyễn Văn Tiết|Phan Bội Châu",
    "|",
)
ORIGINS = {
    "Thanh Hóa": ("038", 10),
    "Nghệ An": ("040", 8),
    "Hà Tĩnh": ("042", 4),
    "Quảng Ngãi": ("051", 3),
    "Bình Định": ("052", 4),
    "Đắk Lắk": ("066", 5),
    "Bình Phước": ("070", 6),
    "Tây Ninh": ("072", 4),
    "Hồ Chí Minh": ("079", 8),
    "Long An": ("080", 3),
    "Trà Vinh": ("084", 6),
    "Đồng Tháp": ("087", 8),
    "An Giang": ("089", 10),
    "Kiên Giang": ("091", 6),
    "Sóc Trăng": ("094", 7),
    "Cà Mau": ("096", 6),
    "Nam Định": ("036", 2),
    "Hòa Bình": ("017", 1),
    "Cao Bằng": ("004", 1),
    "Lạng Sơn": ("020", 1),
    "Sơn La": ("014", 1),
    "Ninh Thuận": ("058", 1),
    "Bình Thuận": ("060", 2),
}
"""Province → code in personal numbers, weight among families from elsewhere."""

NUMBER_CODES = {PROVINCE: "074"} | {name: code for name, (code, _) in ORIGINS.items()}
ETHNIC_ORIGINS = {
    "Khơ-me": ["Trà Vinh", "Sóc Trăng", "Kiên Giang", "An Giang"],
    "Chăm": ["Ninh Thuận", "Bình Thuận", "An Giang"],
    "Tày": ["Cao Bằng", "Lạng Sơn"],
    "Nùng": ["Cao Bằng", "Lạng Sơn"],
    "Mường": ["Hòa Bình", "Thanh Hóa"],
    "Thái": ["Sơn La", "Nghệ An"],
    "Hmông": ["Sơn La"],
    "Ê-đê": ["Đắk Lắk"],
    "Xtiêng": ["Bình Phước"],
}


@cache
def old_wards() -> dict[str, tuple[str, ...]]:
    """Full names of the wards of each province that the demonstration names, as they were until 30/06/2025."""
    rows = [row for row in read_rows("admin_units") if row["system"] == "before"]
    by_key = {row["key"]: row for row in rows}
    found: dict[str, list[str]] = {name: [] for name in NUMBER_CODES}
    for row in rows:
        if row["kind"] == "ward":
            province = by_key[by_key[row["parent"]]["parent"]]["name"]
            if province in found:
                found[province].append(row["full_name"])
    return {name: tuple(wards) for name, wards in found.items()}


def origin(rng: Random, ethnicity: str) -> str:
    """Province of a family's registered residence: seven Kinh and Hoa families in ten are from here."""
    if ethnicity in ETHNIC_ORIGINS:
        return rng.choice(ETHNIC_ORIGINS[ethnicity])
    if rng.random() < 0.7:
        return PROVINCE
    return rng.choices(list(ORIGINS), [weight for _, weight in ORIGINS.values()])[0]


def street(rng: Random) -> str:
    number = str(rng.randint(1, 480))
    if rng.random() < 0.25:
        number += f"/{rng.randint(1, 60)}"
    return f"{number} {rng.choice(STREETS)}"
