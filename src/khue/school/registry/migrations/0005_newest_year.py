"""At each school the newest enrolment of a pupil decides whether they are there.

Before, an active enrolment of an earlier year outweighed a departure in a later one: who left the school stayed seen.
"""

from django.db import migrations

NEWEST_YEAR = """
CREATE OR REPLACE FUNCTION registry_refresh_pupils(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS refresh_target (pupil_id bigint PRIMARY KEY, schools bigint[]);
  TRUNCATE refresh_target;
  INSERT INTO refresh_target
  WITH last AS (
    SELECT DISTINCT ON (e.pupil_id, e.school_id) e.id, e.pupil_id, e.school_id, e.year
    FROM registry_enrolment e WHERE e.pupil_id = ANY (ids) ORDER BY e.pupil_id, e.school_id, e.year DESC
  ), state AS (
    SELECT l.pupil_id, l.school_id, l.year,
      NOT EXISTS (SELECT 1 FROM registry_statuschange s WHERE s.school_id = l.school_id AND s.enrolment_id = l.id)
      OR registry_is_active(registry_status_on(l.school_id, l.id, current_date)) AS active
    FROM last l
  ), newest AS (SELECT pupil_id, max(year) AS year FROM state WHERE active GROUP BY pupil_id)
  SELECT p.id, coalesce(array_agg(DISTINCT s.school_id) FILTER (WHERE s.active AND s.year = n.year), '{}')
  FROM unnest(ids) AS p(id)
  LEFT JOIN state s ON s.pupil_id = p.id LEFT JOIN newest n ON n.pupil_id = p.id GROUP BY p.id;

  DELETE FROM refresh_target t USING registry_pupil p WHERE p.id = t.pupil_id AND p.school_ids = t.schools;
  IF NOT EXISTS (SELECT 1 FROM refresh_target) THEN RETURN; END IF;
  -- the copy for the school that is left, while the person's row is still as it knew them
  UPDATE registry_enrolment e SET frozen = to_jsonb(p) - 'school_ids' || jsonb_build_object('guardians', (
    SELECT coalesce(jsonb_agg(to_jsonb(g) - 'school_ids' || jsonb_build_object('relation', l.relation)), '[]')
    FROM registry_pupilguardian l JOIN registry_guardian g ON g.id = l.guardian_id WHERE l.pupil_id = p.id))
  FROM registry_pupil p, refresh_target t
  WHERE p.id = t.pupil_id AND e.pupil_id = p.id AND e.school_id = ANY (p.school_ids) AND e.school_id <> ALL (t.schools);
  UPDATE registry_enrolment e SET frozen = NULL FROM refresh_target t
  WHERE e.pupil_id = t.pupil_id AND e.school_id = ANY (t.schools) AND e.frozen IS NOT NULL;
  UPDATE registry_pupil p SET school_ids = t.schools FROM refresh_target t WHERE p.id = t.pupil_id;
  UPDATE registry_pupilguardian l SET school_ids = t.schools FROM refresh_target t WHERE l.pupil_id = t.pupil_id;
  PERFORM registry_refresh_guardians(ARRAY(
    SELECT l.guardian_id FROM registry_pupilguardian l JOIN refresh_target t ON t.pupil_id = l.pupil_id));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_equipment")]
    operations = [migrations.RunSQL(NEWEST_YEAR, migrations.RunSQL.noop)]
