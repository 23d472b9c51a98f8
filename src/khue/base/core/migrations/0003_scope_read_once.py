"""Policies of tables that schools own read the scope once a statement, not once a row.

Without an index on the school (a join by key, a check of inserted rows) the list of 140 schools was parsed for each
row: 14 µs instead of 1.
"""

from django.db import migrations

READ_ONCE = """
DO $$
DECLARE
  each_row CONSTANT text := 'ANY ((string_to_array(NULLIF(current_setting(''khue.school_ids''::text, true), '
    || '''''::text), '',''::text))::bigint[])';
  once CONSTANT text := 'ANY ((SELECT string_to_array(NULLIF(current_setting(''khue.school_ids'', true), ''''), '
    || ''','')::bigint[])::bigint[])';
  p record;
BEGIN
  FOR p IN SELECT tablename, policyname, replace(qual, each_row, once) AS using_text,
      replace(with_check, each_row, once) AS check_text
    FROM pg_policies WHERE schemaname = current_schema() AND strpos(coalesce(qual, with_check), each_row) > 0
  LOOP
    EXECUTE format('ALTER POLICY %I ON %I', p.policyname, p.tablename)
      || coalesce(' USING (' || p.using_text || ')', '') || coalesce(' WITH CHECK (' || p.check_text || ')', '');
  END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_history_context")]
    operations = [migrations.RunSQL(READ_ONCE, migrations.RunSQL.noop)]
