"""Starts the engines and waits until all of them are connected; then the address is removed."""

import os
import secrets

from .._remote import connection, handshake
from .._remote.address import Listening
from ._acceptance import Acceptance
from ._launcher import Launcher, launcher_words


def start(ranks, launcher, interface, connection_file, begin, timeout):
    """``(launcher, connections)``: the connections of each rank for its purposes, by
    ``(rank, purpose)``. `begin(address, key)` starts engines in another way."""
    key = secrets.token_bytes(handshake.KEY_LENGTH)
    listening = Listening(interface)
    started = written = None
    try:
        if begin is not None:
            begin(listening.address, key)
        elif connection_file is not None:
            connection.write_file(connection_file, listening.address, key)
            written = connection_file
        else:
            started = Launcher(launcher_words(launcher), ranks, connection.line(listening.address, key))
        found = Acceptance(listening.socket, key, ranks, started, timeout).all()
        if started:
            started.is_quiet = False
        return started, found
    except BaseException:
        if started:
            started.end_soon()
        raise
    finally:
        listening.close()
        if written is not None:
            try:
                os.unlink(written)
            except FileNotFoundError:
                pass
