"""V07: a pupil active in two schools on one day. Policies hide the other school; the owner's function answers."""

from django.db import migrations

TWO_SCHOOLS = """
CREATE FUNCTION checks_two_schools(schools bigint[], of_year int)
RETURNS TABLE (enrolment_id bigint, school text, since date) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  -- own enrolment, name of the other school, first day in both; only for schools in the caller's scope
  WITH own AS MATERIALIZED (
    SELECT e.pupil_id FROM registry_enrolment e
    WHERE e.year = of_year AND e.school_id = ANY (schools) AND e.school_id = ANY ((SELECT
      string_to_array(nullif(current_setting('khue.school_ids', true), ''), ',')::bigint[])::bigint[])
  ), twice AS MATERIALIZED (
    SELECT e.id, e.school_id, e.pupil_id FROM registry_enrolment e
    WHERE e.year = of_year AND e.pupil_id IN (
      SELECT o.pupil_id FROM registry_enrolment o JOIN own USING (pupil_id) WHERE o.year = of_year
      GROUP BY o.pupil_id HAVING count(DISTINCT o.school_id) > 1)
  ), days AS (
    -- spans of one status; before the first event a pupil who is to leave is there already (statistics §2)
    SELECT t.id, t.school_id, t.pupil_id, s.status, s.effective_on AS since,
      lead(s.effective_on, 1, 'infinity'::date) OVER (PARTITION BY t.id ORDER BY s.effective_on, s.id) AS until
    FROM twice t JOIN registry_statuschange s ON s.school_id = t.school_id AND s.enrolment_id = t.id
    UNION ALL
    SELECT t.id, t.school_id, t.pupil_id, '1', '-infinity'::date, f.effective_on
    FROM twice t JOIN LATERAL (
      SELECT s.status, s.effective_on FROM registry_statuschange s
      WHERE s.school_id = t.school_id AND s.enrolment_id = t.id ORDER BY s.effective_on, s.id LIMIT 1
    ) f ON NOT registry_is_active(f.status)
  ), active AS (SELECT * FROM days WHERE registry_is_active(status) AND since < until)
  SELECT a.id, (array_agg(o.name ORDER BY greatest(a.since, b.since)))[1], min(greatest(a.since, b.since))
  FROM active a JOIN active b ON b.pupil_id = a.pupil_id AND b.school_id <> a.school_id
    AND a.since < b.until AND b.since < a.until
  JOIN org_school o ON o.unit_id = b.school_id
  WHERE a.school_id = ANY (schools) AND registry_in_scope(a.school_id)
  GROUP BY a.id $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_functions"), ("org", "0001_initial")]
    operations = [migrations.RunSQL(TWO_SCHOOLS, "DROP FUNCTION checks_two_schools(bigint[], int)")]
