"""The slices of `show --output-format json`, used on a real `.npy` file.

They are lists for `slice`, which NumPy, h5py and zarr take. `DAP_VALIDATE` names the program
(default: target/release/dap-validate).
"""

import itertools
import json
import pathlib
import tempfile
import unittest

import numpy
from program import run


def section(rank, dataset):
    """The buffer of a rank, read from the whole array in a file: what the guide shows."""
    buffer = numpy.full(rank["local_shape"], -1, dataset.dtype)
    for pieces in itertools.product(*rank["owned"]):
        local, whole = (tuple(slice(*piece[side]) for piece in pieces) for side in ("local", "global"))
        buffer[local] = dataset[whole]
    return buffer


class Slices(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def sections(self, whole, *recipe):
        numpy.save(self.folder / "whole.npy", whole)
        dataset = numpy.load(self.folder / "whole.npy", mmap_mode="r")
        shape = ",".join(map(str, whole.shape)) or "()"
        exports = run("gen", "--shape", shape, *recipe, "-o", "-")
        shown = json.loads(run("show", "-", "--output-format", "json", stdin=exports))
        return [section(rank, dataset) for rank in shown["arrays"][0]["distribution"]["ranks"]]

    def test_blocks(self):
        whole = numpy.arange(35).reshape(7, 5)
        expected = [whole[i : i + 3, j : j + 3] for i in (0, 3, 6) for j in (0, 3)]
        found = self.sections(whole, "--grid", "3,2")
        for expects, finds in zip(expected, found, strict=True):
            numpy.testing.assert_array_equal(finds, expects)

    def test_cyclic(self):
        whole = numpy.arange(23)
        for rank, found in enumerate(self.sections(whole, "--grid", "4", "--dist", "c")):
            numpy.testing.assert_array_equal(found, whole[rank::4])

    def test_block_cyclic_in_fortran_order(self):
        whole = numpy.asfortranarray(numpy.arange(66, dtype=">f4").reshape(11, 6))
        owned = [[i for i in range(11) if i // 2 % 3 == rank] for rank in range(3)]
        for rank, found in enumerate(self.sections(whole, "--grid", "3,1", "--dist", "c:2,b")):
            numpy.testing.assert_array_equal(found, whole[owned[rank]])

    def test_padding_is_left_alone(self):
        whole = numpy.arange(12)
        expected = [[0, 1, 2, 3, -1], [-1, 4, 5, 6, 7, -1], [-1, 8, 9, 10, 11]]
        for expects, finds in zip(expected, self.sections(whole, "--grid", "3", "--halo", "1"), strict=True):
            numpy.testing.assert_array_equal(finds, expects)

    def test_listed(self):
        whole = numpy.arange(40)
        found = self.sections(whole, "--grid", "4", "--dist", "u", "--seed", "5")
        numpy.testing.assert_array_equal(numpy.sort(numpy.concatenate(found)), whole)

    def test_no_dimensions(self):
        (found,) = self.sections(numpy.array(7.5))
        self.assertEqual(found[()], 7.5)


if __name__ == "__main__":
    unittest.main()
