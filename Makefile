PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m
PYTEST ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run demo test check fmt lock bench coverage pictures clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */\1\t/' | expand -t 12

setup: .venv/ready  ## prepare .venv with the shenbao command in it (PYTHON=python3.12 chooses the Python)

run: setup  ## set up, then start everything on a demo province and say where
	@$(BIN)/shenbao up --demo

demo: setup  ## make the demo province without starting anything
	@$(BIN)/shenbao demo

# A file's tests stay together, in order: what a module built serves them all, and the longest files come first.
test: setup check  ## set up, then everything that CI runs (PYTEST="-k slate" for a part, WORKERS=4 at once)
	$(RUN) pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST)

check: setup  ## lint, format, types, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: setup  ## let ruff repair and format
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

bench: setup  ## one JSON line a benchmark: our time beside bare SQL
	@set -e; for file in tests/benchmarks/bench_*.py; do $(RUN) "tests.benchmarks.$$(basename "$$file" .py)"; done

coverage: setup  ## run the tests with branch coverage and report what no test reaches
	$(RUN) coverage run -m pytest $(PYTEST)
	$(RUN) coverage report

pictures: setup  ## take the pictures of the README and the tour, of a fresh demo in a real browser
	$(RUN) tests.pictures

lock: .venv/pyvenv.cfg  ## rewrite requirements.lock from pyproject.toml (UPGRADE=--upgrade takes newer releases)
	@$(RUN) uv --version >/dev/null 2>&1 || $(RUN) pip install --quiet "$$(sed -n 's/^ *"\(uv==[^"]*\)",$$/\1/p' pyproject.toml)"
	$(RUN) uv pip compile --quiet $(UPGRADE) pyproject.toml --group dev --output-file requirements.lock

clean:  ## remove .venv and every cache
	rm -rf .venv .coverage htmlcov build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || \
		{ echo "shenbao needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is not one: install it, or say which to take, as in 'make setup PYTHON=python3.12'." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "'$(PYTHON)' cannot make a virtual environment: on Debian, 'apt-get install python3-venv' adds what is missing." >&2; exit 1; }
	$(PYTHON) -m venv .venv

# uv comes from the lock as well, so that its hash is checked before it checks the others'.
.venv/ready: .venv/pyvenv.cfg requirements.lock pyproject.toml
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	$(RUN) pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement .venv/uv.txt
	$(RUN) uv pip sync --quiet --require-hashes requirements.lock
	$(RUN) uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
