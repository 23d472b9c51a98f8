"""The context of history stands in each event row; the shared table of pghistory stays empty.

pghistory's statement triggers call ``_pgh_attach_context()`` all the same; its table carries no school, so another
school could read reasons there.
"""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE sql AS $$ SELECT NULL::uuid $$;
REVOKE ALL ON pghistory_context FROM khue_app;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_roles"), ("pghistory", "__latest__")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
