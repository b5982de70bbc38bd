# The commands. `make demo` and `make test` install what they need; see .ci/need for how and with
# what rights.

CARGO ?= cargo
# A profile of cargo: release, or dev for a development build.
PROFILE ?= release
VALIDATE = $(or $(CARGO_TARGET_DIR),target)/$(if $(filter dev test,$(PROFILE)),debug,$(PROFILE))/dap-validate

.PHONY: demo book python bench-python check test test-all test-bare test-interop test-sanitize test-random install bench bench-exchange bench-move bench-kernels bench-array bench-fft fuzz mutants sweep-math generate validate bench-linalg bench-sorting bench-io bench-hosts

demo: validate
	@.ci/demo $(VALIDATE)

validate:
	@.ci/need rust
	$(CARGO) build --profile $(PROFILE) --quiet -p dap-validate

test:
	@.ci/test

# The same without drawing samples of the large matrices; see TESTING.md.
test-all:
	@.ci/test --all

# Installs and builds everything on a bare machine (a chroot of Debian's minimum, as root), where no
# package that happens to be on this one can hide a missing step.
test-bare:
	@.ci/bare .ci/build

# Before a commit: formatting, prose, lints, and the tests that need no MPI and no Python.
check:
	@.ci/check

# The adapters beside the libraries themselves, and arrays handed from one to the next: NAMES for
# some of .ci/interop's parts.
test-interop:
	@.ci/interop $(NAMES)

# Code that handles foreign memory: Rust under AddressSanitizer, C, C++ and Fortran under valgrind.
test-sanitize:
	@.ci/sanitize

# A battery of statistical tests of the random streams; SEED for another seed.
test-random:
	@.ci/need rust
	$(CARGO) bench --quiet -p dap-kernels --bench random -- battery $(or $(SEED),1)

# The C library (libraries, headers, pkg-config and CMake files, the Fortran module) and the program
# with its manual pages and completions. PREFIX is where, DESTDIR for packing, MPICC the compiler of
# an MPI; MPI=no and PROGRAM=no leave those out.
PREFIX ?= /usr/local
install:
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' CARGO='$(CARGO)' .ci/install

# Side by side with the 2014 validator, and a million ranks; writes target/bench/check.json.
bench: validate
	@.ci/need rust python
	@.ci/bench

# How fast arrays move, beside memcpy, a streaming copy, ScaLAPACK, PETSc and MPI itself; writes
# target/bench/move.json and move.svg. CASES for some of them.
bench-move:
	@.ci/bench-move $(CASES)

# How fast the kernels compute, beside C compiled for this machine and numexpr; writes
# target/bench/kernels.json. CASES for some of them.
bench-kernels:
	@.ci/bench-kernels $(CASES)

# The cost of the distributed array beyond that of kernels and messages; writes
# target/bench/array.ndjson. CASES for some rows.
bench-array:
	@.ci/bench-array $(CASES)

# Fourier transforms on 2 ranks beside mpi4py-fft; writes target/bench/fft.txt. CASES for some
# extents.
bench-fft:
	@.ci/bench-fft $(CASES)

# Products of matrices beside OpenBLAS. RANKS, EXTENT and TURNS choose the runs.
bench-linalg:
	@.ci/bench-linalg

# Sorts on 1 rank and on 2 beside NumPy's on one core; writes target/bench/sorting.ndjson. SIZES for
# other numbers of elements.
bench-sorting:
	@.ci/bench-sorting $(SIZES)

# A transform, a sort and a product between two hosts of this machine, beside the link's time
# and the cost model's; writes target/bench/hosts.txt. RATE for another rate of the link.
bench-hosts:
	@.ci/bench-hosts $(RATE)

# Saving and loading one file, beside a plain copy by the same ranks; writes target/bench/io.ndjson.
# CASES for some rows, DIRECTORY for the place of the files, MIB for their size.
bench-io:
	@.ci/bench-io $(CASES)

# The cost of an exchange, from Rust, C and Python, beside NumPy's from_dlpack.
bench-exchange:
	@.ci/bench-exchange

# All texts as a book in target/book/html, with its links checked.
book:
	@.ci/need rust
	@.ci/book

# The Python package into .venv; and what an exchange costs in Python alone.
python:
	@.ci/python install

bench-python:
	@.ci/python bench

# Replaces what is generated from the rule pages and the report's types.
generate: validate
	$(CARGO) run --quiet -p dap-spec
	for name in export bundle report; do $(VALIDATE) schema $$name > spec/schema/$$name.schema.json || exit 1; done

# Each fuzz target for this number of seconds, see conformance/fuzz/README.md.
FUZZ_SECONDS ?= 20
fuzz:
	@.ci/fuzz $(FUZZ_SECONDS)

# Every eighth mutant of dap-core's maps and rules, see TESTING.md; 0/1 for all.
MUTANTS ?= 0/32
mutants:
	@.ci/mutants $(MUTANTS)

# The greatest errors of the vector mathematics, as a table: each argument of f32, millions of f64.
# ARGS for fewer, or for some functions; see .ci/sweep-math.
sweep-math:
	@.ci/sweep-math $(ARGS)
