"""Policies of imports: a file of a school is seen by that school; lists of schools and files whose school is still
open are seen by the office."""

from django.db import migrations

from khue.base.core.policy import APP_ROLE, SCHOOL_CONDITION


def _table(name: str) -> str:
    condition = (
        f"{SCHOOL_CONDITION} OR (school_id IS NULL AND (select current_setting('khue.all_schools', true) = 'on'))"
    )
    return f"""
    ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
    CREATE POLICY app_scope ON {name} TO {APP_ROLE} USING ({condition}) WITH CHECK ({condition});
    DO $$ BEGIN EXECUTE format('CREATE POLICY owner_all ON {name} TO %I USING (true) WITH CHECK (true)', current_user);
    END $$;
    """


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL(_table(name), migrations.RunSQL.noop) for name in ("intake_sheetimport", "intake_stagedrow")
    ]
