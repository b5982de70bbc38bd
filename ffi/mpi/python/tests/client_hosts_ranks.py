"""Ranks on two hosts, and their client on the first one: TCP on the interface that they share.

The launcher starts this program once a rank, as a batch system does. Rank 0 starts the client
beside it; all wait for the connection file and become engines.
"""

import os
import signal
import subprocess
import sys
import threading
import time

PATH = sys.argv[1]


def client():
    from daparray.client import Context, RanksLost

    with Context(2, interface="eth0", connection_file=PATH) as context:
        hosts = [host for host, _ in context.processes]
        assert len(set(hosts)) == 2, hosts
        x = context.array.arange(10)
        assert x.gather().tolist() == list(range(10))
        assert len(context.apply(bytes, 3_000_000)[1]) == 3_000_000
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            context.execute("import time\nif rank: time.sleep(60)\nda.ones(3).sum()")
        except KeyboardInterrupt:
            print("interrupted", flush=True)
        print("sum", int(x.sum()), flush=True)
        try:
            context.execute("import os\nif rank: os._exit(3)\nda.ones(3).sum()")
        except RanksLost as error:
            print(str(error).splitlines()[0].replace(hosts[1], "HOST"), flush=True)


if len(sys.argv) > 2:
    client()
    sys.exit()
if os.environ["OMPI_COMM_WORLD_RANK"] == "0":
    # The client is no rank.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMPI_", "PMIX_"))}
    subprocess.Popen([sys.executable, *sys.argv, "client"], env=environment)
while not os.path.exists(PATH):
    time.sleep(0.01)
os.execv(sys.executable, [sys.executable, "-m", "daparray.engine", "--connection", PATH])
