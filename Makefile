# Needs Python 3.11 or newer, git and make. uv is fetched into .tools when it is not on the PATH.

PORT ?= 8484
SERVE ?= 1
ARGS ?=

# An active environment or a search path of the caller's must not leak in.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME UV_PROJECT_ENVIRONMENT UV_PYTHON
# Links from uv's cache install five times faster than copies; across file systems uv copies by itself.
export UV_LINK_MODE ?= hardlink
export UV_PYTHON_DOWNLOADS = never

BIN := .venv/bin
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
RECENT := import sys; print(sys.executable) if sys.version_info >= (3, 11) else sys.exit(1)
PYTHON = $(eval PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(RECENT)' 2>/dev/null && break; done))$(PYTHON)
# The interpreter is chosen once; later syncs keep the one that .venv has.
SYNC = $(UV) sync --frozen --inexact $(if $(wildcard $(BIN)/python),,--python "$(PYTHON)")
NEED_PYTHON = @test -n "$(PYTHON)" || { echo "saleshub needs Python 3.11 or newer on the PATH (python3)." >&2; exit 1; }
CHROMIUM = $(or $(shell command -v chromium-headless-shell 2>/dev/null),$(shell command -v chromium 2>/dev/null))
BROWSER = $(if $(CHROMIUM),,-m "not browser")

.DEFAULT_GOAL := help
.PHONY: help setup demo tryton llm serve test check lint format bench evals chaos clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/synced-dev ## Install everything for development into .venv

demo: .venv/synced ## Load the demo company, print one visit's package, serve the page (SERVE=0 ends there; PORT=8484)
	@$(BIN)/saleshub demo --port $(PORT) $(if $(filter 0 no false,$(SERVE)),--no-serve,--serve)

tryton: .venv/synced-dev ## Run a local Tryton with the demo company, to try the hub against (ARGS="--afresh" refills it)
	@$(BIN)/python -m evals.tryton_demo $(ARGS)

llm: .venv/synced ## Run a small language model on this machine, to try the hub with one (1.1 GB, fetched once)
	@$(UV) sync --frozen --inexact --quiet --extra llm
	@$(BIN)/python -m evals.local_model --uv $(UV) $(ARGS)

serve: .venv/synced ## Serve the API and the page on PORT
	@$(BIN)/saleshub serve --port $(PORT)

test: .venv/synced-dev ## Run the tests (ARGS="-k stock" passes options; browser tests run where chromium is on the PATH)
	$(BIN)/pytest -n 2 --dist loadfile $(BROWSER) $(ARGS)

check: lint test ## Everything that must pass before a commit

lint: .venv/synced-dev ## Format, lint, types and import contracts, without changing a file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo

format: .venv/synced-dev ## Format the code and fix what can be fixed safely
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/synced-dev ## Measure what the README claims (ARGS passes options)
	$(BIN)/python -m evals.bench $(ARGS)

evals: .venv/synced-dev ## Ask the assistant all cases of the suite chat; fails below what it must reach (about 3 minutes)
	@mkdir -p artifacts
	@$(BIN)/saleshub eval chat --json --out artifacts/eval-chat.jsonl $(ARGS) | tee artifacts/eval-chat.json \
		| $(BIN)/python -m evals.suites.chat.thresholds

chaos: .venv/synced-dev ## Kill, cut off and attack what writes to other systems; count what was lost or doubled (about 20 minutes)
	$(BIN)/python -m evals.bench.crashpoints
	$(BIN)/python -m evals.bench.crashpoints --target tryton
	$(BIN)/python -m evals.bench.unapproved --attempts 5000
	$(BIN)/python -m evals.bench.dependencies --jobs 50
	$(BIN)/python -m evals.bench.audit --records 10000
	$(BIN)/python -m evals.bench.chaos --kills 300 --effects 1500 --database sqlite --peers
	$(BIN)/python -m evals.bench.chaos --kills 300 --effects 1500 --database postgresql
	$(BIN)/python -m evals.bench.chaos --kills 300 --effects 900 --target tryton

clean: ## Remove the environment and all caches; data in SALESHUB_HOME stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --inexact adds what is missing and removes nothing, so a demo in a developer's checkout keeps the tools.
.venv/synced: pyproject.toml uv.lock | $(UV)
	$(NEED_PYTHON)
	@echo "Installing into .venv"
	@$(SYNC) --no-dev
	@touch $@

.venv/synced-dev: pyproject.toml uv.lock | $(UV)
	$(NEED_PYTHON)
	@echo "Installing into .venv, with the tools for development"
	@$(SYNC) --all-groups
	@touch $@ .venv/synced

.tools/bin/uv:
	$(NEED_PYTHON)
	@echo "Installing uv into .tools"
	@"$(PYTHON)" -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv
