# ruff: noqa: E501  # the triggers are written by pghistory
"""Equipment (Thiết bị), with its history, policies and composite keys."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from khue.base.core.policy import history_table, school_table


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
        ("registry", "0003_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Equipment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("search_key", models.CharField(editable=False, max_length=240)),
                ("group", models.CharField(blank=True, default="", max_length=24)),
                ("grade", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quantity", models.PositiveIntegerField()),
                ("required", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "campus",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equipment",
                        to="registry.campus",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equipment",
                        to="registry.room",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.school"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EquipmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField()),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("search_key", models.CharField(editable=False, max_length=240)),
                ("group", models.CharField(blank=True, default="", max_length=24)),
                ("grade", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quantity", models.PositiveIntegerField()),
                ("required", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "campus",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.campus",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.equipment",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.room",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="org.school",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="equipment",
            constraint=models.UniqueConstraint(
                fields=("school", "campus", "room", "grade", "name"), name="equipment_once", nulls_distinct=False
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="equipment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_equipmentevent" ("campus_id", "grade", "group", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "required", "room_id", "school_id", "search_key") SELECT new_values."campus_id", new_values."grade", new_values."group", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."quantity", new_values."required", new_values."room_id", new_values."school_id", new_values."search_key" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6fcf66b0300d539f7ae7978e30837e8a2cd9fee8",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4935f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_equipment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="equipment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_equipmentevent" ("campus_id", "grade", "group", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "required", "room_id", "school_id", "search_key") SELECT new_values."campus_id", new_values."grade", new_values."group", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."quantity", new_values."required", new_values."room_id", new_values."school_id", new_values."search_key" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d23b8719ebf1c7adbafe40fc733c1dc127d8ee2d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_95320",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_equipment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="equipment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_equipmentevent" ("campus_id", "grade", "group", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quantity", "required", "room_id", "school_id", "search_key") SELECT old_values."campus_id", old_values."grade", old_values."group", old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."quantity", old_values."required", old_values."room_id", old_values."school_id", old_values."search_key" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8a6f21b8b17dc240873478cbe0ca3ded96bad112",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6b7d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_equipment",
                    when="AFTER",
                ),
            ),
        ),
        school_table("registry_equipment", links=[("campus_id", "registry_campus"), ("room_id", "registry_room")]),
        history_table("registry_equipmentevent"),
    ]
