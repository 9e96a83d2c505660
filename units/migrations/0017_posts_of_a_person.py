"""What the posts of a person come to, beside the person: until when, as head until when, and when the last one begins.

Who left and who was never posted is the absence of rows, which no index tells: a list of either read everybody's posts.
"""

from django.db import migrations, models

# Runs as a role that row policies do not bind (`units.fence.KEEPING_FUNCTIONS`), because whoever writes a post need not
# see the person: a unit corrects its own lines about people who went on, and does not see what others wrote of them.
# Only triggers call it. It says what the posts say and nothing else, so the writer cannot choose the outcome.
# People are locked first and counted in a statement of its own: of two who write posts of one person at a time, the
# second must see what the first has written. The last of all days stands for posts without an end.
FUNCTION = """
CREATE FUNCTION keep_posts_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    people uuid[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        people := ARRAY[OLD.person_id, NEW.person_id];
    ELSE
        SELECT array_agg(DISTINCT person_id) INTO people FROM changed;
    END IF;
    PERFORM FROM public.units_person WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    UPDATE public.units_person AS person
    SET posted_until = posts.posted_until, headed_until = posts.headed_until, posted_from = posts.posted_from
    FROM (
        SELECT one.id,
            max(CASE WHEN post.id IS NOT NULL THEN coalesce(post.valid_to, date '9999-12-31') END) AS posted_until,
            max(CASE WHEN post.is_head THEN coalesce(post.valid_to, date '9999-12-31') END) AS headed_until,
            max(post.valid_from) AS posted_from
        FROM unnest(people) AS one (id) LEFT JOIN public.units_posting AS post ON post.person_id = one.id
        GROUP BY one.id
    ) AS posts
    WHERE person.id = posts.id
    AND (person.posted_until, person.headed_until, person.posted_from)
        IS DISTINCT FROM (posts.posted_until, posts.headed_until, posts.posted_from);
    RETURN NULL;
END
$$
"""
# Of many rows at once the people are counted once. A move of people or units writes paths into their posts, row by row
# and far more often than posts change: those are passed over.
TRIGGERS = [
    "CREATE TRIGGER posts_begun AFTER INSERT ON units_posting REFERENCING NEW TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION keep_posts_of_person()",
    "CREATE TRIGGER posts_erased AFTER DELETE ON units_posting REFERENCING OLD TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION keep_posts_of_person()",
    "CREATE TRIGGER posts_mended AFTER UPDATE OF person_id, valid_from, valid_to, is_head ON units_posting FOR EACH ROW"
    " WHEN ((OLD.person_id, OLD.valid_from, OLD.valid_to, OLD.is_head)"
    " IS DISTINCT FROM (NEW.person_id, NEW.valid_from, NEW.valid_to, NEW.is_head))"
    " EXECUTE FUNCTION keep_posts_of_person()",
]
# The owner passes the row policies while it fills in what stands; the fence forces them again after the migration.
FILL = [
    "ALTER TABLE units_person NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE units_posting NO FORCE ROW LEVEL SECURITY",
    """
    UPDATE units_person AS person
    SET posted_until = posts.posted_until, headed_until = posts.headed_until, posted_from = posts.posted_from
    FROM (
        SELECT person_id, max(coalesce(valid_to, date '9999-12-31')) AS posted_until,
            max(coalesce(valid_to, date '9999-12-31')) FILTER (WHERE is_head) AS headed_until,
            max(valid_from) AS posted_from
        FROM units_posting GROUP BY person_id
    ) AS posts
    WHERE person.id = posts.person_id
    """,
    # What waits for the end of the transaction would hold the table against what follows.
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE units_person FORCE ROW LEVEL SECURITY",
    "ALTER TABLE units_posting FORCE ROW LEVEL SECURITY",
]
UNDO = [
    "DROP TRIGGER posts_begun ON units_posting",
    "DROP TRIGGER posts_erased ON units_posting",
    "DROP TRIGGER posts_mended ON units_posting",
    "DROP FUNCTION keep_posts_of_person()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0016_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="posted_until",
            field=models.DateField(editable=False, null=True, verbose_name="Có chức vụ đến ngày"),
        ),
        migrations.AddField(
            model_name="person",
            name="headed_until",
            field=models.DateField(editable=False, null=True, verbose_name="Đứng đầu đến ngày"),
        ),
        migrations.AddField(
            model_name="person",
            name="posted_from",
            field=models.DateField(editable=False, null=True, verbose_name="Chức vụ sau cùng từ ngày"),
        ),
        # Owner and rights are given by the fence, after each migration.
        migrations.RunSQL(
            [FUNCTION, "REVOKE ALL ON FUNCTION keep_posts_of_person() FROM PUBLIC", *TRIGGERS, *FILL], UNDO
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["posted_until", "unit_path"], name="person_posted_until"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("headed_until__isnull", False)),
                fields=["headed_until", "unit_path"],
                name="person_headed_until",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["posted_from", "unit_path"], name="person_posted_from"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["employment", "unit_path"], name="person_employment"),
        ),
        # Until these columns are counted, the planner takes a third of all people for those who left.
        migrations.RunSQL("ANALYZE units_person", migrations.RunSQL.noop),
    ]
