"""Equipment of a school: the minimum sets of each grade, what all share, and what a room holds; some of it lacking."""

from random import Random

from .fields import Record, record
from .plan import GRADE_NAMES, SchoolPlan, level_of

_MINIMUM = "Thiết bị, đồ dùng, đồ chơi tối thiểu"
_SHARED, _COMPUTERS, _OTHER = "Thiết bị dùng chung", "Máy vi tính phục vụ học tập", "Thiết bị phục vụ giáo dục khác"
_OUTDOOR = "Đồ chơi ngoài trời"
_IN_ROOMS = {
    "Phòng học bộ môn Tin học": ("Máy vi tính học sinh", _COMPUTERS, 35),
    "Phòng học bộ môn Ngoại ngữ": ("Bộ thiết bị nghe nhìn ngoại ngữ", _SHARED, 1),
    "Phòng học bộ môn Âm nhạc": ("Đàn phím điện tử", _OTHER, 10),
    "Phòng học bộ môn Khoa học tự nhiên": ("Kính hiển vi quang học", _OTHER, 9),
    "Phòng học bộ môn Công nghệ": ("Bộ dụng cụ cơ khí", _OTHER, 9),
    "Phòng giáo dục thể chất, nghệ thuật": ("Bộ dụng cụ thể chất", _OTHER, 2),
    "Thư viện": ("Máy vi tính tra cứu", _COMPUTERS, 4),
    "Nhà đa năng": ("Thảm thể dục", _OTHER, 12),
}
_KINDERGARTEN = (("Bộ đồ chơi ngoài trời", _OUTDOOR, 6), ("Cầu trượt", _OUTDOOR, 2), ("Máy chiếu", _SHARED, 1))
_SCHOOL = (("Máy chiếu vật thể", _SHARED, 4), ("Bộ âm thanh di động", _SHARED, 3), ("Cân đo sức khỏe", _OTHER, 1))


def generate(seed: str, plan: SchoolPlan, rooms: list[Record]) -> list[Record]:
    """Equipment records; the draws are their own, so that nothing else of the city depends on them."""
    rng = Random(f"{seed}/equipment")
    found = [_minimum(rng, grade, classes) for grade, classes in plan.classes.items()]
    classes = sum(plan.classes.values())
    found.append(_item(rng, "Ti vi màn hình lớn", _SHARED, classes, most=0.5))
    shared = _KINDERGARTEN if plan.levels == ["MN"] else _SCHOOL
    found += [_item(rng, name, group, count) for name, group, count in (shared[:1] if plan.is_group else shared)]
    for room in rooms:
        if room["kind"] in _IN_ROOMS:
            name, group, count = _IN_ROOMS[room["kind"]]
            found.append(_item(rng, name, group, count, room=room["code"], campus=room["campus"]))
    return found


def _minimum(rng: Random, grade: int, classes: int) -> Record:
    """A set for each class of the grade, as the minimum lists ask."""
    name = "Bộ đồ dùng, đồ chơi tối thiểu" if level_of(grade) == "MN" else "Bộ thiết bị dạy học tối thiểu"
    return _item(rng, name, _MINIMUM, classes, grade=GRADE_NAMES.get(grade, str(grade)))


def _item(rng: Random, name: str, group: str, required: int, *, most: float = 0.3, **more: str) -> Record:
    """Six in ten are complete, three lack up to ``most`` of what is asked, one has a few to spare."""
    chance, part = rng.random(), max(1, round(required * rng.uniform(0.05, most)))
    quantity = required if chance < 0.6 else required - min(part, required) if chance < 0.9 else required + part
    return record("equipment", name=name, group=group, quantity=str(quantity), required=str(required), **more)
