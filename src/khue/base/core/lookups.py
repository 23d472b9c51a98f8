"""Lookups of our own: ``named`` for names, ``among`` for many schools."""

from typing import Any

from django.db.models import CharField, ForeignKey, Lookup, TextField

from .bulk import array_text


@CharField.register_lookup
@TextField.register_lookup
class Named(Lookup):
    """A word of a name (of its search key) begins so, or is this word if a space follows it (``text.as_typed``).

    Its estimate fits names: under a policy the planner may not look at what a column holds and takes LIKE for very
    rare, so for a family name that a third of a city has it sorted 30,000 rows for a list of six. Of a function it
    assumes that third itself.
    """

    lookup_name = "named"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"strpos(' ' || {left} || ' ', ' ' || {right}) > 0", (*left_parameters, *right_parameters)


@ForeignKey.register_lookup
class Among(Lookup):
    """Like ``in`` with one parameter: 140 schools as 140 parameters cost 2 ms a statement, as a list 0.2 ms."""

    lookup_name = "among"

    def get_prep_lookup(self) -> str:
        return array_text(map(int, self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY (%s::bigint[])", (*parameters, self.rhs)
