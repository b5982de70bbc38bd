"""The process that starts the ranks: `mpirun`, or another launcher with `-n`."""

import collections
import os
import shlex
import subprocess
import sys
import threading
import time

# Variables of a launcher's ranks. With them, a launcher would take itself for a rank.
_RANK_VARIABLES = ("OMPI_COMM_WORLD_", "OMPI_UNIVERSE_", "OMPI_MCA_ess", "OMPI_MCA_orte", "OMPI_MCA_pmix", "OMPI_MCA_shmem", "PMIX_", "PMI_", "HYDI_")
# The length of a piece of the launcher's text that is kept, and the seconds before it is shown.
_TEXT = 4000
_DELAY = 0.1
# Open MPI's lines about any job that ends early.
_SAYS_NOTHING = ("Primary job  terminated normally", "a non-zero exit code. Per user-direction")


class Launcher:
    """The process that starts the ranks, and what it printed last."""

    def __init__(self, words, ranks, line):
        command = [*words, "-n", str(ranks), sys.executable, "-m", "daparray.engine"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_RANK_VARIABLES)}
        # More ranks than cores are slow and no error.
        environment.setdefault("OMPI_MCA_rmaps_base_oversubscribe", "1")
        self.lines = collections.deque(maxlen=20)
        try:
            # A session of its own: the terminal's Ctrl-C is the client's.
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        except FileNotFoundError:
            raise RuntimeError(f"there is no launcher {words[0]!r}: install an MPI, or name its launcher by launcher= or DAP_MPIRUN") from None
        try:
            self.process.stdin.write(line)
            self.process.stdin.close()
        except OSError:  # it has ended, which `accept` finds
            pass
        # Text before all ranks are there is a part of the error.
        self.is_quiet = True
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        """Text that is printed past Python, by libraries and the launcher itself."""
        while more := os.read(self.process.stdout.fileno(), 1 << 16):
            text = more.decode(errors="replace")
            self.lines.append(text[-_TEXT:])
            # A rank that was lost is reported together with what the launcher says of it.
            time.sleep(_DELAY)
            if not self.is_quiet:
                print(text, end="", file=sys.stderr, flush=True)

    def has_ended(self):
        return self.process.poll() is not None

    def text(self):
        """What it printed last; of a launcher that has ended, all of it has come."""
        if self.has_ended():
            self._reader.join(1)
        lines = "".join(self.lines).splitlines()
        return "\n".join(line for line in lines if line.strip("- ") and not line.startswith(_SAYS_NOTHING))

    def wait_for_text(self, seconds):
        """What it printed until its end, or until some seconds later."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        return self.text()

    def end(self, *, seconds):
        """Waits some seconds for its end, and then makes it end."""
        for stop in (None, self.process.terminate, self.process.kill):
            if stop:
                stop()
            try:
                self.process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                seconds = 1
        self._reader.join(1)
        if not self._reader.is_alive():
            self.process.stdout.close()

    def end_soon(self):
        """Makes it end without waiting. Its complaints are not printed."""
        self.is_quiet = True
        self.process.terminate()
        threading.Thread(target=self.end, kwargs={"seconds": 1}, daemon=True).start()


def launcher_words(launcher):
    """The launcher's command as words."""
    if launcher is None:
        launcher = os.environ.get("DAP_MPIRUN", "mpirun")
    return shlex.split(launcher) if isinstance(launcher, str) else list(launcher)
