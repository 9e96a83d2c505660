from typing import Any

from django.core.management.commands import migrate

from units.migration_rendering import SparingExecutor


class Command(migrate.Command):
    """Django's own, with the executor that renders less."""

    def handle(self, *args: Any, **options: Any) -> None:
        django: Any = migrate  # which knows no other way to name an executor
        usual = django.MigrationExecutor
        django.MigrationExecutor = SparingExecutor
        try:
            super().handle(*args, **options)
        finally:
            django.MigrationExecutor = usual
