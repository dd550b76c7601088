# One target per verb. SITE= names the site, ARGS= goes to the verb as it is. GNU make turns every failure
# into 2: whoever branches on exit codes calls xnat-bootstrap itself; each target prints the verb's own code.

SITE ?= sites/practice
ARGS ?=
PYTHON ?= python3
VENV ?= .venv
# Hospitals: a folder of wheels instead of a package index, and an own certificate authority.
WHEELHOUSE ?=
CA_FILE ?=

BIN := $(VENV)/bin
PIP_FLAGS := --disable-pip-version-check -q -c constraints.txt
ifneq ($(WHEELHOUSE),)
PIP_FLAGS += --no-index --find-links "$(WHEELHOUSE)"
endif
ifneq ($(CA_FILE),)
PIP_FLAGS += --cert "$(CA_FILE)"
export XNAT_CA_FILE ?= $(CA_FILE)
endif

# The variables of .env, as docker compose has them: what the environment says wins.
dotenv := if [ -f .env ]; then kept=$$(export -p); set -a; . ./.env; set +a; eval "$$kept"; fi

# Runs a verb and says with which code it ended.
define verb
@$(dotenv); $(BIN)/xnat-bootstrap $(1) $(ARGS); code=$$?; echo "$(firstword $(1)): exit code $$code" >&2; exit $$code
endef

COMPOSE ?= docker compose
# What only this machine knows: whom the engine's socket belongs to, and at which address of it containers reach it.
define compose
@$(dotenv); \
DOCKER_GID=$${DOCKER_GID:-$$(stat -c %g "$${DOCKER_SOCKET:-/var/run/docker.sock}" 2>/dev/null)}; \
gateway=$$(docker network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}' 2>/dev/null); \
case " $$(hostname -I 2>/dev/null) " in *" $${gateway:-none} "*) : "$${XNAT_CALLBACK_BIND:=$$gateway}";; esac; \
export DOCKER_GID XNAT_CALLBACK_BIND; $(COMPOSE) $(1) $(ARGS)
endef

.DEFAULT_GOAL := help
.PHONY: help bootstrap plan apply drift export validate doctor up down wait logs practice test lint conformance bench clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

$(VENV)/.tool: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "preparing $(VENV) ..." >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) hatchling editables
	@$(BIN)/python -m pip install $(PIP_FLAGS) --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.tool
	@echo "preparing $(VENV) for development ..." >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) --no-build-isolation -e '.[dev]'
	@touch $@

bootstrap: $(VENV)/.tool ## make the XNAT of SITE what its file says (sites/practice: an XNAT to practise on)
	$(call verb,apply $(SITE))

plan: $(VENV)/.tool ## what bootstrap would do, and why; writes nothing
	$(call verb,plan $(SITE))

apply: bootstrap ## the same as bootstrap

drift: $(VENV)/.tool ## what somebody changed on the server since the last apply
	$(call verb,drift $(SITE))

export: $(VENV)/.tool ## the server as a site file (ARGS="-o DIR")
	$(call verb,export $(SITE))

validate: $(VENV)/.tool ## everything that can be known without a server
	$(call verb,validate $(SITE))

doctor: $(VENV)/.tool ## what this server is, what the file wants, what fits
	$(call verb,doctor $(SITE))

wait: $(VENV)/.tool ## until the server is ready
	$(call verb,wait $(SITE))

practice: $(VENV)/.tool ## an XNAT to practise on, in the foreground (ARGS="--port 8080 --state DIR")
	$(call verb,practice)

up: ## start the XNAT of docker-compose.yml (.env.example tells its variables)
	$(call compose,up --detach --build)

down: ## stop it; volumes are kept
	$(call compose,--profile tls down)

logs: ## what it says
	$(call compose,logs --tail 200)

# The rooms of which branch coverage must be so high; asked for where all tests have run.
COVERED := config engine kinds xnat

test: $(VENV)/.dev ## all tests
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered $(ARGS)
	@if [ -z "$(ARGS)" ]; then for room in $(COVERED); do \
	  echo "covered in bootstrap/$$room: $$($(BIN)/coverage report --format=total --include="bootstrap/$$room/*") %"; \
	  $(BIN)/coverage report --include="bootstrap/$$room/*" --fail-under=95 >/dev/null || exit 1; done; \
	  $(BIN)/coverage report --fail-under=90 >/dev/null; fi

lint: $(VENV)/.dev ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

conformance: $(VENV)/.dev ## replay what a real XNAT answered (ARGS="--url URL FILES" checks any server)
	@if [ -n "$(ARGS)" ]; then $(BIN)/python tests/conformance/replay.py check $(ARGS); \
	else $(BIN)/python -m pytest -q -m conformance; fi

bench: $(VENV)/.dev ## figures and ratios; no asserts
	@$(BIN)/python -m benchmarks $(ARGS)

clean: ## remove the environment and the practice server's state
	rm -rf $(VENV) .practice
