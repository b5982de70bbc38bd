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


def run_parts(parts, context):
    """Runs the functions of a program; an exception names the function and the rank. Then all ranks
    wait for each other."""
    for part in parts:
        try:
            part()
        except Exception as error:
            error.add_note(f"{part.__name__} on rank {context.rank} of {context.size}")
            raise
    context.barrier()
