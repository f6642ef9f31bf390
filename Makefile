# The two commands of the README are `make demo` and `make test`; each makes .venv when it is missing.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000

.PHONY: demo test lint bench lock words clean

demo: .venv/.demo
	PORT=$(PORT) $(BIN)/mtd demo

test: .venv/.dev
	$(BIN)/pytest

lint: .venv/.dev
	$(BIN)/ruff check mtd_learning tests
	$(BIN)/ruff format --check mtd_learning tests
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python tests/bench/run.py

# Pinned versions with their hashes for every Python we support; needs uv.
lock:
	uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock
	uv pip compile pyproject.toml --extra dev --extra postgres --extra redis --extra blocks-django --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -o requirements-dev.lock

# Interface words: collect them, bring the new ones into each language, compile.
words: .venv/.dev
	mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k lazy_gettext -k N_ -k __ --no-wrap --sort-by-file -o build/messages.pot .
	$(BIN)/pybabel -q update -i build/messages.pot -d mtd_learning/translations -N --no-wrap
	$(BIN)/pybabel -q compile -d mtd_learning/translations

.venv/bin/python:
	@if command -v uv >/dev/null 2>&1; then uv venv -q --seed --python $(PYTHON) .venv; else $(PYTHON) -m venv .venv; fi

# What Python compiles of the commands and all that they load is kept, also where the environment
# says that nothing is to be kept: a start takes a third of the time.
COMPILE = $(BIN)/python -m compileall -q mtd_learning && PYTHONDONTWRITEBYTECODE= $(BIN)/mtd --help >/dev/null

.venv/.demo: .venv/bin/python pyproject.toml requirements.lock
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && uv pip install -q --python $(BIN)/python --no-deps -e .; \
	else \
	  $(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --require-hashes -r requirements.lock && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .; \
	fi
	@$(COMPILE)
	@touch $@

.venv/.dev: .venv/bin/python pyproject.toml requirements-dev.lock
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock && uv pip install -q --python $(BIN)/python --no-deps -e .; \
	else \
	  $(BIN)/python -m pip install -q --no-compile --disable-pip-version-check --require-hashes -r requirements-dev.lock && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .; \
	fi
	@$(COMPILE)
	@touch $@ .venv/.demo

clean:
	rm -rf .venv build dist
