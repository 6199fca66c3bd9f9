# make demo: set everything up and parse seven real proteins.   make test: set everything up, then all checks and tests.
# make demo-codons: codon usage of yeast genes and of a chloroplast.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.PHONY: demo demo-codons test test-report test-slurm test-engines test-spark setup setup-dev lint unit bench reference train clean

# Nothing here names a folder by its full path: a checkout whose path has a blank works too.
PYTHON := .venv/bin/python
NEXTFLOW := tools/nextflow
SETUP := .venv/.requirements-installed
SETUP_DEV := .venv/.dev-requirements-installed
WARM := .venv/.kernels-compiled
# Two files of tests at a time: what the tests of one file share is made once. `setup` has compiled the kernels before,
# so that the two do not compile the same. Files come in their order, those that start Nextflow before the many small.
PYTEST := $(PYTHON) -m pytest -n 2 --dist loadscope --no-loadscope-reorder
CODE := $(shell find bin/domainflow -name '*.py')

demo: setup
	$(PYTHON) tools/fetch_demo.py
	$(NEXTFLOW) run main.nf -profile demo --outdir results/demo -work-dir .cache/work $(if $(wildcard .nextflow/history),-resume)
	$(PYTHON) tools/show_demo.py results/demo

demo-codons: setup
	$(PYTHON) tools/fetch_codon_demo.py
	$(NEXTFLOW) run main.nf --workflow codons --input .cache/codons/samplesheet.csv --codon_dup_ids suffix \
		--outdir results/demo-codons -work-dir .cache/work $(if $(wildcard .nextflow/history),-resume)

test: setup setup-dev lint
	$(PYTEST) tests --ignore tests/engines --ignore tests/slurm

# The report's page in Chromium and Firefox; pictures to look at are in .cache/report/pictures
test-report: setup setup-dev
	tests/report/test.sh

# A real SLURM on this machine, as root on Debian (docs/cluster.md). Its tests wait more than they compute.
test-slurm: setup setup-dev
	$(PYTHON) -m pytest -n 5 tests/slurm

# The published programs and the images, by hand: SOURCES=DIR holds tarballs and built programs (docs/containers.md).
test-engines: setup setup-dev
	@[ -n "$(SOURCES)" ] || { echo "SOURCES=DIR is missing: the folder of tarballs and built programs" >&2; exit 2; }
	cd "$(SOURCES)" && export DOMAINFLOW_SOURCES="$$PWD" && cd "$(CURDIR)" && $(PYTHON) -m pytest tests/engines

# Spark is large and few need it: a virtual environment of its own, which sees the packages of .venv
test-spark: setup setup-dev
	test -x .cache/spark/bin/python || $(PYTHON) -m venv .cache/spark
	$(PYTHON) -c 'import site; print(site.getsitepackages()[0])' > .cache/spark/lib/python$$(.cache/spark/bin/python -c \
		'import sys; print("%d.%d" % sys.version_info[:2])')/site-packages/domainflow.pth
	.cache/spark/bin/python -m pip install -q "$$(grep ^pyspark requirements-spark.txt)"
	DOMAINFLOW_SPARK=1 .cache/spark/bin/python -m pytest tests/spark

setup: $(WARM) .cache/nextflow.found

setup-dev: $(SETUP_DEV)

lint: setup-dev .cache/nextflow.found
	$(PYTHON) -m ruff check bin tests tools
	$(PYTHON) -m ruff format --check bin tests tools
	$(PYTHON) -m mypy
	$(NEXTFLOW) lint main.nf nextflow.config conf containers functions modules workflows tests

unit: setup setup-dev
	$(PYTEST) tests/unit tests/golden

bench: setup
	$(PYTHON) tools/bench.py parse

# the embedded reference made again and compared, byte for byte; UPDATE=1 replaces it
reference: setup
	tools/make_reference.sh $(if $(UPDATE),--update)

# the embedded network trained again and compared; UPDATE=1 replaces it
train: setup setup-dev
	tools/make_network.sh $(if $(UPDATE),--update)

$(SETUP): requirements.txt tools/install_prerequisites.sh
	python=$$(tools/install_prerequisites.sh) && "$$python" -m venv .venv
	$(PYTHON) -m pip install -q -r requirements.txt
	touch $@

# dssp is a peer to compare with, hhsuite what step 2 runs; where they cannot be installed their tests skip
$(SETUP_DEV): requirements-dev.txt requirements-train.txt $(SETUP)
	$(PYTHON) -m pip install -q -r requirements-dev.txt -r requirements-train.txt
	{ command -v mkdssp && command -v hhsearch; } >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends dssp hhsuite; } || true
	touch $@

# numba's machine code is kept beside the library, so that no task pays for compiling
$(WARM): $(SETUP) $(CODE)
	if [ -f tools/warm_up.py ]; then $(PYTHON) tools/warm_up.py; fi
	touch $@

.cache/nextflow.found: $(SETUP) tools/nextflow tools/install_nextflow.sh
	mkdir -p .cache
	$(NEXTFLOW) -version > $@

clean:
	rm -rf .venv .cache .nextflow* results work
