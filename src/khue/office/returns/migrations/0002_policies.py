"""Policies of steps and reasons; a step is written once."""

from django.db import migrations

from khue.base.core.policy import append_only, history_table, school_table


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial"), ("statistics", "0002_policies")]
    operations = [
        school_table("returns_step", links=[("report_id", "statistics_return")]),
        school_table("returns_reason", links=[("report_id", "statistics_return")]),
        history_table("returns_reasonevent"),
        append_only("returns_step"),
    ]
