"""Names of people by sex, generation and ethnic group, with the frequencies of the south-east.

Family names: Lê Trung Hoa, *Họ và tên người Việt Nam* (Nguyễn about 38 %, Trần 11 %, Lê 9.5 %, …).
"""

from bisect import bisect
from functools import cached_property
from itertools import accumulate
from random import Random

from .fields import words

MALE, FEMALE = "Nam", "Nữ"


class Weighted(dict[str, float]):
    """What is drawn, and how often. Never changed: the sums are kept, which halves the time of the generator."""

    @cached_property
    def table(self) -> tuple[list[str], list[float]]:
        """Keys, and the sums of the weights up to each."""
        return list(self), list(accumulate(self.values()))


def _weights(text: str) -> Weighted:
    pairs = (item.strip().rsplit(" ", 1) for item in text.split(","))
    return Weighted((name, float(weight)) for name, weight in pairs)


def pick(rng: Random, weights: Weighted) -> str:
    """One key by its weight."""
    keys, sums = weights.table
    return keys[bisect(sums, rng.random() * sums[-1], 0, len(keys) - 1)]


FAMILIES = _weights(
    "Nguyễn 41.5, Trần 11, Lê 9.5, Phạm 7.1, Huỳnh 5.1, Phan 4.5, Võ 3.9, Đặng 2.1, Bùi 2, Đỗ 1.4, Hồ 1.3, Ngô 1.3,"
    "Dương 1, Lý 0.5, Trương 2.2, Vũ 1.4, Đinh 1, Đoàn 0.9, Lâm 0.8, Mai 0.8, Trịnh 0.7, Đào 0.7, Cao 0.7, Hà 0.6,"
    "Lưu 0.5, Hoàng 1, Tô 0.4, Châu 0.3, Thái 0.4, Tạ 0.3, Quách 0.1, Văn 0.2, Kiều 0.2, Tăng 0.2, Phùng 0.3"
)
MIDDLES = {
    (MALE, "child"): _weights(
        "Minh 10, Gia 9, Hoàng 7, Quốc 6, Thanh 5, Đức 5, Anh 4,"
        "Hữu 3, Bảo 7, Ngọc 3, Thiên 4, Nhật 5, Tuấn 5, Trọng 3,"
        "Công 2, Phúc 4, Đình 2, Xuân 1, Thành 4, Văn 4, Khánh 3,"
        "Tấn 3, Duy 4, Đăng 4, Quang 4, Phước 3, Trung 3, Chí 3"
    ),
    (FEMALE, "child"): _weights(
        "Thị 12, Ngọc 12, Thanh 6, Thảo 5, Khánh 5, Minh 6, Bảo 7, Gia 4, Kim 5, Phương 4, Thùy 4, Quỳnh 4, Như 5,"
        "Hoài 2, Mỹ 3, Diễm 2, Trúc 2, Cẩm 2, Yến 3, Hồng 3, Tường 2, Tú 2, Hà 2, Anh 3, Ánh 2, Thiên 2"
    ),
    (MALE, "adult"): _weights(
        "Văn 38, Thanh 7, Minh 7, Hoàng 5, Quốc 5, Hữu 5, Đức 4,Ngọc 4, Công 3, Đình 3, Xuân 3, Tấn 3, Thành 4, Trung 3"
    ),
    (FEMALE, "adult"): _weights(
        "Thị 45, Thị Kim 6, Thị Ngọc 6, Thị Thanh 7, Thị Thu 5, Thị Mỹ 5, Thị Hồng 5, Thị Bích 4, Ngọc 5, Kim 3,"
        "Thị Cẩm 2, Thị Tuyết 3"
    ),
}
GIVEN = {
    (MALE, "child"): _weights(
        "Khang 8, Huy 6, Phát 6, Khôi 7, Minh 5, Bảo 6, Phúc 6, Anh 5, Khoa 6, Đạt 5, Nam 4, Long 4, Quân 5, Thịnh 4,"
        "Nghĩa 3, Kiệt 5, Tài 3, Hưng 3, Duy 3, Thiện 3, Nguyên 4, Phong 5, Lộc 3, Vinh 3, Trí 3, Hào 3, Đăng 4, An 4,"
        "Nhân 3, Tiến 2, Hiếu 3, Ân 2, Tâm 2, Bình 1, Dũng 1, Đức 2, Quang 2, Khánh 2, Thành 2, Thuận 1, Tín 2, Tùng 1"
    ),
    (FEMALE, "child"): _weights(
        "Ngọc 6, Anh 7, Nhi 7, Ngân 6, Vy 7, Trâm 5, Thư 6, My 5,"
        "Châu 5, Trân 5, Hân 6, Quỳnh 4, Linh 4, Ánh 1, Thảo 3,"
        "Như 5, Yến 3, Tiên 3, Hương 2, Khuê 1, Uyên 4, Phương 3, Dương 2,"
        "Chi 3, Mai 2, Ý 1, Đan 1, Di 1, Vân 2, Nghi 3,"
        "Hà 2, Giang 1, Lam 2, Băng 1, Diệp 2, Duyên 2, Tuyền 2, Thy 3, Trúc 2, Hạnh 1, Đào 0.5, Ân 1"
    ),
    (MALE, "adult"): _weights(
        "Hùng 5, Dũng 5, Tuấn 6, Hải 4, Thành 5, Sơn 4, Bình 4, Minh 5, Long 3, Hoàng 4, Nam 4, Tâm 4, Tài 3, Phong 3,"
        "Cường 4, Đức 3, Hiếu 3, Phúc 3, Tân 2, Toàn 3, Trung 3,"
        "Thanh 3, Quang 2, Vinh 2, Nghĩa 2, Lợi 2, Tùng 2, Hậu 2,"
        "Đạt 2, Duy 2, Khánh 2, Linh 1, Lâm 2, Phương 2, Giang 1, Ân 1, Út 0.5, Đông 1, Đào 0.3, Ánh 0.3"
    ),
    (FEMALE, "adult"): _weights(
        "Hương 5, Hoa 4, Lan 5, Hằng 4, Thảo 5, Trang 5, Hạnh 4, Hà 4, Thủy 4, Loan 3, Nga 3, Mai 4, Phượng 3, Dung 4,"
        "Nhung 3, Linh 3, Vân 4, Yến 3, Liên 3, Hiền 4, Tuyết 2, Oanh 2, Tâm 2, Thúy 3, Ngân 2, Huệ 2, Xuân 2, Cúc 1,"
        "Đào 1, Ánh 1, Bé 0.5, Duyên 3, Diễm 2, Kiều 2, Quyên 2, Trinh 2, Thoa 2, Hồng 3, Lệ 1, Út 0.5"
    ),
}
ETHNIC_FAMILIES = {
    "Hoa": (
        "Trần 5, Lâm 5, Quách 3, Lý 4, Vương 3, Trương 3, Huỳnh 3,Mã 2, Châu 2, Lưu 2, Diệp 2, Ngô 2, Thái 2, Hồng 1"
    ),
    "Khơ-me": "Thạch 8, Kim 4, Sơn 4, Danh 6, Lâm 2, Kiên 2, Châu 2, Lý 2, Trần 2, Liêu 1",
    "Chăm": "Bá 3, Đàng 3, Quảng 3, Thành 2, Lưu 2, Kiều 2, Châu 3, Từ 1, Phú 1",
    "Tày": "Nông 5, Hoàng 5, Lương 3, Lục 2, Bế 2, Triệu 2, Ma 3, Hứa 2, Đàm 2, La 1",
    "Nùng": "Nông 4, Hoàng 4, Vi 3, Lương 2, Lục 2, Hứa 2, Triệu 2, Mông 1, Lý 2",
    "Mường": "Bùi 8, Quách 3, Hà 2, Đinh 3, Bạch 2, Phạm 2",
    "Thái": "Lò 5, Quàng 3, Cà 2, Vi 4, Hà 2, Lô 4, Lường 2, Lương 3",
    "Hmông": "Giàng 3, Vàng 3, Sùng 3, Thào 2, Lầu 2",
    "Xtiêng": "Điểu 1",
}
_ETHNIC_WEIGHTS = {group: _weights(text) for group, text in ETHNIC_FAMILIES.items()}
ETHNIC_GIVEN = {
    ("Hoa", MALE): words("Chí Cường, Gia Minh, Vĩnh Phát, Kiến Hào, Chấn Hưng, Tuấn Kiệt, Vỹ Hào, Triết Hạo", ", "),
    ("Hoa", FEMALE): words("Mỹ Linh, Bội San, Mẫn Nghi, Tuệ Mẫn, Huệ Linh, Tú Quyên, Bội Nghi, Mỹ Ngọc", ", "),
    ("Khơ-me", MALE): words("Đa Ra, Sóc Kha, Sa Vươn, Minh Đa, Chanh Thi, Sô Thia, Vi Chét, Ra", ", "),
    ("Khơ-me", FEMALE): words("Sa Rây, Sô Phia, Thị Đa, Sà Rích, Sô Ca, Thị Sa Ly, Bô Pha, Thị Rậy", ", "),
    ("Ê-đê", MALE): words("Y Khoa, Y Thiên, Y Bảo, Y Minh", ", "),
    ("Ê-đê", FEMALE): words("H'Linh, H'Ngân, H'Mai, H'Thảo", ", "),
    ("Hmông", MALE): words("A Páo, Mí Sử, A Dơ, Seo Lử", ", "),
    ("Hmông", FEMALE): words("Thị Mai, Thị Dợ, Thị Sua, Thị Máy", ", "),
}
FOREIGN = {
    "Hàn Quốc": (["Kim", "Lee", "Park", "Choi"], ["Min Jun", "Seo Jun", "Ji Ho"], ["Seo Yeon", "Ji Woo", "Ha Eun"]),
    "Đài Loan": (["Chen", "Lin", "Huang"], ["Yu Chen", "Po Han"], ["Yi Ting", "Hsin Yi"]),
    "Nhật Bản": (["Sato", "Suzuki", "Tanaka"], ["Haruto", "Ren"], ["Yui", "Hina"]),
}
_EDE_CLANS = ["Niê", "Mlô", "Êban", "Byă", "Kbuôr"]


def family_name(rng: Random, ethnicity: str) -> str:
    return pick(rng, _ETHNIC_WEIGHTS.get(ethnicity, FAMILIES))


def full_name(rng: Random, family: str, sex: str, ethnicity: str, generation: str) -> str:
    """Họ, tên đệm và tên; `generation` is "child" or "adult", whose fashions differ.

    Three names in ten of today's children have four words ("Nguyễn Ngọc Bảo Châu"). Ê-đê names end with the clan.
    """
    if ethnicity == "Ê-đê":
        return f"{rng.choice(ETHNIC_GIVEN[ethnicity, sex])} {rng.choice(_EDE_CLANS)}"
    own = ETHNIC_GIVEN.get((ethnicity, sex))
    if own and rng.random() < 0.6:
        return f"{family} {rng.choice(own)}"
    middles, given = MIDDLES[sex, generation], pick(rng, GIVEN[sex, generation])
    parts = [family, pick(rng, middles)]
    if generation == "child" and rng.random() < 0.3:
        parts.append(pick(rng, middles))
    parts = [part for index, part in enumerate(parts) if part not in parts[:index] and part != given]
    return " ".join([*parts, given])


def foreign_name(rng: Random, country: str, sex: str) -> str:
    families, boys, girls = FOREIGN[country]
    return f"{rng.choice(families)} {rng.choice(boys if sex == MALE else girls)}"
