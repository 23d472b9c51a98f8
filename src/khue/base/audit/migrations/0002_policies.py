"""The access log is written by everyone, read by the schools of the scope, changed by nobody."""

from django.db import migrations

from khue.base.core.policy import APP_ROLE, SCHOOL_CONDITION, append_only

SQL = f"""
ALTER TABLE audit_accesslog ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_accesslog FORCE ROW LEVEL SECURITY;
CREATE POLICY app_write ON audit_accesslog FOR INSERT TO {APP_ROLE} WITH CHECK (true);
CREATE POLICY app_read ON audit_accesslog FOR SELECT TO {APP_ROLE} USING (
  (school_id IS NULL AND (select current_setting('khue.all_schools', true) = 'on')) OR {SCHOOL_CONDITION});
DO $$ BEGIN
  EXECUTE format('CREATE POLICY owner_all ON audit_accesslog TO %I USING (true) WITH CHECK (true)', current_user);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("core", "0002_history_context"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        append_only(
            "audit_accesslog", "org_unitevent", "org_unitversionevent", "org_schoolevent", "org_schoolyearevent",
            "org_termevent", "accounts_userevent", "accounts_membershipevent",
        ),
    ]  # fmt: skip
