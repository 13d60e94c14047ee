# The two commands of the README, and what continuous integration calls. `make PYTHON=python3.12 test` takes another Python.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-slow check templates generated generated-check bench clean

demo: .venv/installed
	$(BIN)/xladdin report workbooks/positions.csv --template futures-planner --out reports --name "{client}-{symbol}-{venue}"
	@echo "The workbooks are in the folder reports; start with reports/summary.xlsx."

test: .venv/installed-test
	$(BIN)/python -m pytest -n 2 --dist loadgroup

test-slow: .venv/installed-test
	$(BIN)/python -m pytest -m slow -n 2 --dist loadgroup

check: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

templates: .venv/installed
	$(BIN)/xladdin templates build

# Documents, templates, worked examples: what is made from something else. The pictures take LibreOffice and poppler.
generated: .venv/installed
	$(BIN)/python -m tools.generated

generated-check: .venv/installed
	$(BIN)/python -m tools.generated --check

bench: .venv/installed-test
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "xladdin needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing; on Debian and Ubuntu install it with: sudo apt-get install python3-venv"; exit 1; }

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-test: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	@touch $@ .venv/installed

clean:
	rm -rf .venv reports build dist
