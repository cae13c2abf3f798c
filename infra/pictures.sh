#!/usr/bin/env bash
# Takes pictures of every page of the portal, in both languages, wide and narrow, into the folder that is named:
# infra/pictures.sh FOLDER. PAGES=home,users and VIEWS=fr-1280,en-320 narrow what is taken.
set -euo pipefail
PICTURES=$(realpath -m "${1:?usage: infra/pictures.sh FOLDER}")
export PICTURES
cd "$(dirname "${BASH_SOURCE[0]}")/.."
make --no-print-directory portal/dist/index.html
mkdir -p .local
go build -buildvcs=false -o .local/stack ./infra/local
go build -buildvcs=false -o .local/with ./infra/engine/with
exec infra/with-stack.sh npm --prefix portal run --silent pictures
