"""Checks of the programs in this folder."""

import contextlib


@contextlib.contextmanager
def raises(kind, text):
    """The block raises an exception of this kind whose text has these words."""
    try:
        yield
    except kind as error:
        assert text in str(error), f"{text!r} is not in {error}"
    else:
        raise AssertionError(f"{kind.__name__} was expected: {text}")
