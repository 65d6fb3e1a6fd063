# `make run` opens the playground, `make test` checks everything, `make check` all but the browser;
# each sets up what it needs.

# the first Python that is new enough; name another one with make PYTHON=...
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
JS := tests/javascript
# Python compiles what it imports; to compile all that is installed takes longer than to install it
PIP := --quiet --disable-pip-version-check --no-compile
# and it keeps what it has compiled, also where the environment says not to: else each process of the
# tests would compile scikit-learn anew, which is three seconds of its five
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check lint bench chromium hosted haproxy redis lock audit

run: .venv/installed
	$(BIN)/streamlit run streamlit_app.py

test: lint chromium haproxy redis
	$(BIN)/pytest -n auto --dist worksteal

# all that needs no browser
check: lint redis
	$(BIN)/pytest -n auto --dist worksteal tests/engine tests/playground tests/test_*.py

lint: .venv/installed-for-tests $(JS)/node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node $(JS)/node_modules/typescript/bin/tsc --project $(JS)
	$(BIN)/node $(JS)/node_modules/eslint/bin/eslint.js --config $(JS)/eslint.config.js --max-warnings 0 playground/board/client

haproxy: .venv/bin/python
	$(BIN)/python -m hosting.haproxy

redis: .venv/bin/python
	$(BIN)/python -m hosting.redis

# the packages of a hosted playground, from requirements.txt; made with Python 3.11, it holds from 3.11.3 on
lock: .venv/tools/installed
	CUSTOM_COMPILE_COMMAND="make lock" .venv/tools/bin/pip-compile --quiet --upgrade --generate-hashes \
		--strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--output-file hosting/requirements.lock requirements.txt

# whether a fault is known in one of them; it asks the internet
audit: .venv/tools/installed
	.venv/tools/bin/pip-audit --require-hashes --disable-pip --requirement hosting/requirements.lock

# make bench hosted: what is named after it are parts of it, and nothing else is made
ifeq (bench,$(firstword $(MAKECMDGOALS)))
PARTS := $(filter-out bench,$(MAKECMDGOALS))
.PHONY: $(PARTS)
$(PARTS): bench
	@:
else
# several processes behind HAProxy, and one address: make hosted REPLICAS=4 LISTEN=:80
REPLICAS ?= 2
LISTEN ?= :8501
hosted: .venv/installed haproxy
	$(BIN)/python -m hosting.replicas $(REPLICAS) --listen $(LISTEN)
endif

bench: .venv/installed-for-tests chromium haproxy redis
	$(BIN)/python -m benchmarks $(PARTS)

chromium: .venv/installed-for-tests
	$(BIN)/python -m tests.browser.chromium

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "The playground needs Python 3.11 or newer, and found none."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install $(PIP) -r requirements.txt
	touch $@

.venv/installed-for-tests: tests/requirements.txt .venv/installed
	$(BIN)/python -m pip install $(PIP) -r tests/requirements.txt
	touch $@

# apart from the playground's own packages, so that neither has to suit the other
.venv/tools/installed: hosting/requirements-tools.txt | .venv/bin/python
	$(PYTHON) -m venv .venv/tools
	.venv/tools/bin/python -m pip install $(PIP) -r hosting/requirements-tools.txt
	touch $@

# Node comes with the packages for the tests, so that there need be none on the machine
$(JS)/node_modules/installed: $(JS)/package.json $(JS)/package-lock.json | .venv/installed-for-tests
	$(BIN)/npm ci --prefix $(JS) --loglevel=error
	touch $@
