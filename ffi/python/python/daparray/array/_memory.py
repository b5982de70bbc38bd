"""This rank's elements as NumPy's arrays, by the protocol's capsules."""

import numpy

from .. import from_distarray


def lent(array):
    """This rank's elements, shared, for this package's own short use; None where it holds none."""
    capsule = array._lend()
    return None if capsule is None else numpy.asarray(from_distarray(capsule, check=False).local)


def section_of(array):
    """This rank's `Section`, shared. The memory is exposed from then on."""
    return from_distarray(array.__distarray_c__(), check=False)
