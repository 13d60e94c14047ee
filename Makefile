# The commands of the README, and what continuous integration calls. `make PYTHON=python3.12 test` takes another Python.
PYTHON ?= python3
BIN := .venv/bin

PYTEST := -m pytest -n 2 --dist loadgroup

.PHONY: demo test test-hosts test-slow test-processor test-hostile test-lowest test-windows test-windows-suite test-lite hostile fuzz faults load coverage check dist generated generated-check accuracy site as-excel bench clean

demo: .venv/installed
	$(BIN)/xladdin report workbooks/positions.csv --template futures-planner --out reports --name "{client}-{symbol}-{venue}"
	@echo "The workbooks are in the folder reports; start with reports/summary.xlsx."

# What needs no other program; test-hosts has LibreOffice, Chromium, servers, kills, full disks; test-slow is for the night.
test: .venv/installed-test
	$(BIN)/python $(PYTEST)

test-hosts: .venv/installed-test
	$(BIN)/python $(PYTEST) -m "hosts and not slow"

test-slow: .venv/installed-test
	$(BIN)/python $(PYTEST) -m slow

# The first tests as on an older processor, as in a hostile place, and with the lowest allowed versions.
test-processor: .venv/installed-test
	tools/old-processor $(BIN)/python $(PYTEST)

test-hostile: .venv/installed-test
	tools/hostile-place

test-lowest: .venv-lowest/installed-test
	.venv-lowest/bin/python $(PYTEST)

# Every hostile file through every command, with what became of each.
hostile: .venv/installed-test
	cd tests && ../$(BIN)/python -m hostile

# Random input for everything that reads, half a minute each; more: make fuzz SECONDS=3600.
SECONDS ?= 30
fuzz: .venv/installed-test
	cd tests && ../$(BIN)/python -m fuzz --seconds $(SECONDS)

# Runs that are killed, cut off, filled up, run into each other.
faults: .venv/installed-test
	cd tests && ../$(BIN)/python -m faults

# A million rows, a hundred thousand reports, two hundred who ask at once.
load: .venv/installed-test
	cd tests && ../$(BIN)/python -m load

# Branch coverage of what computes, reads and writes, held at 95%.
coverage: .venv/installed-test
	$(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered --cov-fail-under=95

# A Windows Python under Wine, called as Excel calls it; Pyodide, as xlwings Lite has it.
test-windows: .venv/installed-test
	tools/windows-python
	XLADDIN_REQUIRE=windows $(BIN)/python -m pytest -m windows

# The first tests themselves on that Python, in two processes.
test-windows-suite: .venv/installed-test
	tools/windows-python
	tools/windows-suite -n 2 --dist loadgroup

test-lite: .venv/installed-test
	tools/pyodide
	XLADDIN_REQUIRE=lite $(BIN)/python -m pytest -m lite

check: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The wheel is built from the sdist.
dist: .venv/installed-test
	rm -rf dist
	$(BIN)/python -m build --quiet
	tools/try-wheel $(PYTHON) dist/*.whl

# Documents, templates, worked examples: what is made from something else. The pictures take LibreOffice and poppler.
generated: .venv/installed
	$(BIN)/python -m tools.generated

generated-check: .venv/installed
	$(BIN)/python -m tools.generated --check

# docs/accuracy.md: every function against its equation in 60 digits; some minutes.
accuracy: .venv/installed-test
	$(BIN)/python -m tools.accuracy

# The documentation as pages that open from files; any warning, such as a link that leads nowhere, is an error.
site: .venv/installed-test
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/site
	@echo "The documentation is in build/site/index.html."

# How many formula cells of workbooks that another spreadsheet saved come out as stored.
as-excel: .venv/installed-test
	$(BIN)/python benchmarks/as_excel.py tests/files_of_excel

bench: .venv/installed-test
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

.venv/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "xladdin needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing; on Debian and Ubuntu install it with: sudo apt-get install python3-venv"; exit 1; }

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-test: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[test,store]"
	@touch $@ .venv/installed

.venv-lowest/installed-test: .venv/installed-test
	$(PYTHON) -m venv --clear .venv-lowest
	$(BIN)/python tools/lowest_versions.py >.venv-lowest/versions.txt
	.venv-lowest/bin/python -m pip install --quiet --editable ".[test]" --constraint .venv-lowest/versions.txt
	@touch $@

clean:
	rm -rf .venv .venv-lowest reports build dist
