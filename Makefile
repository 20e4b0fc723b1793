# careersim: `make run` and `make test` do all their own set-up from a plain Python 3.11
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: install run test lint bench check-places settle verify clean

install: $(READY)

$(READY): pyproject.toml requirements.txt
	@echo "careersim: preparing .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

run: install                 ## the main job: the strategies in Inverclyde, 20 replicates
	$(BIN)/careersim run configs/experiments/inverclyde.yaml --out results/inverclyde

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint                   ## lint, format, types, import rules, tests
	$(BIN)/pytest -q -n 2 --dist worksteal
	$(BIN)/pytest -q --doctest-modules src/careersim

verify: install              ## exact theory and invariants, in full
	$(BIN)/careersim verify

bench: install               ## speed and memory on this machine
	$(BIN)/python experiments/bench.py
	$(BIN)/python experiments/bench_job_network.py
	$(BIN)/python experiments/bench_studies.py

check-places: install        ## stationarity and landing of every shipped place
	$(BIN)/careersim list places --check

settle: install             ## solve and test every shipped place anew (after a change to the model or a default)
	$(BIN)/python experiments/settle.py

clean:
	rm -rf .venv .pytest_cache .hypothesis .mypy_cache .ruff_cache
