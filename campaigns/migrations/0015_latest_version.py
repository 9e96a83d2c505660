"""What a unit filed last for what it owes, beside what it owes: the version, its state, the day that counts for it."""

from django.db import migrations, models

# Runs with the rights of whoever writes a version: what is filed for an obligation lies in the unit that owes it, so
# who may write the one may see and write the other. A version of something out of sight is refused.
# Of many rows at once each obligation of a unit is read once, after it is locked: of two who write versions for the
# same one at a time, the second must see what the first has written.
FUNCTION = """
CREATE FUNCTION keep_latest_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owed uuid[];
    seen bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        owed := ARRAY(SELECT DISTINCT unnest(ARRAY[OLD.assignment_id, NEW.assignment_id]));
    ELSE
        owed := ARRAY(SELECT DISTINCT assignment_id FROM changed);
    END IF;
    PERFORM FROM public.campaigns_assignment WHERE id = ANY (owed) ORDER BY id FOR NO KEY UPDATE;
    GET DIAGNOSTICS seen = ROW_COUNT;
    IF seen <> cardinality(owed) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a version was filed for what nobody in scope owes';
    END IF;
    UPDATE public.campaigns_assignment AS work
    SET latest_id = latest.id, latest_state = latest.state, latest_counted_on = latest.counted_on
    FROM (
        SELECT one.id AS assignment_id, version.id, coalesce(version.state, '') AS state,
            (version.counted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS counted_on
        FROM unnest(owed) AS one (id)
        LEFT JOIN public.campaigns_submission AS version ON version.assignment_id = one.id AND version.is_latest
    ) AS latest
    WHERE work.id = latest.assignment_id
    AND (work.latest_id, work.latest_state, work.latest_counted_on)
        IS DISTINCT FROM (latest.id, latest.state, latest.counted_on);
    RETURN NULL;
END
$$
"""
# What else changes of a version, its unit first of all when work is passed on, says nothing new.
TRIGGERS = [
    "CREATE TRIGGER version_begun AFTER INSERT ON campaigns_submission REFERENCING NEW TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION keep_latest_version()",
    "CREATE TRIGGER version_erased AFTER DELETE ON campaigns_submission REFERENCING OLD TABLE AS changed"
    " FOR EACH STATEMENT EXECUTE FUNCTION keep_latest_version()",
    "CREATE TRIGGER version_moved AFTER UPDATE OF assignment_id, is_latest, state, counted_at ON campaigns_submission"
    " FOR EACH ROW WHEN ((OLD.assignment_id, OLD.is_latest, OLD.state, OLD.counted_at)"
    " IS DISTINCT FROM (NEW.assignment_id, NEW.is_latest, NEW.state, NEW.counted_at))"
    " EXECUTE FUNCTION keep_latest_version()",
]
# The owner passes the row policies while it fills in what stands; the fence forces them again after the migration.
FILL = [
    "ALTER TABLE campaigns_assignment NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE campaigns_submission NO FORCE ROW LEVEL SECURITY",
    """
    UPDATE campaigns_assignment AS work
    SET latest_id = version.id, latest_state = version.state,
        latest_counted_on = (version.counted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    FROM campaigns_submission AS version
    WHERE version.assignment_id = work.id AND version.is_latest
    """,
    # What waits for the end of the transaction would hold the table against what follows.
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE campaigns_assignment FORCE ROW LEVEL SECURITY",
    "ALTER TABLE campaigns_submission FORCE ROW LEVEL SECURITY",
]
UNDO = [
    "DROP TRIGGER version_begun ON campaigns_submission",
    "DROP TRIGGER version_erased ON campaigns_submission",
    "DROP TRIGGER version_moved ON campaigns_submission",
    "DROP FUNCTION keep_latest_version()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0014_plan_items"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="assignment", name="assignment_scope_board"),
        migrations.AddField(
            model_name="assignment",
            name="latest_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="assignment",
            name="latest_state",
            field=models.CharField(default="", editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name="assignment",
            name="latest_counted_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunSQL([FUNCTION, *TRIGGERS, *FILL], UNDO),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", True)),
                fields=["unit_path"],
                include=("id", "obligation", "done_at", "last_day", "latest_state", "latest_counted_on"),
                name="assignment_scope_board",
            ),
        ),
        migrations.RunSQL("ANALYZE campaigns_assignment", migrations.RunSQL.noop),
    ]
