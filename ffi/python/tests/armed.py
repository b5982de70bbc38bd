"""A timer whose handler raises, and a producer of memory that sets it within the call that asks
for the memory."""

import signal


class Raised(Exception):
    """The handler of the timer raises this."""


class Timer:
    """The handler of SIGALRM. A signal may reach another thread first, which hands it on later:
    `wait` returns when the handler has run, or raises what it raises."""

    def __init__(self):
        self.is_set = False
        signal.signal(signal.SIGALRM, self._handle)

    def _handle(self, number, frame):
        self.is_set = False
        raise Raised

    def is_installed(self):
        return signal.getsignal(signal.SIGALRM) == self._handle

    def set(self, seconds):
        self.is_set = True
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def wait(self):
        while self.is_set:
            pass


class Arms:
    """A producer that sets the timer when it gives its memory: so the signal comes when the call
    has begun."""

    def __init__(self, array, timer, seconds):
        self.array, self.timer, self.seconds = array, timer, seconds

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, max_version=None):
        self.timer.set(self.seconds)
        return self.array.__dlpack__()
