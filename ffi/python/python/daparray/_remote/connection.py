"""A client's address and key: one line on the launcher's standard input, or a private file for
engines that a batch system starts.

The key stands on no command line and in no environment. A connection file has mode 0600; an engine
refuses one that another user owns, or that others can read.
"""

import json
import os
import stat
import tempfile

from . import handshake

# A path, a port and a key need less.
_LONGEST = 4096


def line(address, key):
    """The address and the key as one line."""
    return json.dumps({"address": address, "key": key.hex()}).encode() + b"\n"


def parse(text):
    """``(address, key)`` of a line; `ValueError` for any other text."""
    try:
        found = json.loads(text)
        address, key = found["address"], bytes.fromhex(found["key"])
        is_unix = isinstance(address, str)
        is_tcp = isinstance(address, list) and len(address) == 2 and isinstance(address[0], str) and isinstance(address[1], int)
        if not (is_unix or is_tcp) or len(key) != handshake.KEY_LENGTH:
            raise ValueError
    except (ValueError, TypeError, KeyError):
        raise ValueError("no address and key of a daparray client") from None
    return address, key


def read_line(descriptor):
    """The first line of a file that is open, which another process may still write."""
    found = b""
    while not found.endswith(b"\n") and len(found) < _LONGEST:
        one = os.read(descriptor, 1)
        if not one:
            break
        found += one
    return found


def write_file(path, address, key):
    """Makes a file that its owner alone reads, and which appears with its contents.
    `FileExistsError` if there is one."""
    path = os.path.abspath(path)
    # Made with mode 0600, in the same folder.
    descriptor, made = tempfile.mkstemp(prefix=".daparray-", dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(line(address, key))
        os.link(made, path)
    finally:
        os.unlink(made)


def read_file(path):
    """The line in a connection file; `PermissionError` if others can read it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
            raise PermissionError(f"{path} belongs to another user or is readable by others: its mode must be 0600")
        return read_line(descriptor)
    finally:
        os.close(descriptor)
