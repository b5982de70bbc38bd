"""The text that a rank prints while it works on a request.

Text is kept until the request ends, so that ranks are shown one after the other, or until the
client asks for it, so that a long request shows its progress. Much text is handed on at once.
"""

import contextlib
import io
import sys
import threading

_MOST = 1 << 16


class _Stream(io.TextIOBase):
    def __init__(self, output, name, encoding):
        self._output, self.name, self._encoding = output, name, encoding

    @property
    def encoding(self):
        return self._encoding

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"a text is written, not `{type(text).__name__}`")
        # Letters that no encoding has, such as halves of surrogate pairs, travel as escapes.
        self._output._write(self.name, text if text.isascii() else text.encode(errors="backslashreplace").decode())
        return len(text)


class Output:
    """Collects what is written to `sys.stdout` and `sys.stderr`; ``deliver`` takes a list of
    ``(stream, text)``."""

    def __init__(self, deliver):
        self._deliver = deliver
        self._lock = threading.RLock()
        self._parts, self._length = [], 0

    @contextlib.contextmanager
    def captured(self):
        """Within it, this object has the streams."""
        streams = [_Stream(self, name, "utf-8") for name in ("stdout", "stderr")]
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            yield

    def _write(self, name, text):
        with self._lock:
            if self._parts and self._parts[-1][0] == name:
                self._parts[-1][1].append(text)
            else:
                self._parts.append((name, [text]))
            self._length += len(text)
            if self._length > _MOST:
                self.hand_on()
                if self._length > _MOST:  # one long line
                    self._deliver(self.take())

    def take(self):
        """All text until now."""
        with self._lock:
            taken = [(name, "".join(texts)) for name, texts in self._parts]
            self._parts, self._length = [], 0
            return taken

    def hand_on(self):
        """Delivers the complete lines; a line that ends with a carriage return is complete, too."""
        with self._lock:
            taken = self.take()
            if taken:
                name, text = taken.pop()
                end = 1 + max(text.rfind("\n"), text.rfind("\r"))
                if text[end:]:
                    self._parts, self._length = [(name, [text[end:]])], len(text) - end
                if end:
                    taken.append((name, text[:end]))
            if taken:
                self._deliver(taken)


def show(rank, parts, *, prefix=True):
    """Prints text of a rank, each line with the rank's number. Of a line that carriage returns
    overwrite, as those of progress bars, the last text is printed."""
    for name, text in parts:
        lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        lines = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
        stream = sys.stdout if name == "stdout" else sys.stderr
        begin = f"[{rank}] " if prefix else ""
        print("\n".join(begin + line for line in lines), file=stream, flush=True)
