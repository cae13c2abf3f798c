#!/usr/bin/env bash
# Runs the portal's journeys in a real browser against a stack of their own (infra/with-stack.sh). Arguments go on to vitest.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/with-stack.sh" npm --prefix portal run --silent e2e -- "$@"
