#!/usr/bin/env bash
# Goes a customer's way through the functions as Lambda runs them: builds them, starts the local stack (table, issuer,
# personas) and `sam local start-api` (authorizer and functions in containers), and then, by curl alone: who am I, a
# contract with its lines, a system that is connected and taken off again, a person on a seat, a seat bought with its
# statement, the refusals on the way. What it changes it takes back, but for the person, who stays deactivated, and the seat
# that was bought. It stops what it started; of a stack that runs already it uses that.
#
#   infra/sam.sh; infra/sam-journey.sh        PORT, ENGINE_PORT, SAM_PORT: other ports than 8080, 8000 and 3000
#
# A further leg is a function of its own, named in the list of legs at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${PORT:-8080} engine=${ENGINE_PORT:-8000} sam_port=${SAM_PORT:-3000}
tools=${SEATKEEPER_TOOLS:-${XDG_DATA_HOME:-$HOME/.local/share}/seatkeeper}
export PATH=$PATH:$tools/sam/bin SAM_CLI_TELEMETRY=0 AWS_EC2_METADATA_DISABLED=true
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY # with them SAM asks AWS for the account's number first
api=http://localhost:$sam_port work=$(mktemp -d) started=()

fail() {
    echo "sam-journey.sh: $*" >&2
    exit 1
}

# Only processes that this script started, by their numbers.
stop() {
    local pid
    for pid in "${started[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stop EXIT

await() { # what is awaited, its log, its process, the address that answers
    for _ in $(seq 600); do
        ! curl -s -o /dev/null --max-time 2 "$4" || return 0
        kill -0 "$3" 2>/dev/null || break
        sleep 0.5
    done
    tail -n 20 "$2" >&2
    fail "$1 does not start"
}

start() {
    command -v sam >/dev/null || fail "sam is missing: infra/sam.sh installs it"
    docker info >/dev/null 2>&1 || fail "no Docker daemon answers: infra/sam.sh starts one"
    if ! curl -s -o /dev/null --max-time 2 "http://localhost:$port/dev/token?persona=admin"; then
        infra/prerequisites.sh
        mkdir -p .local
        go build -buildvcs=false -o .local/stack ./infra/local
        PORT=$port ENGINE_PORT=$engine .local/stack >"$work/stack.log" 2>&1 &
        started+=($!)
        await "the local stack" "$work/stack.log" "$!" "http://localhost:$port/dev/token?persona=admin"
    fi
    local machine=amd64 architecture=x86_64
    [ "$(uname -m)" != aarch64 ] || { machine=arm64 architecture=arm64; }
    GOARCH=$machine sam build >"$work/build.log" 2>&1 || { tail -n 20 "$work/build.log" >&2; fail "sam build failed"; }
    # As samconfig.toml has them, with the ports and the processor of here.
    sam local start-api --port "$sam_port" --parameter-overrides "Architecture=$architecture" \
        "DynamodbEndpoint=http://host.docker.internal:$engine" "Issuer=http://localhost:$port/dev/oidc" "Audience=seatkeeper-local" \
        "JwksUrl=http://host.docker.internal:$port/dev/oidc/jwks" "PageTokenKey=seatkeeper-local-page-token-key-not-a-secret" \
        "MailFrom=no-reply@seatkeeper.example" "MailServer=file:///tmp/mail" "PortalUrl=http://localhost:$port/" >"$work/sam.log" 2>&1 &
    started+=($!)
    await "sam local" "$work/sam.log" "$!" "$api/v1/me"
}

# call sends a request as a persona and holds its answer to a status: call STATUS PERSONA METHOD PATH [BODY] [HEADER]...
call() {
    local want=$1 persona=$2 method=$3 path=$4 body=${5:-} token got
    shift $(($# < 5 ? $# : 5))
    token=$(curl -sS --fail-with-body "http://localhost:$port/dev/token?persona=$persona")
    local send=(-sS -o "$work/answer" -w '%{http_code}' --max-time 60 -X "$method" -H "Authorization: Bearer $token" -H "Accept-Language: en")
    [ -z "$body" ] || send+=(-H "Content-Type: application/json" -d "$body")
    local header
    for header in "$@"; do send+=(-H "$header"); done
    got=$(curl "${send[@]}" "$api$path")
    if [ "$got" != "$want" ]; then
        cat "$work/answer" >&2
        tail -n 20 "$work/sam.log" >&2
        fail "$persona $method $path answered $got, want $want"
    fi
    echo "  $got  $persona  $method $path"
}

# word reads a value of the last answer: python's way through its JSON, such as ['items'][0]['id'].
word() { python3 -c "import json; print(json.load(open('$work/answer'))$1)"; }

# first reads the id of the first of the last answer's items for which something holds of it, as `i`.
first() { python3 -c "import json; print(next((i['id'] for i in json.load(open('$work/answer'))['items'] if $1), ''))"; }

who() {
    call 200 admin GET /v1/me
    account=$(word "['accounts'][0]['id']")
    inside=/v1/accounts/$account
    call 404 outsider GET "$inside/contracts"
    call 403 viewer POST "$inside/cost-centers" '{"name":"Office"}'
    curl -s -o "$work/answer" -w '%{http_code}' "$api/v1/me" | grep -qx 401 || fail "a request without a token is let in"
}

contracts() {
    call 200 admin GET "$inside/contracts?status=active"
    contract=$(first "True")
    [ -n "$contract" ] || fail "the demo account has no active contract"
    call 200 admin GET "$inside/contracts/$contract"
    call 200 admin GET "$inside/usage"
}

systems() {
    call 200 admin GET "$inside/systems?mapping=unmapped"
    local system
    system=$(first "True")
    [ -n "$system" ] || fail "the demo account has no system to connect"
    call 200 admin POST "$inside/contracts/$contract/systems" "{\"systemIds\":[\"$system\"]}" "Idempotency-Key: journey-$system-$$"
    call 200 admin POST "$inside/contracts/$contract/systems" "{\"systemIds\":[\"$system\"]}" "Idempotency-Key: journey-$system-$$"
    call 204 admin DELETE "$inside/contracts/$contract/systems/$system"
}

# A person of the script's own takes a seat and gives it back; the line has as many as before.
seats() {
    local line user before
    call 200 admin GET "$inside/usage"
    line=$(python3 -c "
import json
lines = [i for i in json.load(open('$work/answer'))['items'] if i['status'] == 'active' and i['usage']['available'] > 0 and i['product']['id'] == 'telephony-standard']
print(lines[0]['contractId'] + '/lines/' + lines[0]['product']['id'] if lines else '')")
    [ -n "$line" ] || fail "no line of the demo account has a free seat"
    call 201 admin POST "$inside/users" "{\"name\":\"Journey $$\",\"email\":\"journey-$$-$RANDOM@example.com\"}"
    user=$(word "['id']")
    call 200 admin GET "$inside/contracts/${line%%/*}/lines/${line##*/}/seats"
    call 200 user-manager POST "$inside/contracts/$line/seats" "{\"userIds\":[\"$user\"]}"
    call 200 admin GET "$inside/users/$user"
    word "['seats'][0]['contractId']" | grep -qx "${line%%/*}" || fail "the person does not hold the seat"
    call 403 viewer DELETE "$inside/contracts/$line/seats/$user"
    call 200 user-manager DELETE "$inside/contracts/$line/seats/$user"
    call 200 admin PATCH "$inside/users/$user" '{"state":"deactivated"}' 'If-Match: *'
    call 200 admin GET "$inside/activity?subjectId=$user"
}

# One seat more, in the account that buys by itself: cart, quote, order, the order again, its statement.
buying() {
    local inside contract quote order
    call 200 licence-manager GET /v1/me
    inside=/v1/accounts/$(python3 -c "
import json
print(next(a['id'] for a in json.load(open('$work/answer'))['accounts'] if 'Demo Works' in a['name']))")
    call 200 licence-manager GET "$inside/contracts?q=London"
    contract=$(first "i['status'] == 'active'")
    call 204 licence-manager DELETE "$inside/cart"
    call 200 licence-manager PUT "$inside/cart/items/call-recording" "{\"quantity\":1,\"contractId\":\"$contract\",\"period\":\"monthly\"}"
    call 201 licence-manager POST "$inside/cart/quote" '{}'
    quote=$(word "['id']")
    call 428 licence-manager POST "$inside/orders" "{\"quoteId\":\"$quote\",\"confirmedCharges\":true}"
    call 422 licence-manager POST "$inside/orders" "{\"quoteId\":\"$quote\",\"confirmedCharges\":false}" "Idempotency-Key: unread-$quote"
    call 201 licence-manager POST "$inside/orders" "{\"quoteId\":\"$quote\",\"confirmedCharges\":true}" "Idempotency-Key: journey-$quote"
    order=$(word "['id']")
    call 201 licence-manager POST "$inside/orders" "{\"quoteId\":\"$quote\",\"confirmedCharges\":true}" "Idempotency-Key: journey-$quote"
    [ "$(word "['id']")" = "$order" ] || fail "the same key made a second order"
    call 200 licence-manager GET "$inside/orders/$order/statement" "" "Accept: application/pdf"
    [ "$(head -c 4 "$work/answer")" = %PDF ] || fail "the statement is no PDF"
}

start
for leg in who contracts systems seats buying; do
    echo "$leg"
    "$leg"
done
echo "The journey came to its end."
