from django.db import migrations

# Stored findings quoted form and number of a disciplinary decision to every reviewer; both stay in what the assessment
# read (`question`) and in the person's record.
SCRUB = """
UPDATE exemplars_assessment SET findings = (
    SELECT jsonb_agg(jsonb_set(finding, '{evidence}', coalesce((
        SELECT jsonb_agg(CASE WHEN line->>'text' LIKE 'Kỷ luật: %%' THEN jsonb_build_object(
            'text', 'Có quyết định kỷ luật trong thời gian xét', 'decision', '', 'on', NULL, 'by', ''
        ) ELSE line END)
        FROM jsonb_array_elements(finding->'evidence') AS line
    ), '[]'::jsonb)))
    FROM jsonb_array_elements(findings) AS finding
)
WHERE findings::text LIKE '%%Kỷ luật: %%'
"""


class Migration(migrations.Migration):
    dependencies = [("exemplars", "0003_edition_once_a_day")]
    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE exemplars_assessment NO FORCE ROW LEVEL SECURITY",
                (SCRUB, []),
                "ALTER TABLE exemplars_assessment FORCE ROW LEVEL SECURITY",
            ],
            migrations.RunSQL.noop,
        )
    ]
