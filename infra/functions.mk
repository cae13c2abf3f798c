# How `sam build` makes a function. SAM calls `make build-<logical id>` for each one whose BuildMethod is makefile, with
# ARTIFACTS_DIR: AccountsFunction is ./functions/accounts. A function added to template.yaml needs nothing here. ROOM is
# another folder than functions, for those that infra/bench compares them with.
# SAM does not pass on the processor: GOARCH comes from the environment and must agree with the template's parameter
# Architecture (arm64 and arm64, or amd64 and x86_64), or the function cannot start.
# Tags: without the older way of calling a function, and without HTTP/2, which nothing that functions call asks for (0.3 MB).
build-%Function: export CGO_ENABLED = 0
build-%Function: export GOOS = linux
build-%Function: export GOARCH := $(or $(GOARCH),arm64)
build-%Function:
	go build -buildvcs=false -trimpath -tags lambda.norpc,nethttpomithttp2 -ldflags "-s -w" \
		-o "$(ARTIFACTS_DIR)/bootstrap" ./$(or $(ROOM),functions)/$(shell echo $* | tr '[:upper:]' '[:lower:]')
