"""Signal handlers of Python, held back while a process is in the middle of a collective call.

A handler that raises, as Ctrl-C's does, may raise between any two instructions: after a receive was
started and before its request is kept, or after the other processes agreed and before this one
knows it. `Deferred` replaces the handlers for the length of a call. Local work runs in `attempt`,
where handlers run at once and an exception is an outcome like any other. Outside of it they wait:
for the next `attempt`, or for the end of the call.

Handlers run in the main thread alone, so nothing is replaced in another. `signal.pthread_sigmask`
would not do: the system delivers a blocked signal to another thread, and Python runs its handler in
the main thread all the same.
"""

import signal
import threading


class Deferred:
    def __init__(self):
        self._held, self._pending = {}, []
        # Whether handlers run at once, and whether this object only passes signals on.
        self._open, self._over = False, False
        self._replacement = self._receive

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return self
        try:
            for number in signal.valid_signals():
                handler = signal.getsignal(number)
                if callable(handler):
                    self._held[number] = handler
                    signal.signal(number, self._replacement)
        except BaseException:
            # Raised by a handler before anything began: as if it had been raised before the call.
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        raised = None
        try:
            self._restore()
        except BaseException as error:
            raised = error
        while self._pending:
            try:
                self._deliver()
            except BaseException as error:  # every signal has its handler run; the first exception is raised
                raised = raised or error
        if raised is not None:
            raise raised

    def attempt(self, work):
        """``(value, None)`` of `work()`, or ``(None, error)`` with the exception, whatever it
        is."""
        value = error = None
        try:
            try:
                self._deliver()
                self._open = True
                value = work()
            finally:
                self._open = False
        except BaseException as raised:  # no handler runs here: the one that raised has closed
            value, error = None, raised
        return value, error

    def _receive(self, number, frame):
        if self._over:
            self._held[number](number, frame)
        elif self._open:
            self._open = False  # a handler that raises leaves it so
            self._held[number](number, frame)
            self._open = True
        else:
            self._pending.append(number)

    def _deliver(self):
        """Runs the handlers of the signals that came meanwhile."""
        while self._pending:
            number = self._pending.pop(0)
            self._held[number](number, None)

    def _restore(self):
        """Sets the handlers as they were.

        Signals whose handlers are not set yet still wait; one that is set may raise, and the rest
        follow.
        """
        raised, left = None, list(self._held.items())
        try:
            while left:
                try:
                    while left:
                        number, handler = left[-1]
                        # Another handler that was set meanwhile stays.
                        if signal.getsignal(number) is self._replacement:
                            signal.signal(number, handler)
                        left.pop()
                except BaseException as error:
                    raised = raised or error
        finally:
            self._over = True
        if raised is not None:
            raise raised
