#!/usr/bin/env bash
# Sees to what `make run` and `make test` need on a machine: Go, Java for the DynamoDB engine, Maven to fetch that engine,
# Node to build the portal; with --browser also Chromium, in which its journeys are tested.
# With apt-get, and the right to use it, what is missing is installed. What is missing after that is named, one line
# each, and the exit code is 1. When all is there nothing is printed, and neither Java nor Maven is started to find out.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
java_least=17
node_least=20.19
browser=${1:-}
java_packages="openjdk-17-jre-headless openjdk-21-jre-headless openjdk-25-jre-headless"

# From this version on, Go fetches the one that go.mod asks for by itself, unless GOTOOLCHAIN forbids it.
go_fetches_itself=1.21
go_least=$(sed -n 's/^go \([0-9]*\.[0-9]*\).*/\1/p' "$root/go.mod")

# at_least HAVE WANT: compares versions of the form 1.26 by their numbers, so that 1.9 is less than 1.26.
at_least() {
    local have_major=${1%%.*} have_minor=${1#*.} want_major=${2%%.*} want_minor=${2#*.}
    [ "$have_major" -gt "$want_major" ] || { [ "$have_major" -eq "$want_major" ] && [ "$have_minor" -ge "$want_minor" ]; }
}

has_go() {
    local version
    # Asked outside the module, where Go has no reason to fetch another version first.
    version=$(cd / && GOTOOLCHAIN=local go version 2>/dev/null | sed -n 's/^go version .*go\([0-9]*\.[0-9]*\).*/\1/p') || return 1
    [ -n "$version" ] || return 1
    at_least "$version" "$go_least" && return
    at_least "$version" "$go_fetches_itself" && [ "$(cd / && go env GOTOOLCHAIN)" != local ]
}

# The file `release` beside Java's programs names the version at no cost; a Java without one is started and asked.
has_java() {
    local java version
    java=$(command -v java) || return 1
    java=$(readlink -f "$java" 2>/dev/null || echo "$java")
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${java%/bin/java}/release" 2>/dev/null) || true
    [ -n "$version" ] || version=$(java -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p') || true
    [ "${version:-0}" -ge "$java_least" ]
}

has_maven() {
    command -v mvn >/dev/null
}

has_node() {
    local version
    command -v npm >/dev/null && version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    at_least "${version%.*}" "$node_least"
}

# The programs that portal/e2e looks for. One of Playwright's own is not seen here; CHROMIUM names any other.
has_browser() {
    [ "$browser" != --browser ] || [ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null
}

# The version of a package that apt-get would install, without its epoch: 1.24.
offered() {
    apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9][0-9.]*\).*/\2/p'
}

# The packages for what is missing, as far as this machine's sources have them.
packages() {
    local name version
    if ! has_go; then
        version=$(offered golang-go)
        version=$(echo "$version" | cut -d. -f1,2)
        case $version in *.*) ! at_least "$version" "$go_fetches_itself" || echo golang-go ;; esac
    fi
    if ! has_java; then
        for name in $java_packages; do
            if [ -n "$(offered "$name")" ]; then
                echo "$name"
                break
            fi
        done
    fi
    has_maven || [ -z "$(offered maven)" ] || echo maven
    if ! has_node; then
        version=$(offered nodejs | cut -d. -f1,2)
        case $version in *.*) ! at_least "$version" "$node_least" || echo nodejs npm ;; esac
    fi
    has_browser || [ -z "$(offered chromium)" ] || echo chromium
}

install_missing() {
    command -v apt-get >/dev/null || return 0
    local as_root=() wanted log
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || return 0
        as_root=(sudo -n)
    fi
    log=$(mktemp)
    # Without lists (a fresh container) no package is offered. Lists that are stale may still do, so a failure is no end.
    ${as_root[@]+"${as_root[@]}"} apt-get update -qq >"$log" 2>&1 || true
    mapfile -t wanted < <(packages)
    if [ ${#wanted[@]} -gt 0 ]; then
        echo "Installing ${wanted[*]} with apt-get" >&2
        # One word each, though a line may name two.
        # shellcheck disable=SC2206
        wanted=(${wanted[*]})
        ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${wanted[@]}" >>"$log" 2>&1 || tail -n 5 "$log" >&2
    fi
    rm -f "$log"
    hash -r
}

complete() {
    has_go && has_java && has_maven && has_node && has_browser
}

complete && exit 0
install_missing
complete && exit 0

has_go || echo "Go $go_least is missing: install it from https://go.dev/dl and put its bin folder on the PATH (Go $go_fetches_itself or later will do, unless GOTOOLCHAIN=local)" >&2
has_java || echo "Java $java_least or later is missing: install a runtime (Debian: apt-get install openjdk-17-jre-headless) and put java on the PATH" >&2
has_maven || echo "Maven is missing: install it (Debian: apt-get install maven) and put mvn on the PATH" >&2
has_node || echo "Node $node_least or later with npm is missing: install it from https://nodejs.org (Debian 13 and later: apt-get install nodejs npm) and put node on the PATH" >&2
has_browser || echo "Chromium is missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its program" >&2
exit 1
