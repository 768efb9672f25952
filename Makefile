# Every command of this project. `make` lists them; .ci/run calls them too.

.DEFAULT_GOAL := help
.PHONY: help demo test check format clean servers

BIN := .venv/bin
RUNS := .venv/ready-to-run
WORKS := .venv/ready-to-work
# More for the command or for pytest: make demo ARGS=--keep, make test ARGS="-k outbox -x"
ARGS ?=
# Tests in processes side by side, each with servers of its own (in one: make test WORKERS=)
WORKERS ?= -n auto --dist worksteal

# Tests start hundreds of processes: what one has compiled serves the others.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(RUNS) ## see it work: servers, mails and the daemon in a sandbox (to stay: make demo ARGS=--keep)
	@$(BIN)/maild demo $(ARGS)

test: $(WORKS) servers ## all tests, on real servers and databases (some: make test ARGS="-k outbox")
	@echo "==> running the tests"
	@$(BIN)/python -m pytest $(WORKERS) $(ARGS)

check: $(WORKS) ## format, lint, types, layers, pinned libraries and what is known of them: all that needs no server
	@echo "==> format" && $(BIN)/ruff format --check .
	@echo "==> lint" && $(BIN)/ruff check .
	@echo "==> types" && $(BIN)/mypy
	@echo "==> layers" && $(BIN)/lint-imports --no-logo
	@echo "==> dependencies" && $(BIN)/python .ci/dependencies.py
	@echo "==> known vulnerabilities" && $(BIN)/python .ci/audit.py

format: $(WORKS) ## format the code and mend what ruff can
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: ## remove what the commands made, .venv too
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

servers:
	@.ci/servers

$(RUNS): pyproject.toml constraints.txt
	@.ci/environment
	@touch $@

$(WORKS): pyproject.toml constraints.txt .ci/audit.txt
	@.ci/environment dev
	@touch $@ $(RUNS)
