# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
SETUP := $(PYTHON) -m tools.bootstrap
IN := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help demo test test-fast check fix env programs lock release-definitions docs pictures bench clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 28

demo: ## a running copy with demonstration content (DEMO_ARGS="--port 8123", --no-serve, --once)
	@$(SETUP) demo $(DEMO_ARGS)

test: env ## every test: SQLite, PostgreSQL, then a browser
	@$(SETUP) system && $(IN) -m tools.test $(TEST_ARGS)

test-fast: env ## the tests on SQLite alone, without a browser
	@$(IN) -m pytest -q -m "not journey" $(TEST_ARGS)

check: env ## every check that changes nothing: style, types, imports, migrations, definitions, docs
	@$(IN) -m tools.check

fix: env ## put style right
	@$(IN) -m ruff check -q --fix . ; $(IN) -m ruff format -q .

env: ## the environment only: .venv with everything, and the assets
	@$(SETUP) env

programs: ## the programs the tests use; as root on a Debian it installs what is missing
	@$(SETUP) system

lock: env ## resolve requirements/*.in anew into lock files with hashes and no addresses
	@$(IN) -m tools.lock

release-definitions: env ## write the checksums of new definitions to definitions/register.csv
	@$(IN) -m tools.release_definitions

docs: env ## write docs/reference anew
	@$(IN) -m tools.reference && $(IN) -m tools.permission_table

pictures: env ## take the pictures of the guides anew
	@SIGHTLINE_PICTURES=true $(IN) -m pytest -q tests/journeys --ignore tests/journeys/test_every_address.py --ignore tests/journeys/test_gallery.py

bench: env ## the measured bars, each beside its comparison (slow)
	@$(IN) -m benchmarks

clean: ## take away everything made here, the database of `make demo` included
	@rm -rf .venv .cache var node_modules sightline/design/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
