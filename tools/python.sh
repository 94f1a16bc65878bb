#!/bin/sh
# Prints the first Python >= 3.11 that can make a virtual environment; PYTHON overrides the search.
set -eu
usable='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    if "$candidate" -c "$usable" >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
cat >&2 <<'END'
SelfOS needs Python 3.11 or newer with its venv module, and none was found.
  Debian, Ubuntu:  apt-get install python3 python3-venv
  Fedora:          dnf install python3
  macOS:           brew install python@3.13
Or name one: make run PYTHON=/path/to/python3
END
exit 1
