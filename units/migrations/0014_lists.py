"""Accounts found and sorted by name as people are, and the ledger of honours read from its newest entry on."""

from collections.abc import Iterable

from django.db import migrations, models

import units.models.folded
from units.folding import fold, name_sort_key
from units.migration_operations import write_rows


def fill_names(apps, schema_editor):  # type: ignore[no-untyped-def]
    users = apps.get_model("units", "User")
    waiting = []
    for user in users.objects.only("display_name").iterator(2000):
        user.folded_name, user.sort_key = fold(user.display_name), name_sort_key(user.display_name)
        waiting.append(user)
        if len(waiting) == 2000:
            _write(users, waiting)
            waiting = []
    _write(users, waiting)


def _write(users: type[models.Model], rows: Iterable[models.Model]) -> None:
    users._default_manager.bulk_update(rows, ["folded_name", "sort_key"])  # noqa: SLF001


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0013_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="folded_name",
            field=units.models.folded.FoldedField(default="", editable=False, max_length=320, of=("display_name",)),
        ),
        migrations.AddField(
            model_name="user",
            name="sort_key",
            field=units.models.folded.NameKeyField(
                db_collation="C", default="", editable=False, max_length=400, of="display_name"
            ),
        ),
        write_rows(fill_names),
        migrations.AddIndex(
            model_name="honour",
            index=models.Index(
                fields=["-decided_on", "id"], include=("unit_path", "holder_path"), name="honour_newest"
            ),
        ),
    ]
