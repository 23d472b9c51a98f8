"""What each night's verification found."""

import django.db.models.deletion
from django.db import migrations, models

from khue.base.core.policy import append_only, school_table


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0004_calendar"),
        ("org", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("verified_at", models.DateTimeField()),
                ("entries", models.PositiveIntegerField()),
                ("chains", models.PositiveIntegerField()),
                ("faults", models.JSONField(default=list)),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.school"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["school", "-verified_at"], name="newest_verification")],
            },
        ),
        school_table("assessment_verification"),
        append_only("assessment_verification"),
    ]
