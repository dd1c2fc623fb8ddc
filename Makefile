# Everything sets itself up: the first target run builds .venv from exact pins.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
STAMP := $(VENV)/.installed
WORKERS ?= 2

.PHONY: help quickstart test lint generate check-generated contract mutants bench soak docs clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 18

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0] + "; set PYTHON=...") if sys.version_info < (3, 11) else None'
	@echo "setting up $(VENV) (once, a minute or two)"
	@test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	@PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=constraints.txt $(RUN) -m pip install --quiet --editable '.[dev]'
	@touch $(STAMP)

quickstart: $(STAMP) ## the main job on the embedded simulator
	@$(BIN)/modelarts quickstart

test: $(STAMP) ## all tests
	$(RUN) -m pytest -n $(WORKERS)

lint: $(STAMP) ## the document, types, style
	$(RUN) -m scripts.lint
	$(RUN) -m scripts.lint_node
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

generate: $(STAMP) ## make generated/ and the golden cases from spec/
	$(RUN) -m scripts.generate
	$(RUN) -m scripts.cases

check-generated: $(STAMP) ## fail when generated/ or the golden cases are not what spec/ gives
	$(RUN) -m scripts.generate --check
	$(RUN) -m scripts.cases --check

contract: $(STAMP) ## the contract suite against the embedded simulator
	$(BIN)/modelarts contract --report build/contract

mutants: $(STAMP) ## how many planted changes the contract suite notices (up to an hour)
	$(RUN) -m scripts.mutants

bench: $(STAMP) ## speed against peers, in one run
	$(RUN) -m scripts.bench

soak: $(STAMP) ## a long seeded run of the property tests
	$(RUN) -m scripts.soak

docs: $(STAMP) ## the pages that are made from the document
	$(RUN) -m scripts.docs

clean: ## remove what the targets made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
