from django.db import migrations

from units.migration_operations import fence_unit_path


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial"), ("units", "0002_fences")]
    operations = [
        fence_unit_path(
            "awards_council",
            "awards_councilmember",
            "awards_sitting",
            "awards_attendance",
            "awards_agendaitem",
            "awards_ballot",
            "awards_urn",
            "awards_tally",
            "awards_decision",
            "awards_decisionline",
        ),
    ]
