# Everything a fresh machine needs is installed by these targets: Python >= 3.11 and
# git are taken for granted, and either a Pulumi CLI on PATH or Go >= 1.25.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pulumi-rdsclone
FLOOR := $(CACHE)/python-floor-$(shell cksum < tools/pins/floor.txt | cut -d' ' -f1)
NODE := $(CACHE)/node-$(shell cksum < tools/node/package-lock.json | cut -d' ' -f1)
JAVA := $(CACHE)/java-$(shell cksum < tools/java/pom.xml | cut -d' ' -f1)

.DEFAULT_GOAL := help
.PHONY: help demo demo-shell demo-clean test check bench mutants generate sdk pulumi go-cache clean

help:
	@echo "make demo     set everything up and show two clones being made, without an account"
	@echo "make test     set everything up and run the whole test suite"
	@echo "make check    lint, types, import contracts, freshness of generated files"
	@echo "make bench    measure and write bench.json; ONLY='NAME …' measures these figures alone"
	@echo "make mutants  change the code here and there, and list what no test notices (slow)"
	@echo "make generate write schema.json, argument classes and tables from the field descriptions"
	@echo "make sdk      generate the SDKs for Python, TypeScript, Go and Java into sdk/"
	@echo "make pulumi   find or build the Pulumi CLI; prints the folder that holds it"
	@echo "make clean    remove what the other targets made in this folder"

$(VENV)/.ready: pyproject.toml tools/pins/newest.txt tools/venv.sh
	@PYTHON=$(PYTHON) tools/venv.sh $(VENV) tools/pins/newest.txt --group dev -e '.[emulator]'
	@touch $@

$(VENV)/.mutants: $(VENV)/.ready tools/pins/mutants.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check \
		--constraint tools/pins/newest.txt --requirement tools/pins/mutants.txt
	@touch $@

# The oldest Pulumi SDK that is supported, for the tests that compare both.
$(FLOOR)/.ready: tools/pins/floor.txt tools/venv.sh
	@PYTHON=$(PYTHON) tools/venv.sh $(FLOOR) tools/pins/floor.txt -r tools/pins/floor.txt
	@touch $@

# What programs in other languages need; without their tools nothing is set up.
$(NODE)/.ready: tools/node/package-lock.json tools/languages.sh
	@tools/languages.sh node $(NODE)

$(JAVA)/.ready: tools/java/pom.xml tools/languages.sh
	@tools/languages.sh java $(JAVA)

go-cache:
	@tools/languages.sh go

demo: $(VENV)/.ready
	@$(BIN)/python tools/demo.py run

demo-shell: $(VENV)/.ready
	@$(BIN)/python tools/demo.py shell

demo-clean: $(VENV)/.ready
	@$(BIN)/python tools/demo.py clean

pulumi:
	@$(PYTHON) tools/pulumi/setup.py

test: $(VENV)/.ready $(FLOOR)/.ready $(NODE)/.ready $(JAVA)/.ready go-cache
	@RDSCLONE_PULUMI="$$($(PYTHON) tools/pulumi/setup.py --java)" RDSCLONE_FLOOR=$(FLOOR)/bin/python \
		RDSCLONE_NODE=$(NODE) RDSCLONE_JAVA=$(JAVA) \
		$(BIN)/pytest -n 3 $(TESTS)

check: $(VENV)/.ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/python tools/generate.py --check
	$(BIN)/codespell

generate: $(VENV)/.ready
	$(BIN)/python tools/generate.py

bench: $(VENV)/.ready
	@RDSCLONE_PULUMI="$$($(PYTHON) tools/pulumi/setup.py)" PYTHONPATH=tools $(BIN)/python -m tests.bench.run $(ONLY)

mutants: $(VENV)/.mutants
	@nice -n 19 $(BIN)/python tools/mutants.py $(ONLY)

sdk: $(VENV)/.ready
	@cli="$$($(PYTHON) tools/pulumi/setup.py --java)" && $(BIN)/python tools/sdks.py "$$cli"

clean:
	rm -rf $(VENV) .demo sdk .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
