"""Dates that have come: whoever leaves today is hidden from the school tomorrow, without anybody's doing."""

from django.db import connection
from procrastinate.contrib.django import app


@app.periodic(cron="5 0 * * *")
@app.task(name="registry.refresh_due", queue="keeping")
def refresh_due_job(timestamp: int) -> None:
    """Every night: where persons are, which class they are in (functions of the owner; they need no scope)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_refresh_due()")
