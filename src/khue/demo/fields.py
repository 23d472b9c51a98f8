"""Fields of the records that the generator writes: the columns of the project's import templates."""


def words(text: str, separator: str | None = None) -> tuple[str, ...]:
    """A long list written as one text."""
    return tuple(text.split(separator))


_PERSON = ("name", "birth_year", "job", "phone", "personal_number")
ROLES = ("father", "mother", "guardian")

FIELDS: dict[str, tuple[str, ...]] = {
    "schools": words(
        "code name levels ownership school_type ward campuses address phone email principal national_standard"
        " longitude latitude"
    ),
    "classes": words(
        "school_code school_year grade code name campus homeroom shift sessions_per_week combined boarding language1"
        " language2 inclusion note"
    ),
    "pupils": (
        *words("class_code code ministry_id personal_number full_name birth_date sex ethnicity nationality religion"),
        *words("birth_place birth_registration home_province home_ward home_hamlet home_street current_address"),
        *words("status status_on entry leaving_reason other_school policies poverty disability inclusion"),
        *(f"{role}_{part}" for role in ROLES for part in _PERSON),
        *words("phone email two_sessions boarding health_insurance note"),
    ),
    "staff": words(
        "code ministry_id personal_number full_name birth_date sex ethnicity status group job title contract"
        " recruited_on joined_on rank rank_code step coefficient step_on qualification major subject language it_skill"
        " political management party party_on standard_self standard_superior officer_rating phone email"
        " insurance_number"
    ),
    "rooms": words("code campus kind structure area built_year repaired_year condition"),
    "equipment": words("name group grade room campus quantity required"),
}
KINDS = tuple(FIELDS)
CODED = {
    "schools": {"ownership": "ownership", "school_type": "school_type", "national_standard": "national_standard"},
    "classes": {
        "grade": "grade",
        "shift": "shift",
        "language1": "foreign_language",
        "language2": "foreign_language",
        "inclusion": "inclusion",
    },
    "pupils": {
        "sex": "sex",
        "ethnicity": "ethnicity",
        "nationality": "nationality",
        "religion": "religion",
        "status": "pupil_status",
        "entry": "entry_kind",
        "leaving_reason": "leaving_reason",
        "policies": "policy",
        "poverty": "poverty",
        "disability": "disability",
    },
    "staff": {
        "sex": "sex",
        "ethnicity": "ethnicity",
        "status": "staff_status",
        "group": "staff_group",
        "job": "staff_job",
        "contract": "contract",
        "rank": "rank",
        "rank_code": "rank_code",
        "qualification": "qualification",
        "subject": "subject",
        "standard_self": "standard",
        "standard_superior": "standard",
    },
    "rooms": {"kind": "room_kind", "structure": "room_structure", "condition": "room_condition"},
    "equipment": {"group": "equipment_group", "grade": "grade"},
}
"""Field → catalogue list of its values; the records hold names, as a person types them."""

Record = dict[str, str]


def record(kind: str, /, **values: str) -> Record:
    """One record with all fields of its kind in order, blank where nothing is given; unknown fields are an error."""
    unknown = values.keys() - set(FIELDS[kind])
    if unknown:
        raise KeyError(f"{kind}: {sorted(unknown)}")
    return {name: values.get(name, "") for name in FIELDS[kind]}
