"""Runs the array API's own suite on every rank of a program of MPI: a plugin of pytest.

    export ARRAY_API_TESTS_MODULE=daparray.array PYTHONPATH=.../ffi/mpi/python/array-api
    mpirun -n 2 python -m pytest -p lockstep -p no:cacheprovider --derandomize \\
        --disable-deadline --max-examples 5 --skips-file .../expected-failures.txt array_api_tests

Each rank draws the same examples: hypothesis without its own randomness, and Python's `random`,
which its strategies use, from a seed for each test. After each test the ranks compare its outcome.
Tests that are known to fail are left out on several ranks, by `--skips-file`: hypothesis looks for
the smallest example until some time is over, which differs between ranks.
"""

import os
import random
import threading

import hypothesis
import pytest

import daparray.array as da

context = da.default_context()
limit = float(os.environ.get("LOCKSTEP_LIMIT", "600"))
hypothesis.settings.register_profile("lockstep", suppress_health_check=list(hypothesis.HealthCheck))
outcomes = {}


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    if context.rank:
        # One rank reports.
        config.option.verbose = -2


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item, nextitem):
    def late():
        os.write(2, f"rank {context.rank}: {item.nodeid} takes more than {limit:g} s\n".encode())
        os._exit(3)

    random.seed(item.nodeid)
    outcomes.clear()
    timer = threading.Timer(limit, late)
    timer.start()
    yield
    found = context.gather_all((item.nodeid, outcomes.get("call", "none")))
    timer.cancel()
    if len(set(found)) > 1:
        os.write(2, f"rank {context.rank}: the ranks differ: {found}\n".encode())
        os._exit(3)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call" or report.outcome != "passed":
        outcomes["call"] = report.outcome
