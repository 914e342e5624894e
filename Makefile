# The commands of Primum. Each works on a bare clone with nothing but Python >= 3.11 and make.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= data
export PORT

.PHONY: help run test fast check setup servers assets lock format train eval bench rig needs fuzz clean

help: ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/.run src/primum/web/static/vendor/icons.svg ## Everything set up, the demonstration organisation, sign-in links
	@exec $(BIN)/primum serve --demo

test: setup ## The whole suite
	@$(BIN)/python -m pytest

fast: setup ## The suite without browsers and without starting whole servers: under a minute
	@$(BIN)/python -m pytest -m "not browser and not outside"

check: setup ## Format, lint, types, borders
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && PRIMUM_HOME=var/check DATABASE_URL=postgresql://nobody@localhost/none $(BIN)/mypy && $(BIN)/lint-imports

setup: .venv/.dev src/primum/web/static/vendor/icons.svg ## Install what developing needs

.venv/bin/uv:
	@$(PYTHON) tools/bootstrap.py

.venv/.run: .venv/bin/uv requirements/run.txt pyproject.toml
	@if test -f .venv/.dev; then $(BIN)/python tools/bootstrap.py sync requirements/dev.txt && touch .venv/.dev; else $(BIN)/python tools/bootstrap.py sync requirements/run.txt; fi
	@touch $@

.venv/.dev: .venv/bin/uv requirements/dev.txt pyproject.toml
	@$(BIN)/python tools/bootstrap.py sync requirements/dev.txt && touch $@ .venv/.run

servers: tests/servers/node_modules/.built ## Bluesky's own servers for the tests (480 MB; without them they skip, visibly)

tests/servers/node_modules/.built: tests/servers/package-lock.json .venv/bin/uv
	@$(BIN)/python tools/bootstrap.py servers

assets: ## Fetch and copy the browser's parts
	@$(BIN)/python tools/bootstrap.py assets

src/primum/web/static/vendor/icons.svg: package-lock.json tools/build_assets.py .venv/bin/uv
	@$(BIN)/python tools/bootstrap.py assets

format: setup ## Put the code into the house's format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

eval: setup ## Figures on labelled texts, into docs/reference/evaluation.md (DATA=folder adds the public sets)
	@$(BIN)/python evaluation/evaluate.py $(if $(wildcard $(DATA)),--data $(DATA)) $(if $(MISSES),--misses)

needs: setup ## Work out beforehand what each pattern of the detector needs (after changing one)
	@$(BIN)/python tools/write_needs.py

fuzz: setup ## Ten minutes of random and hostile texts over all layers
	@PRIMUM_FUZZ_SECONDS=180 $(BIN)/python -m pytest tests/detect/test_fuzz.py

rig: setup ## Publishing under fire: a thousand posts, five hundred kills, a platform that lies; then with one worker, then Bluesky's own code (RIG="--posts 100 …": one run)
	@$(BIN)/python tests/rig/rig.py $(RIG)
	@if test -z "$(RIG)"; then $(BIN)/python tests/rig/rig.py --workers 1; fi
	@if test -z "$(RIG)" && test -f tests/servers/node_modules/.built; then $(BIN)/python tests/rig/rig.py --platform bluesky --posts 50 --unapproved 10 --kills 50; fi

bench: setup ## Posts per second beside a peer's, in one run
	@$(BIN)/python evaluation/bench.py

train: ## Train the model anew (DATA=folder; two cores: about 80 minutes; a GPU: minutes)
	@test -x training/.venv/bin/python || $(PYTHON) -m venv training/.venv
	@training/.venv/bin/python -m pip install -q -r training/requirements.txt
	@PYTHONPATH=src:training training/.venv/bin/python training/train.py --data $(DATA)
	@PYTHONPATH=src:training training/.venv/bin/python training/export.py --data $(DATA)
	@PYTHONPATH=src:training training/.venv/bin/python training/worth_asking.py --data $(DATA)

lock: .venv/bin/uv ## Pin the dependencies anew
	@$(BIN)/python tools/bootstrap.py lock

clean: ## Remove what was built (never var/)
	@rm -rf .venv node_modules src/primum/web/static/vendor build dist
