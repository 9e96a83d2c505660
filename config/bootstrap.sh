#!/usr/bin/env bash
# Makes `.venv` from the lock file and sees that the parts of the system that Python packages lean on are there.
# Usage: config/bootstrap.sh run|test
# Needs only python3.11, git and make on a Debian 12; everything it adds to the system goes through apt, and is said.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-run}
case "$purpose" in
    run) lock=requirements.lock ;;
    test) lock=requirements-dev.lock ;;
    *) echo "usage: config/bootstrap.sh run|test" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }

# --- parts of the system ------------------------------------------------------------------------------------------

# Every part is asked for by the thing that needs it, so that a machine which has it by other means is left alone.
has_library() { # soname
    "${python:-python3}" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null
}

missing_parts() {
    has_library libpango-1.0.so.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    has_library libmagic.so.1 || echo libmagic1
    # Version 1 of these fonts lacks 92 Vietnamese letters; the folder name tells version 2.
    [ -e /usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf ] || echo fonts-liberation2
    if [ "$purpose" = test ]; then
        [ -x /usr/bin/chromium ] || echo chromium
        has_library libatomic.so.1 || echo libatomic1 # the browser driver's own runtime needs it
    fi
}

# Fetched once per shell: package lists of a fresh image are empty or old.
lists_fetched=no
install_parts() { # names of Debian packages
    say "Cần cài thêm gói của hệ thống: $*"
    say "Installing system packages: $*"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as_root=(sudo)
        else
            refuse "Tài khoản này không được cài gói. Nhờ quản trị máy chạy lệnh sau, rồi chạy lại make $purpose:" \
                "This account may not install packages. Have an administrator run this, then repeat make $purpose:" \
                "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
        fi
    fi
    if ! command -v apt-get >/dev/null; then
        refuse "Máy này không có apt. Hãy cài các gói tương đương bằng công cụ của máy, rồi chạy lại." \
            "This system has no apt. Install the equivalent packages with its own tool, then repeat." "$*"
    fi
    if [ $lists_fetched = no ]; then
        quietly "${as_root[@]}" apt-get update -qq
        lists_fetched=yes
    fi
    quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

quietly() { # command…; its output is shown only when it fails
    local output
    if ! output=$("$@" 2>&1); then
        say "$output"
        say "Lệnh không chạy được / Command failed: $*"
        return 1
    fi
}

refuse() { # Vietnamese, English, command
    say ""
    say "$1"
    say "$2"
    say ""
    say "    $3"
    say ""
    exit 1
}

# --- Python -------------------------------------------------------------------------------------------------------

find_python() {
    local candidate
    for candidate in python3.11 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
            command -v "$candidate"
            return
        fi
    done
    refuse "Không thấy Python 3.11." "Python 3.11 was not found." "sudo apt-get install -y python3.11"
}

# uv comes from PATH, or into a small environment of its own, out of the project's and the system's way.
find_uv() {
    if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
        command -v uv
        return
    fi
    local tools=var/tools
    if ! "$tools/bin/uv" --version >/dev/null 2>&1; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            install_parts python3.11-venv
        fi
        say "Đang tải uv (công cụ dựng môi trường Python)… / Fetching uv…"
        rm -rf "$tools"
        "$python" -m venv "$tools" >&2
        "$tools/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1' >&2
    fi
    echo "$PWD/$tools/bin/uv"
}

# What the environment was made from: the lock, the purpose and the interpreter. A development environment also
# serves `make run`, so that going back and forth between the two commands rebuilds nothing.
stamp=.venv/.made-from
fingerprint() { # lock file
    { "$python" -V; sha256sum <"$1"; } | sha256sum | cut -d' ' -f1
}

environment_is_current() {
    # An environment linked from elsewhere is kept by whoever made it.
    [ ! -L .venv ] || return 0
    [ -x .venv/bin/python ] && [ -f $stamp ] || return 1
    grep -qx "$(fingerprint "$lock")" $stamp ||
        { [ "$purpose" = run ] && grep -qx "$(fingerprint requirements-dev.lock)" $stamp; }
}

make_environment() {
    local uv
    uv=$(find_uv)
    say "Đang dựng môi trường Python từ $lock… / Building the Python environment from $lock…"
    [ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv
    rm -f $stamp
    # Compiled here once: otherwise the first page of the first visitor waits for it.
    "$uv" pip sync --quiet --require-hashes --compile-bytecode --python .venv/bin/python "$lock"
    fingerprint "$lock" >$stamp
}

python=$(find_python)
mapfile -t parts < <(missing_parts)
if [ ${#parts[@]} -gt 0 ]; then
    install_parts "${parts[@]}"
fi
environment_is_current || make_environment
