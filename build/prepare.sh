#!/bin/sh
# Make this checkout ready: Python packages in .venv, and the system libraries Qt needs on Debian.
# Run by `make`; safe to run again. Installs system packages only as root, else names them.
set -eu
cd "$(dirname "$0")/.."

wanted_libraries="libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6 libx11-6
libxkbcommon0 libxkbcommon-x11-0 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1
libxcb-util1 libxcb-xfixes0 libxcb-xkb1 fonts-noto-core fonts-noto-cjk"
[ "${1:-}" = "test" ] && wanted_libraries="$wanted_libraries xvfb xdotool binutils"

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed'; }

install_or_name() { # packages…
    if [ "$(id -u)" = 0 ]; then
        echo "Installing system packages: $*"
        apt-get update -qq || echo "The package lists could not be renewed; trying with the old ones." >&2
        # shellcheck disable=SC2068
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $@ >/dev/null
    else
        echo "These system packages are missing. Ask an administrator to run:" >&2
        echo "    apt-get install $*" >&2
        return 1
    fi
}

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if command -v dpkg-query >/dev/null 2>&1; then
    missing=""
    for library in $wanted_libraries; do
        installed "$library" || missing="$missing $library"
    done
    # A missing library stops the window, not the set-up: the commands work without it.
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086
        install_or_name $missing || [ "${1:-}" != "test" ] || exit 1
    fi
fi

python=$(find_python) || {
    if command -v dpkg-query >/dev/null 2>&1; then install_or_name python3 python3-venv; fi
    python=$(find_python) || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
}
if [ ! -x .venv/bin/python ]; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_or_name python3-venv
    "$python" -m venv .venv
fi
wanted=$(cat requirements/dev.txt pyproject.toml | cksum)
if [ "$(cat .venv/prepared 2>/dev/null || true)" != "$wanted" ]; then
    echo "Installing Python packages into .venv (about 300 MB, once) …"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
    echo "$wanted" >.venv/prepared
fi
