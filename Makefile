# What a developer does. Lists are derived: packages by Go, functions by their folders, routes by template.yaml.

GO := go

.PHONY: run test e2e fuzz bench build deploy reset openapi replay sweep

# What the built portal is made of; built again when one of these is newer.
PORTAL := $(shell find portal/src portal/public -path portal/src/api/generated -prune -o -type f -print) \
	$(addprefix portal/,package.json index.html vite.config.ts tsconfig.json openapi-ts.config.ts) infra/openapi/openapi.json

# Built and not `go run`, which keeps a SIGTERM to itself and leaves the stack behind.
run: ; @infra/prerequisites.sh
	@$(MAKE) --no-print-directory portal/dist/index.html
	@mkdir -p .local && $(GO) build -buildvcs=false -o .local/stack ./infra/local && exec .local/stack

# The engine is fetched once; then each package starts one of its own. In one that all share, the catalog holds the products of
# all tests, and every rule reads the whole catalog. What sends one request after another has no race to find, and is left
# without the detector, which slows it down.
ALONE := /infra/(check|faults)$$
# What is drawn is the same in each run, so that one that fails fails again; `make fuzz` draws anew.
test: export RAPID_SEED := 1
test: ; @infra/prerequisites.sh --browser
	@unformatted=$$(gofmt -l functions internal infra) && { [ -z "$$unformatted" ] || { echo "Run gofmt -w on:" $$unformatted; exit 1; }; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@mkdir -p .local && $(GO) build -buildvcs=false -o .local/with ./infra/engine/with
	@.local/with -- true
	$(GO) test -race -timeout 20m $$($(GO) list ./... | grep -vE '$(ALONE)')
	$(GO) test -timeout 20m $$($(GO) list ./... | grep -E '$(ALONE)')
	@$(MAKE) --no-print-directory portal/dist/index.html
	npm --prefix portal test
	@$(MAKE) --no-print-directory e2e

# The portal's journeys, in a browser against a stack of their own.
e2e: ; @infra/prerequisites.sh --browser
	@$(MAKE) --no-print-directory portal/dist/index.html
	@mkdir -p .local && $(GO) build -buildvcs=false -o .local/stack ./infra/local && $(GO) build -buildvcs=false -o .local/with ./infra/engine/with
	infra/e2e.sh

portal/dist/index.html: portal/node_modules/.package-lock.json $(PORTAL) ; npm --prefix portal run build
portal/node_modules/.package-lock.json: portal/package-lock.json ; npm --prefix portal ci

# A minute for each parser, FUZZTIME=20s is another; then histories and requests that no run has drawn before.
fuzz: ; @infra/prerequisites.sh
	infra/fuzz.sh $(FUZZTIME)

bench: ; @infra/prerequisites.sh
	$(GO) run ./infra/bench

build: ; sam build

# Without GOARCH, so that the build is for the processor that template.yaml names by default.
deploy: ; env -u GOARCH -u MAKEFLAGS sam build && sam deploy --guided

openapi: ; $(GO) run ./infra/openapi

# Both speak to a running `make run`. Records that were given up in AWS: go run ./infra/replay --help.
replay: ; $(GO) run ./infra/replay $(if $(PORT),--endpoint http://localhost:$(PORT)/dev/lambda)
sweep: ; @curl -sS --fail-with-body -X POST http://localhost:$(or $(PORT),8080)/dev/schedules/ExpiryFunction

# Not under a running engine, which holds the lock of its data.
reset: ; @[ ! -e .local/db/lock ] || flock -n .local/db/lock true || { echo "Stop make run first: it uses the data."; exit 1; }
	rm -rf .local/db .local/mail .local/bus .local/dlq .local/stream .local/failures .local/issuer.json .local/functions.log

include infra/functions.mk
