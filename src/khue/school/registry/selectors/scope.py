"""Which rows a person may see at a place: the scope of the request gives its schools, this the classes of a teacher."""

from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from khue.base.access.places import place_of
from khue.base.core.once import once
from khue.base.org.models import School

from ..models import Enrolment, Equipment, Placement, Position, Room, SchoolClass, UserLink
from ..rules import ACTIVE, LEFT, STAFF_WORKING

M = TypeVar("M", bound=Model)


def own_class_ids(request: HttpRequest) -> list[int]:
    """Classes where the signed-in person is homeroom teacher this year; read once a request."""
    place = place_of(request)
    classes = SchoolClass.objects.filter(
        year=place.year,
        homeroom__staff__in=_own_staff(request),
        homeroom__left_on=None,
    )
    return once(request, "own classes", lambda: list(classes.values_list("id", flat=True)))


def _own_staff(request: HttpRequest) -> QuerySet:
    return UserLink.objects.filter(pk=request.user.pk or 0).values("staff_id")


def visible_classes(request: HttpRequest, *, any_year: bool = False) -> QuerySet[SchoolClass]:
    """Classes of the place in its school year; of a teacher the own ones."""
    place = place_of(request)
    classes = SchoolClass.objects.all()
    if not any_year:
        classes = classes.filter(year=place.year)
    return classes.filter(pk__in=own_class_ids(request)) if place.own_classes_only else classes


def visible_enrolments(request: HttpRequest, *, any_year: bool = False) -> QuerySet[Enrolment]:
    """Enrolments of the place in its school year; of a teacher those now in the own classes."""
    place = place_of(request)
    enrolments = Enrolment.objects.all()
    if not any_year:
        enrolments = enrolments.filter(year=place.year)
    if not place.own_classes_only:
        return enrolments
    own = Placement.objects.filter(enrolment=OuterRef("pk"), school_class__in=own_class_ids(request), until=None)
    return enrolments.filter(Exists(own))


def visible_positions(request: HttpRequest) -> QuerySet[Position]:
    return Position.objects.all()


def visible_rooms(request: HttpRequest) -> QuerySet[Room]:
    return Room.objects.all()


def visible_equipment(request: HttpRequest) -> QuerySet[Equipment]:
    return Equipment.objects.all()


def find(queryset: QuerySet[M], pk: int, *related: str) -> M:
    """The row, or 404 if it is missing or not in sight: the same answer."""
    row = queryset.select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def school_of(request: HttpRequest, code: str = "") -> School:
    """The school of the place, or for the office the one of ``code``; 404 outside the place."""
    place = place_of(request)
    wanted = Q(pk=place.unit.pk) if place.is_school else Q(code=code)
    school = School.objects.filter(wanted, unit__among=place.school_ids).first()
    if school is None:
        raise Http404
    return school


def studying_on(day: date | None = None, *, prefix: str = "") -> Q:
    """Enrolments that count as present on a day near today, from the columns that the triggers keep.

    ``prefix`` leads to the enrolment from another row ("current_enrolments__").
    """
    today = day or timezone.localdate()

    def on(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    arrived = on(status__in=ACTIVE) & (on(status="1") | on(status_on=None) | on(status_on__lte=today))
    return arrived | on(status__in=LEFT, status_on__gt=today)


def working_on(day: date | None = None) -> Q:
    """Positions at work on a day."""
    today = day or timezone.localdate()
    return Q(status__in=STAFF_WORKING) & (Q(left_on=None) | Q(left_on__gt=today))
