"""Messages of one or more buffers over a stream socket.

A frame is the number of its buffers (4 bytes), their lengths (8 bytes each), the buffers, and over
TCP 32 bytes of BLAKE2b, keyed with the handshake's session key, over the direction, the frame's
number and all before. So a frame that another process put into the stream, left out or repeated is
found before its contents are used. Over a Unix socket the kernel guarantees as much.

Frames exist only after the handshake. A frame has at most `MOST_BUFFERS` buffers and
`MOST_BYTES` bytes, and memory is taken as the bytes arrive, never for a length alone.
"""

import hmac
import os
import socket
import struct
from hashlib import blake2b

MOST_BUFFERS = 1 << 16
MOST_BYTES = int(os.environ.get("DAP_MOST_BYTES", 1 << 36))
# Lengths up to this are allocated at once.
_CHUNK = 1 << 26
_TOGETHER = 1 << 16
_CODE_LENGTH = 32
TO_ENGINE, TO_CLIENT = b"to engine", b"to client"


class Closed(ConnectionError):
    """The other end of the connection has ended."""


class _Code:
    """The codes of the frames of one direction."""

    def __init__(self, session, direction):
        self._session, self._direction, self._number = session, direction, 0

    def next(self, parts):
        code = blake2b(self._number.to_bytes(8, "little"), key=self._session, person=self._direction, digest_size=_CODE_LENGTH)
        self._number += 1
        for part in parts:
            code.update(part)
        return code.digest()


class Frames:
    """The frames of a connection, one of whose ends is the client. ``session`` is the key of their
    codes, None for a socket that needs none."""

    def __init__(self, sock, session, *, is_client):
        self.socket = sock
        sock.settimeout(None)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # A host that disappears is noticed after about ten seconds.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3)):
                if hasattr(socket, option):
                    sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        here, there = (TO_ENGINE, TO_CLIENT) if is_client else (TO_CLIENT, TO_ENGINE)
        self._out = session and _Code(session, here)
        self._in = session and _Code(session, there)

    def fileno(self):
        return self.socket.fileno()

    def send(self, *buffers):
        """Sends one frame."""
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        header = struct.pack(f"<I{len(views)}Q", len(views), *map(len, views))
        parts = [header, *views]
        if self._out:
            parts.append(self._out.next(parts))
        try:
            if sum(map(len, parts)) <= _TOGETHER:
                self.socket.sendall(b"".join(parts))
            else:
                for part in parts:
                    self.socket.sendall(part)
        except OSError as error:
            raise Closed(str(error)) from None

    def receive(self):
        """The buffers of the next frame; waits for it."""
        first = self._read(4)
        (count,) = struct.unpack("<I", first)
        if not 1 <= count <= MOST_BUFFERS:
            raise Closed(f"a frame of {count} buffers: from 1 to {MOST_BUFFERS} are allowed")
        second = self._read(8 * count)
        lengths = struct.unpack(f"<{count}Q", second)
        if sum(lengths) > MOST_BYTES:
            raise Closed(f"a frame of {sum(lengths)} bytes: up to {MOST_BYTES} are allowed; DAP_MOST_BYTES is the limit")
        buffers = [self._read(length) for length in lengths]
        if self._in and not hmac.compare_digest(self._read(_CODE_LENGTH), self._in.next([first, second, *buffers])):
            raise Closed("a frame came from another process than the one that knows the key")
        return buffers

    def _read(self, length):
        found, have = bytearray(min(length, _CHUNK)), 0
        while have < length:
            if have == len(found):
                found.extend(bytes(min(length - have, have)))
            with memoryview(found) as view:
                try:
                    got = self.socket.recv_into(view[have:])
                except OSError as error:
                    raise Closed(str(error)) from None
            if not got:
                raise Closed("the other end of the connection has ended")
            have += got
        return found

    def shut(self):
        """Ends the connection; a thread that waits for a frame wakes."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended
            pass

    def close(self):
        self.shut()
        self.socket.close()
