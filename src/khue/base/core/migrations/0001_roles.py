"""What the application's role may do with tables made from here on, and helpers that policies need."""

from django.db import migrations

GRANTS = """
GRANT USAGE ON SCHEMA public TO khue_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO khue_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO khue_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO khue_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO khue_app;
"""
KEEP_SCHOOL = """
CREATE FUNCTION khue_keep_school() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'A row never changes its school (%)', TG_TABLE_NAME; END $$;
"""
CACHE = """
CREATE TABLE core_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""
RELEASE = """
CREATE TABLE core_release (fingerprint text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_SCHOOL, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, migrations.RunSQL.noop),
        migrations.RunSQL(RELEASE, migrations.RunSQL.noop),
    ]
