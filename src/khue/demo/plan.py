"""Which schools the demonstration city has, and how large they are. All names are invented."""

from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

from . import places
from .fields import words

NORMS = (
    {13: 15, 14: 20, 15: 25, 16: 25, 17: 30, 18: 35} | dict.fromkeys(range(1, 6), 35) | dict.fromkeys(range(6, 10), 45)
)
"""Most pupils in a class of each grade (Thông tư 52/2020/TT-BGDĐT điều 15; 28/2020 điều 16; 32/2020 điều 16)."""

GRADE_NAMES = {13: "3-12 tháng", 14: "13-24 tháng", 15: "25-36 tháng", 16: "3-4 tuổi", 17: "4-5 tuổi", 18: "5-6 tuổi"}


def level_of(grade: int) -> str:
    return "MN" if grade >= 13 else "TH" if grade <= 5 else "THCS"


@dataclass(frozen=True)
class SchoolPlan:
    """A school to generate: classes of each grade, `fill` = share of the norm that its classes have on average.

    `satellites` are campuses beside the main one, with the grades of which they hold one class each.
    """

    code: str
    name: str
    ward: str
    classes: dict[int, int]
    fill: float
    is_public: bool = True
    satellites: tuple[tuple[str, tuple[int, ...]], ...] = ()
    is_group: bool = False
    national_standard: str = "Không"

    @property
    def levels(self) -> list[str]:
        return list(dict.fromkeys(level_of(grade) for grade in self.classes))

    @property
    def campuses(self) -> list[str]:
        return ["Điểm chính", *(name for name, _ in self.satellites)]


def _kindergarten(sizes: str) -> dict[int, int]:
    return {grade: int(size) for grade, size in zip(range(13, 19), sizes, strict=True) if size != "0"}


def small() -> list[SchoolPlan]:
    """Six schools of all kinds, about 2,500 pupils."""
    primary, secondary = range(1, 6), range(6, 10)
    return [
        SchoolPlan("74718301", "Trường Mầm non Hoa Mai", "Phú Cường", _kindergarten("001344"), 0.9),
        SchoolPlan("74718351", "Trường Mầm non tư thục Ánh Dương", "Hiệp Thành", _kindergarten("011112"), 0.74, False),
        SchoolPlan(
            "74718381",
            "Nhóm trẻ, lớp mẫu giáo độc lập Nụ Cười Hồng",
            "Phú Hòa",
            _kindergarten("001100"),
            0.72,
            False,
            is_group=True,
        ),
        SchoolPlan(
            "74718401",
            "Trường Tiểu học Hoa Sen",
            "Phú Lợi",
            dict.fromkeys(primary, 4) | {1: 5, 2: 5},
            0.96,
            national_standard="Mức độ 1",
        ),
        SchoolPlan(
            "74718402",
            "Trường Tiểu học Bình Minh",
            "Tương Bình Hiệp",
            dict.fromkeys(primary, 3),
            0.86,
            satellites=(("Điểm Chánh Mỹ", (3, 4, 5)),),
        ),
        SchoolPlan(
            "74718501",
            "Trường THCS Sao Mai",
            "Chánh Nghĩa",
            dict.fromkeys(secondary, 5),
            0.91,
            national_standard="Mức độ 2",
        ),
    ]


_FLOWERS = words(
    "Hoa Lan|Hoa Cúc|Hoa Phượng|Hoa Đào|Hoa Huệ|Hoa Ban|Hoa Sứ|Hoa Súng|Hoa Trà|Hoa Dừa|Hoa Bưởi|Hoa Ngọc Lan|Hoa Lúa|"
    "Hoa Thiên Lý|Hoa Mộc Lan|Hoa Cau|Hoa Mận|Hoa Lê|Hoa Sữa|Hoa Tường Vi|Hoa Pơ Lang|Hoa Nắng|Hoa Dâm Bụt|Hoa Gạo",
    "|",
)
_LIGHTS = words(
    "Ánh Sao|Ban Mai|Nắng Mai|Bình Minh Xanh|Sao Sáng|Trăng Non|Mặt Trời Nhỏ|Sắc Màu|Vầng Dương|Sao Khuê|Ngôi Sao Nhỏ|"
    "Cầu Vồng|Mây Trắng|Suối Reo|Rừng Xanh|Cánh Diều|Hạt Nắng|Sao Bắc Đẩu|Tia Nắng|Đồng Xanh|Biển Xanh|Lá Xanh",
    "|",
)
_GROUPS = [f"{first} {last}" for last in ("Hồng", "Xanh", "Vàng", "Ngoan") for first in
           ("Mây", "Sóc", "Ong", "Thỏ", "Gấu", "Chim", "Bướm", "Nhím", "Cún", "Nai", "Cá")]  # fmt: skip
_PRIMARY = words(
    "Ngọc Lan|Đồng Tâm|Tân Tiến|Quê Hương|Sông Bé|Hòa Bình Xanh|Bến Ngự|Gò Đậu Xanh|Suối Giữa|Tân Bình Minh|Phù Sa|"
    "Bạch Mai|Thanh Bình|Rạch Bàu|Sông Xanh|Đất Lành|Hương Tràm|Bằng Lăng|Phượng Vĩ|Tân Hòa Xuân|Thạch Anh|Tre Xanh|"
    "Hạ Long Xanh|Cây Dầu|Cầu Ông|Vườn Măng|Lúa Vàng|Mai Vàng|Trúc Xanh|Hồng Hạc|Sao Việt|Ánh Việt",
    "|",
)
_SECONDARY = words(
    "Rạng Đông|Chân Trời|Tương Lai|Hòa Ca|Trí Đức|Khai Tâm|Tân Văn|Minh Khuê|Thanh Tùng|Sông Thao Xanh|Bách Việt|"
    "Đông Sơn|Tao Đàn|Lạc Hồng Mới|Hải Đăng|Việt Hoa|Khuê Văn|Thăng Hoa",
    "|",
)


def city(rng: Random) -> list[SchoolPlan]:
    """140 schools in 14 wards, about 70,000 pupils: kindergartens, independent groups, primary and lower secondary."""
    wards = cycle(places.WARDS)
    plans = [
        _plan(
            rng, f"747183{i:02d}", f"Trường Mầm non {name}", next(wards), dict.fromkeys(range(15, 19), 3), (0.85, 0.98)
        )
        for i, name in enumerate(_FLOWERS, 1)
    ]
    plans += [
        _plan(rng, f"747183{i:02d}", f"Trường Mầm non tư thục {name}", next(wards),
              dict.fromkeys(range(14, 19), 2), (0.55, 0.85), is_public=False)
        for i, name in enumerate(_LIGHTS, 25)
    ]  # fmt: skip
    plans += [
        _plan(rng, f"747183{i:02d}", f"Nhóm trẻ, lớp mẫu giáo độc lập {name}", next(wards),
              {15: 1, 16: 1, 17: rng.randint(0, 1)}, (0.5, 0.8), is_public=False, is_group=True)
        for i, name in enumerate(_GROUPS, 50)
    ]  # fmt: skip
    plans += [
        _plan(
            rng, f"747184{i:02d}", f"Trường Tiểu học {name}", next(wards), _even(rng, range(1, 6), 4, 8), (0.88, 0.99)
        )
        for i, name in enumerate(_PRIMARY, 1)
    ]
    plans += [
        _plan(rng, f"747185{i:02d}", f"Trường THCS {name}", next(wards), _even(rng, range(6, 10), 6, 9), (0.88, 0.98))
        for i, name in enumerate(_SECONDARY, 1)
    ]
    return plans


def _even(rng: Random, grades: range, least: int, most: int) -> dict[int, int]:
    base = rng.randint(least, most)
    return {grade: base + rng.choice((0, 0, 1)) for grade in grades}


def _plan(
    rng: Random,
    code: str,
    name: str,
    ward: str,
    classes: dict[int, int],
    fill: tuple[float, float],
    *,
    is_public: bool = True,
    is_group: bool = False,
) -> SchoolPlan:
    standard = rng.choices(["Không", "Mức độ 1", "Mức độ 2"], [50, 40, 10] if is_public else [96, 4, 0])[0]
    satellites: tuple[tuple[str, tuple[int, ...]], ...] = ()
    if is_public and rng.random() < 0.12:
        other = rng.choice([place for place in places.WARDS if place != ward])
        satellites = ((f"Điểm {other}", tuple(islice(classes, 3))),)
    classes = {grade: count for grade, count in classes.items() if count}
    return SchoolPlan(code, name, ward, classes, rng.uniform(*fill), is_public, satellites, is_group, standard)
