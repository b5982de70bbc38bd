"""The oracle on arrays worked out by hand: what it must accept, and what it must not miss."""

import copy
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from text_oracle import violations  # noqa: E402


def array(*sections):
    """Exports of a one-dimensional array from `(extent, dictionary)` in rank order."""
    exports = []
    for rank, (extent, dim) in enumerate(sections):
        dim = dict({"proc_grid_size": len(sections), "proc_grid_rank": rank}, **dim) if dim else {}
        buffer = {"dtype": "<f8", "shape": [extent], "strides": [8]}
        exports.append({"__version__": "0.10.0", "buffer": buffer, "dim_data": [dim]})
    return exports


def block(start, stop, size, *padding, **keys):
    dim = dict({"dist_type": "b", "size": size, "start": start, "stop": stop}, **keys)
    return stop - start, dict(dim, padding=list(padding)) if padding else dim


def cyclic(extent, start, size, block_size):
    return extent, {"dist_type": "c", "size": size, "start": start, "block_size": block_size}


def labels(size, *indices, **keys):
    return len(indices), dict({"dist_type": "u", "size": size, "indices": list(indices)}, **keys)


# The document's example: 18 indices on two processes, boundary and communication padding of 1.
PADDED = array(block(0, 10, 18, 1, 1), block(8, 18, 18, 1, 1))

VALID = {
    "padded": PADDED,
    "boundary only": array(block(0, 5, 10, 2, 0), block(5, 10, 10, 0, 1)),
    "alias": array((4, None)),
    "empty in the middle": array(block(0, 3, 6), block(3, 3, 6), block(3, 6, 6)),
    "block-cyclic": array(cyclic(4, 0, 7, 2), cyclic(3, 2, 7, 2)),
    "block-cyclic, starting at 1": array(cyclic(3, 2, 7, 2), cyclic(4, 0, 7, 2)),
    "an empty section, start in the cycle": array(cyclic(2, 0, 2, 2), cyclic(0, 2, 2, 2)),
    "an empty section, start at size": array(cyclic(1, 0, 1, 2), cyclic(0, 1, 1, 2)),
    "labels": array(labels(4, 3, -1), labels(4, 7, 0)),
    "shared labels, counted twice": array(labels(4, 0, 1), labels(4, 1, 2)),
    "shared labels, counted once": array(labels(3, 0, 1), labels(3, 1, 2)),
    "one to one": array(labels(3, 0, 1, one_to_one=True), labels(3, 2, one_to_one=True)),
}

INVALID = {
    "gap": array(block(0, 4, 10), block(5, 10, 10)),
    "overlap": array(block(0, 5, 10), block(4, 10, 10)),
    "an empty block elsewhere": array(block(0, 3, 6), block(6, 6, 6), block(3, 6, 6)),
    "bounds of 0.9": array(block(0, 5, 10, 0, 1), block(5, 10, 10, 1, 0)),
    "unequal padding": array(block(0, 6, 10, 0, 1), block(3, 10, 10, 2, 0)),
    "padding wider than the neighbour": array(block(0, 10, 10, 0, 3), block(4, 10, 10, 3, 1), block(7, 10, 10, 1, 0)),
    "periodic on one": array(block(0, 5, 10, periodic=True), block(5, 10, 10)),
    "extent": array((4, block(0, 5, 5)[1])),
    "partial block on process 0": array(cyclic(5, 0, 7, 2), cyclic(2, 2, 7, 2)),
    "two starting processes": array(cyclic(4, 0, 8, 2), cyclic(4, 0, 8, 2)),
    "start inside a block": array(cyclic(4, 0, 8, 2), cyclic(4, 3, 8, 2)),
    "a label twice": array(labels(2, 1, 1)),
    "labels against size": array(labels(5, 0, 1), labels(5, 1, 2)),
    "one to one, but shared": array(labels(4, 0, 1, one_to_one=True), labels(4, 1, 2, one_to_one=True)),
    "a float": array((4, dict(block(0, 4, 4)[1], size=4.0))),
    "a bool": array((4, dict(block(0, 4, 4)[1], start=False))),
    "a missing key": array((4, {"dist_type": "b", "start": 0, "stop": 4})),
}


class Verdicts(unittest.TestCase):
    def test_valid(self):
        for name, exports in VALID.items():
            self.assertEqual(violations(exports), [], name)

    def test_invalid(self):
        for name, exports in INVALID.items():
            self.assertNotEqual(violations(exports), [], name)

    def test_a_changed_number_in_the_padded_example_is_seen(self):
        for rank in (0, 1):
            for key in ("size", "start", "stop", "proc_grid_size", "proc_grid_rank"):
                for step in (-1, 1):
                    changed = copy.deepcopy(PADDED)
                    changed[rank]["dim_data"][0][key] += step
                    self.assertNotEqual(violations(changed), [], (rank, key, step))

    def test_ranks_that_are_missing_or_swapped(self):
        self.assertNotEqual(violations(PADDED[:1]), [])
        self.assertNotEqual(violations(PADDED[::-1]), [])
        self.assertNotEqual(violations(PADDED + PADDED[1:]), [])


if __name__ == "__main__":
    unittest.main()
