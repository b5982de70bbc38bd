"""An error of one rank is an error of all, at every collective entry point; signal handlers that
raise in a move; broken moves."""

import unittest

from launch import summary, ways


class OverMpi(unittest.TestCase):
    def test_errors_of_one_rank(self):
        for processes in (1, 2, 3):
            with self.subTest(processes=processes):
                said = summary(self, "agreement_ranks.py", processes)
                self.assertRegex(said, rf"ranks {processes}, refused on all [1-9]\d\d")

    def test_signals_and_broken_moves(self):
        for processes in (2, 3):
            for way in ways(processes):
                with self.subTest(processes=processes, way=way):
                    said = summary(self, "interrupt_ranks.py", processes, arguments=[way])
                    self.assertRegex(said, rf"ranks {processes}, interrupted [1-9]\d*, .*by {way}")


if __name__ == "__main__":
    unittest.main()
