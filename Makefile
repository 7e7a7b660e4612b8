# What others rely on: demo, setup, test, check, soak, bench (and golden, pins for those who change things).
# `make PYTHON=/path/to/python3.13 setup` chooses the Python; otherwise the newest that works is taken.

.NOTPARALLEL:
.PHONY: help demo setup dev test check lint soak bench golden pins clean

PYTHON ?=
WORKERS ?= 4
TESTS ?=
export PYTHON
bin := .venv/bin
# More workers than processors, since many tests wait for sockets, timers and processes; in the order of the folders:
# the slow ones (crash, e2e) begin early, and many quick ones fill up the end
pytest = $(bin)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

help:
	@echo "make demo    the service with an example organisation: SMTP 127.0.0.1:2525, web http://127.0.0.1:8025"
	@echo "make setup   only set up .venv; afterwards .venv/bin/mailsvc is the command line"
	@echo "make test    all tests (TESTS=tests/unit for a part of them)"
	@echo "make check   what CI runs: lint, format, types, import rules, all tests"
	@echo "make soak    the long tests, whole"
	@echo "make bench   the benchmarks"
	@echo "make golden  write the golden letters anew"
	@echo "make pins    write requirements/*.txt anew from pyproject.toml (needs the network)"
	@echo "make clean   remove .venv and caches; var/ stays"

demo: setup
	@$(bin)/mailsvc demo

setup:
	@sh .ci/setup run

dev:
	@sh .ci/setup dev

test: dev
	@$(pytest) $(TESTS)

check: lint test

lint: dev
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy
	@$(bin)/lint-imports

soak: dev
	@MAILSVC_SOAK=1 $(pytest) --timeout 7200 --durations 40 $(TESTS)

bench: dev
	@PYTHONPATH=. $(bin)/python bench/run_all.py

golden: dev
	@MAILSVC_UPDATE_GOLDEN=1 $(bin)/python -m pytest -n 0 tests/golden

pins:
	@sh .ci/pin

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
