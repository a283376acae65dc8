# MotorPool: `make demo` and `make test` do everything, set-up included.
SHELL := /bin/bash
.DEFAULT_GOAL := help

SWIFT ?= swift
PREFIX ?= /usr/local
BUILD_FLAGS ?=
RELEASE := .build/release/motorpool
PACKAGES := libfftw3-dev libsndfile1-dev libopenblas-dev liblapacke-dev libmatio-dev \
	libhdf5-dev zlib1g-dev libsqlite3-dev libssl-dev pkg-config

.PHONY: help setup build demo test test-long viewer test-viewer test-viewer-e2e test-viewer-quick load-viewer schema-viewer screenshots sanitize sanitize-thread fuzz lint format bench bench-array bench-peers validate interop \
	docs deb test-deb sbom release-check install uninstall samples clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | \
		awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: ## Install the missing Debian packages and check for a Swift toolchain
	@bash Scripts/setup.sh $(PACKAGES)

# Stated here, since the package manager keeps what it once read from git.
COMMIT = $(shell (git rev-parse --short=12 HEAD && (git diff --quiet HEAD || echo +)) 2>/dev/null | tr -d '\n')

build: setup ## Build the release binary
	MOTORPOOL_COMMIT=$(COMMIT) $(SWIFT) build -c release --product motorpool $(BUILD_FLAGS)

demo: build ## Samples through registry, comparison and report (LONG=1: every kind of recording)
	@bash Scripts/demo.sh $(RELEASE) $(if $(LONG),long,short)

# The numerics are optimised for the tests: they take a sixth of the time (see Package.swift).
TESTS := MOTORPOOL_FAST_TESTS=1

test: setup ## Run the fast tests
	$(TESTS) $(SWIFT) test --parallel $(BUILD_FLAGS)

# The suites that hold long tests, found by their mark; `make test` runs the others.
LONG_SUITES = $(shell grep -rl 'TestTier.isLong' Tests --include='*Tests.swift' | \
	xargs -n 1 basename -s .swift | sort | paste -s -d '|')

test-long: build ## Run the suites with long tests: accuracy, kill tests
	$(TESTS) MOTORPOOL_LONG=1 MOTORPOOL_BINARY="$(CURDIR)/$(RELEASE)" $(SWIFT) test --parallel \
		--filter '$(LONG_SUITES)' $(BUILD_FLAGS)

interop: build ## Exchange files with other programs and print the largest differences (PyPI)
	@bash Scripts/interop.sh "$(CURDIR)/$(RELEASE)"

# The numerics are optimised as for the tests: what the sanitizers watch is put in before, and the tests take a
# quarter of the time.
# Leaks are not looked for: XCTest's own start-up leaks and would fail every run.
sanitize: setup ## Run the core's tests under the address sanitizer
	$(TESTS) MOTORPOOL_CORE=1 ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --disable-xctest --sanitize=address \
		--scratch-path .build-asan --filter 'SignalTests|DecompositionTests|RecordingsTests'

sanitize-thread: setup ## Run the core's tests under the thread sanitizer
	$(TESTS) MOTORPOOL_CORE=1 $(SWIFT) test --disable-xctest --sanitize=thread --scratch-path .build-tsan \
		--filter 'SignalTests|ArrayDecomposerTests'

fuzz: setup ## Fuzz every parser for SECONDS (60) each, or one: TARGET=edf
	@bash Scripts/fuzz.sh $(or $(SECONDS),60) $(TARGET)

viewer: build ## Build the viewer behind motorpool serve (a web server: some minutes the first time)
	MOTORPOOL_COMMIT=$(COMMIT) MOTORPOOL_VIEWER=1 $(SWIFT) build -c release --product motorpool-viewer $(BUILD_FLAGS)

test-viewer: setup ## Run the viewer's tests
	$(TESTS) MOTORPOOL_VIEWER=1 $(SWIFT) test --parallel --filter ViewerTests $(BUILD_FLAGS)

test-viewer-e2e: viewer demo ## Walk through the viewer in a headless Chromium (skips without one)
	@bash Scripts/viewer-e2e.sh .build/release/motorpool-viewer

# In CI: after `make demo` and `make test-viewer`, which leave next to nothing to build.
test-viewer-quick: ## Walk with the binaries that demo and test-viewer built (90 s; skips without Chromium)
	$(TESTS) MOTORPOOL_VIEWER=1 $(SWIFT) build --product motorpool-viewer $(BUILD_FLAGS)
	@bash Scripts/viewer-e2e.sh .build/debug/motorpool-viewer --quick

load-viewer: viewer demo ## Processor time and memory of the viewer under 50 readers, frames of the browser (needs wrk)
	python3 Scripts/viewer-load.py .build/release/motorpool-viewer $(RELEASE)
	$(RELEASE) simulate array --rows 8 --columns 8 --fs 2048 --duration 120 --seed 1 --force \
		-o .build/frames.bdf --truth .build/frames-truth.csv
	@bash Scripts/viewer-e2e.sh .build/release/motorpool-viewer --frames .build/frames.bdf

schema-viewer: viewer demo ## Check the viewer's interface against its description by schemathesis (PyPI)
	@bash Scripts/viewer-schema.sh .build/release/motorpool-viewer

screenshots: viewer demo ## Photograph the pages anew: all into .build/screenshots, those of the docs into docs/images
	@bash Scripts/screenshots.sh .build/release/motorpool-viewer

lint: ## Check the format, strictly
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Snippets Tests Benchmarks Fuzz

format: ## Format all sources in place
	$(SWIFT) format -i --recursive --parallel Package.swift Sources Snippets Tests Benchmarks Fuzz

bench: setup ## Run the benchmarks: signal core, mixed models, registry
	cd Benchmarks && $(SWIFT) package $(BUILD_FLAGS) benchmark

bench-array: setup ## Yield, calibration and scaling of the array decomposition (about 7 CPU minutes)
	cd Benchmarks && $(SWIFT) build -c release --product array-suite $(BUILD_FLAGS)
	Benchmarks/.build/release/array-suite yield --seeds 1001..1016
	Benchmarks/.build/release/array-suite scale

bench-peers: build ## Compare with other programs: mixed models, array decomposition, needle
	bash Scripts/bench-peers.sh
	bash Scripts/bench-peers-array.sh "$(CURDIR)/$(RELEASE)"
	@if [ -e Scripts/bench-peers-needle.sh ]; then \
		MOTORPOOL_BINARY="$(CURDIR)/$(RELEASE)" bash Scripts/bench-peers-needle.sh; fi

validate: setup ## Print the calibration tables of the mixed models
	bash Scripts/validate.sh

samples: build ## Make the recordings in Samples again, byte for byte
	@bash Scripts/samples.sh $(RELEASE)

install: build ## Install motorpool under PREFIX (/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -d "$(DESTDIR)$(PREFIX)/share/motorpool"
	install -m 755 $(RELEASE) "$(DESTDIR)$(PREFIX)/bin/motorpool"
	@if [ -x .build/release/motorpool-viewer ]; then \
		install -m 755 .build/release/motorpool-viewer "$(DESTDIR)$(PREFIX)/bin/motorpool-viewer"; \
		install -d "$(DESTDIR)$(PREFIX)/share/motorpool/viewer"; \
		install -m 644 Sources/Viewer/Assets/* "$(DESTDIR)$(PREFIX)/share/motorpool/viewer/"; fi
	install -m 644 Sources/UnitNumber/Resources/cmap-scan-weights.bin \
		"$(DESTDIR)$(PREFIX)/share/motorpool/"

docs: setup ## Build the libraries' documentation into .build-docs
	@bash Scripts/make-docs.sh .build-docs

deb: setup ## Build the Debian packages into .build-deb, from the last commit
	@bash Scripts/make-deb.sh .build-deb

test-deb: ## Install, use, upgrade, remove the packages in a fresh Debian folder (root)
	@bash Scripts/test-deb.sh .build-deb $(PREVIOUS)

sbom: ## Print what the packages hold of others, and write it as SPDX into .build-deb
	@bash Scripts/release-parts.sh

release-check: ## Everything a release needs: tests, tables, packages, licences (hours)
	@bash Scripts/release-check.sh

uninstall: ## Remove what install put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/motorpool" "$(DESTDIR)$(PREFIX)/bin/motorpool-viewer"
	rm -rf "$(DESTDIR)$(PREFIX)/share/motorpool"

clean: ## Remove all build products
	rm -rf .build .build-* demo Benchmarks/.build Fuzz/.build
