# Three commands are all a newcomer needs: make demo, make test, make check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := check
.PHONY: check test demo pictures bench lock clean

$(STAMP): tests/requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q server/uvci
	touch $@

## the fast inner loop: format, lint, types, quick tests
check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n auto -m "not slow"

## everything
test: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto

## the main job on a real pipeline: the checker, then a conversation with the language server
demo: $(STAMP)
	rm -rf .cache/demo && mkdir -p .cache && cp -R tests/demo .cache/demo && git init --quiet .cache/demo
	cd .cache/demo && { ../../$(BIN)/uvci check; test $$? -le 1; }
	$(BIN)/python .cache/demo/conversation.py

## re-make the pictures of the READMEs
pictures: $(STAMP)
	$(BIN)/python tests/demo/picture.py tests/demo/check.svg
	$(BIN)/uvci graph tests/features/graph/library.yml --output-format svg > tests/demo/graph.svg
	$(BIN)/python -m tests.e2e.pictures

## how fast it is, as ratios within one run
bench: $(STAMP)
	$(BIN)/python tests/benchmarks/measure.py

## pin the dependencies again
lock: $(STAMP)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --group dev pyproject.toml --output-file tests/requirements.lock

clean:
	rm -rf $(VENV) .cache build dist
