#!/usr/bin/env bash
# Fuzzes every parser for a minute, or as long as is said (20s, 10m), and then draws what tests draw, which takes some ten
# minutes. Targets are found in the sources, so that none is left out. An input that fails is written to testdata/fuzz beside
# its test: it is committed with the mend, and every `go test` tries it from then on.
#
#   infra/fuzz.sh [how long each] [only targets that contain this]
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()
while IFS=: read -r file declared; do
    target=${declared#func }
    target=${target%%(*}
    package=./$(dirname "$file")
    [[ "$package $target" == *"${2:-}"* ]] || continue
    echo "== $package $target"
    go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "${1:-1m}" || failed+=("$package $target")
done < <(grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*\(f \*testing\.F\)' functions infra internal | sort)

# What `make test` draws alike each time is drawn anew here, and more of it.
for package in $(grep -rl --include='*_test.go' pgregory.net/rapid functions infra internal | xargs -n1 dirname | sort -u); do
    [[ "./$package drawn" == *"${2:-}"* ]] || continue
    echo "== ./$package drawn"
    RAPID_CHECKS=200 go test "./$package" -count=1 -timeout 1h || failed+=("./$package drawn")
done
[ ${#failed[@]} -eq 0 ] || { printf 'failed: %s\n' "${failed[@]}" >&2; exit 1; }
