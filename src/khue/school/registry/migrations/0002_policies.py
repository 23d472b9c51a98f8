"""Policies, composite keys and append-only history of the registry (docs/architecture.md, "Scope")."""

from django.db import migrations

from khue.base.core.policy import history_table, person_table, school_table

NOT_NULL = """
ALTER TABLE registry_enrolment ALTER COLUMN pupil_id SET NOT NULL;
ALTER TABLE registry_position ALTER COLUMN staff_id SET NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("core", "0002_history_context")]
    operations = [
        migrations.RunSQL(NOT_NULL, migrations.RunSQL.noop),
        school_table("registry_campus"),
        school_table("registry_position"),
        school_table("registry_room", links=[("campus_id", "registry_campus")]),
        school_table(
            "registry_schoolclass", links=[("campus_id", "registry_campus"), ("homeroom_id", "registry_position")]
        ),
        school_table("registry_enrolment", links=[("current_class_id", "registry_schoolclass")]),
        school_table(
            "registry_placement",
            links=[("enrolment_id", "registry_enrolment"), ("school_class_id", "registry_schoolclass")],
        ),
        school_table("registry_statuschange", links=[("enrolment_id", "registry_enrolment")]),
        *(person_table(f"registry_{name}") for name in ("pupil", "guardian", "pupilguardian", "staffmember")),
        *(
            history_table(f"registry_{name}event")
            for name in ("campus", "position", "room", "schoolclass", "enrolment", "placement", "statuschange")
        ),
        *(
            history_table(f"registry_{name}event", person=True)
            for name in ("pupil", "guardian", "pupilguardian", "staffmember")
        ),
    ]
