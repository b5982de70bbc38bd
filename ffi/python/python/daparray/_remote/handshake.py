"""Both ends of a connection prove that they know the key, before they read anything else.

    listener -> connector   MAGIC, 32 random bytes L
    connector -> listener   32 random bytes C, HMAC(key, "connector" L C)
    listener -> connector   HMAC(key, "listener" L C)

Each message has a fixed length, nothing in it is a length or an object, and the key itself never
travels. A wrong answer ends the connection without a word. The random bytes of both ends make each
handshake new, and the two words keep an answer from being used in the other direction.
"""

import hmac
import secrets

KEY_LENGTH = 32
NONCE_LENGTH = 32
MAGIC = b"daparray engine 1\n"
GREETING_LENGTH = len(MAGIC) + NONCE_LENGTH
PROOF_LENGTH = 32
ANSWER_LENGTH = NONCE_LENGTH + PROOF_LENGTH


class Refused(ConnectionError):
    """The other end does not know the key, or speaks another protocol."""


def _proof(key, word, listener, connector):
    return hmac.digest(key, word + listener + connector, "sha256")


def _session(key, listener, connector):
    """The key of this connection's frames."""
    return _proof(key, b"session", listener, connector)


class Listener:
    """The listener's part: `greeting` is sent first, `check` takes the answer."""

    def __init__(self, key):
        self._key, self._nonce = key, secrets.token_bytes(NONCE_LENGTH)
        self.greeting = MAGIC + self._nonce

    def check(self, answer):
        """``(proof, session)``: the bytes to send back and the key of the frames; `Refused` if the
        answer is wrong."""
        nonce, proof = answer[:NONCE_LENGTH], answer[NONCE_LENGTH:]
        if not hmac.compare_digest(proof, _proof(self._key, b"connector", self._nonce, nonce)):
            raise Refused("the other end does not know the key")
        return _proof(self._key, b"listener", self._nonce, nonce), _session(self._key, self._nonce, nonce)


def connect(sock, key):
    """The connector's part, on a socket that blocks: the key of the frames."""
    greeting = _exactly(sock, GREETING_LENGTH)
    if not greeting.startswith(MAGIC):
        raise Refused("the address is not that of a daparray client of this version")
    listener, mine = greeting[len(MAGIC) :], secrets.token_bytes(NONCE_LENGTH)
    sock.sendall(mine + _proof(key, b"connector", listener, mine))
    if not hmac.compare_digest(_exactly(sock, PROOF_LENGTH), _proof(key, b"listener", listener, mine)):
        raise Refused("the client at the address does not know the key")
    return _session(key, listener, mine)


def _exactly(sock, length):
    found = b""
    while len(found) < length:
        more = sock.recv(length - len(found))
        if not more:
            raise Refused("the client has refused the connection")
        found += more
    return found
