"""Results of pupils, as the rules computed them."""

import django.db.models.deletion
from django.db import migrations, models

from khue.base.core.policy import school_table


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0002_policies"),
        ("org", "0001_initial"),
        ("registry", "0008_quick_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("term", models.PositiveSmallIntegerField()),
                ("regulation", models.CharField(max_length=24)),
                ("learning", models.PositiveSmallIntegerField(null=True)),
                ("overall", models.PositiveSmallIntegerField(null=True)),
                ("missing", models.PositiveSmallIntegerField(default=0)),
                ("subjects", models.JSONField()),
                ("traces", models.JSONField()),
                ("computed_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.enrolment",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.school"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("school", "enrolment", "term"), name="result_once")],
            },
        ),
        school_table("assessment_result", links=[("enrolment_id", "registry_enrolment")]),
    ]
