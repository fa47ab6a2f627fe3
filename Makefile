# Every target works on a machine that has only Python 3.11+ and make: what is missing is
# installed below this folder, in .uv/ (the installer) and .venv/ (the project's environment).
PYTHON ?= python3
UV := .uv/bin/uv
BIN := .venv/bin
SYNCED := .venv/.synced
NODE_CHECKS := tests/node/node_modules/.synced
UV_VERSION := $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.lock)
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
export UV_SYSTEM_CERTS := 1

.PHONY: help setup demo test docs check fix lock bench soak clean
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

setup: $(SYNCED) ## Install everything the project needs below this folder

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Handoff needs Python 3.11 or newer; '$(PYTHON)' is older. Set PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -m venv .uv || \
	  { echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu install the package python3-venv."; exit 1; }
	@.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(SYNCED): requirements.lock pyproject.toml | $(UV)
	@echo "Installing the locked packages into .venv ..."
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_CHECKS): tests/node/package-lock.json $(SYNCED)
	@echo "Installing the checkers that need Node below tests/node ..."
	@$(BIN)/npm ci --silent --prefix tests/node
	@touch $@

demo: $(SYNCED) ## Start the whole stack, play a made-up programme's story, stay up
	@$(BIN)/handoff demo

test: $(NODE_CHECKS) ## Run every test on real embedded servers
	@$(BIN)/pytest -n auto --dist worksteal

docs: $(SYNCED) ## Build the documentation as a site, and look for what leads nowhere or outside
	@$(BIN)/python -m deploy.site

check: $(NODE_CHECKS) ## What CI runs: formatter, linter, import contracts, types, lock, site, then every test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/python -m deploy.lock --check
	@$(BIN)/python -m deploy.sbom --check
	@$(BIN)/python -m deploy.settings_table --check
	@$(BIN)/python -m deploy.codes_table --check
	@$(BIN)/python -m deploy.commands_table --check
	@$(BIN)/python -m deploy.contracts --check
	@$(BIN)/python -m deploy.api_table --check
	@$(BIN)/python -m deploy.events_table --check
	@$(MAKE) --no-print-directory docs
	@$(MAKE) --no-print-directory test

fix: $(SYNCED) ## Format and mend what the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: | $(UV) ## Compile requirements.lock from pyproject.toml
	@$(UV) run --quiet --no-project --python $(PYTHON) python deploy/lock.py

bench: $(SYNCED) ## Measure speed and memory, as ratios against a ceiling of the same run
	@$(BIN)/handoff bench

soak: $(SYNCED) ## The long proofs: same harness as the tests, bigger numbers
	@$(BIN)/pytest -m soak --soak

clean: ## Remove what the other targets made (asks nothing, keeps data folders)
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .cache build/site
