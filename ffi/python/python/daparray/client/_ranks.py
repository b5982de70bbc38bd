"""The ranks' connections: one request at a time, interrupts, and ranks that are lost."""

import os
import selectors
import sys
import threading
import time

from .._remote import output, pickling
from .._remote.frames import Closed
from .._signals import Deferred
from ._errors import RanksLost, named

# The seconds that ranks have to stop after an interrupt, before they are ended.
_STOP = 1.5
# The seconds after which text of a request that still runs is shown, and again.
_SHOW = 0.5
# The seconds that a launcher has to say how a rank ended.
_TEXT = 0.7


class Ranks:
    def __init__(self, launcher, connections):
        self._launcher = launcher
        self.size = len(connections) // 2
        self._requests = [connections[rank, "requests"] for rank in range(self.size)]
        self._control = [connections[rank, "control"] for rank in range(self.size)]
        self.processes = [(one.about["host"], one.about["pid"]) for one in self._requests]
        # Held from a request to the end of its reply, which may need a second one.
        self.lock = threading.RLock()
        self._process = os.getpid()
        self._number, self._stale = 0, []
        # The reason for which the ranks are gone.
        self._gone = None
        self._is_busy = False
        self._ending = threading.Lock()
        self._selector = selectors.DefaultSelector()
        for rank, frames in enumerate(self._requests):
            self._selector.register(frames, selectors.EVENT_READ, rank)
        self._seen = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def request(self, dead, payload):
        """The replies of all ranks, in rank order, to a request. ``payload`` are its buffers, and
        ``dead()`` gives the references that no handle has any more."""
        with self.lock:
            self._check()
            self._number += 1
            self._is_busy = True
            try:
                with Deferred() as deferred:
                    error = deferred.attempt(lambda: self._send(dead, payload))[1]
                    if error is not None:
                        # Some ranks may have a part of the request.
                        self._end(f"the request could not be sent: {error or type(error).__name__}")
                        raise error
                    return self._replies(deferred)
            except BaseException:
                self.forget_last()
                raise
            finally:
                self._is_busy = False

    def forget_last(self):
        """The results of the last request are deleted with the next one."""
        self._stale.append((self._number, None))

    def _check(self):
        if self._is_busy:
            raise RuntimeError("a request is under way: a handler of a signal cannot make another one")
        if os.getpid() != self._process:
            raise RuntimeError("the ranks belong to the process that made the context, and this is a fork of it")
        if self._gone is not None:
            raise RanksLost(self._gone)

    def _send(self, dead, payload):
        head = pickling.header("request", self._number, [*self._stale, *dead()])
        self._stale = []
        for rank, frames in enumerate(self._requests):
            try:
                frames.send(head, *payload)
            except Closed:
                self._lose(rank)

    def _replies(self, deferred):
        """All replies. Ranks that have raised, or that have replied after another one raised, meet
        the others before the next request."""
        replies, joined, needs_join = {}, set(), False
        interrupted = deadline = None
        while len(replies) < self.size or (needs_join and len(joined) < self.size):
            seconds = _SHOW if deadline is None else max(0, min(_SHOW, deadline - time.monotonic()))
            events, error = deferred.attempt(lambda: self._selector.select(seconds))
            if error is not None:
                if interrupted is not None or not isinstance(error, KeyboardInterrupt):
                    self._end("the ranks were ended by a second interrupt")
                    raise error
                interrupted, deadline = error, time.monotonic() + _STOP
                self._tell(b"interrupt", replies)
                continue
            if deadline is not None and time.monotonic() > deadline:
                late = [rank for rank in range(self.size) if rank not in replies] or sorted(set(replies) - joined)
                self._end(f"{named(late)} did not stop within {_STOP} s of an interrupt, and all ranks were ended: make a new Context")
                interrupted.add_note(self._gone)
                raise interrupted
            if not events:
                self._tell(b"output", replies)
            for event, _ in events:
                rank = event.data
                frames = self._receive(rank)
                kind = pickling.read_header(frames[0])[0]
                if kind == "output":
                    output.show(rank, pickling.read_header(frames[0])[1])
                elif kind == "joined":
                    joined.add(rank)
                else:
                    replies[rank] = frames
                    if kind == "error" and not needs_join:
                        needs_join = True
                        for one in replies:
                            self._join(one)
                    elif needs_join:
                        self._join(rank)
        if interrupted is not None:
            raise interrupted
        return [replies[rank] for rank in range(self.size)]

    def _join(self, rank):
        try:
            self._requests[rank].send(pickling.header("join", self._number, []))
        except Closed:
            self._lose(rank)

    def _tell(self, word, done):
        """Sends a word to the ranks that have not replied."""
        for rank, frames in enumerate(self._control):
            if rank not in done:
                try:
                    frames.send(word)
                except Closed:
                    self._lose(rank)

    def _receive(self, rank):
        try:
            return self._requests[rank].receive()
        except Closed as error:
            self._lose(rank, str(error))

    def _lose(self, rank, reason=""):
        """Raises for a rank whose connection has ended. The watcher knows the first one."""
        if not self._seen.wait(2):
            # The process lives, and its connection for requests alone has ended.
            self._end(f"the connection to rank {rank} ended ({reason}), and all ranks were ended: make a new Context")
        raise RanksLost(self._gone)

    def _watch(self):
        """Sleeps until the control connection of a rank ends, on which ranks send nothing."""
        with selectors.DefaultSelector() as selector:
            for rank, frames in enumerate(self._control):
                selector.register(frames, selectors.EVENT_READ, rank)
            events = selector.select()
        is_busy = self._is_busy
        rank = events[0][0].data
        host, process = self.processes[rank]
        if self._end(f"rank {rank} was lost (process {process} on {host}), and the other ranks were ended: make a new Context", _TEXT):
            self._seen.set()
            if not is_busy:
                print(f"daparray: {self._gone}", file=sys.stderr, flush=True)
        self._seen.set()

    def _end(self, reason, seconds=0):
        """Ends all ranks, once, without waiting for their end. Whether this call did it.

        The launcher has some seconds to say how a rank ended.
        """
        with self._ending:
            if self._gone is not None:
                return False
            self._gone = reason
        for frames in (*self._control, *self._requests):
            frames.shut()
        if self._launcher:
            self._launcher.is_quiet = True
            text = self._launcher.wait_for_text(seconds) if seconds else ""
            if text:
                self._gone += f"\n{text}"
            self._launcher.end_soon()
        return True

    def close(self):
        """Ends all ranks in an orderly way. In a fork of the client nothing happens."""
        if os.getpid() != self._process:
            return
        with self.lock:
            if self._gone is not None:
                self._release()
                return
            self._gone = "the context is closed: make a new one"
            for frames in self._requests:
                try:
                    frames.send(pickling.header("end", 0, []))
                except Closed:
                    pass
        if self._launcher:
            self._launcher.end(seconds=10)
        self._release()

    def _release(self):
        for frames in (*self._requests, *self._control):
            frames.shut()
        self._watcher.join(1)
        for frames in (*self._requests, *self._control):
            frames.close()
        self._selector.close()
