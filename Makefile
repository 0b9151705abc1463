# The two commands: `make demo` and `make test`. Everything else serves them.
PYTHON ?= python3
HOME_FOLDER ?= home
SEED ?= 0
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt
AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: venv demo test lint dashboard bench soak constraints docs clean

venv: .venv/ready

.venv/made:
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv || ($(AS_ROOT) apt-get update -qq && $(AS_ROOT) apt-get install -y -qq python3-venv && $(PYTHON) -m venv .venv)
	@touch $@

.venv/ready: .venv/made pyproject.toml constraints.txt
	@echo "Installing Piekwijzer and what it needs (once; some minutes) ..."
	@$(PIP) -e .
	@touch $@

.venv/ready-to-test: .venv/ready
	@echo "Installing what tests need: tools, Ray, Chromium ..."
	@$(PIP) -e ".[test,ray]"
	@command -v chromium >/dev/null || ($(AS_ROOT) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(AS_ROOT) apt-get install -y -qq --no-install-recommends chromium)
	@touch $@

demo: .venv/ready
	$(BIN)/piekwijzer --home $(HOME_FOLDER) demo --seed $(SEED)

dashboard: .venv/ready
	$(BIN)/piekwijzer --home $(HOME_FOLDER) dashboard

lint: .venv/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test soak: export PYTHONDONTWRITEBYTECODE =  # each of many processes would compile anew
test: lint
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -q

.venv/ready-to-bench: .venv/ready-to-test
	@echo "Installing what benches compare with ..."
	@$(PIP) -e ".[bench]"
	@touch $@

bench: .venv/ready-to-bench
	$(BIN)/python -m tests.benches.$(NAME)

soak: .venv/ready-to-test
	$(BIN)/pytest -q -m soak

constraints: .venv/ready-to-bench
	$(BIN)/pip freeze --exclude-editable | grep -v ' @ ' > constraints.txt

docs: .venv/ready
	$(BIN)/python docs/dictionary.py
	$(BIN)/python docs/roster_rules.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
