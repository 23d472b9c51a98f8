"""What every write shares: change only what differs, and one look-up of persons across schools."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from khue.base.core.bulk import query


def save_changes(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Set the values that differ and save them alone; returns the names of the fields that changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def match_pupil(*, ministry_id: str | None, personal_number: str | None) -> tuple[bool, int | None, str, date | None]:
    """What a school may learn of a pupil it cannot see: (known, school id, school, since), by the owner's function."""
    if not ministry_id and not personal_number:
        return False, None, "", None
    rows = query(
        "SELECT known, school_id, school, since FROM registry_match_pupils(%s, %s)",
        [[ministry_id or None], [personal_number or None]],
    )
    known, school_id, school, since = rows[0]
    return known, school_id, school or "", since


def refuse_v07(*, school: str, since: date | None) -> ValidationError:
    """V07 in words: where the pupil is, since when, and what to do."""
    when = f" từ {since:%d/%m/%Y}" if since else ""
    return ValidationError(
        f"Em này đang học ở {school}{when} (V07). Trường ấy ghi chuyển đi trước, rồi trường thầy cô tiếp nhận.",
        code="V07",
    )
