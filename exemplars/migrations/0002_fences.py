from django.db import migrations

from units.migration_operations import fence_unit_path


class Migration(migrations.Migration):
    dependencies = [("exemplars", "0001_initial"), ("units", "0002_fences")]
    operations = [
        fence_unit_path(
            "exemplars_nomination",
            "exemplars_evidence",
            "exemplars_remark",
            "exemplars_attestation",
            "exemplars_assessment",
        ),
    ]
