"""Code in which no operand moves by itself."""

from contextlib import contextmanager

from . import _engine


@contextmanager
def strict():
    """Inside of `with strict():` an element-wise operation or an assignment whose operand would
    move is a `ValueError`. Functions that are called to move, such as `redistribute`, do. Local."""
    before = _engine.set_strict(True)
    try:
        yield
    finally:
        _engine.set_strict(before)
