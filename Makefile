# `make run` and `make test` are all a newcomer needs; each sets up what is missing first.

PY := .venv/bin/python -X warn_default_encoding
QT := QT_QPA_PLATFORM=offscreen

.PHONY: help run test test-slow check format bench screenshots bundle translations prepare lock clean

help:           ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: prepare    ## open the program with the shipped decks
	@.venv/bin/python main.py

test:           ## run the tests
	@sh build/prepare.sh test
	$(QT) $(PY) -m pytest -n 2 --dist loadfile -m "not slow"

test-slow:      ## run the tests with full counts
	@sh build/prepare.sh test
	$(QT) $(PY) -m pytest -n 2 --dist loadfile

check: prepare  ## style, types, imports, translations
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) build/translations.py --check

format: prepare ## put the code in shape
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

translations: prepare ## compile the catalogues after a change
	$(PY) build/translations.py

bench: prepare  ## measure, beside comparisons where they can be installed
	$(QT) .venv/bin/python -m bench

screenshots: prepare ## pictures of every screen, in the folder screenshots/
	$(QT) .venv/bin/python build/screenshots.py screenshots

bundle: prepare ## the program as one folder in dist/
	.venv/bin/python build/bundle.py

prepare:
	@sh build/prepare.sh

lock: prepare   ## renew the locked versions from pyproject.toml
	.venv/bin/python build/lock.py

clean:          ## throw away what can be made again
	rm -rf dist .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
