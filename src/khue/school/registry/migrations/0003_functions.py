"""What only the owner may write: where a person is now, the frozen copy of one who left, derived columns.

All functions are ``SECURITY DEFINER`` with a fixed search path; those that a caller may use check the caller's scope.
"""

from django.db import migrations

# ------------------------------------------------------------------------------------------------ derived columns
DERIVED = """
CREATE FUNCTION registry_is_active(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS
$$ -- null: no status yet, or an arrival still to come: the school that expects a pupil sees them
  SELECT coalesce(status, '1') IN ('1', '2', '5', '6', '7', '10') $$;

-- the status in force on a day: the newest change up to it, else the first one to come (a pupil who will leave is here)
CREATE FUNCTION registry_status_on(school bigint, enrolment bigint, day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN effective_on <= day THEN status WHEN status IN ('3','4','8','9','11','12') THEN '1' ELSE NULL END
  FROM registry_statuschange WHERE school_id = school AND enrolment_id = enrolment
  ORDER BY effective_on > day, abs(effective_on - day), id DESC LIMIT 1 $$;

CREATE FUNCTION registry_refresh_pupils(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS refresh_target (pupil_id bigint PRIMARY KEY, schools bigint[]);
  TRUNCATE refresh_target;
  INSERT INTO refresh_target
  WITH state AS (
    SELECT e.pupil_id, e.school_id, e.year,
      NOT EXISTS (SELECT 1 FROM registry_statuschange s WHERE s.school_id = e.school_id AND s.enrolment_id = e.id)
      OR registry_is_active(registry_status_on(e.school_id, e.id, current_date)) AS active
    FROM registry_enrolment e WHERE e.pupil_id = ANY (ids)
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

CREATE FUNCTION registry_refresh_guardians(ids bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  UPDATE registry_guardian g SET school_ids = t.schools FROM (
    SELECT i.id, coalesce(array_agg(DISTINCT s) FILTER (WHERE s IS NOT NULL), '{}') AS schools
    FROM unnest(ids) AS i(id) LEFT JOIN registry_pupilguardian l ON l.guardian_id = i.id
    LEFT JOIN LATERAL unnest(l.school_ids) AS s ON true GROUP BY i.id
  ) t WHERE g.id = t.id AND g.school_ids <> t.schools $$;

CREATE FUNCTION registry_refresh_staff(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS refresh_staff (staff_id bigint PRIMARY KEY, schools bigint[]);
  TRUNCATE refresh_staff;
  INSERT INTO refresh_staff
  SELECT i.id, coalesce(array_agg(DISTINCT p.school_id) FILTER (
      WHERE p.status IN ('1', '2', '5') AND (p.left_on IS NULL OR p.left_on > current_date)), '{}')
  FROM (SELECT DISTINCT unnest(ids) AS id) i LEFT JOIN registry_position p ON p.staff_id = i.id GROUP BY i.id;
  DELETE FROM refresh_staff t USING registry_staffmember m WHERE m.id = t.staff_id AND m.school_ids = t.schools;
  IF NOT EXISTS (SELECT 1 FROM refresh_staff) THEN RETURN; END IF;
  UPDATE registry_position p SET frozen = to_jsonb(m) - 'school_ids' FROM registry_staffmember m, refresh_staff t
  WHERE m.id = t.staff_id AND p.staff_id = m.id AND p.school_id = ANY (m.school_ids) AND p.school_id <> ALL (t.schools);
  UPDATE registry_position p SET frozen = NULL FROM refresh_staff t
  WHERE p.staff_id = t.staff_id AND p.school_id = ANY (t.schools) AND p.frozen IS NOT NULL;
  UPDATE registry_staffmember m SET school_ids = t.schools FROM refresh_staff t WHERE m.id = t.staff_id;
END $$;

-- dates that have come (a daily job): events whose day is past while the array still says otherwise
CREATE FUNCTION registry_refresh_due() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM registry_refresh_pupils(ARRAY(SELECT DISTINCT e.pupil_id FROM registry_enrolment e
    JOIN registry_statuschange s ON s.school_id = e.school_id AND s.enrolment_id = e.id
    WHERE s.effective_on BETWEEN current_date - 40 AND current_date));
  PERFORM registry_refresh_staff(ARRAY(SELECT DISTINCT staff_id FROM registry_position
    WHERE left_on BETWEEN current_date - 40 AND current_date));
  PERFORM registry_follow_placement(ARRAY(SELECT DISTINCT enrolment_id FROM registry_placement
    WHERE until BETWEEN current_date - 40 AND current_date));
END $$;
"""

# -------------------------------------------------------------------------------------------------------- triggers
TRIGGERS = """
-- key checks bypass policies: a bare id must not open the row of a person outside the scope. These run as the caller.
CREATE FUNCTION registry_guard_enrolment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows n LEFT JOIN registry_pupil p ON p.id = n.pupil_id WHERE p.id IS NULL)
  THEN RAISE EXCEPTION 'pupil outside the scope' USING ERRCODE = '42501'; END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION registry_guard_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows n LEFT JOIN registry_staffmember p ON p.id = n.staff_id WHERE p.id IS NULL)
  THEN RAISE EXCEPTION 'staff member outside the scope' USING ERRCODE = '42501'; END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION registry_guard_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows n LEFT JOIN registry_pupil p ON p.id = n.pupil_id
             LEFT JOIN registry_guardian g ON g.id = n.guardian_id WHERE p.id IS NULL OR g.id IS NULL)
  THEN RAISE EXCEPTION 'person outside the scope' USING ERRCODE = '42501'; END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION registry_keep_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'An enrolment or position never changes its person'; END $$;

CREATE FUNCTION registry_after_enrolment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN PERFORM registry_refresh_pupils(ARRAY(SELECT DISTINCT pupil_id FROM new_rows));
  ELSE PERFORM registry_refresh_pupils(ARRAY(SELECT DISTINCT pupil_id FROM old_rows)); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION registry_follow_status(enrolments bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE registry_enrolment e SET status = n.status, status_on = n."on" FROM (
    SELECT DISTINCT ON (s.school_id, s.enrolment_id) s.school_id, s.enrolment_id, s.status, s."on"
    FROM registry_statuschange s WHERE s.enrolment_id = ANY (enrolments)
    ORDER BY s.school_id, s.enrolment_id, s.effective_on DESC, s.id DESC
  ) n WHERE e.school_id = n.school_id AND e.id = n.enrolment_id
    AND (e.status, e.status_on) IS DISTINCT FROM (n.status, n."on");
  PERFORM registry_refresh_pupils(ARRAY(SELECT DISTINCT pupil_id FROM registry_enrolment WHERE id = ANY (enrolments)));
END $$;
CREATE FUNCTION registry_after_status() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN PERFORM registry_follow_status(ARRAY(SELECT DISTINCT enrolment_id FROM old_rows));
  ELSE PERFORM registry_follow_status(ARRAY(SELECT DISTINCT enrolment_id FROM new_rows)); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION registry_follow_placement(enrolments bigint[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  UPDATE registry_enrolment e SET current_class_id = p.school_class_id
  FROM unnest(enrolments) AS i(id)
  LEFT JOIN LATERAL (SELECT school_class_id FROM registry_placement p WHERE p.enrolment_id = i.id
    AND (p.until IS NULL OR p.until > current_date) ORDER BY p.since DESC, p.id DESC LIMIT 1) p ON true
  WHERE e.id = i.id AND e.current_class_id IS DISTINCT FROM p.school_class_id $$;
CREATE FUNCTION registry_after_placement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN PERFORM registry_follow_placement(ARRAY(SELECT DISTINCT enrolment_id FROM old_rows));
  ELSE PERFORM registry_follow_placement(ARRAY(SELECT DISTINCT enrolment_id FROM new_rows)); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION registry_after_position() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  -- registry_refresh_staff writes the frozen copy into this same table: that change must not start it again
  IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  IF TG_OP = 'DELETE' THEN PERFORM registry_refresh_staff(ARRAY(SELECT DISTINCT staff_id FROM old_rows));
  ELSE PERFORM registry_refresh_staff(ARRAY(SELECT DISTINCT staff_id FROM new_rows)); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION registry_after_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN PERFORM registry_refresh_guardians(ARRAY(SELECT DISTINCT guardian_id FROM old_rows));
  ELSE
    UPDATE registry_pupilguardian l SET school_ids = p.school_ids FROM registry_pupil p, new_rows n
    WHERE l.id = n.id AND p.id = l.pupil_id AND l.school_ids <> p.school_ids;
    PERFORM registry_refresh_guardians(ARRAY(SELECT DISTINCT guardian_id FROM new_rows));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER a_guard AFTER INSERT ON registry_enrolment REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION registry_guard_enrolment();
CREATE TRIGGER a_guard AFTER INSERT ON registry_position REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION registry_guard_position();
CREATE TRIGGER a_guard AFTER INSERT ON registry_pupilguardian REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION registry_guard_link();
CREATE TRIGGER keep_person BEFORE UPDATE OF pupil_id ON registry_enrolment FOR EACH ROW
  WHEN (OLD.pupil_id IS DISTINCT FROM NEW.pupil_id) EXECUTE FUNCTION registry_keep_person();
CREATE TRIGGER keep_person BEFORE UPDATE OF staff_id ON registry_position FOR EACH ROW
  WHEN (OLD.staff_id IS DISTINCT FROM NEW.staff_id) EXECUTE FUNCTION registry_keep_person();
CREATE TRIGGER keep_person BEFORE UPDATE OF pupil_id, guardian_id ON registry_pupilguardian FOR EACH ROW
  WHEN (OLD.pupil_id IS DISTINCT FROM NEW.pupil_id OR OLD.guardian_id IS DISTINCT FROM NEW.guardian_id)
  EXECUTE FUNCTION registry_keep_person();

CREATE TRIGGER b_refresh_insert AFTER INSERT ON registry_enrolment REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION registry_after_enrolment();
CREATE TRIGGER b_refresh_delete AFTER DELETE ON registry_enrolment REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION registry_after_enrolment();
"""
for _table, _function, _operations in (
    ("statuschange", "registry_after_status", ("INSERT", "UPDATE", "DELETE")),
    ("placement", "registry_after_placement", ("INSERT", "UPDATE", "DELETE")),
    ("position", "registry_after_position", ("INSERT", "UPDATE", "DELETE")),
    ("pupilguardian", "registry_after_link", ("INSERT", "DELETE")),
):
    for _operation in _operations:
        _rows = "OLD TABLE AS old_rows" if _operation == "DELETE" else "NEW TABLE AS new_rows"
        TRIGGERS += f"""
CREATE TRIGGER b_refresh_{_operation.lower()} AFTER {_operation} ON registry_{_table} REFERENCING {_rows}
  FOR EACH STATEMENT EXECUTE FUNCTION {_function}();"""

# ---------------------------------------------------------------------------------- recognising persons across schools
PERSONS = """
CREATE FUNCTION registry_in_scope(school bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT school = ANY (string_to_array(nullif(current_setting('khue.school_ids', true), ''), ',')::bigint[]) $$;

-- What a caller may learn of a person it cannot see: known, where active, since when. No id, no name.
CREATE FUNCTION registry_match_pupils(ministry text[], personal text[])
RETURNS TABLE (n int, known boolean, school_id bigint, school text, since date) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT i.n::int, p.id IS NOT NULL, e.school_id, s.name, e.since
  FROM unnest(ministry, personal) WITH ORDINALITY AS i(ministry, personal, n)
  LEFT JOIN LATERAL (SELECT id, school_ids FROM registry_pupil
    WHERE ministry_id = i.ministry OR personal_number = i.personal
    ORDER BY ministry_id = i.ministry DESC LIMIT 1) p ON true
  LEFT JOIN LATERAL (
    SELECT e.school_id, (SELECT min(c.effective_on) FROM registry_statuschange c
                         WHERE c.school_id = e.school_id AND c.enrolment_id = e.id) AS since
    FROM registry_enrolment e WHERE e.pupil_id = p.id AND e.school_id = ANY (p.school_ids)
    ORDER BY e.year DESC LIMIT 1) e ON true
  LEFT JOIN org_school s ON s.unit_id = e.school_id $$;

CREATE FUNCTION registry_match_staff(ministry text[], personal text[])
RETURNS TABLE (n int, known boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.n::int, EXISTS (SELECT 1 FROM registry_staffmember
    WHERE ministry_id = i.ministry OR personal_number = i.personal)
  FROM unnest(ministry, personal) WITH ORDINALITY AS i(ministry, personal, n) $$;

-- Let a school of the scope see persons it has identified; a pupil active elsewhere stays there (V07).
CREATE FUNCTION registry_attach_pupils(school bigint, ministry text[], personal text[])
RETURNS TABLE (n int, pupil_id bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT registry_in_scope(school) THEN RAISE EXCEPTION 'school outside the scope' USING ERRCODE = '42501'; END IF;
  RETURN QUERY
  WITH found AS (
    SELECT i.n::int AS n, (SELECT p.id FROM registry_pupil p WHERE p.ministry_id = i.ministry
                           OR p.personal_number = i.personal ORDER BY p.ministry_id = i.ministry DESC LIMIT 1) AS id
    FROM unnest(ministry, personal) WITH ORDINALITY AS i(ministry, personal, n)
  ), moved AS (
    UPDATE registry_pupil p SET school_ids = array_append(p.school_ids, school)
    FROM (SELECT DISTINCT id FROM found) f WHERE p.id = f.id AND p.school_ids = '{}' RETURNING p.id
  ), links AS (
    -- their family comes with them
    UPDATE registry_pupilguardian l SET school_ids = array_append(l.school_ids, school)
    FROM moved m WHERE l.pupil_id = m.id AND school <> ALL (l.school_ids) RETURNING l.guardian_id
  ), guardians AS (
    UPDATE registry_guardian g SET school_ids = array_append(g.school_ids, school)
    WHERE g.id IN (SELECT guardian_id FROM links) AND school <> ALL (g.school_ids) RETURNING 1
  )
  SELECT f.n, f.id FROM found f WHERE f.id IN (SELECT id FROM moved)
    OR EXISTS (SELECT 1 FROM registry_pupil p WHERE p.id = f.id AND school = ANY (p.school_ids));
END $$;

CREATE FUNCTION registry_attach_staff(school bigint, ministry text[], personal text[])
RETURNS TABLE (n int, staff_id bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT registry_in_scope(school) THEN RAISE EXCEPTION 'school outside the scope' USING ERRCODE = '42501'; END IF;
  RETURN QUERY
  WITH found AS (
    SELECT i.n::int AS n, (SELECT p.id FROM registry_staffmember p WHERE p.ministry_id = i.ministry
                           OR p.personal_number = i.personal ORDER BY p.ministry_id = i.ministry DESC LIMIT 1) AS id
    FROM unnest(ministry, personal) WITH ORDINALITY AS i(ministry, personal, n)
  ), moved AS (
    UPDATE registry_staffmember p SET school_ids = array_append(p.school_ids, school)
    FROM (SELECT DISTINCT id FROM found) f WHERE p.id = f.id AND school <> ALL (p.school_ids) RETURNING p.id
  )
  SELECT f.n, f.id FROM found f WHERE f.id IS NOT NULL AND (SELECT count(*) FROM moved) >= 0;
END $$;

-- Undo of an import: persons that it made and nothing else refers to. Says how many it could not remove, not whose.
CREATE FUNCTION registry_forget_persons(kind text, ids bigint[], import text) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE kept int;
BEGIN
  IF kind = 'pupil' THEN
    DELETE FROM registry_pupilguardian l USING unnest(ids) AS i(id) WHERE l.pupil_id = i.id
      AND EXISTS (SELECT 1 FROM registry_pupilevent v WHERE v.pgh_obj_id = i.id AND v.pgh_label = 'insert'
                  AND v.pgh_context ->> 'import' = import)
      AND NOT EXISTS (SELECT 1 FROM registry_enrolment e WHERE e.pupil_id = i.id);
    DELETE FROM registry_pupil p USING unnest(ids) AS i(id) WHERE p.id = i.id
      AND EXISTS (SELECT 1 FROM registry_pupilevent v WHERE v.pgh_obj_id = i.id AND v.pgh_label = 'insert'
                  AND v.pgh_context ->> 'import' = import)
      AND NOT EXISTS (SELECT 1 FROM registry_enrolment e WHERE e.pupil_id = i.id)
      AND NOT EXISTS (SELECT 1 FROM registry_userlink u WHERE u.pupil_id = i.id);
    SELECT count(*) INTO kept FROM registry_pupil WHERE id = ANY (ids);
  ELSIF kind = 'link' THEN
    DELETE FROM registry_pupilguardian l USING unnest(ids) AS i(id) WHERE l.id = i.id
      AND EXISTS (SELECT 1 FROM registry_pupilguardianevent v WHERE v.pgh_obj_id = i.id AND v.pgh_label = 'insert'
                  AND v.pgh_context ->> 'import' = import);
    SELECT count(*) INTO kept FROM registry_pupilguardian WHERE id = ANY (ids);
  ELSIF kind = 'guardian' THEN
    DELETE FROM registry_guardian p USING unnest(ids) AS i(id) WHERE p.id = i.id
      AND EXISTS (SELECT 1 FROM registry_guardianevent v WHERE v.pgh_obj_id = i.id AND v.pgh_label = 'insert'
                  AND v.pgh_context ->> 'import' = import)
      AND NOT EXISTS (SELECT 1 FROM registry_pupilguardian l WHERE l.guardian_id = i.id)
      AND NOT EXISTS (SELECT 1 FROM registry_userlink u WHERE u.guardian_id = i.id);
    SELECT count(*) INTO kept FROM registry_guardian WHERE id = ANY (ids);
  ELSIF kind = 'staff' THEN
    DELETE FROM registry_staffmember p USING unnest(ids) AS i(id) WHERE p.id = i.id
      AND EXISTS (SELECT 1 FROM registry_staffmemberevent v WHERE v.pgh_obj_id = i.id AND v.pgh_label = 'insert'
                  AND v.pgh_context ->> 'import' = import)
      AND NOT EXISTS (SELECT 1 FROM registry_position w WHERE w.staff_id = i.id)
      AND NOT EXISTS (SELECT 1 FROM registry_userlink u WHERE u.staff_id = i.id);
    SELECT count(*) INTO kept FROM registry_staffmember WHERE id = ANY (ids);
  ELSE RAISE EXCEPTION 'unknown kind %', kind;
  END IF;
  RETURN kept;
END $$;
REVOKE ALL ON FUNCTION registry_refresh_pupils(bigint[]), registry_refresh_guardians(bigint[]),
  registry_refresh_staff(bigint[]), registry_follow_status(bigint[]), registry_follow_placement(bigint[]) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_policies")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (DERIVED, TRIGGERS, PERSONS)]
