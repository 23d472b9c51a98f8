"""Policies of reports and frozen figures; what is frozen can be written once and read."""

from django.db import migrations

from khue.base.core.policy import append_only, history_table, school_table

FROZEN = ["statistics_snapshot", "statistics_seal"]
FACTS = [f"statistics_{name}fact" for name in ("pupils", "classes", "staff", "rooms", "schools")]


# a table is of one level, and pupils are many: without it each table would read the pupils of all three
PUPILS_BY_LEVEL = "CREATE INDEX statistics_pupilsfact_level ON statistics_pupilsfact (school_id, snapshot_id, is_level)"


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial"), ("core", "0002_history_context"), ("registry", "0003_functions")]
    operations = [
        school_table("statistics_snapshot"),
        school_table(
            "statistics_return", links=[("snapshot_id", "statistics_snapshot"), ("approved_id", "statistics_snapshot")]
        ),
        *(school_table(table, links=[("snapshot_id", "statistics_snapshot")]) for table in (*FACTS, "statistics_seal")),
        school_table("statistics_enteredfigure", links=[("report_id", "statistics_return")]),
        history_table("statistics_returnevent"),
        history_table("statistics_enteredfigureevent"),
        migrations.RunSQL(PUPILS_BY_LEVEL, migrations.RunSQL.noop),
        append_only(*FROZEN, *FACTS, "statistics_reportingperiodevent"),
    ]
