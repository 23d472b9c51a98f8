"""Row-level security as migration operations: one line per table, the same policies everywhere.

A table of a school carries ``school_id``; the application's role ``khue_app`` sees the rows of the schools named in
the setting ``khue.school_ids`` of its transaction, and none when nothing is set. Persons (pupils, guardians, staff)
belong to no school and carry the array ``school_ids`` of the schools where they are now. Policies are *forced*, so
the owner needs one of its own, named by its login (``TO CURRENT_USER``).
"""

from collections.abc import Iterable

from django.db.migrations.operations import RunSQL

APP_ROLE = "khue_app"
_IDS = "string_to_array(nullif(current_setting('khue.school_ids', true), ''), ',')::bigint[]"
# no sub-select here: the planner reads the setting while it plans and so knows how many schools there are. In a
# sub-select it takes them for ten, and freezing a city takes minutes instead of seconds (measured)
SCHOOL_CONDITION = f"school_id = ANY ({_IDS})"
# the scope is read once in scalar sub-selects: otherwise the array is parsed for each row (measured: 35 times slower)
PERSON_CONDITION = f"(select current_setting('khue.all_schools', true) = 'on') OR school_ids && (select {_IDS})"


def _policies(table: str, condition: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY app_scope ON {table} TO {APP_ROLE} USING ({condition}) WITH CHECK ({condition});
    DO $$ BEGIN EXECUTE format('CREATE POLICY owner_all ON {table} TO %I USING (true) WITH CHECK (true)', current_user);
    END $$;
    """


def school_table(table: str, *, links: Iterable[tuple[str, str]] = (), keep_school: bool = True) -> RunSQL:
    """Policies and keys of a table that a school owns.

    ``links`` are (column, referenced table): each becomes a composite key (school_id, column) → (school_id, id),
    because key checks bypass policies and would accept a row of another school. ``keep_school`` refuses any update
    that moves a row to another school.
    """
    sql = _policies(table, SCHOOL_CONDITION)
    sql += f"ALTER TABLE {table} ADD CONSTRAINT {table}_school_key UNIQUE (school_id, id);"
    for column, target in links:
        sql += f"""ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_school FOREIGN KEY (school_id, {column})
                   REFERENCES {target} (school_id, id);
                   CREATE INDEX IF NOT EXISTS {table}_{column}_scope ON {table} (school_id, {column});"""
    if keep_school:
        sql += f"""CREATE TRIGGER keep_school BEFORE UPDATE OF school_id ON {table} FOR EACH ROW
                   WHEN (OLD.school_id IS DISTINCT FROM NEW.school_id) EXECUTE FUNCTION khue_keep_school();"""
    return RunSQL(sql, RunSQL.noop)


def person_table(table: str, *, insert_columns: Iterable[str] = ()) -> RunSQL:
    """Policies of a table of persons. ``khue_app`` may not update ``school_ids``: only the triggers write it."""
    sql = _policies(table, PERSON_CONDITION)
    sql += f"""
    CREATE INDEX {table}_schools ON {table} USING gin (school_ids);
    REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE};
    DO $$ DECLARE columns text; BEGIN
      SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
      WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('id', 'school_ids');
      EXECUTE format('GRANT UPDATE (%s) ON {table} TO {APP_ROLE}', columns);
    END $$;
    """
    return RunSQL(sql, RunSQL.noop)


def history_table(table: str, *, person: bool = False) -> RunSQL:
    """Policies of a table of history: insert and select only."""
    sql = _policies(table, PERSON_CONDITION if person else SCHOOL_CONDITION) + append_only_sql(table)
    column = "USING gin (school_ids)" if person else "(school_id, pgh_obj_id)"
    sql += f"CREATE INDEX {table}_scope ON {table} {column};"
    return RunSQL(sql, RunSQL.noop)


def append_only_sql(table: str) -> str:
    return f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE};"


def append_only(*tables: str) -> RunSQL:
    """Tables without policy that are written once: history of units, accounts, memberships; the access log."""
    return RunSQL("".join(append_only_sql(table) for table in tables), RunSQL.noop)
