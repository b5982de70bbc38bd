"""A producer of memory that sets a timer within the call that asks it."""

import signal


class Arms:
    """A producer that sets the timer when it gives its memory: so the signal comes when the call
    has begun."""

    def __init__(self, array, seconds):
        self.array, self.seconds = array, seconds

    def __dlpack_device__(self):
        return (1, 0)

    def __dlpack__(self, max_version=None):
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        return self.array.__dlpack__()
