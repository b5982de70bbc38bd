"""The two connections of a rank: requests one after the other, and interrupts at any time."""

import json
import os
import signal
import socket
import threading
import time

from .._remote import address as addresses
from .._remote import pickling
from .._remote.frames import Closed, Frames
from .._remote.handshake import connect
from .._remote.worker import Worker

# The seconds that a rank has to end after its client has.
_GRACE = 0.5
# The handshakes that a rank tries, and the seconds between them.
_ATTEMPTS, _PAUSE = 5, 0.2


def serve(address, key, context):
    """Works for the client at an address until it ends."""
    requests = _connected(address, key, context, "requests")
    control = _connected(address, key, context, "control")
    lock, is_over = threading.Lock(), threading.Event()

    def send(*buffers):
        with lock:
            requests.send(*buffers)

    worker = Worker(context, lambda parts: send(pickling.header("output", parts)))
    before = signal.signal(signal.SIGINT, worker.interrupt)
    threading.Thread(target=_control, args=(control, worker, threading.get_ident(), is_over), daemon=True).start()
    try:
        while True:
            head, *payload = requests.receive()
            operation, number, dead = pickling.read_header(head)
            if operation == "end":
                is_over.set()
                break
            if operation == "join":
                worker.join()
                send(pickling.header("joined", number))
            else:
                send(*worker.perform(number, dead, payload))
    except Closed:
        pass
    finally:
        signal.signal(signal.SIGINT, before)
        requests.close()
        control.close()


def _welcome(address, key):
    """A socket after the handshake, and its session key. A client to which many others connect may
    end a connection, so that this one tries again."""
    for attempt in range(_ATTEMPTS):
        sock = addresses.connected(address)
        try:
            return sock, connect(sock, key)
        except OSError:  # `Refused` is one
            sock.close()
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)


def _connected(address, key, context, purpose):
    sock, session = _welcome(address, key)
    frames = Frames(sock, None if sock.family == socket.AF_UNIX else session, is_client=False)
    about = {"rank": context.rank, "size": context.size, "pid": os.getpid(), "host": socket.gethostname(), "purpose": purpose}
    frames.send(json.dumps(about).encode())
    return frames


def _control(control, worker, main, is_over):
    """Serves interrupts, and requests for the text that was printed so far. Ends the process soon
    after the client has ended, also in the middle of a call."""
    try:
        while True:
            (word,) = control.receive()
            if word == b"interrupt":
                # A signal ends a sleep of the main thread, too.
                signal.pthread_kill(main, signal.SIGINT)
            elif word == b"output":
                worker.output.hand_on()
    except Closed:
        if not is_over.wait(_GRACE):
            os._exit(1)
