"""Values and calls in which ranks agree, or differ."""

import numpy

# In the message of an error of ranks that make different calls, with DAP_CHECK=1.
MISMATCH = "different calls"


def equal(one, other):
    """Whether two values are the same, arrays and NaN included."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, (numpy.ndarray, numpy.generic, float, complex)):
        one, other = numpy.asarray(one), numpy.asarray(other)
        return one.dtype == other.dtype and numpy.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    return bool(one == other)
