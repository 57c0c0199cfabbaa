# Needs make and Python 3.11 or newer; everything else goes into .venv. `make help` lists the targets.
# Another Python: make PYTHON=/path/to/python3.12

.DEFAULT_GOAL := help
.PHONY: help demo dev screenshots runtime test check bench lock docs clean
.NOTPARALLEL:

BIN := .venv/bin
export PYTHON
# MkDocs Material prints a notice about another project's plans on every run.
export NO_MKDOCS_2_WARNING := 1

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1	/p' Makefile

demo: runtime ## the manager on an embedded sandbox; HOST and PORT are honoured, Ctrl-C ends it
	@exec $(BIN)/mxm demo

# Each browser takes a core, so those tests have workers of their own.
test: dev ## all tests; a part of them: make test ARGS="tests/docs -x"
	@$(BIN)/python -m pytest -n 4 --dist loadfile $(or $(ARGS),--ignore tests/e2e)
	@$(if $(ARGS),,$(BIN)/python -m pytest -n 2 --dist loadfile tests/e2e)

check: dev ## format, lint, types, import contracts, documentation; the web app's lint, types, tests and size
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >.venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log; exit 1; }
	@$(BIN)/shellcheck scripts/*.sh docs/examples/*.sh .ci/run
	@$(BIN)/mkdocs build --strict --quiet --site-dir site
	@scripts/npm.sh run --silent check
	@scripts/npm.sh run --silent test
	@scripts/npm.sh run --silent size
	@echo "All checks passed."

bench: dev ## the figures of the benchmark
	@$(BIN)/python -m bench $(ARGS)

dev: ## .venv with the tools for work on the code
	@sh scripts/venv.sh dev

screenshots: dev ## the pictures of docs/app-tour.md anew; needs chromium
	@$(BIN)/python scripts/screenshots.py

runtime:
	@sh scripts/venv.sh runtime

lock: dev ## write the lock files anew from pyproject.toml; needs the package index
	@scripts/lock.sh $(ARGS)

docs: dev ## the documentation at http://127.0.0.1:8000, rebuilt as it changes
	@exec $(BIN)/mkdocs serve --strict

clean: ## remove .venv and everything that was built; data/ stays
	@rm -rf web/node_modules src/mxm/entrypoints/web_dist
	@rm -rf .venv site dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
