"""One rank that a client drives: ``mpirun -n 4 python -m daparray.engine``.

A client (`daparray.client.Context`) starts the engines itself and hands them its address and key on
the standard input of rank 0. Engines that a batch system starts take them from a private file that
the client has written:

    srun python -m daparray.engine --connection ~/run.json

Each rank connects to the client twice, for requests and for interrupts. It sleeps while the client
has none, and ends with the client.
"""

import os


def attach(address, key):
    """Makes a process that runs already a rank of a client, until the client ends. Collective; for
    the main thread."""
    os.environ.setdefault("DAP_CHECK", "1")

    from ..array import default_context
    from ._serve import serve

    serve(address, key, default_context())
