"""Gradebooks, teaching assignments, entries of marks."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('org', '0001_initial'),
        ('registry', '0007_name_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Gradebook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=24)),
                ('kind', models.CharField(max_length=8)),
                ('periods', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('formative', models.PositiveSmallIntegerField(default=0)),
                ('part_of', models.CharField(blank=True, default='', max_length=24)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.school')),
                ('school_class', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='gradebooks', to='registry.schoolclass')),
            ],
        ),
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('length', models.PositiveIntegerField(default=0)),
                ('head', models.BinaryField(default=b'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00', max_length=32)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.school')),
                ('gradebook', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='chain', to='assessment.gradebook')),
            ],
        ),
        migrations.CreateModel(
            name='GradebookEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField()),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('subject', models.CharField(max_length=24)),
                ('kind', models.CharField(max_length=8)),
                ('periods', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('formative', models.PositiveSmallIntegerField(default=0)),
                ('part_of', models.CharField(blank=True, default='', max_length=24)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assessment.gradebook')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='org.school')),
                ('school_class', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.schoolclass')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MarkEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('serial', models.PositiveIntegerField()),
                ('term', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=4)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('value', models.CharField(blank=True, max_length=500)),
                ('written_at', models.DateTimeField()),
                ('device', models.CharField(blank=True, default='', max_length=40)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('origin', models.CharField(blank=True, default='', max_length=150)),
                ('batch', models.UUIDField(null=True)),
                ('digest', models.BinaryField(max_length=32)),
                ('enrolment', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.enrolment')),
                ('gradebook', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='assessment.gradebook')),
                ('school', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.school')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='TeachingAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('substitute', models.BooleanField(default=False)),
                ('gradebook', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='assessment.gradebook')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.school')),
                ('teacher', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='registry.position')),
            ],
        ),
        migrations.CreateModel(
            name='TeachingAssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField()),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('substitute', models.BooleanField(default=False)),
                ('gradebook', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assessment.gradebook')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assessment.teachingassignment')),
                ('school', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='org.school')),
                ('teacher', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='registry.position')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='gradebook',
            constraint=models.UniqueConstraint(fields=('school', 'school_class', 'subject'), name='gradebook_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gradebook',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assessment_gradebookevent" ("formative", "id", "kind", "part_of", "periods", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "school_class_id", "school_id", "subject") SELECT new_values."formative", new_values."id", new_values."kind", new_values."part_of", new_values."periods", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."position", new_values."school_class_id", new_values."school_id", new_values."subject" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='026fcabf9c2271c61bc9073e12abd8679b61a105', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_afb4e', referencing='REFERENCING NEW TABLE AS new_values ', table='assessment_gradebook', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gradebook',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assessment_gradebookevent" ("formative", "id", "kind", "part_of", "periods", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "school_class_id", "school_id", "subject") SELECT new_values."formative", new_values."id", new_values."kind", new_values."part_of", new_values."periods", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."position", new_values."school_class_id", new_values."school_id", new_values."subject" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8bcc56ae8ac1c27bd03c64cdc11b4f72266f9d08', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e02ed', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='assessment_gradebook', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='gradebook',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assessment_gradebookevent" ("formative", "id", "kind", "part_of", "periods", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "school_class_id", "school_id", "subject") SELECT old_values."formative", old_values."id", old_values."kind", old_values."part_of", old_values."periods", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."position", old_values."school_class_id", old_values."school_id", old_values."subject" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b7bbab1cb6008e926c774b698cafd3f0defa4b5c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_374d5', referencing='REFERENCING OLD TABLE AS old_values ', table='assessment_gradebook', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='markentry',
            constraint=models.UniqueConstraint(fields=('school', 'gradebook', 'serial'), name='entry_serial_once'),
        ),
        migrations.AddConstraint(
            model_name='teachingassignment',
            constraint=models.UniqueConstraint(fields=('school', 'gradebook', 'teacher', 'since'), name='assignment_once'),
        ),
        migrations.AddConstraint(
            model_name='teachingassignment',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='assignment_dates'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='teachingassignment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assessment_teachingassignmentevent" ("gradebook_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "since", "substitute", "teacher_id", "until") SELECT new_values."gradebook_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."school_id", new_values."since", new_values."substitute", new_values."teacher_id", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='542947da6edcf554b6305ed1841dfec153ad076e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b7284', referencing='REFERENCING NEW TABLE AS new_values ', table='assessment_teachingassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='teachingassignment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assessment_teachingassignmentevent" ("gradebook_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "since", "substitute", "teacher_id", "until") SELECT new_values."gradebook_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."school_id", new_values."since", new_values."substitute", new_values."teacher_id", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b013544c977f84c867ecec8081caab757aa191b6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_dd989', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='assessment_teachingassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='teachingassignment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "assessment_teachingassignmentevent" ("gradebook_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "school_id", "since", "substitute", "teacher_id", "until") SELECT old_values."gradebook_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."school_id", old_values."since", old_values."substitute", old_values."teacher_id", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b9a3bdf7bb358178de2133887e06f2a4f67eb168', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_fa7a1', referencing='REFERENCING OLD TABLE AS old_values ', table='assessment_teachingassignment', when='AFTER')),
        ),
    ]
