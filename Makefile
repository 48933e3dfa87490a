.DEFAULT_GOAL := help
GO ?= go
TEST_TIMEOUT ?= 25m
# With the race detector, but not for SQLite: transpiled from C, it is some twenty times
# slower with it, and then the tests measure nothing but that.
RACE = -race -gcflags='modernc.org/...=-race=false -d=checkptr=0'

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## run everything on ./data
	$(GO) run ./cmd/sleutelbos serve

demo: ## run everything on a fresh temporary folder with something to see
	$(GO) run ./cmd/sleutelbos demo

build: ## build ./bin/sleutelbos
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/sleutelbos ./cmd/sleutelbos

deps: ## install what the tests need beside Go: PostgreSQL, Chromium, poppler
	deploy/install-test-deps

test: deps ## run every test, on SQLite, PostgreSQL and Chromium; nothing may be skipped
	CI=true $(GO) test $(RACE) -shuffle=on -timeout $(TEST_TIMEOUT) ./...

check: ## vet, lint, formatting, tidiness
	$(GO) vet ./...
	$(GO) mod tidy -diff
	$(GO) tool -modfile=tools/go.mod golangci-lint run ./...

vuln: ## look for known vulnerabilities (needs the vulnerability database)
	$(GO) tool -modfile=tools/go.mod govulncheck ./...

bench: ## measure, as ratios to what this machine can do
	$(GO) run ./cmd/sleutelbos-bench

.PHONY: help run demo build deps test check vuln bench
