"""The path becomes a key of the indexes that lists are read from, so that a scope bounds their scan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exemplars", "0008_nomination_origin"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="nomination",
            name="nomination_newest",
        ),
        migrations.RemoveIndex(
            model_name="nomination",
            name="nomination_state_newest",
        ),
        migrations.RemoveIndex(
            model_name="nomination",
            name="nomination_plan_state",
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(
                fields=["-saved_at", "id", "unit_path"],
                include=("state", "campaign", "unit", "person"),
                name="nomination_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(
                fields=["state", "-saved_at", "id", "unit_path"],
                include=("campaign", "unit", "person"),
                name="nomination_state_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="nomination",
            index=models.Index(
                fields=["campaign", "state", "-saved_at", "id", "unit_path"],
                include=("unit", "person"),
                name="nomination_plan_state",
            ),
        ),
    ]
