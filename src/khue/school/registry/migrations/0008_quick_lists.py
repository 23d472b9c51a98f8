"""A list of pupils is written in half the time: each row enters half as many indexes, keys are checked once.

Left out are indexes that begin like another one, those of the history that nothing reads by, and those on
``school_ids`` where only the policies look: they ask for "all schools or these", which no index answers. A placement
and a status have their school from their enrolment by a key of both columns; a second key for it checks nothing new.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = """
DROP INDEX registry_enrolmentevent_current_class_id_628edc3b, registry_enrolmentevent_pgh_obj_id_3900c70e,
  registry_enrolmentevent_pupil_id_766d0d6b, registry_enrolmentevent_school_id_51a86061,
  registry_placementevent_pgh_obj_id_723dfbc7, registry_placementevent_school_class_id_b62a913c,
  registry_placementevent_school_id_caebf617, registry_statuschangeevent_pgh_obj_id_e305893c,
  registry_statuschangeevent_school_id_19c66e8a, registry_pupilguardianevent_guardian_id_03113121,
  registry_pupilevent_scope, registry_guardianevent_scope, registry_pupilguardianevent_scope,
  registry_guardian_schools, registry_pupilguardian_schools,
  registry_placement_enrolment_id_scope, registry_placement_school_class_id_scope,
  registry_statuschange_enrolment_id_scope, registry_enrolment_current_class_id_scope;
-- nothing refers to a status; and this key would be taken for the one that finds the statuses of an enrolment
ALTER TABLE registry_statuschange DROP CONSTRAINT registry_statuschange_school_key;
-- the class first: while the table has no statistics, the check of a key (school_id, id) must not choose this index
CREATE INDEX registry_enrolment_current_class_id_scope ON registry_enrolment (current_class_id, school_id);
"""

STATUS = """
-- the status in force on a day, as a row that the planner merges into the statement that asks for many
CREATE FUNCTION registry_status_in_force(school bigint, enrolment bigint, day date) RETURNS TABLE (status text)
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN s.effective_on <= day THEN s.status
    WHEN s.status IN ('3','4','8','9','11','12') THEN '1' ELSE NULL END
  FROM registry_statuschange s WHERE s.school_id = school AND s.enrolment_id = enrolment
  ORDER BY s.effective_on > day, abs(s.effective_on - day), s.id DESC LIMIT 1 $$;

CREATE OR REPLACE FUNCTION registry_status_on(school bigint, enrolment bigint, day date) RETURNS text
LANGUAGE sql STABLE AS $$ SELECT status FROM registry_status_in_force(school, enrolment, day) $$;

CREATE OR REPLACE FUNCTION registry_refresh_pupils(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS refresh_target (pupil_id bigint PRIMARY KEY, schools bigint[]);
  TRUNCATE refresh_target;
  INSERT INTO refresh_target
  WITH last AS (
    SELECT DISTINCT ON (p.id, e.school_id) p.id AS pupil_id, p.school_ids, e.id, e.school_id, e.year
    FROM registry_pupil p LEFT JOIN registry_enrolment e ON e.pupil_id = p.id
    WHERE p.id = ANY (ids) ORDER BY p.id, e.school_id, e.year DESC
  ), state AS (
    -- without any status a pupil counts as present
    SELECT l.*, l.id IS NOT NULL AND registry_is_active(s.status) AS active
    FROM last l LEFT JOIN LATERAL registry_status_in_force(l.school_id, l.id, current_date) s ON true
  ), newest AS (
    SELECT s.*, s.active AND s.year = max(s.year) FILTER (WHERE s.active) OVER (PARTITION BY s.pupil_id) AS counts
    FROM state s
  ), target AS (
    SELECT n.pupil_id, n.school_ids,
      coalesce(array_agg(n.school_id ORDER BY n.school_id) FILTER (WHERE n.counts), '{}') AS schools
    FROM newest n GROUP BY n.pupil_id, n.school_ids
  )
  SELECT t.pupil_id, t.schools FROM target t WHERE t.schools <> t.school_ids;
  IF NOT FOUND THEN RETURN; END IF;

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

LINKS = """
-- only what differs is looked at again: a list of new pupils brings guardians who are nowhere else
CREATE OR REPLACE FUNCTION registry_after_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN PERFORM registry_refresh_guardians(ARRAY(SELECT DISTINCT guardian_id FROM old_rows));
  ELSE
    UPDATE registry_pupilguardian l SET school_ids = p.school_ids FROM new_rows n
    JOIN registry_pupil p ON p.id = n.pupil_id AND p.school_ids <> n.school_ids WHERE l.id = n.id;
    PERFORM registry_refresh_guardians(ARRAY(SELECT DISTINCT n.guardian_id FROM new_rows n
      JOIN registry_pupil p ON p.id = n.pupil_id JOIN registry_guardian g ON g.id = n.guardian_id
      WHERE p.school_ids <> g.school_ids));
  END IF;
  RETURN NULL;
END $$;
"""

PUPILS_AT = """
-- The persons whom a school of the scope sees. Through a policy no index finds them; the owner's look-up has one.
CREATE FUNCTION registry_pupils_at(school bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT registry_in_scope(school) THEN RAISE EXCEPTION 'school outside the scope' USING ERRCODE = '42501'; END IF;
  RETURN QUERY SELECT p.id FROM registry_pupil p WHERE p.school_ids @> ARRAY[school];
END $$;
"""

TO_SCHOOL = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "org.school"}


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial"), ("registry", "0007_name_words")]
    operations = [
        migrations.AlterField(
            "enrolment",
            "current_class",
            models.ForeignKey(
                blank=True, db_constraint=False, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="current_enrolments",
                to="registry.schoolclass", verbose_name="Lớp",
            ),
        ),
        migrations.AlterField("enrolment", "school", models.ForeignKey(db_index=False, **TO_SCHOOL)),
        migrations.AlterField(
            "placement", "school", models.ForeignKey(db_constraint=False, db_index=False, **TO_SCHOOL)
        ),
        migrations.AlterField(
            "statuschange", "school", models.ForeignKey(db_constraint=False, db_index=False, **TO_SCHOOL)
        ),
        migrations.AlterField(
            "pupilguardian",
            "pupil",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="guardian_links",
                to="registry.pupil",
            ),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (INDEXES, STATUS, LINKS, PUPILS_AT)),
    ]  # fmt: skip
