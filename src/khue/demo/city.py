"""What the generator returns: the city, its schools with their records, and the faults put in on purpose."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from .fields import Record


@dataclass(frozen=True)
class Fault:
    """A wrong value on purpose: `rule` as the domain page numbers it, the record it stands in, and what is wrong."""

    rule: str
    kind: str
    school: str
    code: str
    field: str
    what: str


@dataclass
class SchoolData:
    """One school with all its records, in the order in which they are imported."""

    school: Record
    staff: list[Record]
    classes: list[Record]
    pupils: list[Record]
    rooms: list[Record]
    equipment: list[Record]

    @property
    def code(self) -> str:
        return self.school["code"]

    def records(self, kind: str) -> list[Record]:
        return [self.school] if kind == "schools" else getattr(self, kind)


@dataclass
class City:
    """All schools of the office; `faults` lists what is wrong on purpose."""

    seed: int
    year: int
    day: date
    office: str
    schools: list[SchoolData]
    faults: list[Fault] = field(default_factory=list)

    def records(self, kind: str) -> Iterator[tuple[str, Record]]:
        """(school code, record) of one kind over all schools."""
        for school in self.schools:
            for found in school.records(kind):
                yield school.code, found
