"""Accepts the ranks' connections: those that do not know the key get nowhere.

Connections are served side by side, so that one that says nothing delays none. Each has `_SECONDS`
to answer the handshake, and at most `_MOST` wait at a time: one more ends the oldest.
"""

import errno
import json
import resource
import selectors
import socket
import time

from .._remote import handshake
from .._remote.frames import Closed, Frames
from ._errors import RanksLost

_SECONDS = 5
_MOST = 256
# The files that a program has open besides.
_OTHERS = 512
_PURPOSES = ("requests", "control")


def _allow_files(more):
    """Raises this process's own limit of open files, as far as the system allows, for some more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < more + _OTHERS:
        wanted = more + _OTHERS if hard == resource.RLIM_INFINITY else min(hard, more + _OTHERS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


class _Pending:
    """A connection that has not shown yet that it knows the key."""

    def __init__(self, sock, key):
        self.socket, self.began = sock, time.monotonic()
        self.handshake = handshake.Listener(key)
        self.answer = b""


class Acceptance:
    def __init__(self, listening, key, ranks, launcher, timeout):
        self._key, self._ranks, self._launcher = key, ranks, launcher
        self._end = None if timeout is None else time.monotonic() + timeout
        self._is_unix = listening.family == socket.AF_UNIX
        self._listening, self._pending, self._found = listening, {}, {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(listening, selectors.EVENT_READ)

    def all(self):
        """The connections of all ranks, by rank and purpose."""
        _allow_files(2 * self._ranks + _MOST)
        try:
            while len(self._found) < self._ranks * len(_PURPOSES):
                for event, _ in self._selector.select(0.1):
                    if event.fileobj is self._listening:
                        self._accept()
                    else:
                        self._continue(self._pending[event.fileobj])
                self._check()
            return self._found
        except BaseException:
            for frames in self._found.values():
                frames.close()
            raise
        finally:
            for one in list(self._pending.values()):
                self._drop(one)
            self._selector.close()

    def _accept(self):
        try:
            sock, _ = self._listening.accept()
        except OSError as error:
            # With too many files open, the oldest gives its place to the next turn.
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._drop_oldest()
            return
        if len(self._pending) >= _MOST:
            self._drop_oldest()
        sock.setblocking(False)
        one = _Pending(sock, self._key)
        try:
            # The room of a new socket is larger than the greeting.
            sock.send(one.handshake.greeting)
        except OSError:
            sock.close()
            return
        self._pending[sock] = one
        self._selector.register(sock, selectors.EVENT_READ)

    def _drop_oldest(self):
        if self._pending:
            self._drop(min(self._pending.values(), key=lambda one: one.began))

    def _drop(self, one):
        self._selector.unregister(one.socket)
        del self._pending[one.socket]
        one.socket.close()

    def _continue(self, one):
        try:
            more = one.socket.recv(handshake.ANSWER_LENGTH - len(one.answer))
        except BlockingIOError:
            return
        except OSError:
            more = b""
        one.answer += more
        if more and len(one.answer) < handshake.ANSWER_LENGTH:
            return
        try:
            if not more:
                raise handshake.Refused
            proof, session = one.handshake.check(one.answer)
            one.socket.send(proof)
        except OSError:  # `Refused` is one
            self._drop(one)
            return
        self._selector.unregister(one.socket)
        del self._pending[one.socket]
        self._welcome(one.socket, session)

    def _welcome(self, sock, session):
        """A connection that knows the key says whose it is."""
        frames = Frames(sock, None if self._is_unix else session, is_client=True)
        sock.settimeout(_SECONDS)
        try:
            (about,) = frames.receive()
            about = json.loads(about)
            place = about["rank"], about["purpose"]
        except (Closed, ValueError, KeyError, TypeError) as error:
            frames.close()
            raise RuntimeError(f"an engine of another version has connected: {error}") from None
        if about["size"] != self._ranks:
            frames.close()
            raise RuntimeError(
                f"{about['size']} ranks have started, {self._ranks} were expected: the launcher belongs to another MPI than the one daparray "
                "was installed for, or started another number"
            )
        if place in self._found or about["purpose"] not in _PURPOSES:
            frames.close()
            raise RuntimeError(
                f"rank {about['rank']} has connected twice: the launcher belongs to another MPI than the one daparray was installed for"
            )
        sock.settimeout(None)
        frames.about = about
        self._found[place] = frames

    def _check(self):
        now = time.monotonic()
        for one in [one for one in self._pending.values() if now - one.began > _SECONDS]:
            self._drop(one)
        if self._launcher and self._launcher.has_ended():
            raise RanksLost(f"the launcher ended before all ranks were there:\n{self._launcher.text()}")
        if self._end is not None and now > self._end:
            there = sorted({rank for rank, _ in self._found})
            raise TimeoutError(f"of {self._ranks} ranks these have connected in time: {there or 'none'}")
