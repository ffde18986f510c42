# A thin cover over `python build.py`, which does the work: this brings its Python packages first.
# `make serve` and `make test` are all that a newcomer needs; `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
BROWSERS := chromium firefox
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.gradlet-lock
# Node.js may have come from PyPI, and then npm lives in the virtual environment.
NPM := PATH="$(CURDIR)/$(VENV)/bin:$$PATH" npm

.PHONY: help serve build test check browser class-demo torture audit lint fix test-browsers bench \
  bench-build screenshots lock package clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1  -  /p' Makefile

serve: $(READY) ## build the site, serve it, reload it on every change (PORT=8000)
	@$(PY) build.py serve --port $(PORT)

build: $(READY) ## build the site into dist/
	@$(PY) build.py build

test: lint check browser ## every test, in a real browser too
	@$(PY) -m pytest

check: $(READY) ## prove that the hidden tests of every problem work
	@$(PY) build.py check

browser: $(READY) ## bring what the browser tests need
	@$(PY) build.py browser

class-demo: browser ## grade a class of 300, hostile ones among them, natively and in Chromium
	@PYTHONPATH=.:site:tests $(PY) tests/class_demo.py --browser

torture: browser ## hostile code on a learner's page (BROWSERS="chromium firefox", or webkit)
	@PYTHONPATH=. $(PY) tests/torture_run.py $(BROWSERS:%=--browser %)

audit: $(READY) ## ask the registries for known vulnerabilities of what is pinned
	@$(PY) -m uv tool run pip-audit -r requirements.lock --disable-pip
	@$(PY) build.py setup
	@$(NPM) audit

lint: $(READY) ## formatters, linters, type checkers
	@$(PY) build.py setup
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(NPM) run --silent lint

fix: $(READY) ## let the formatters and linters mend what they can
	@$(PY) build.py setup
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@$(NPM) run --silent fix

test-browsers: $(READY) ## the grading tests in Chromium, Firefox and WebKit
	@$(PY) build.py browser
	@$(PY) -m pytest -s tests/browsers/grading_everywhere.py

bench: $(READY) ## measure beside other ways to run Python in a page (15 minutes)
	@$(PY) build.py browser
	@PYTHONPATH=.:site:tests $(PY) -m bench

bench-build: $(READY) ## measure builds of 1,000 problems, beside MkDocs
	@$(PY) build.py setup
	@PYTHONPATH=.:site:tests $(PY) -m bench.build

screenshots: $(READY) ## take the pictures in docs/screenshots/ anew
	@$(PY) build.py browser
	@PYTHONPATH=. $(PY) tests/screenshots.py

lock: $(READY) ## write requirements.lock anew from pyproject.toml
	@$(PY) -m uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header -o requirements.lock

package: $(READY) ## pin a package that a problem uses (NAME=einops==0.8.1)
	@$(PY) -m uv add --quiet --frozen --group problems "$(NAME)"
	@$(MAKE) --no-print-directory lock
	@$(PY) -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	@touch $(READY)

clean: ## remove what was built and installed (downloads stay in the cache)
	rm -rf dist node_modules $(VENV)

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Gradlet needs Python 3.11 or newer; $(PYTHON) is older or missing. Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python has no venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the Python packages into $(VENV) (120 MB)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@
