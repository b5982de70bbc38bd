"""Processes that do not know the key get nowhere, and disturb no client that starts.

`begin=` starts the engines in the test's own way: after some processes have tried to get in.
"""

import contextlib
import json
import os
import pathlib
import pickle
import resource
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "conformance" / "dump"))

from distarray_mpi import ENVIRONMENT, MPIRUN  # noqa: E402

os.environ.update(ENVIRONMENT)

from daparray._remote import connection, handshake  # noqa: E402
from daparray._remote.address import Listening, connected  # noqa: E402
from daparray._remote.frames import Closed, Frames  # noqa: E402
from daparray.client import Context  # noqa: E402

KINDS = {"unix": None, "tcp": "127.0.0.1"}


class Made:
    """An object whose unpickling makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


class Strangers(unittest.TestCase):
    """Connections of others while a client waits for its engines."""

    def started(self, before, interface, ranks=1):
        """The result of `before(address, key)`, which runs before the engines start; they work all the same."""
        found, launched = [], []

        def begin(address, key):
            found.append(before(address, key))
            launched.append(subprocess.Popen([MPIRUN, "-n", str(ranks), sys.executable, "-m", "daparray.engine"], stdin=subprocess.PIPE))
            launched[0].stdin.write(connection.line(address, key))
            launched[0].stdin.close()

        with Context(ranks, interface=interface, begin=begin) as context:
            self.assertEqual(float(context.array.ones(5).sum()), 5)
            processes = context.processes
        launched[0].wait(60)
        self.assertEqual(len(processes), ranks)
        return found[0]

    def refused(self, sock):
        """Whether the client ends the connection after its greeting, without another word."""
        sock.settimeout(30)
        found = b""
        with contextlib.suppress(ConnectionError):
            while more := sock.recv(1 << 16):
                found += more
        self.assertEqual(len(found), handshake.GREETING_LENGTH)
        sock.close()

    def test_strangers(self):
        for kind, interface in KINDS.items():
            with self.subTest(kind=kind), tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "made")
                code = pickle.dumps(Made(path))
                garbage = os.urandom(1 << 16)
                oversize = struct.pack("<IQ", 1, 1 << 62)
                sent = [garbage, b"\0" * 64, b"\xff" * 64, oversize * 10, code.ljust(64, b"\0"), struct.pack("<IQ", 1, len(code)) + code * 4,
                        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4]  # fmt: skip
                threads, kept = [], []

                def before(address, key):
                    # Some connect and say nothing, or leave.
                    kept.extend(connected(address) for _ in range(3))
                    connected(address).close()
                    for text in sent:
                        sock = connected(address)
                        with contextlib.suppress(ConnectionError):
                            sock.sendall(text)
                        thread = threading.Thread(target=self.refused, args=(sock,))
                        thread.start()
                        threads.append(thread)
                    # Of another key.
                    def other():
                        with connected(address) as sock, self.assertRaisesRegex(handshake.Refused, "has refused"):
                            handshake.connect(sock, os.urandom(32))

                    thread = threading.Thread(target=other)
                    thread.start()
                    threads.append(thread)

                failures = []
                threading.excepthook, hook = lambda given: failures.append(given.exc_value), threading.excepthook
                try:
                    self.started(before, interface)
                    for thread in threads:
                        thread.join(60)
                finally:
                    threading.excepthook = hook
                self.assertEqual(failures, [])
                self.assertFalse(os.path.exists(path))
                for sock in kept:
                    self.refused(sock)

    def test_a_thousand_connections(self):
        code = """if True:
            import json, sys
            from daparray._remote.address import connected
            address = json.loads(sys.argv[1])
            kept = [connected(address) for _ in range(1000)]
            print("connected", flush=True)
            sys.stdin.read()
        """
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2048)), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for kind, interface in KINDS.items():
            with self.subTest(kind=kind):

                def before(address, key):
                    stranger = subprocess.Popen(
                        [sys.executable, "-c", code, json.dumps(address)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                    )
                    self.addCleanup(stranger.communicate)
                    # The queue of a socket holds this many at once.
                    self.assertEqual(stranger.stdout.readline(), "connected\n")

                self.started(before, interface, ranks=2)

    def test_the_address_is_private_and_goes_away(self):
        def before(address, key):
            modes = [stat.S_IMODE(os.stat(path).st_mode) for path in (address, os.path.dirname(address))]
            return address, modes

        address, modes = self.started(before, None)
        self.assertEqual(modes, [0o600, 0o700])
        self.assertFalse(os.path.exists(os.path.dirname(address)))
        with self.assertRaisesRegex(ConnectionError, "interface='eth0'"):
            connected(address)

        def accepting(address, key):
            return address, connected(address)

        (host, port), sock = self.started(accepting, "127.0.0.1")
        self.refused(sock)
        with self.assertRaises(ConnectionRefusedError):
            connected([host, port])

    def test_no_process_shows_the_key(self):
        keys = []
        before = handshake.Listener.__init__

        def remember(self, key):
            keys.append(key)
            before(self, key)

        handshake.Listener.__init__ = remember
        try:
            with Context(2) as context:
                seen = 0
                (key,) = set(keys)
                for process in pathlib.Path("/proc").glob("[0-9]*"):
                    for name in ("cmdline", "environ"):
                        with contextlib.suppress(OSError):
                            text = (process / name).read_bytes()
                            seen += b"daparray.engine" in text and name == "cmdline"
                            self.assertNotIn(key.hex().encode(), text)
                            self.assertNotIn(key, text)
                # The launcher and two ranks at least.
                self.assertGreaterEqual(seen, 3)
                self.assertEqual(context.apply(lambda: open(0, closefd=False).read()), ["", ""])
        finally:
            handshake.Listener.__init__ = before

    def test_one_interface(self):
        for interface in ("0.0.0.0", "::", "no-such-interface"):
            with self.assertRaisesRegex(ValueError, "interface"):
                Context(1, interface=interface)
        with Context(2, interface="lo") as context:
            self.assertEqual(float(context.array.ones(5).sum()), 5)

    def test_a_connection_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "run.json")
            found = []

            def batch():
                while not os.path.exists(path) or not os.path.getsize(path):
                    pass
                found.append(stat.S_IMODE(os.stat(path).st_mode))
                command = [MPIRUN, "-n", "2", sys.executable, "-m", "daparray.engine", "--connection", path]
                found.append(subprocess.run(command, stdin=subprocess.DEVNULL, timeout=60).returncode)

            job = threading.Thread(target=batch)
            job.start()
            with Context(2, interface="127.0.0.1", connection_file=path) as context:
                self.assertEqual(float(context.array.ones(5).sum()), 5)
                self.assertFalse(os.path.exists(path))
            job.join(60)
            self.assertEqual(found, [0o600, 0])
            # A file that is there is not overwritten, and one that others can read is not used.
            connection.write_file(path, "/nowhere", bytes(32))
            with self.assertRaises(FileExistsError):
                Context(1, connection_file=path)
            self.assertTrue(os.path.exists(path))
            os.chmod(path, 0o640)
            with self.assertRaisesRegex(PermissionError, "0600"):
                connection.read_file(path)

    def test_lines_that_are_no_connection(self):
        for text in (b"", b"[]", b"{", b'{"address": 3, "key": ""}', b'{"address": "a", "key": "00"}',
                     b'{"address": ["a"], "key": "%s"}' % (b"00" * 32),
                     b'{"address": ["a", "b"], "key": "%s"}' % (b"00" * 32), b"\xff\xfe"):  # fmt: skip
            with self.subTest(text=text), self.assertRaisesRegex(ValueError, "no address and key"):
                connection.parse(text)
        done = subprocess.run([sys.executable, "-m", "daparray.engine"], input=b"x\n", capture_output=True, timeout=60)
        self.assertEqual((done.returncode, b"daparray.client.Context" in done.stderr), (2, True), done.stderr)


class Handshakes(unittest.TestCase):
    def test_both_ends_know_the_key(self):
        key = os.urandom(32)
        here, there = socket.socketpair()
        with here, there:
            listener = handshake.Listener(key)
            here.sendall(listener.greeting)
            sessions = []
            connector = threading.Thread(target=lambda: sessions.append(handshake.connect(there, key)))
            connector.start()
            answer = here.recv(handshake.ANSWER_LENGTH, socket.MSG_WAITALL)
            proof, session = listener.check(answer)
            here.sendall(proof)
            connector.join()
            self.assertEqual(sessions, [session])
        # An answer that was heard is of no use for another connection, nor is the listener's own.
        for one in (answer, answer[:32] + proof, os.urandom(64), b"", answer[:40]):
            with self.assertRaises(handshake.Refused):
                handshake.Listener(key).check(one)

    def test_a_listener_without_the_key(self):
        for greeting, proof, text in ((b"x" * handshake.GREETING_LENGTH, b"", "not that of a daparray client"),
                                      (handshake.Listener(b"").greeting, bytes(32), "does not know the key")):  # fmt: skip
            here, there = socket.socketpair()
            with here, there:
                here.sendall(greeting + proof)
                with self.assertRaisesRegex(handshake.Refused, text):
                    handshake.connect(there, os.urandom(32))


class FramesTest(unittest.TestCase):
    def setUp(self):
        # Codes are those of a connection over TCP.
        self.sockets = socket.socketpair()
        session = os.urandom(32)
        self.client, self.engine = (Frames(sock, session, is_client=is_client) for sock, is_client in zip(self.sockets, (True, False)))
        self.addCleanup(self.client.close)
        self.addCleanup(self.engine.close)

    def heard(self, *buffers):
        """The bytes of a frame from the client."""
        self.client.send(*buffers)
        return self.engine.socket.recv(1 << 20)

    def test_frames_of_several_buffers(self):
        for buffers in ([b""], [b"one"], [b"one", b"", os.urandom(100000)], [bytes([number]) for number in range(200)]):
            sender = threading.Thread(target=self.client.send, args=buffers)
            sender.start()
            self.assertEqual([bytes(one) for one in self.engine.receive()], buffers)
            sender.join()

    def test_changed_frames_are_refused(self):
        frame = self.heard(b"hello", b"world")
        second = self.heard(b"again")
        for wrong in (frame[:14] + bytes([frame[14] ^ 1]) + frame[15:], frame[:-1] + bytes([frame[-1] ^ 1]), second, frame[:-32] + bytes(32),
                      frame[:23] + frame[-32:] + bytes(64)):  # fmt: skip
            with self.subTest(wrong=wrong):
                here, there = socket.socketpair()
                with here, there:
                    here.sendall(wrong)
                    here.shutdown(socket.SHUT_WR)
                    one = Frames(there, self.engine._in._session, is_client=False)
                    with self.assertRaises(Closed):
                        one.receive()
        # The frame itself is taken, once.
        here, there = socket.socketpair()
        with here, there:
            here.sendall(frame + frame)
            one = Frames(there, self.engine._in._session, is_client=False)
            self.assertEqual([bytes(one) for one in one.receive()], [b"hello", b"world"])
            with self.assertRaisesRegex(Closed, "another process"):
                one.receive()

    def test_a_frame_of_the_other_direction_is_refused(self):
        frame = self.heard(b"hello")
        here, there = socket.socketpair()
        with here, there:
            here.sendall(frame)
            with self.assertRaisesRegex(Closed, "another process"):
                Frames(there, self.engine._in._session, is_client=True).receive()

    def test_limits(self):
        for header, text in ((struct.pack("<I", 0), "0 buffers"), (struct.pack("<I", 1 << 31), "buffers"),
                             (struct.pack("<IQ", 1, 1 << 63), "up to"), (struct.pack("<IQQ", 2, (1 << 64) - 1, 1), "up to")):  # fmt: skip
            here, there = socket.socketpair()
            with self.subTest(text=text), here, there:
                here.sendall(header)
                with self.assertRaisesRegex(Closed, text):
                    Frames(there, None, is_client=True).receive()
        # A length alone takes no memory of that size.
        here, there = socket.socketpair()
        with here, there:
            here.sendall(struct.pack("<IQ", 1, 1 << 35))
            here.close()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            with self.assertRaises(Closed):
                Frames(there, None, is_client=True).receive()
            self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 1 << 18)


class Addresses(unittest.TestCase):
    def test_a_unix_socket(self):
        listening = Listening()
        folder = os.path.dirname(listening.address)
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        listening.close()
        self.assertFalse(os.path.exists(folder))


if __name__ == "__main__":
    unittest.main()
