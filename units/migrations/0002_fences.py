from django.db import migrations

from units.migration_operations import append_only, fence_unit_path


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [
        fence_unit_path(
            "units_person",
            "units_posting",
            "units_grading",
            "units_disciplinaryaction",
            "units_titleeligibility",
            "units_honour",
            "units_auditentry",
        ),
        append_only("units_auditentry"),
    ]
