# Every target sets up what it needs itself: system packages, .venv, and in it the locked packages and the project.
# PYTHON chooses the Python that a new .venv is made with; without it, the newest that will do.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
UV_VERSION := 0.13.9
CATALOGS := $(wildcard resources/locale/*/LC_MESSAGES/*.po)
MADE := $(CATALOGS:.po=.mo) resources/aws/sts.json
PACKAGES := .venv/packages-installed
AWS_TOOLS := build/aws-tools
NPM_OPTIONS := --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error
# Node.js trusts its own list of certificates only; a company's proxy is in the system's.
CERTIFICATES := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt))
NPM_TRUST := $(if $(CERTIFICATES),NODE_EXTRA_CA_CERTS=$${NODE_EXTRA_CA_CERTS:-$(CERTIFICATES)})
override PREFIX := $(or $(PREFIX),$(HOME)/.local)
PROJECT := .venv/project-installed $(MADE)

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-13s %s\n", $$1, $$2 }'

# Without a screen the demo plays by itself, and a table of pictures of every state is made: build/demo/index.html.
.PHONY: demo
demo: demo-packages $(PROJECT) ## Try the program with a make-believe AWS; needs no account
	$(BIN)/sts-desktop --demo
	@[ "$$(uname)" != Linux ] || [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || $(BIN)/python -m sts_desktop.demo.gallery build/demo

.PHONY: run
run: run-packages $(PROJECT) ## Run the program on your own AWS files and keyring
	$(BIN)/sts-desktop

# Apart from .venv: the program gets an environment of its own, without what checks it.
# The prefix goes through the environment: a shell reads nothing into its characters there.
install uninstall: export PREFIX := $(PREFIX)

.PHONY: install
install: install-packages ## Put the program into your menu and your ~/.local (or PREFIX=…); no root
	@echo "Installing STS Desktop into $$PREFIX"
	@python=$$(packaging/find-python $(PYTHON)) && exec $$python packaging/linux/install.py install "$$PREFIX"

.PHONY: uninstall
uninstall: ## Remove it from there; your settings and keyring stay
	@python=$$(packaging/find-python $(PYTHON)) && exec $$python packaging/linux/install.py uninstall "$$PREFIX"

.PHONY: test
test: test-packages lint $(AWS_TOOLS)/installed ## Check everything
	$(BIN)/python -m pytest

.PHONY: screenshots
screenshots: screenshots-packages $(PROJECT) ## Take pictures of the program on a real desktop: build/screenshots/
	$(BIN)/python -m tests.end_to_end.screenshots build/screenshots

.PHONY: bench
bench: bench-packages $(PROJECT) ## Measure the program beside baselines; takes minutes
	$(BIN)/python -m tests.benchmarks

.PHONY: lint
lint: $(PROJECT) ## Check style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: format
format: $(PROJECT) ## Bring the sources into the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: translations
translations: $(PROJECT) ## Bring the catalogs up to date with the sources, and compile them
	mkdir -p build
	$(BIN)/pybabel extract --add-location file --sort-by-file --width 120 \
	  --output build/sts_desktop.pot sts_desktop
	$(BIN)/pybabel update --domain sts_desktop --input-file build/sts_desktop.pot --output-dir resources/locale \
	  --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --width 120
	$(BIN)/python packaging/build_backend.py

.PHONY: lock
lock: build/uv ## Choose the newest versions of all packages anew
	build/uv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 --extra test --extra build pyproject.toml --output-file packaging/requirements.lock
	build/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 --extra build --constraint packaging/requirements.lock pyproject.toml \
	  --output-file packaging/install.lock
	build/uv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --python-version 3.11 packaging/aws-tools/requirements.in --output-file packaging/aws-tools/requirements.lock
	$(MAKE) $(AWS_TOOLS)/bin/npm
	cd packaging/aws-tools && rm -f package-lock.json && $(NPM_TRUST) ../../$(AWS_TOOLS)/bin/npm install --package-lock-only \
	  --omit-lockfile-registry-resolved $(NPM_OPTIONS)

.PHONY: clean
clean: ## Remove all that was made here, the virtual environment too
	rm -rf .venv build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache resources/aws $(MADE)
	find sts_desktop resources tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: run-packages install-packages demo-packages test-packages bench-packages screenshots-packages
run-packages install-packages: GROUPS := window
demo-packages: GROUPS := window japanese
test-packages: GROUPS := window japanese desktop desktop-files whole-desktop
screenshots-packages: GROUPS := window japanese desktop whole-desktop
bench-packages: GROUPS := window desktop
run-packages install-packages demo-packages test-packages bench-packages screenshots-packages:
	@packaging/linux/system-packages $(GROUPS)

# An environment that was cut off half-way, or whose Python has gone, is made anew.
$(PACKAGES): packaging/requirements.lock
	@echo 'Installing the locked packages into .venv'
	@$(BIN)/python -c 'import pip' 2>/dev/null || { python=$$(packaging/find-python $(PYTHON)) && $$python -m venv --clear .venv; }
	@$(PIP) install --require-hashes --requirement packaging/requirements.lock
	@touch $@

.venv/project-installed: $(PACKAGES) pyproject.toml packaging/build_backend.py
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# The AWS CLI and Node.js with the AWS SDK for JavaScript, which the tests run the examples with. Apart from .venv, whose
# packages theirs need not agree with.
$(AWS_TOOLS)/bin/npm: packaging/aws-tools/requirements.lock
	@echo 'Installing the AWS CLI and Node.js into $(AWS_TOOLS)'
	@python=$$(packaging/find-python $(PYTHON)) && $$python -m venv --clear $(AWS_TOOLS)
	@$(AWS_TOOLS)/bin/python -m pip --disable-pip-version-check --no-input --quiet install --require-hashes --only-binary :all: --requirement $<
	@touch $@

$(AWS_TOOLS)/installed: $(AWS_TOOLS)/bin/npm packaging/aws-tools/package.json packaging/aws-tools/package-lock.json
	@echo 'Installing the AWS SDK for JavaScript into $(AWS_TOOLS)'
	@cp packaging/aws-tools/package.json packaging/aws-tools/package-lock.json $(AWS_TOOLS)
	@cd $(AWS_TOOLS) && $(NPM_TRUST) bin/npm ci $(NPM_OPTIONS) >npm.log || { cat npm.log; exit 1; }
	@touch $@

# Compiles all catalogs and cuts out all that is read of AWS's services, which takes no time.
$(MADE): $(CATALOGS) packaging/aws_data.py sts_desktop/core/sts/fingerprint.py $(PACKAGES)
	@$(BIN)/python packaging/build_backend.py

build/uv:
	python=$$(packaging/find-python $(PYTHON)) && $$python -m venv --clear $@
	$@/bin/python -m pip --disable-pip-version-check --quiet install uv==$(UV_VERSION)
