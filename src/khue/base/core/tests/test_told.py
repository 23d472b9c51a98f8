"""What a transaction tells of itself is seen by others while it runs, and is gone when it ends."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from khue.base.core import told as module
from khue.base.core.bulk import query
from khue.base.core.told import Told, tell, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Iterator[Any]:
    """A second connection, as a worker has."""
    opened = connection.get_new_connection(connection.get_connection_params())
    yield opened
    opened.close()


def seen(topic: str) -> dict[int, Told]:
    query("SELECT pg_stat_clear_snapshot()")  # a request sees one moment; this test several
    return told(topic)


def test_what_another_transaction_tells_is_seen_until_it_ends(other, monkeypatch):
    other.autocommit = False
    monkeypatch.setattr(module, "query", lambda statement, values: other.execute(statement, values))
    tell("import", 12, "Pupil", 800, 1480)
    monkeypatch.undo()
    assert seen("import") == {12: Told("Pupil", 800, 1480)}
    assert seen("other") == {}
    other.commit()
    assert seen("import") == {}


def test_names_of_another_form_are_left_alone(other):
    other.execute("SELECT set_config('application_name', 'khue import by hand', false)")
    other.commit()
    assert seen("import") == {}
