"""`daparray.array.random` on several ranks."""

import unittest

from test_array import RANKS, SAMPLE, SEED, run


class Random(unittest.TestCase):
    def test_on_ranks(self):
        for at, ranks in enumerate(RANKS):
            if (at + SEED) % SAMPLE:
                continue
            with self.subTest(ranks=ranks):
                self.assertIn(f"ranks {ranks}, the same numbers", run(self, "random_ranks.py", ranks=ranks))


if __name__ == "__main__":
    unittest.main()
