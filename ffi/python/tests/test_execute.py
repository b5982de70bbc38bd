"""`Plan.execute` under mpirun, beside NumPy; and its pieces without any MPI."""

import subprocess
import sys
import threading
import unittest

import numpy
from daparray import Block, Cyclic, Layout, Plan
from launch import summary, ways


class OverMpi(unittest.TestCase):
    def ranks(self, processes, counts):
        for way in ways(processes):
            with self.subTest(way=way):
                said = summary(self, "plan_ranks.py", processes, "-W", "error", arguments=[way])
                self.assertEqual(said, f"ranks {processes}, {counts}, by {way}")

    def test_one_process(self):
        self.ranks(1, "moved 36, refused 18")

    def test_two_processes(self):
        self.ranks(2, "moved 49, refused 22")

    def test_three_processes(self):
        self.ranks(3, "moved 49, refused 22")

    def test_four_processes(self):
        self.ranks(4, "moved 64, refused 22")


class Pieces(unittest.TestCase):
    rows, columns = Layout([Block(8, 2), Block(6)]), Layout([Block(8), Cyclic(6, 2)])

    def test_by_hand(self):
        whole = numpy.arange(48.0).reshape(8, 6)
        for order in "CF":
            mine = [self.rows.section(rank, whole[4 * rank : 4 * rank + 4].copy()) for rank in range(2)]
            theirs = [numpy.zeros((8, 3), order="F") for _ in range(2)]
            plans = [Plan(self.rows, self.columns, rank) for rank in range(2)]
            for rank, plan in enumerate(plans):
                plan.copy_local(mine[rank], theirs[rank])
                message = plan.pack(1 - rank, mine[rank], order=order)
                self.assertEqual((type(message), len(message)), (bytearray, 96))
                given = numpy.zeros(12)
                self.assertIs(plan.pack(1 - rank, mine[rank], given, order=order), given)
                self.assertEqual(given.tobytes(), bytes(message))
                plans[1 - rank].unpack(rank, bytes(message), theirs[1 - rank], order=order)
            for rank in range(2):
                self.assertTrue((theirs[rank] == whole[:, rank::2]).all())

    def test_refusals(self):
        plan, mine, theirs = Plan(self.rows, self.columns, 0), numpy.zeros((4, 6)), numpy.zeros((8, 3))
        message = plan.pack(1, mine)
        readonly = numpy.zeros((8, 3))
        readonly.flags.writeable = False
        overlapping = numpy.zeros(100)
        for kind, call in [
            (IndexError, lambda: plan.pack(0, mine)),
            (IndexError, lambda: plan.pack(2, mine)),
            (IndexError, lambda: plan.unpack(-1, message, theirs)),
            (ValueError, lambda: plan.pack(1, theirs)),
            (ValueError, lambda: plan.pack(1, mine, bytearray(95))),
            (ValueError, lambda: plan.pack(1, mine, numpy.zeros((12, 2))[:, 0])),
            (ValueError, lambda: plan.pack(1, mine, mine)),
            (ValueError, lambda: plan.pack(1, mine, order="K")),
            (BufferError, lambda: plan.pack(1, mine, bytes(96))),
            (BufferError, lambda: plan.pack(1, object())),
            (BufferError, lambda: plan.unpack(1, message, readonly)),
            (ValueError, lambda: plan.unpack(1, message[:-1], theirs)),
            (ValueError, lambda: plan.copy_local(overlapping[:24].reshape(4, 6), overlapping[20:44].reshape(8, 3))),
            (ValueError, lambda: plan.copy_local(mine, theirs.astype("f4"))),
            (ValueError, lambda: plan.copy_local(mine, theirs.astype("i8"))),
            (TypeError, lambda: plan.execute(None, mine, theirs)),
        ]:
            with self.assertRaises(kind):
                call()
        self.assertFalse(readonly.any() or theirs.any() or overlapping.any())

    def test_the_interpreter_goes_on_meanwhile(self):
        layouts = Layout([Block(4096, 2), Block(2048)]), Layout([Block(4096), Block(2048, 2)])
        plan, mine = Plan(*layouts, 0), numpy.ones((2048, 2048))
        message = plan.pack(1, mine)
        # The interpreter's lock is not requested by others: who waits for the interpreter gets it
        # when it is given away, or at the end.
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1000)
        packed = []

        def work():
            plan.pack(1, mine, message)
            packed.append(True)

        # A busy machine may be late to let this thread run, but not every time.
        for _ in range(100):
            packed.clear()
            thread = threading.Thread(target=work)
            thread.start()
            was_first = not packed
            thread.join()
            if was_first:
                return
        self.fail("no other thread ran while a message was packed")

    def test_mpi4py_is_not_imported_before_it_is_used(self):
        code = "import sys, daparray; daparray.Plan; assert 'mpi4py' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    unittest.main()
