from django.db import migrations, models

# Folded words of the name and the staff code, as a search finds them. The parser of a text configuration would cut
# codes and hyphened names apart; words are what stands between spaces.
WORDS = "array_to_tsvector(array_remove(string_to_array(folded_name || ' ' || lower(staff_code), ' '), ''))"

# Runs as a role that row policies do not bind: under a policy the index of words is of no use, because matching a text
# is no leakproof operation. It bounds what it reads by the scope in force; without one it finds nothing. Plans are made
# for the very words and scope, never kept for another's. Words are lexemes as they stand: all must be there, in any
# order, the last one may be a beginning. `below` narrows the scope to one branch of it.
FUNCTION = f"""
CREATE FUNCTION search_people(term text, at_most integer, below text DEFAULT '')
RETURNS TABLE (person_id uuid, person_key text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    lo text := greatest(current_setting('app.lo') COLLATE "C", below COLLATE "C");
    hi text := least(current_setting('app.hi') COLLATE "C", (below || '~') COLLATE "C");
    words text[] := array_remove(string_to_array(term, ' '), '');
    wanted tsquery;
BEGIN
    SELECT string_agg(
        '''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || ''''
        || CASE WHEN place = cardinality(words) THEN ':*' ELSE '' END, ' & '
    )::tsquery INTO wanted FROM unnest(words) WITH ORDINALITY AS given (word, place);
    IF wanted IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT person.id, person.sort_key::text FROM public.units_person AS person
    WHERE person.unit_path >= lo COLLATE "C" AND person.unit_path < hi COLLATE "C"
    AND {WORDS.replace("folded_name", "person.folded_name").replace("staff_code", "person.staff_code")} @@ wanted
    ORDER BY person.sort_key, person.id
    LIMIT least(greatest(at_most, 0), 1001);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0012_imports")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["sort_key", "id"], name="person_name"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["unit_path"], name="person_scope"),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(
                fields=["person", "valid_from"],
                name="posting_person_days",
                include=["valid_to", "is_head", "unit_path", "holder_path"],
            ),
        ),
        migrations.RunSQL(
            f"CREATE INDEX person_words ON units_person USING gin (({WORDS}))", "DROP INDEX person_words"
        ),
        # Owner and rights are given by the fence, after each migration.
        migrations.RunSQL(
            [FUNCTION, "REVOKE ALL ON FUNCTION search_people(text, integer, text) FROM PUBLIC"],
            "DROP FUNCTION search_people(text, integer, text)",
        ),
    ]
