#!/usr/bin/env bash
# Prints how soon each page of the portal is usable in an account of 10,000 people, 1,000 contracts, 100,000 seats and 10,000
# systems, in a real browser against a stack of its own. Takes some minutes; on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -z "${PORTAL_URL:-}" ]; then
    make --no-print-directory portal/dist/index.html
    mkdir -p .local
    go build -buildvcs=false -o .local/ ./infra/large
    go build -buildvcs=false -o .local/stack ./infra/local
    go build -buildvcs=false -o .local/with ./infra/engine/with
    exec infra/with-stack.sh infra/measure.sh
fi
account=$(curl -fsS -H "Authorization: Bearer $(curl -fsS "$PORTAL_URL/dev/token?persona=operator")" "$PORTAL_URL/v1/accounts?q=Demo+Works" | sed 's/.*"id":"\(acc_[0-9A-Z]*\)".*/\1/')
.local/large --account "$account"
npm --prefix portal run --silent measure
