"""`daparray.array.save` and `load` on several ranks."""

import tempfile
import unittest

from test_array import RANKS, SAMPLE, SEED, run


class Files(unittest.TestCase):
    def test_on_ranks(self):
        for at, ranks in enumerate(RANKS):
            if (at + SEED) % SAMPLE:
                continue
            with self.subTest(ranks=ranks), tempfile.TemporaryDirectory() as folder:
                self.assertIn(f"ranks {ranks}, the same files", run(self, "files_ranks.py", folder, ranks=ranks))


if __name__ == "__main__":
    unittest.main()
