#!/usr/bin/env bash
# `make test`: every check of the project, in order of cost, from nothing. Stops at the first that fails. The tests of
# a whole installation run beside the others from the beginning: they wait for browsers, for beat and for what was
# killed to come back, and the rest, at a lower priority, takes what they leave of the processors.
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
trap 'stop_beside; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export THIDUA_HOME="$scratch/home"

python_folders=(units campaigns exemplars awards reports config manage.py)
summary=()
beside_pid=""
begun=$SECONDS

finish() { # exit status
    local status=$1
    if [ -e "$scratch/beside-until" ]; then
        gather || status=1
    fi
    stop_beside
    printf '\n'
    printf '%s\n' "${summary[@]}"
    if [ "$status" = 0 ]; then
        printf 'make test: passed in %d s\n' $((SECONDS - begun))
    else
        printf 'make test: FAILED after %d s; the output of the failed step is above\n' $((SECONDS - begun))
    fi
    exit "$status"
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

# One check runs beside the steps, in a process group of its own; its output waits in a file until it is gathered.
beside() { # name, command…
    beside_name=$1 beside_since=$SECONDS
    shift
    set -m # else it would be deaf to SIGINT, which lets pytest stop its servers
    { "$@"; status=$?; echo "$SECONDS" >"$scratch/beside-until"; exit "$status"; } >"$scratch/beside-output" 2>&1 &
    beside_pid=$!
    set +m
}

gather() { # waits for it; fails when it did
    [ -n "$beside_pid" ] || return 0
    local pid=$beside_pid outcome=FAILED
    wait "$pid" && outcome=passed
    beside_pid=""
    printf '\n== %s\n' "$beside_name"
    cat "$scratch/beside-output"
    summary+=("$(printf '  %s   %4d s  %s (beside the others)' $outcome \
        $(($(cat "$scratch/beside-until") - beside_since)) "$beside_name")")
    [ $outcome = passed ]
}

stop_beside() {
    [ -n "$beside_pid" ] || return 0
    local pid=$beside_pid
    beside_pid=""
    kill -INT -- "-$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
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
# `tests/conftest.py` refuses a test of the installation anywhere else: to read all tests again takes half a minute.
beside "tests of a whole installation and in the browser" \
    python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m stack tests/story tests/runtime
step "types" nice mypy "${python_folders[@]}"
step "import contracts" nice lint-imports
step "migrations are complete" nice python manage.py makemigrations --check --dry-run
step "unit and integration tests" nice python -m pytest -q -n 2 -m "not stack"
gather || finish 1
if docker compose version >/dev/null 2>&1; then
    step "compose file" compose_accepts docker compose
elif command -v docker-compose >/dev/null; then
    step "compose file" compose_accepts docker-compose
else
    skip "compose file" "no docker client with compose on this machine"
fi
finish 0
