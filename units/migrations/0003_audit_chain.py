import django.db.models.deletion
from django.db import migrations, models

from units.migration_operations import keep_from_login, read_only

# Why at commit and why one stream for a transaction: units/services/audit.py. The JSON is spelt out, so that a
# reader in any language can build the same bytes: keys in alphabetical order, no space between them, `detail` as
# PostgreSQL prints it. `unit_path` is left out because a moved unit carries its rows; `unit` stays for good.
FUNCTIONS = r"""
CREATE FUNCTION units_audit_link(entry units_auditentry, chosen integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head units_auditstream%ROWTYPE;
BEGIN
    -- One statement locks, counts and hashes: on the right of SET stand the values before it.
    LOOP
        UPDATE units_auditstream SET number = number + 1, previous = hash, hash = encode(sha256(convert_to(format(
            '{"actor":%s,"actor_label":%s,"at":%s,"detail":%s,"id":%s,"number":%s,"previous":%s,"stream":%s,'
            '"subject_id":%s,"subject_type":%s,"unit":%s,"verb":%s}',
            coalesce(to_json(entry.actor_id)::text, 'null'),
            to_json(entry.actor_label),
            to_json(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
            entry.detail,
            entry.id,
            number + 1,
            to_json(hash),
            chosen,
            to_json(entry.subject_id),
            to_json(entry.subject_type),
            to_json(entry.unit_id),
            to_json(entry.verb)
        ), 'UTF8')), 'hex')
        WHERE stream = chosen RETURNING * INTO head;
        EXIT WHEN FOUND;
        INSERT INTO units_auditstream (stream, number, previous, hash) VALUES (chosen, 0, '', repeat('0', 64))
        ON CONFLICT (stream) DO NOTHING;
    END LOOP;
    INSERT INTO units_auditlink (entry_id, stream, number, previous, hash)
    VALUES (entry.id, chosen, head.number, head.previous, head.hash);
END
$$;

CREATE FUNCTION units_audit_stream(path text) RETURNS integer
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 1 + mod(get_byte(sha256(convert_to(left(path, 8), 'UTF8')), 0), 12)
$$;

CREATE FUNCTION units_audit_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    chosen integer := nullif(current_setting('units.audit_stream', true), '')::integer;
BEGIN
    IF chosen IS NULL THEN
        chosen := units_audit_stream(NEW.unit_path);
        PERFORM set_config('units.audit_stream', chosen::text, true);
    END IF;
    PERFORM units_audit_link(NEW, chosen);
    RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION units_audit_link(units_auditentry, integer), units_audit_stream(text), units_audit_commit()
FROM PUBLIC;
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER units_audit_commit AFTER INSERT ON units_auditentry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION units_audit_commit()
"""
SEED = "INSERT INTO units_auditstream (stream, number, hash, previous) SELECT stream, 0, repeat('0', 64), '' FROM generate_series(1, 12) AS stream"
# Row policies forced on the owner too would hide every entry; the fence forces them again after migrations as well.
LINK_WHAT_STANDS = [
    "ALTER TABLE units_auditentry NO FORCE ROW LEVEL SECURITY",
    "SELECT units_audit_link(e, units_audit_stream(e.unit_path)) FROM units_auditentry e ORDER BY e.id",
    "ALTER TABLE units_auditentry FORCE ROW LEVEL SECURITY",
]
DROP = """
DROP TRIGGER units_audit_commit ON units_auditentry;
DROP FUNCTION units_audit_commit();
DROP FUNCTION units_audit_stream(text);
DROP FUNCTION units_audit_link(units_auditentry, integer);
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0002_fences")]
    operations = [
        migrations.CreateModel(
            name="AuditStream",
            fields=[
                ("stream", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["stream"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stream__range", (1, 12))), name="audit_twelve_streams")
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="link",
                        serialize=False,
                        to="units.auditentry",
                    ),
                ),
                ("stream", models.PositiveSmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["stream", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "number"), name="audit_number_once_in_a_stream")
                ],
            },
        ),
        read_only("units_auditstream", "units_auditlink"),
        migrations.RunSQL(FUNCTIONS, DROP),
        keep_from_login(
            "units_audit_link(units_auditentry, integer)", "units_audit_stream(text)", "units_audit_commit()"
        ),
        migrations.RunSQL([SEED, *LINK_WHAT_STANDS, TRIGGER], migrations.RunSQL.noop),
    ]
