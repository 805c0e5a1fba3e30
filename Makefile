# Needs Python 3.11 or newer with venv; everything else comes from the lock.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := schemas domain workflows activities gateway workers binome tools benchmarks tests
ARGS ?=
# More test processes than cores: much of a test is waiting for a server, a clock or a browser.
WORKERS ?= 3
# Compiled once, not by each of the Pythons that a stack, a command or a test process starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run unit test cluster coverage check bench lock histories

setup: .venv/.ready

# pip replaces itself and setuptools only inside .venv; the project is built without fetching anything that is not locked.
.venv/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: setup
	$(BIN)/binome up --demo $(ARGS)

# What starts no server; about a minute on two cores.
unit: setup
	$(BIN)/python -m pytest -n 2 tests/unit tests/replay $(ARGS)

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --durations=15 $(ARGS)

# On Temporal's real server and PostgreSQL, by docker-compose.yml's own commands. Needs Go, and without it does nothing;
# the server is built once into ~/.cache/binome (some 7 minutes), the tests take a quarter of an hour at most.
cluster: setup
	$(BIN)/python -m tests.cluster $(ARGS)

# Every branch that the tests take, in the processes that they start too; fails where too few are taken.
coverage: setup
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --include='domain/*' --fail-under=95

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(wildcard $(PACKAGES))
	$(BIN)/lint-imports
	$(BIN)/docker-compose -f docker-compose.yml config -q
	$(BIN)/python -m tools.docs --check
	$(BIN)/python -m tools.words
	$(BIN)/python -m tools.chart

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

# Before a release only: tests/replay/histories/ of the version in pyproject.toml anew. docs/upgrading.md says when.
histories: setup
	$(BIN)/python -m tests.replay.record

# Needs uv. The locks name packages, versions and hashes, and no address; the image's one goes without our own tools.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	--no-annotate --python-version 3.11
lock:
	$(COMPILE) --extra dev pyproject.toml -o requirements.lock
	$(COMPILE) --extra build --extra tracing --constraint requirements.lock pyproject.toml -o deploy/requirements.lock
