"""What is stored about the pupils of a school, in the shape that a file is compared with."""

import json
from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection

from khue.base.core.bulk import query

PERSON_FIELDS = (
    "full_name", "birth_date", "birth_year", "sex", "ethnicity", "personal_number", "ministry_id", "nationality",
    "religion", "birth_place", "birth_registration", "home_province", "home_ward", "home_hamlet", "home_street",
    "current_address", "email", "health_insurance",
)  # fmt: skip
ENROLMENT_FIELDS = (
    "code", "entry", "policies", "poverty", "disability", "inclusion", "two_sessions", "boarding", "contact_phone",
    "note",
)  # fmt: skip
GUARDIAN_FIELDS = ("name", "birth_year", "job", "phone", "personal_number")
RELATIONS = ("father", "mother", "guardian")

EXISTING = """
SELECT e.id AS enrolment_id, e.pupil_id, e.code, e.entry, e.policies, e.poverty, e.disability, e.inclusion,
  e.two_sessions, e.boarding, e.contact_phone, e.note, e.status, e.status_on, e.current_class_id, c.code AS class_code,
  e.frozen, p.id IS NULL OR e.school_id <> ALL (p.school_ids) AS hidden, s.reason AS leaving_reason, s.other_school,
  p.full_name, p.birth_date, p.birth_year, p.sex, p.ethnicity, p.personal_number, p.ministry_id, p.nationality,
  p.religion, p.birth_place, p.birth_registration, p.home_province, p.home_ward, p.home_hamlet, p.home_street,
  p.current_address, p.email, p.health_insurance
FROM registry_enrolment e
LEFT JOIN registry_pupil p ON p.id = e.pupil_id
LEFT JOIN registry_schoolclass c ON c.school_id = e.school_id AND c.id = e.current_class_id
LEFT JOIN LATERAL (SELECT reason, other_school FROM registry_statuschange
  WHERE school_id = e.school_id AND enrolment_id = e.id ORDER BY effective_on DESC, id DESC LIMIT 1) s ON true
WHERE e.school_id = %s AND e.year = %s
"""
OTHER_YEARS = """
SELECT p.id AS pupil_id, p.full_name, p.birth_date, p.birth_year, p.sex, p.ethnicity, p.personal_number, p.ministry_id,
  p.nationality, p.religion, p.birth_place, p.birth_registration, p.home_province, p.home_ward, p.home_hamlet,
  p.home_street, p.current_address, p.email, p.health_insurance
FROM registry_pupil p WHERE p.id IN (
  SELECT registry_pupils_at(%s) EXCEPT SELECT pupil_id FROM registry_enrolment WHERE school_id = %s AND year = %s)
"""
GUARDIANS = """
SELECT l.pupil_id, l.relation, g.id, g.full_name, g.birth_year, g.job, g.phone, g.personal_number
FROM registry_pupilguardian l JOIN registry_guardian g ON g.id = l.guardian_id
WHERE l.pupil_id IN (SELECT registry_pupils_at(%s))
"""


def _dicts(statement: str, parameters: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def stored_pupils(school: int, year: int) -> list[dict[str, Any]]:
    """Enrolments of a school in a year with their person; of who has left, the frozen copy (``hidden``)."""
    records = _dicts(EXISTING, [school, year])
    for record in records:
        record["frozen"] = json.loads(record["frozen"]) if record["frozen"] else None
        if record["hidden"] and record["frozen"]:
            record.update({k: v for k, v in record["frozen"].items() if k in PERSON_FIELDS})
            if record["birth_date"]:
                record["birth_date"] = date.fromisoformat(record["birth_date"])
    return records


def pupils_of_other_years(school: int, year: int) -> list[dict[str, Any]]:
    """Persons whom the school sees and who are not enrolled there in this year."""
    return _dicts(OTHER_YEARS, [school, school, year])


def stored_guardians(school: int) -> dict[int, dict[str, dict[str, Any]]]:
    """Pupil → relation → guardian."""
    found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for pupil, relation, *values in query(GUARDIANS, [school]):
        found[pupil][relation] = dict(zip(("id", *GUARDIAN_FIELDS), values, strict=True))
    return found


def guardians_of(record: dict[str, Any], known: dict[int, dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Relation → guardian of a stored pupil."""
    if record.get("hidden") and record.get("frozen"):
        return {g["relation"]: {**g, "name": g["full_name"]} for g in record["frozen"].get("guardians", [])}
    return known.get(record["pupil_id"], {})
