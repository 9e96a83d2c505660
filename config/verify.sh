#!/usr/bin/env bash
# `make test`: every check of the project, in order of cost, from nothing. Stops at the first that fails.
# Servers of its own on sockets and free ports in a temporary folder; a running installation is not touched.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

# What the environment says about a real installation must not reach the tests.
unset DATABASE_URL DATABASE_OWNER_URL REDIS_URL SECRET_KEY MEDIA_ROOT STATIC_ROOT EMAIL_URL MAIL_CATCHER_DIR
unset DEMONSTRATION_DAY ALLOWED_HOSTS SITE_ADDRESS SECURE DEBUG THIDUA_AS_OWNER PORT
unset THIDUA_EMBEDDED_DATABASE THIDUA_EMBEDDED_REDIS

scratch=$(mktemp -d)
chmod 711 "$scratch" # the database's own account passes through
trap 'rm -rf "$scratch"' EXIT
export THIDUA_HOME="$scratch/home"

python_folders=(units campaigns exemplars awards reports config manage.py)
summary=()
begun=$SECONDS

finish() { # exit status
    printf '\n'
    printf '%s\n' "${summary[@]}"
    if [ "$1" = 0 ]; then
        printf 'make test: passed in %d s\n' $((SECONDS - begun))
    else
        printf 'make test: FAILED after %d s; the output of the failed step is above\n' $((SECONDS - begun))
    fi
    exit "$1"
}

step() { # name, command…
    local name=$1 since=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        summary+=("$(printf '  passed   %4d s  %s' $((SECONDS - since)) "$name")")
    else
        summary+=("$(printf '  FAILED   %4d s  %s' $((SECONDS - since)) "$name")")
        finish 1
    fi
}

skip() { # name, reason
    printf '\n== %s: skipped, %s\n' "$1" "$2"
    summary+=("$(printf '  skipped          %s (%s)' "$1" "$2")")
}

compose_accepts() { # the compose command
    "$@" --env-file .env.example config --quiet
}

step "formatting" ruff format --check .
step "lint" ruff check .
step "types" mypy "${python_folders[@]}"
step "import contracts" lint-imports
step "migrations are complete" python manage.py makemigrations --check --dry-run
step "unit and integration tests" python -m pytest -q -n 2 -m "not stack"
# `tests/conftest.py` refuses a test of the installation anywhere else: to read all tests again takes half a minute.
step "tests of a whole installation and in the browser" \
    python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m stack tests/story tests/runtime
if docker compose version >/dev/null 2>&1; then
    step "compose file" compose_accepts docker compose
elif command -v docker-compose >/dev/null; then
    step "compose file" compose_accepts docker-compose
else
    skip "compose file" "no docker client with compose on this machine"
fi
finish 0
