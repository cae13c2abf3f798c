#!/usr/bin/env bash
# Runs a command against a local stack of its own: an engine in memory, fresh demo data, a free port (or PORT), and a folder
# for what it keeps, so that a `make run` beside it is not touched. The command finds the stack at PORTAL_URL and its engine at
# DYNAMODB_ENDPOINT. Needs the portal and .local/stack and .local/with built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -z "${DYNAMODB_ENDPOINT:-}" ]; then
    exec .local/with -- infra/with-stack.sh "$@"
fi

# What the stack reads of the module, in a folder of its own.
place=$(mktemp -d)
stack=
finish() {
    [ -z "$stack" ] || { kill "$stack" 2>/dev/null && wait "$stack"; } || true
    rm -rf "$place"
}
trap finish EXIT
mkdir "$place/portal"
ln -s "$PWD/go.mod" "$PWD/template.yaml" "$place/"
ln -s "$PWD/portal/dist" "$place/portal/dist"

port=${PORT:-$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')}
binary=$PWD/.local/stack
(cd "$place" && PORT=$port exec "$binary" >"$place/log" 2>&1) &
stack=$!
until grep -q '^Ready' "$place/log" 2>/dev/null; do
    kill -0 "$stack" 2>/dev/null || { echo "The local stack did not start:" >&2; cat "$place/log" >&2; exit 1; }
    sleep 0.2
done
PORTAL_URL=http://localhost:$port "$@"
