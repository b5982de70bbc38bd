"""Addresses of a client: a Unix socket in a private folder, or TCP on one interface.

A Unix socket has mode 0600 in a folder of mode 0700, so that processes of the same user alone reach
it. TCP is used only if the caller names an interface, which ranks on several nodes share; a client
never listens on all interfaces.
"""

import ipaddress
import os
import shutil
import socket
import struct
import sys
import tempfile

_BACKLOG = 1024
# The length of a Unix socket's address: 104 bytes on some systems, with the zero at the end.
_LONGEST = 103


class Listening:
    """A socket that listens, and its address, a text or ``[host, port]``. `close` removes both."""

    def __init__(self, interface=None):
        self._folder = None
        if interface is None:
            self._folder = tempfile.mkdtemp(prefix="daparray-", dir=_folder())
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.address = os.path.join(self._folder, "socket")
            # The mode is right from the beginning: nothing connects before `listen`.
            self.socket.bind(self.address)
            os.chmod(self.address, 0o600)
        else:
            host = _host(interface)
            self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
            self.socket.bind((host, 0))
            self.address = [host, self.socket.getsockname()[1]]
        self.socket.listen(_BACKLOG)
        self.socket.setblocking(False)

    def close(self):
        self.socket.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _folder():
    """The folder of temporary files, if a socket's address there is not too long."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) + len("/daparray-12345678/socket") <= _LONGEST else "/tmp"


def connected(address):
    """A socket that is connected to an address."""
    if isinstance(address, str):
        if not os.path.exists(address):
            raise ConnectionError(
                f"there is no socket {address!r} on the host {socket.gethostname()!r}: for ranks on several nodes, give the client "
                "the interface that they share, as in Context(8, interface='eth0')"
            )
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(address)
        return sock
    host, port = address
    return socket.create_connection((host, port), timeout=30)


def _host(interface):
    """The address of an interface, which is given by name or by one of its addresses."""
    try:
        found = ipaddress.ip_address(interface)
    except ValueError:
        return _address_of(interface)
    if found.is_unspecified:
        raise ValueError(f"{interface} stands for all interfaces: name the one that the nodes share, as 'eth0' or by its address")
    return str(found)


def _address_of(name):
    """The IPv4 address of the interface `name`."""
    known = [one for _, one in socket.if_nameindex()]
    if name not in known or not sys.platform.startswith("linux"):
        raise ValueError(f"there is no interface {name!r}: give one of {', '.join(known)}, or an address")
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        # SIOCGIFADDR fills a `struct ifreq`, whose address begins at byte 20.
        try:
            found = fcntl.ioctl(sock, 0x8915, struct.pack("256s", name.encode()[:15]))
        except OSError:
            raise ValueError(f"the interface {name!r} has no IPv4 address: give an address instead") from None
    return socket.inet_ntoa(found[20:24])
