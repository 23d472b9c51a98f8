"""Staff of a school by the norms of jobs (Thông tư 19/2023 for kindergartens, 20/2023/TT-BGDĐT for schools)."""

from dataclasses import dataclass
from datetime import date
from random import Random

from . import names, people, places
from .calendar import day_text, random_day
from .fields import Record, record, words
from .plan import SchoolPlan

MANAGER, TEACHER, WORKER = "Cán bộ quản lý", "Giáo viên", "Nhân viên"
PRIMARY_SPECIALISTS = ("Tiếng Anh", "Giáo dục thể chất", "Âm nhạc", "Mĩ thuật", "Tin học", "Tiếng Anh", "Tin học")
SECONDARY_SUBJECTS = words(
    "Ngữ văn|Toán|Tiếng Anh|Khoa học tự nhiên|Lịch sử và Địa lí|Ngữ văn|Toán|Giáo dục thể chất|Khoa học tự nhiên|"
    "Tiếng Anh|Tin học|Công nghệ|Giáo dục công dân|Toán|Ngữ văn|Lịch sử và Địa lí|Âm nhạc|Mĩ thuật|Khoa học tự nhiên|"
    "Tiếng Anh|Hoạt động trải nghiệm|Giáo dục thể chất",
    "|",
)
"""Order in which a school fills its places: the share of each subject follows from the periods it has."""

QUALIFICATIONS = {
    "MN": names.Weighted({"Đại học sư phạm": 56, "Cao đẳng sư phạm": 36, "Trung cấp sư phạm": 8}),
    "TH": names.Weighted({"Đại học sư phạm": 88, "Cao đẳng sư phạm": 8, "Thạc sĩ": 4}),
    "THCS": names.Weighted({"Đại học sư phạm": 88, "Cao đẳng sư phạm": 4, "Thạc sĩ": 8}),
}
RANK_CODES = {
    "MN": {"III": "V.07.02.26", "II": "V.07.02.25", "I": "V.07.02.24"},
    "TH": {"III": "V.07.03.29", "II": "V.07.03.28", "I": "V.07.03.27"},
    "THCS": {"III": "V.07.04.32", "II": "V.07.04.31", "I": "V.07.04.30"},
}
SCALES = {"2.10": (2.10, 0.31, 10), "2.34": (2.34, 0.33, 9), "4.00": (4.00, 0.34, 8), "4.40": (4.40, 0.34, 8)}
_SCALE_OF = {
    "MN": {"III": "2.10", "II": "2.34", "I": "4.00"},
    "TH": {"III": "2.34", "II": "4.00", "I": "4.40"},
    "THCS": {"III": "2.34", "II": "4.00", "I": "4.40"},
}
_SUPPORT = {
    "Nhân viên kế toán": ("Đại học", "Kế toán"),
    "Nhân viên văn thư": ("Cao đẳng", "Văn thư lưu trữ"),
    "Nhân viên y tế": ("Trung cấp", "Y sĩ đa khoa"),
    "Nhân viên thư viện": ("Cao đẳng", "Thư viện"),
    "Nhân viên thiết bị": ("Cao đẳng", "Thiết bị trường học"),
    "Nhân viên bảo vệ": ("Trình độ khác", ""),
    "Nhân viên phục vụ": ("Trình độ khác", ""),
    "Nhân viên cấp dưỡng": ("Trung cấp", "Chế biến món ăn"),
    "Nhân viên bảo mẫu": ("Trung cấp", "Bảo mẫu"),
    "Thủ quỹ": ("Trung cấp", "Tài chính"),
}
_CONTRACT_WORKERS = {"Nhân viên bảo vệ", "Nhân viên phục vụ", "Nhân viên cấp dưỡng", "Nhân viên bảo mẫu"}
_MAJORS = {"MN": "Giáo dục mầm non", "TH": "Giáo dục tiểu học"}


@dataclass(frozen=True)
class Post:
    """One place in the plan of jobs."""

    group: str
    job: str
    subject: str = ""
    title: str = ""


def posts(plan: SchoolPlan, class_counts: dict[str, int]) -> list[Post]:
    """The jobs of a school; `class_counts` is the number of classes of each level."""
    total = sum(class_counts.values())
    deputies = 0 if plan.is_group else 1 + (total >= (9 if "MN" in class_counts else 28))
    found = [Post(MANAGER, "Hiệu trưởng", title="Chủ nhóm lớp" if plan.is_group else "Hiệu trưởng")]
    found += [Post(MANAGER, "Phó hiệu trưởng", title="Phó hiệu trưởng")] * deputies
    for level, count in class_counts.items():
        found += _teachers(level, count, plan)
    return found + [Post(WORKER, job) for job in _support_jobs(plan, class_counts)]


def _teachers(level: str, count: int, plan: SchoolPlan) -> list[Post]:
    if level == "MN":
        size = round(count * (2.0 if plan.is_public else 1.6))
        subjects = ["Chăm sóc, giáo dục trẻ"] * max(size, count)
    elif level == "TH":
        specialists = max(4, round(count * 0.42))
        subjects = ["Dạy nhiều môn tiểu học"] * count
        subjects += [PRIMARY_SPECIALISTS[i % len(PRIMARY_SPECIALISTS)] for i in range(specialists)]
    else:
        size = round(count * 1.9)
        subjects = [SECONDARY_SUBJECTS[i % len(SECONDARY_SUBJECTS)] for i in range(size)]
    lead = {0: ("Tổ trưởng chuyên môn", "Tổ trưởng"), 1: ("Tổ phó chuyên môn", "Tổ phó")}
    spacing = 12 if not plan.is_group else 1000
    found = []
    for index, subject in enumerate(subjects):
        job, title = lead.get(index % spacing, ("Giáo viên", "")) if spacing < 1000 else ("Giáo viên", "")
        found.append(Post(TEACHER, job, subject, title))
    if level != "MN":
        found.append(Post(TEACHER, "Giáo viên Tổng phụ trách Đội", "Hoạt động trải nghiệm", "Tổng phụ trách Đội"))
    return found


def _support_jobs(plan: SchoolPlan, class_counts: dict[str, int]) -> list[str]:
    total, has_kitchen = sum(class_counts.values()), "MN" in class_counts
    if plan.is_group:
        return ["Nhân viên cấp dưỡng", "Nhân viên bảo mẫu"]
    jobs = ["Nhân viên kế toán", "Nhân viên y tế", "Nhân viên bảo vệ"]
    if plan.is_public:
        jobs += ["Nhân viên văn thư", "Nhân viên bảo vệ", "Nhân viên phục vụ"]
    if has_kitchen:
        return [
            *jobs,
            *["Nhân viên cấp dưỡng"] * max(1, round(total / 3)),
            *["Nhân viên bảo mẫu"] * (not plan.is_public),
        ]
    return [*jobs, "Nhân viên thư viện", "Nhân viên thiết bị", *["Thủ quỹ"] * (total >= 24)]


def generate(
    rng: Random, registry: people.Registry, plan: SchoolPlan, class_counts: dict[str, int], *, year: int
) -> list[Record]:
    """Staff records, the principal first, each with a code that is unique in the school."""
    found = []
    for index, post in enumerate(posts(plan, class_counts), start=1):
        level = _level_for(post, plan)
        found.append(_member(rng, registry, plan, post, level, code=f"CB{plan.code[-3:]}{index:03d}", year=year))
    return found


def _level_for(post: Post, plan: SchoolPlan) -> str:
    by_subject = {"Chăm sóc, giáo dục trẻ": "MN", "Dạy nhiều môn tiểu học": "TH"}
    return by_subject.get(post.subject, plan.levels[-1])


def _member(
    rng: Random, registry: people.Registry, plan: SchoolPlan, post: Post, level: str, *, code: str, year: int
) -> Record:
    sex = _sex(rng, post, level)
    age = rng.randint(38, 56) if post.group == MANAGER else min(59, max(23, round(rng.gauss(37, 8))))
    birth = random_day(rng, date(year - age, 1, 1), date(year - age, 12, 31))
    recruited = random_day(
        rng, date(birth.year + 22, 8, 1), date(max(birth.year + 22, min(birth.year + 27, year)), 8, 31)
    )
    recruited = min(recruited, date(year, 8, 31))
    joined = random_day(rng, recruited, date(year, 9, 1)) if rng.random() < 0.5 else recruited
    ethnicity = rng.choices(["Kinh", "Hoa", "Khơ-me", "Tày"], [96.5, 1.5, 1.5, 0.5])[0]
    province = places.origin(rng, ethnicity)
    name = names.full_name(rng, names.family_name(rng, ethnicity), sex, ethnicity, "adult")
    values = {
        "code": code,
        "ministry_id": registry.ministry_id(rng),
        "personal_number": registry.personal_number(rng, people.number_code(province), sex, birth.year),
        "full_name": name,
        "birth_date": day_text(birth),
        "sex": sex,
        "ethnicity": ethnicity,
        "status": rng.choices(["Đang làm việc", "Chờ nghỉ hưu", "Đã biệt phái"], [98.3, 0.9 if age > 55 else 0, 0.8])[
            0
        ],
        "group": post.group,
        "job": post.job,
        "title": post.title,
        "subject": post.subject,
        "recruited_on": day_text(recruited),
        "joined_on": day_text(joined),
        "phone": registry.phone(rng),
        "email": f"{code.lower()}@truong{plan.code}.example.vn",
        "insurance_number": registry.insurance(rng, ""),
    }
    if post.group == MANAGER:
        values["status"] = "Đang làm việc"
    values |= _training(rng, post, level)
    values |= _employment(rng, plan, post, level, recruited=recruited, year=year)
    values |= _party(rng, plan, post, recruited, year)
    return record("staff", **values)


def _sex(rng: Random, post: Post, level: str) -> str:
    if post.job == "Nhân viên bảo vệ":
        return names.MALE
    women = {"MN": 0.99, "TH": 0.82, "THCS": 0.68}[level]
    if post.subject in ("Giáo dục thể chất", "Tin học"):
        women = 0.35
    return names.FEMALE if rng.random() < women else names.MALE


def _training(rng: Random, post: Post, level: str) -> dict[str, str]:
    """Qualification, major, languages, computing, political and management training, standards."""
    if post.group == WORKER:
        qualification, major = _SUPPORT[post.job]
        return {"qualification": qualification, "major": major}
    qualification = names.pick(rng, QUALIFICATIONS[level])
    marks = ["Tốt", "Khá", "Đạt"]
    own = rng.choices(marks, [55, 40, 5])[0]
    values = {
        "qualification": qualification,
        "major": _MAJORS.get(level) or f"Sư phạm {post.subject or 'Toán'}",
        "language": rng.choices(["Tiếng Anh B", "Tiếng Anh A2", "Tiếng Anh B1", "Tiếng Anh B2"], [40, 35, 18, 7])[0],
        "it_skill": "Ứng dụng CNTT cơ bản" if rng.random() < 0.9 else "Tin học văn phòng B",
        "standard_self": own,
        "standard_superior": own if rng.random() < 0.9 else "Khá",
        "officer_rating": rng.choices(["Hoàn thành tốt nhiệm vụ", "Hoàn thành xuất sắc nhiệm vụ"], [82, 18])[0],
    }
    if post.group == MANAGER:
        values |= {"political": "Trung cấp", "management": "Bồi dưỡng cán bộ quản lý giáo dục"}
        if level != "MN":
            values["qualification"] = rng.choice(["Đại học sư phạm", "Thạc sĩ"])
    return values


def _employment(rng: Random, plan: SchoolPlan, post: Post, level: str, *, recruited: date, year: int) -> dict[str, str]:
    """Contract, and for public teachers and managers rank, step and coefficient, as they stand when the year begins."""
    years = year - recruited.year
    if not plan.is_public:
        return {"contract": "HĐLV trên 1 năm" if years >= 1 else "HĐLV dưới 1 năm"}
    if post.job in _CONTRACT_WORKERS:
        return {"contract": "Hợp đồng theo Nghị định 68"}
    if post.group == WORKER or years < 1:
        return {"contract": "Hợp đồng làm việc" if years < 1 else "Viên chức HĐLV không xác định thời hạn"}
    contract = "Viên chức HĐLV " + ("không xác định thời hạn" if recruited < date(2020, 7, 1) else "xác định thời hạn")
    rank = rng.choices(["III", "II", "I"], [60, 38, 2])[0] if years >= 9 else "III"
    first, increment, top = SCALES[_SCALE_OF[level][rank]]
    step = min(top, 1 + (years if rank == "III" else years - 8) // 3)
    return {
        "contract": contract,
        "rank": f"Hạng {rank}",
        "rank_code": RANK_CODES[level][rank],
        "step": str(step),
        "coefficient": f"{first + increment * (step - 1):.2f}",
        "step_on": day_text(date(year - years % 3 - (recruited.month > 9), recruited.month, 1)),
    }


def _party(rng: Random, plan: SchoolPlan, post: Post, recruited: date, year: int) -> dict[str, str]:
    share = {MANAGER: 1.0, TEACHER: 0.42, WORKER: 0.12}[post.group] if plan.is_public else 0.03
    if rng.random() >= share:
        return {}
    latest = max(recruited, date(year - 1, 9, 1))
    return {"party": "x", "party_on": day_text(random_day(rng, recruited, latest))}
