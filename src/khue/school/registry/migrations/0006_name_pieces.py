"""Pupils of a whole city by parts of their name, without the extension pg_trgm, which the embedded server lacks.

An index cannot be used through a policy (its operators are not leakproof), so a function of the owner looks up the
keys and leaves out whom the caller may not see.
"""

from django.db import migrations

PIECES = """
CREATE FUNCTION khue_pieces(key text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT DISTINCT substr(key, n, 3) FROM generate_series(1, length(key) - 2) AS n) $$;

CREATE INDEX registry_pupil_pieces ON registry_pupil USING gin (khue_pieces(search_key));

-- Keys of at most `most` pupils of the scope whose name has all the words; without a word of three letters none.
CREATE FUNCTION registry_named_pupils(words text[], most int) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  pieces text[] := ARRAY(SELECT DISTINCT unnest(khue_pieces(word)) FROM unnest(words) AS word);
  everywhere boolean := coalesce(current_setting('khue.all_schools', true), '') = 'on';
  schools bigint[] := string_to_array(nullif(current_setting('khue.school_ids', true), ''), ',')::bigint[];
BEGIN
  IF pieces = '{}' THEN RETURN; END IF;
  RETURN QUERY SELECT p.id FROM registry_pupil p
    WHERE khue_pieces(p.search_key) @> pieces AND (everywhere OR p.school_ids && schools)
      AND NOT EXISTS (SELECT 1 FROM unnest(words) AS word WHERE strpos(p.search_key, word) = 0)
    LIMIT most;
END $$;
"""
BACK = """
DROP FUNCTION registry_named_pupils(text[], int);
DROP INDEX registry_pupil_pieces;
DROP FUNCTION khue_pieces(text);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_newest_year")]
    operations = [migrations.RunSQL(PIECES, BACK)]
