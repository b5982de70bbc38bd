"""`daparray.array.groupby` on several ranks, and from a client."""

import unittest

import numpy
from test_array import RANKS, SAMPLE, SEED, run
from test_client import Context


class Groups(unittest.TestCase):
    def test_on_ranks(self):
        for at, ranks in enumerate(RANKS):
            if (at + SEED) % SAMPLE:
                continue
            with self.subTest(ranks=ranks):
                self.assertIn(f"ranks {ranks}, all groups", run(self, "groups_ranks.py", ranks=ranks))

    def test_from_a_client(self):
        with Context(2) as context:
            da = context.array
            x = da.reshape(da.arange(24.0), (6, 4))
            whole = numpy.arange(24.0).reshape(6, 4)
            months = x.groupby(["a", "b"] * 3)
            self.assertEqual(months.labels().tolist(), ["a", "b"])
            mean = months.mean()
            numpy.testing.assert_array_equal(mean.gather(), [whole[::2].mean(0), whole[1::2].mean(0)])
            expanded = numpy.stack([whole[::2].mean(0), whole[1::2].mean(0)] * 3)
            numpy.testing.assert_array_equal((months - mean).gather(), whole - expanded)
            numpy.testing.assert_array_equal((mean - months).gather(), expanded - whole)
            with self.assertRaisesRegex(ValueError, "expected one for each of 6 indices"):
                da.groupby(x, [1, 2])


if __name__ == "__main__":
    unittest.main()
