# Everything here needs python3 (3.11 or newer) with venv, and make. Nothing else.
PYTHON ?= python3
BIN = .venv/bin
UV_FLAGS = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -q
BENCH ?=

.PHONY: serve test check rest demo bench soak conformance lock keys vectors wheel format lint types imports clean

serve: .venv/product
	$(BIN)/python -m hub serve

demo: .venv/product
	$(BIN)/python -m hub demo

test: .venv/test
	$(BIN)/pytest -q -n 2 --dist loadgroup

check: test rest

rest: format lint types imports wheel

format: .venv/test
	$(BIN)/ruff format --check .

lint: .venv/test
	$(BIN)/ruff check .

types: .venv/test
	$(BIN)/mypy

imports: .venv/test
	$(BIN)/lint-imports

# The wheel is built, installed alone into an empty environment and asked to work there.
wheel: .venv/test
	$(BIN)/python tests/wheel.py

bench: .venv/product
	$(BIN)/python -m hub bench $(BENCH)

# Outside judges: EU DSS and veraPDF (Java and Maven), openssl, qpdf, pdfsig; Node, zbarimg, Chromium; Go. Exits 2, names what is missing.
conformance: .venv/test
	$(BIN)/python -m tests.conformance.seals
	$(BIN)/python -m tests.conformance.codes
	$(BIN)/python -m tests.conformance.log

# Long runs with their seeds printed (again with HUB_SEED=…): kills, faults at every system call, 40,000 numbers.
soak: .venv/test
	$(BIN)/pytest -q -s -m soak

vectors: .venv/test
	$(BIN)/python -m tests.vectors.make_statements
	$(BIN)/python -m tests.vectors.make_trust_lists
	$(BIN)/python -m tests.vectors.make_pdfs
	$(BIN)/python -m tests.vectors.make_codes
	git diff --exit-code tests/vectors

keys: .venv/product
	$(BIN)/python -m keys_sample.make_keys

lock: .venv/test
	$(BIN)/uv pip compile pyproject.toml $(UV_FLAGS) --upgrade -o requirements/product.txt
	$(BIN)/uv pip compile pyproject.toml --extra test $(UV_FLAGS) -c requirements/product.txt -o requirements/test.txt

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "the hub needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	touch $@

.venv/product: requirements/product.txt .venv/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/product.txt
	touch $@

.venv/test: requirements/test.txt .venv/product
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	touch $@

clean:
	rm -rf .venv var dist
