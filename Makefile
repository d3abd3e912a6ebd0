# Everything a newcomer, a developer and CI type. Needs Python 3.11 or later, make and a network.

PYTHON ?= python3
BIN := .venv/bin
LOCKED := .venv/.locked
INSTALLED := .venv/.installed
FUZZED := .venv/.fuzzed
FUZZ_PATH := tests/rig/daemons:tests/rig/dmp:tests/rig/peers:tests/rig/samples:tests/fuzz/harness:tests/fuzz/targets:tests/unit/mapping/fhir
SECONDS ?= 120
TARGETS ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test lint format bench fuzz laws lock clean

help: ## says what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

# The lock names a hash for every file, those of the build backend too: nothing else is fetched.
$(LOCKED): requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	touch $@

$(INSTALLED): pyproject.toml $(LOCKED)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	touch $@

install: $(INSTALLED) ## makes .venv from the lock, with the project in it

demo: $(INSTALLED) ## starts the gateway with invented patients; Ctrl-C ends it
	@echo 'The gateway starts with invented patients; its data are in demo-data/.'
	@echo 'It says below where its pages and doors are; demo-data/ready.json has every credential.'
	@mkdir -p demo-data
	$(BIN)/gateway serve --demo --data demo-data --ready-file demo-data/ready.json

# Compiled first, and kept as compiled, whatever the shell says of .pyc files: the tests start the
# daemon many times, and each process of tests would rewrite the asserts of all of them for itself.
# Two processes more than processors: two fifths of a test's time are waiting.
test: $(INSTALLED) ## runs all tests
	$(BIN)/python -m compileall -q gateway conformance
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 2)') --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED) ## ruff, mypy --strict and the floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(INSTALLED) ## lays the code out
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(INSTALLED) ## runs the benchmarks; figures belong in benchmarks/RESULTS.md
	@for file in benchmarks/*.py; do \
		case $$file in */__init__.py) continue;; esac; \
		echo "== $$file"; PYTHONPATH=. $(BIN)/python "$$file" || exit 1; \
	done

# atheris has wheels for some systems only: without it our own mutations run alone.
$(FUZZED): requirements-fuzz.lock $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-fuzz.lock \
		|| echo 'No atheris for this Python: going on with our own mutations.'
	touch $@

fuzz: $(FUZZED) ## feeds every parser for long: make fuzz SECONDS=600 TARGETS="cda mail"
	PYTHONPATH=$(FUZZ_PATH) $(BIN)/python tests/fuzz/harness/longer.py --seconds $(SECONDS) $(TARGETS)

laws: $(INSTALLED) ## tries the laws of the parsers far more often than the tests do
	PYTHONPATH=tests/fuzz $(BIN)/python -m pytest -p deeper tests/fuzz

lock: $(INSTALLED) ## writes requirements.lock again from pyproject.toml (needs uv on the PATH)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --quiet -o requirements.lock
	printf "atheris; python_version >= '3.12'\natheris<3.1; python_version < '3.12'\n" \
		| uv pip compile - --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --quiet -o requirements-fuzz.lock

clean: ## removes what make made, but for demo-data
	rm -rf .venv .fuzz .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
