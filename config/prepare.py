"""Static files and first data in one process that loads beside the migration.

Run by `config.serve`: most of a start is Python loading the same modules, so fewer processes start faster. Prints
the demonstration accounts; says everything else on the error stream.
"""

import sys

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    # A line says that the schema is current; an end without a line, that it will not be.
    if sys.stdin.readline() and settings.DEMONSTRATION_DAY:
        call_command("load_demonstration", "--if-empty", stdout=sys.stderr)
        call_command("demonstration_accounts")


if __name__ == "__main__":
    main()
