from django.db import migrations

from units.migration_operations import fence_unit_path


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("units", "0002_fences")]
    operations = [fence_unit_path("reports_dossierjob")]
