# Two commands: `make run` starts everything on this machine, `make test` checks everything from nothing.
.PHONY: run test lint types format clean

# Compiled modules are kept: without them every start would compile the whole environment again.
unexport PYTHONDONTWRITEBYTECODE
PYTHON := .venv/bin/python
SOURCES := units campaigns exemplars awards reports config manage.py

run:
	@config/bootstrap.sh run
	@exec $(PYTHON) -m config.serve

test:
	@config/bootstrap.sh test
	@config/verify.sh

lint:
	@config/bootstrap.sh test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports

types:
	@config/bootstrap.sh test
	.venv/bin/mypy $(SOURCES)

format:
	@config/bootstrap.sh test
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# Removes what tools leave behind; the data in var/ is a person's and stays.
clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
