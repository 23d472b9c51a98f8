"""The columns of each kind of list, read from `data/aliases.toml`."""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

KINDS = ("schools", "staff", "classes", "pupils", "rooms", "equipment")
"""Kinds of lists, in the order in which they are written: a later one refers to earlier ones."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a template.

    `type` is text, name, date, identifier, personal_number, code, codes (several with ;), bool, decimal, integer, year
    or phone; `catalog` names the catalogue list of a code. `family` and `given` are headers of a name in two columns,
    `female_mark` and `male_mark` headers of a column that is ticked instead of filled.
    """

    name: str
    label: str
    type: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    catalog: str | None = None
    hint: str = ""
    fill_down: bool = False
    family: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    female_mark: tuple[str, ...] = ()
    male_mark: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """The label as the template prints it: required columns carry a star."""
        return f"{self.label}*" if self.required else self.label


@dataclass(frozen=True, slots=True)
class FieldSet:
    """All columns of one kind, in the template's order; `anchors` are fields without which a row is no header."""

    kind: str
    label: str
    anchors: tuple[str, ...]
    fields: tuple[Field, ...]

    def __getitem__(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


@functools.cache
def alias_data() -> dict[str, Any]:
    """The whole of aliases.toml: groups, questions, kinds."""
    return tomllib.loads((DATA / "aliases.toml").read_text("utf-8"))


@functools.cache
def load_fields(kind: str) -> FieldSet:
    """The columns of a kind of list. Raises KeyError for an unknown kind."""
    data = alias_data()["kinds"][kind]
    fields = tuple(_field(name, options) for name, options in data["fields"].items())
    return FieldSet(kind, data["label"], tuple(data["anchors"]), fields)


def _field(name: str, options: dict[str, Any]) -> Field:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    plain["catalog"] = plain.pop("list", None)
    return Field(name=name, **plain)
