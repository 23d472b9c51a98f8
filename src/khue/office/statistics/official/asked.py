"""What the address of an official table asks: ``?ky=2&cap=TH&noi=74718402&loai=1&so=duyet&ban=1``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone

from khue.base.access.places import Place, place_of
from khue.base.catalog.selectors import names
from khue.base.org.models import School

from ..models import LEVELS, ReportingPeriod, Snapshot
from .basis import approved_by_period, newest, period_before
from .shape import Condition

LIVE, FROZEN = "tam", "duyet"


@dataclass(frozen=True)
class Asked:
    """What the address asks: period, level, place (city, ward or school), ownership, live or which frozen figures.

    ``approved``: school → snapshot of the period, ``before`` those of the same period a year earlier.
    """

    period: ReportingPeriod
    periods: tuple[ReportingPeriod, ...]
    level: str
    ward: str
    school: School | None
    ownership: str
    mode: str
    version: int
    schools: tuple[School, ...]
    chosen: tuple[int, ...]
    approved: Mapping[int, int]
    before: Mapping[int, int]

    @property
    def where(self) -> Condition:
        """The place as its schools, which every cube knows; rooms have no ownership of their own."""
        if self.school:
            return Condition({"school": (self.school.code,)})
        if self.ward or self.ownership:
            return Condition({"school": tuple(school.code for school in self.counted)})
        return Condition()

    @cached_property
    def counted(self) -> list[School]:
        """The schools of the place that have the level."""
        return [
            school for school in self.schools
            if self.level in school.levels
            and (not self.ward or school.ward == self.ward)
            and (self.school is None or school.pk == self.school.pk)
            and (not self.ownership or school.ownership == self.ownership)
        ]  # fmt: skip

    @cached_property
    def snapshots(self) -> tuple[int, ...]:
        """What is counted when it is not the live rows."""
        return self.chosen or tuple(self.approved[s.pk] for s in self.counted if s.pk in self.approved)

    @cached_property
    def snapshots_before(self) -> tuple[int, ...]:
        return tuple(self.before[school.pk] for school in self.counted if school.pk in self.before)

    @property
    def last(self) -> ReportingPeriod | None:
        return period_before(self.period, self.periods)

    def query(self, **more: Any) -> str:
        pairs: dict[str, Any] = {"ky": self.period.pk, "cap": self.level}
        if self.school:
            pairs["noi"] = self.school.code
        elif self.ward:
            pairs["noi"] = f"p:{self.ward}"
        if self.ownership:
            pairs["loai"] = self.ownership
        pairs["so"] = self.mode
        if self.version:
            pairs["ban"] = self.version
        return "?" + urlencode({name: value for name, value in {**pairs, **more}.items() if value not in ("", None)})


def read(request: HttpRequest) -> Asked | None:
    """What the address asks, or None while there is no period. Raises ``Http404`` for what does not exist."""
    place, periods = place_of(request), tuple(ReportingPeriod.objects.all())
    period = _period(request, periods)
    if period is None:
        return None
    fields = ("unit_id", "code", "name", "ward", "levels", "ownership", "sort_key")
    schools = tuple(School.objects.filter(unit__among=place.school_ids).order_by("sort_key").only(*fields))
    ward, school = _where(request, place, schools)
    offered = [lv for lv in LEVELS if any(lv in s.levels for s in ([school] if school else schools))]
    level = request.GET.get("cap", "")
    level = level if level in offered else (offered[0] if offered else LEVELS[0])
    last = period_before(period, periods)
    approved = approved_by_period([p.pk for p in (period, last) if p], place.school_ids)
    version, chosen = _version(request, period, school)
    official = approved.get(period.pk, {})
    live = request.GET.get("so") == LIVE or not any(not school or pk == school.pk for pk in official)
    mode = FROZEN if chosen or not live else LIVE
    ownership = request.GET.get("loai", "")
    if ownership and ownership not in names("ownership"):
        raise Http404
    return Asked(
        period, periods, level, ward, school, ownership, mode, version, schools, chosen, official,
        approved.get(last.pk, {}) if last else {},
    )  # fmt: skip


def _period(request: HttpRequest, periods: Sequence[ReportingPeriod]) -> ReportingPeriod | None:
    text = request.GET.get("ky", "")
    if not text:
        return newest(periods, timezone.localdate())
    found = next((period for period in periods if str(period.pk) == text), None)
    if found is None:
        raise Http404
    return found


def _where(request: HttpRequest, place: Place, schools: Sequence[School]) -> tuple[str, School | None]:
    """(ward, school) of the address; a school sees itself."""
    noi = request.GET.get("noi", "")
    if place.is_school:
        return "", schools[0] if schools else None
    if noi.startswith("p:"):
        ward = noi.removeprefix("p:")
        if all(school.ward != ward for school in schools):
            raise Http404
        return ward, None
    school = next((school for school in schools if noi and school.code == noi), None)
    if noi and school is None:
        raise Http404
    return "", school


def _version(request: HttpRequest, period: ReportingPeriod, school: School | None) -> tuple[int, tuple[int, ...]]:
    """(number, its snapshot) where the address asks for one version of a school."""
    text = request.GET.get("ban", "")
    if not text or school is None:
        return 0, ()
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Http404
    found = Snapshot.objects.filter(period=period, school=school.pk, version=int(text)).values_list("pk", flat=True)
    if not found:
        raise Http404
    return int(text), tuple(found)
