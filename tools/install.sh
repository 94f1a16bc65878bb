#!/bin/sh
# install.sh ARGUMENTS: `pip install ARGUMENTS` into .venv; uv for speed, pip where uv cannot.
set -eu
if .venv/bin/uv pip install --quiet --python .venv/bin/python "$@"; then
    exit 0
fi
echo "      uv could not install; pip takes over, which is slower." >&2
exec .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"
