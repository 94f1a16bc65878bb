# `make` lists the commands. Nothing here needs more than Python 3.11, git and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Overridden on the command line: make run PORT=8123 DATA=/some/dir HOST=0.0.0.0
HOST := 127.0.0.1
PORT := 8000
DATA :=
PYTEST_ARGS :=

BIN := .venv/bin
STAMPS := .venv/stamps
STATIC := src/selfos/edge/static/index.html
WEB_SOURCES := $(shell find web -name node_modules -prune -o -type f -print 2>/dev/null)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.PHONY: help run reports test prove check check-style check-types check-architecture check-migrations \
	check-docs check-web format bench evals docs lock clean

help: ## list these commands
	@echo "SelfOS. Start with: make run"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Variables of run: PORT=$(PORT) HOST=$(HOST) DATA=<folder for all data>"

run: $(STAMPS)/runtime $(STATIC) ## install what is missing and serve SelfOS on this machine
	@exec $(BIN)/selfos serve --host "$(HOST)" --port "$(PORT)" $(if $(DATA),--data "$(DATA)")

reports: $(STAMPS)/runtime ## install what sets reports as PDF (81 MB)
	@tools/install.sh --require-hashes -r tools/locks/reports.lock

test: $(STAMPS)/dev $(STATIC) ## run every test, with coverage
	@tools/npm.sh test
	@chromium=$$(tools/chromium.sh) && \
		CHROMIUM="$$chromium" $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term $(PYTEST_ARGS)

prove: $(STAMPS)/dev $(STATIC) ## run the full-size proofs (long)
	@$(BIN)/python -m evals
	@$(BIN)/pytest -m proof --timeout=0 $(PYTEST_ARGS)

check: $(STAMPS)/dev web/node_modules/.package-lock.json ## style, types, architecture, docs, web
	@$(MAKE) -k -j2 check-style check-types check-architecture check-migrations check-docs check-web

check-style:
	@$(BIN)/ruff check --quiet && $(BIN)/ruff format --check --quiet && echo "style: clean"

check-types:
	@$(BIN)/pyright

check-architecture:
	@$(BIN)/pytest -q --no-header -p no:randomly tests/test_architecture.py

check-migrations:
	@$(BIN)/python -m tools.migrations

check-docs:
	@$(BIN)/python tools/docs.py --check

check-web:
	@tools/npm.sh run --silent check

format: $(STAMPS)/dev ## rewrite the Python code in the house's style
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format

bench: $(STAMPS)/dev ## measure the HTTP server against its gates
	@$(BIN)/python -m bench.http

evals: $(STAMPS)/dev ## score the parts that answer in words, and write the table
	@$(BIN)/python -m evals --write

docs: $(STAMPS)/dev ## write docs/reference from the code
	@$(BIN)/python tools/docs.py

lock: $(STAMPS)/venv ## resolve the newest allowed dependencies into the lock files
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(COMPILE) --upgrade pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --upgrade --group installer -o tools/locks/installer.lock
	$(COMPILE) --upgrade --group reports -o tools/locks/reports.lock
	$(COMPILE) --upgrade --group node -o tools/locks/node.lock
	@! grep -n '://' requirements*.lock tools/locks/*.lock

clean: ## remove everything made here; your data stays
	rm -rf .venv web/node_modules src/selfos/edge/static build dist htmlcov .coverage .coverage.*
	rm -rf .pytest_cache .ruff_cache .hypothesis .schemathesis .import_linter_cache
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(STAMPS)/venv: tools/locks/installer.lock
	@echo "[1/4] Python environment in .venv"
	@python=$$(PYTHON="$(PYTHON)" tools/python.sh) && "$$python" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: requirements.lock $(STAMPS)/venv
	@echo "[2/4] Python packages, each checked against its hash"
	@tools/install.sh --require-hashes -r $<
	@touch $@

$(STAMPS)/runtime: pyproject.toml $(STAMPS)/packages
	@tools/install.sh --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/runtime
	@echo "      packages for development"
	@tools/install.sh --require-hashes -r $<
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json $(STAMPS)/runtime
	@echo "[3/4] web packages"
	@tools/npm.sh ci --silent --no-audit --no-fund
	@touch $@

$(STATIC): web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "[4/4] web app"
	@tools/npm.sh run --silent build -- --logLevel warn
	@touch $@
