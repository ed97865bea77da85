# Everything runs in .venv, which is made on the first call; `make clean` takes it and what was built away.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export VERIFY_DB := .demo/verify.db
export VERIFY_REVIEWER ?= demo
demo: export VERIFY_OFFLINE := 1

.PHONY: demo test lint docs screenshot benchmark clean

demo: $(READY) ## read data/, attach its sources, let the machine point, decide, take the next revision in, show the review list, write the report
	@rm -rf .demo && mkdir -p .demo
	$(BIN)/verify ingest data/fall-of-damascus.txt
	$(BIN)/verify attach --manifest data/sources.csv
	$(BIN)/verify assess
	$(BIN)/verify decide 1 2 verified --note "read at the source"
	$(BIN)/verify decide 3 failed_verification --note "the source has the night before"
	$(BIN)/verify decide 6 failed_verification --note "the source says about 2,000"
	$(BIN)/verify decide 8 partially_verified --note "the source does not count the men"
	$(BIN)/verify flag 9 --reason "which base, and who saw it?"
	$(BIN)/verify ingest data/fall-of-damascus-revised.txt --as fall-of-damascus
	$(BIN)/verify diff fall-of-damascus
	$(BIN)/verify list
	$(BIN)/verify trail verify
	$(BIN)/verify report -o .demo/report.html
	@echo "The report: $(CURDIR)/.demo/report.html"

test: $(READY) lint ## all checks and all tests
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY) ## write the generated pages again
	$(BIN)/python -m verify.store.describe > docs/schema.md
	$(BIN)/python -m verify.cli.describe > docs/commands.md

screenshot: demo ## the picture in the README, taken by headless Chromium
	sh docs/screenshot.sh .demo/report.html docs/report.png

benchmark: $(READY) ## start-up against its peers, on this machine
	$(BIN)/python tests/benchmarks/startup.py

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) .demo dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
