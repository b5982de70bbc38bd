"""Starts a rank: MPI first, then rank 0 reads the address and the key and gives them to the
others."""

import argparse
import os
import sys

# Calls that differ between ranks are errors and no hang, and an interrupt separates no ranks.
os.environ.setdefault("DAP_CHECK", "1")

from daparray._remote import connection
from daparray.array import default_context
from daparray.engine._serve import serve


def _line(path):
    try:
        return connection.read_line(0) if path is None else connection.read_file(path)
    except OSError as error:
        print(f"daparray.engine: {error}", file=sys.stderr, flush=True)
        return b""


def main():
    parser = argparse.ArgumentParser("python -m daparray.engine", description="One rank that a daparray client drives.")
    parser.add_argument("--connection", metavar="FILE", help="the client's connection file; without it, the client has started this rank")
    path = parser.parse_args().connection
    context = default_context()
    line = context._broadcast(0, _line(path) if context.rank == 0 else None)
    # Nothing reads the launcher's input, which has the key, from here on.
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    try:
        address, key = connection.parse(line)
    except ValueError as error:
        if context.rank == 0:
            print(f"daparray.engine: {error}: it is started by daparray.client.Context, or with --connection FILE", file=sys.stderr)
        return 2
    serve(address, key, context)
    return 0


sys.exit(main())
