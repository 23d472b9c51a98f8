"""Policies and composite keys of gradebooks; entries that nobody may change."""

from django.db import migrations

from khue.base.core.policy import append_only, history_table, school_table

# the application has no right to change an entry; the trigger tells the owner too, who would have to take it away first
NO_CHANGE = """
CREATE FUNCTION assessment_no_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'Điểm đã ghi không sửa, không xóa được: ghi thêm một dòng mới'; END $$;
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON assessment_markentry
  FOR EACH ROW EXECUTE FUNCTION assessment_no_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON assessment_markentry
  FOR EACH STATEMENT EXECUTE FUNCTION assessment_no_change();
"""
BACK = """
DROP TRIGGER no_truncate ON assessment_markentry;
DROP TRIGGER no_change ON assessment_markentry;
DROP FUNCTION assessment_no_change();
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial"), ("registry", "0002_policies")]

    operations = [
        school_table("assessment_gradebook", links=[("school_class_id", "registry_schoolclass")]),
        school_table(
            "assessment_teachingassignment",
            links=[("gradebook_id", "assessment_gradebook"), ("teacher_id", "registry_position")],
        ),
        school_table("assessment_chain", links=[("gradebook_id", "assessment_gradebook")]),
        school_table(
            "assessment_markentry",
            links=[("gradebook_id", "assessment_gradebook"), ("enrolment_id", "registry_enrolment")],
        ),
        # its unique key of serials begins with the same columns
        migrations.RunSQL("DROP INDEX assessment_markentry_gradebook_id_scope", migrations.RunSQL.noop),
        append_only("assessment_markentry"),
        migrations.RunSQL(NO_CHANGE, BACK),
        history_table("assessment_gradebookevent"),
        history_table("assessment_teachingassignmentevent"),
    ]
