"""The path becomes a key of the index by names, so that a scope bounds its scan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0014_lists"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="person_name",
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["sort_key", "id", "unit_path"], name="person_name"),
        ),
    ]
