# Every verb is one line a person could type. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BUILD_FLAGS :=

help: ## List the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: ## Install what the build, the demo and the tests need (idempotent)
	@scripts/setup

build: setup ## Build the release binary, .build/release/atoll, and the dashboard it serves
	@scripts/build-example wordcount
	@scripts/build-web
	swift build -c release --product atoll $(BUILD_FLAGS)

web: setup ## Build the dashboard alone, into .build/dashboard
	@scripts/build-example wordcount
	@scripts/build-web

demo: build ## Run a paid, checked job on a local cloud and show its receipt (KEEP=1 leaves it running)
	@scripts/demo

test: setup ## Build and run every test
	@scripts/build-example wordcount
	@scripts/test $(BUILD_FLAGS)

lint: ## Check the format and the house rules of every source
	swift format lint --strict --recursive --parallel Package.swift Sources Modules Tests Benchmarks Fuzz examples

docs: setup ## Build the documentation of the Swift SDK into .build/docs, by the toolchain's DocC
	@scripts/docs

bench: ## Measure: make bench FIGURE=<id>; without FIGURE, list the ids
	@scripts/bench $(FIGURE)

simulate: setup ## Run whole networks from seeds, on all cores: make simulate SEEDS=1000
	swift build -c release --product atoll-simulate $(BUILD_FLAGS)
	.build/release/atoll-simulate Tests/Simulation/Scenarios/*.scenario --seeds $(or $(SEEDS),20) \
		--jobs $(shell nproc) --brief
	.build/release/atoll-simulate gossip

fuzz: setup ## Feed all that takes bytes from strangers with such bytes: make fuzz SECONDS=60
	@scripts/fuzz $(or $(SECONDS),60) $(TARGETS)

nightly: setup ## What takes a night: ten million signatures, 1,000 seeds of every scenario, ten million messages about money, ten minutes of every fuzz target
	@scripts/nightly

clean: ## Remove what was built; .deps/ stays
	rm -rf .build

.PHONY: help setup build web demo test lint docs bench simulate fuzz nightly clean
