#!/usr/bin/env python
"""Django's command line, which brings up by itself the embedded servers that a command needs."""

import os
import sys
from contextlib import nullcontext

from config import embedded, local

# Commands that read no database and no Redis. Any other command, a new one too, gets both.
NEED_NO_SERVER = frozenset(
    {
        "help",
        "version",
        "--help",
        "-h",
        "--version",
        "check",
        "diffsettings",
        "collectstatic",
        "findstatic",
        "makemessages",
        "compilemessages",
        "startapp",
        "startproject",
        "assess",
        "count_ballots",
        "read_plan",
        "measure_plan_reader",
    }
)
# Commands that change, empty or fill the whole schema connect as its owner; all others as a role that owns nothing.
OWNER_COMMANDS = frozenset(
    {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "flush", "sqlflush", "make_load"}
)


def main() -> None:
    from django.core.management import execute_from_command_line

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    local.fill_environment()
    if command in OWNER_COMMANDS:
        os.environ["THIDUA_AS_OWNER"] = "1"
    if command == "dbshell":
        os.environ["PATH"] = f"{embedded.postgres_binaries()}:{os.environ.get('PATH', '')}"
    try:
        # `check --database default` asks the catalogue.
        needs_none = command in NEED_NO_SERVER and "--database" not in sys.argv
        with nullcontext() if needs_none else local.embedded_servers():
            execute_from_command_line(sys.argv)
    except embedded.EmbeddedServerError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
