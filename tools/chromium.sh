#!/bin/sh
# Prints the path of a Chromium for the browser tests, installing one where it may.
# Finds the system's, else installs Debian's (root on Debian only), else Playwright's own.
set -eu

find_on_path() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

install_from_debian() {
    [ "$(id -u)" = 0 ] && grep -qs '^ID=debian$' /etc/os-release || return 1
    echo "Installing Debian's Chromium for the browser tests ..." >&2
    {
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
    } >&2
}

install_from_playwright() {
    echo "Installing Playwright's Chromium for the browser tests ..." >&2
    .venv/bin/playwright install chromium >&2 || return 1
    path='from playwright.sync_api import sync_playwright as p
with p() as engine: print(engine.chromium.executable_path)'
    chromium=$(.venv/bin/python -c "$path")
    "$chromium" --version >/dev/null 2>&1 && echo "$chromium"
}

find_on_path && exit 0
install_from_debian && find_on_path && exit 0
install_from_playwright && exit 0
cat >&2 <<'END'
****************************************************************
*  No Chromium here and none could be installed:               *
*  THE BROWSER TESTS DO NOT RUN. Install chromium and repeat.  *
****************************************************************
END
[ "${CI:-}" != true ]
