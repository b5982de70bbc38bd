"""A client and its engines: values, text, errors, interrupts, lost ranks, and the memory of the
ranks.

No test measures time; those that would hang without the client's limits have the launcher's.
"""

import copy
import gc
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
import types
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "conformance" / "dump"))

from distarray_mpi import ENVIRONMENT, MPIRUN  # noqa: E402

os.environ.update(ENVIRONMENT)

from daparray.client import Context, RankError, RanksLost  # noqa: E402


def output(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def has_ended(process):
    """Whether a process has ended; a zombie has ended, too."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def interrupts(seconds):
    """Sends this process the signal of Ctrl-C after some seconds."""
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


# A shell gives its background jobs, and all that they start, a SIGINT that is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)


class InPlace(unittest.TestCase):
    def test_a_program_prints_the_same_with_engines_and_in_place(self):
        program = [sys.executable, str(HERE / "client_program.py")]
        engines, in_place = output(program), output([MPIRUN, "-n", "3", *program])
        self.assertEqual(engines, in_place)
        for line in ("[2] I have [0.75  0.875 1.   ] !", "[0, 1, 4] None", "ZeroDivisionError division by zero",
                     "RankError ranks 0 to 2 raised SystemExit: 3",
                     "RankError rank 1 raised ValueError: only one; ranks 0, 2 waited for it in a collective call"):  # fmt: skip
            self.assertIn(line, engines)

    def test_another_number_of_ranks_is_refused(self):
        code = "from daparray.client import Context\ntry: Context(5)\nexcept ValueError as error: print(error)"
        self.assertIn("runs on 2 ranks, and a context of 5", output([MPIRUN, "-n", "2", sys.executable, "-c", code]))

    def test_contexts_in_place_end_in_any_order(self):
        code = "from daparray.client import Context\na, b = Context(2), Context()\n"
        code += "print('once')\na.close()\nprint('once more')\nb.close()\nprint('twice')"
        # The launcher may mix the lines of two ranks.
        found = output([MPIRUN, "-n", "2", sys.executable, "-c", code])
        self.assertEqual([found.count(word) for word in ("once", "more", "twice")], [2, 1, 2], found)

    def test_a_client_that_uses_mpi4py(self):
        code = "from mpi4py import MPI\nfrom daparray.client import Context\n"
        code += "with Context(2) as context: print(MPI.COMM_WORLD.size, context.array.ones(3).gather())"
        for launcher in ([], [MPIRUN, "-n", "1"]):
            self.assertEqual(output([*launcher, sys.executable, "-c", code]), "1 [1. 1. 1.]\n")


def print_same(same):
    """On each rank."""
    from daparray.array import default_context

    print("hello" if same else default_context().rank)


class Shared(unittest.TestCase):
    """Tests that leave the ranks as they are share them."""

    @classmethod
    def setUpClass(cls):
        cls.context = Context(2)
        cls.addClassCleanup(cls.context.close)
        cls.da = cls.context.array

    def printed(self, function, *arguments):
        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            function(*arguments)
        return out.getvalue(), err.getvalue()

    def kept(self):
        """The objects that each rank keeps for the client."""

        def count():
            import gc

            (worker,) = [one for one in gc.get_objects() if type(one).__name__ == "Worker"]
            return len(worker._kept)

        return self.context.apply(count)


class Values(Shared):
    def test_operators_are_those_of_numpy(self):
        mine = numpy.arange(1, 7)
        x = self.da.asarray(mine)
        for name in "add sub mul truediv floordiv mod pow and or xor lshift rshift lt le gt ge eq ne".split():
            for left, right in ((x, 2), (2, x), (x, x)):
                expected = [mine if one is x else one for one in (left, right)]
                operation = getattr(__import__("operator"), f"__{name}__")
                with self.subTest(operation=name, left=type(left).__name__, right=type(right).__name__):
                    numpy.testing.assert_array_equal(operation(left, right).gather(), operation(*expected))
        for operation in (abs, lambda a: -a, lambda a: ~a, lambda a: +a):
            numpy.testing.assert_array_equal(operation(x).gather(), operation(mine))
        before = x
        x += 1
        self.assertIs(x, before)
        numpy.testing.assert_array_equal(x.gather(), mine + 1)

    def test_handles_behave_as_arrays_do(self):
        x = self.da.reshape(self.da.arange(12), (3, 4))
        self.assertEqual((x.shape, x.ndim, x.size, x.nbytes, x.dtype, len(x)), ((3, 4), 2, 12, 96, numpy.int64, 3))
        self.assertEqual((x.T.shape, str(x.layout), [int(row.sum()) for row in x]), ((4, 3), "(3, 4) over 2x1: block(2), block(4)", [6, 22, 38]))
        self.assertEqual([part.shape for part in x.local], [(2, 4), (1, 4)])
        self.assertEqual(x.context, self.context)
        self.assertEqual(type(numpy.sin(x)).__name__, "RemoteArray")
        self.assertEqual(numpy.concatenate([x, x]).shape, (6, 4))
        self.assertEqual(float(numpy.asarray(x.sum())), 66.0)
        for wrong, kind in (
            (lambda: numpy.asarray(x), TypeError),
            (lambda: hash(x), TypeError),
            (lambda: pickle.dumps(x), TypeError),
            (lambda: x.nonsense, AttributeError),
            (lambda: self.da.nonsense, AttributeError),
            (lambda: numpy.from_dlpack(x), BufferError),
        ):
            with self.assertRaises(kind):
                wrong()
        other = copy.copy(x)
        other[0, 0] = 7
        self.assertEqual((int(x[0, 0]), int(other[0, 0])), (0, 7))
        self.assertIn("linspace", dir(self.da))
        self.assertIn("redistribute", dir(x))
        self.assertIn("equal distances", self.da.linspace.__doc__)

    def test_names_are_those_of_the_array(self):
        import daparray.array as da

        # Classes whose objects each rank makes for itself, or that functions of the client make.
        ranks_own = {"Array", "Context", "DData", "DistDict", "FileTrace", "Group", "GroupBy", "ndarray", "random.Generator"}
        found = set()

        def compare(module, namespace, path):
            for name in module.__all__:
                one = getattr(module, name)
                if name not in dir(namespace):
                    found.add(path + name)
                elif isinstance(one, types.ModuleType):
                    compare(one, getattr(namespace, name), f"{path}{name}.")
                else:
                    theirs = getattr(namespace, name)
                    is_forwarded = type(theirs).__module__.startswith("daparray.client")
                    self.assertTrue(is_forwarded or theirs is one or type(theirs) is type(one), path + name)

        compare(da, self.da, "")
        self.assertEqual(found, ranks_own)
        x = self.da.zeros(3)
        self.assertEqual({name for name in dir(da.Array) if not name.startswith("_")} - set(dir(x)), set())
        special = {name for name in dir(da.Array) if name.startswith("__") and not hasattr(type(x), name)}
        self.assertEqual(special, {"__distarray__", "__distarray_c__"})  # memory, which the ranks have

    def test_grids_and_the_description_of_the_namespace(self):
        numpy.testing.assert_array_equal(self.da.mgrid[0:3, 0:1:5j].gather(), numpy.mgrid[0:3, 0:1:5j])
        found = [one.gather() for one in self.da.ogrid[0:3, 1:9:2]]
        for one, expected in zip(found, numpy.ogrid[0:3, 1:9:2], strict=True):
            numpy.testing.assert_array_equal(one, expected)
        self.assertIn("coordinates", self.da.mgrid.__doc__)
        info = self.da.__array_namespace_info__()
        self.assertEqual((info.default_dtypes()["real floating"], info.devices()), (numpy.float64, ("cpu",)))
        self.assertIs(self.da.linalg.LinAlgError, numpy.linalg.LinAlgError)

    def test_large_values_travel_both_ways(self):
        mine = numpy.random.default_rng(3).random((700, 300))
        x = self.da.asarray(mine)
        numpy.testing.assert_array_equal(x.gather(), mine)
        parts = self.context.apply(lambda x: x.local, x)
        numpy.testing.assert_array_equal(numpy.concatenate(parts), mine)
        parts[0][0, 0] = 5  # the memory is the client's

    def test_values_that_differ_are_no_value(self):
        with self.assertRaisesRegex(RankError, "rank 1 gave another value than rank 0"):
            self.context._call(("object", os.getpid), (), {})
        # The same value in other bytes: one list twice, and two equal lists.
        different = "one = [1.5, float('nan')]\nvalue = [one, one] if rank else [[1.5, float('nan')], [1.5, float('nan')]]"
        self.context.execute(different)
        self.assertEqual(repr(self.context._request("pull", (["value"],), each=False, prefix=False)), "[[1.5, nan], [1.5, nan]]")

    def test_results_that_stay(self):
        kept = self.context.apply(lambda: {"mine": [1]}, keep=True)
        self.assertIn("dict", repr(kept))
        self.assertEqual(self.context.apply(lambda d, key: d[key], kept, "mine"), [[1], [1]])
        with self.assertRaisesRegex(TypeError, "keep=True"):
            self.context.apply(lambda: (one for one in "ab"))
        self.assertIn("generator", self.context.execute("(one for one in 'ab')")[0])

    def test_contexts_are_apart(self):
        with Context(1) as other:
            with self.assertRaisesRegex(ValueError, "another context"):
                self.da.sin(other.array.ones(3))
        with self.assertRaisesRegex(RanksLost, "closed"):
            other.array.ones(3)
        for wrong in (0, -1, True, 2.5, "2"):
            with self.assertRaisesRegex(ValueError, "number of ranks"):
                Context(wrong)

    def test_names_of_functions_are_not_taken(self):
        with self.assertRaisesRegex(ValueError, "something else"):
            self.context.register(lambda: 1, "apply")

    def test_handles_that_die_are_deleted_with_the_next_request(self):
        gc.collect()
        before = self.kept()
        x = self.da.ones(5)
        y = [x + number for number in range(20)]
        self.assertEqual(self.kept(), [count + 21 for count in before])
        del x, y
        self.assertEqual(self.kept(), before)
        # Errors keep nothing, and neither do the ranks that had no error.
        with self.assertRaises(RankError):
            self.context.execute("assert rank\nda.ones(3)")
        self.assertEqual(self.kept(), before)

    def test_handles_die_on_any_thread(self):
        gc.collect()
        before = self.kept()
        handles = [self.da.ones(2) for _ in range(8)]
        threads = [threading.Thread(target=handles.pop) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.kept(), before)

    def test_requests_of_threads_come_one_after_the_other(self):
        found = []
        threads = [threading.Thread(target=lambda n=n: found.append(float((self.da.ones(10) * n).sum()))) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(found), [10.0 * n for n in range(8)])


class Text(Shared):
    def test_text_has_its_rank(self):
        out, err = self.printed(self.context.execute, "import sys\nprint('a', rank)\nprint('b\\nc')\nprint('e', file=sys.stderr)")
        self.assertEqual(out, "[0] a 0\n[0] b\n[0] c\n[1] a 1\n[1] b\n[1] c\n")
        self.assertEqual(err, "[0] e\n[1] e\n")
        out, _ = self.printed(self.context.execute, "print('\\ud800', 'é')")
        self.assertEqual(out, "[0] \\ud800 é\n[1] \\ud800 é\n")

    def test_text_of_library_functions_comes_once(self):
        x = self.da.ones(3)
        self.assertEqual(self.printed(x.show)[0], "[1. 1. 1.]\n")
        for same, expected in ((True, "hello\n"), (False, "0\n[1] 1\n")):
            out, _ = self.printed(lambda: self.context._call(("object", print_same), (same,), {}))
            self.assertEqual(out, expected)

    def test_progress_is_plain(self):
        out, _ = self.printed(self.context.execute, "for i in range(4): print(f'\\r{i}/3', end='')\nprint()")
        self.assertEqual(out, "[0] 3/3\n[1] 3/3\n")

    def test_text_of_a_request_that_runs_is_shown(self):
        # Both ranks wait for a file, which the client makes once it has their text.
        class Seen(StringIO):
            def write(self, text):
                if "waiting" in text:
                    path.touch()
                return super().write(text)

        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "seen"
            with redirect_stdout(Seen()) as out:
                self.context.push(path=str(path))
                self.context.execute("import os, time\nprint('waiting')\nwhile not os.path.exists(path): time.sleep(0.01)\nprint('end')")
        self.assertEqual(sorted(out.getvalue().split()), sorted("[0] waiting [1] waiting [0] end [1] end".split()))

    def test_much_text(self):
        out, _ = self.printed(self.context.execute, "for line in range(20000): print(line, 'x' * 10)")
        lines = out.splitlines()
        self.assertEqual([line for line in lines if line.startswith("[1]")], [f"[1] {line} {'x' * 10}" for line in range(20000)])

    def test_errors(self):
        with self.assertRaises(ZeroDivisionError) as caught:
            self.context.execute("a = 1\na / 0")
        self.assertIn('File "<spmd>", line 2', caught.exception.__notes__[0])
        self.assertIn("a / 0", caught.exception.__notes__[0])
        self.assertIn("all 2 ranks", caught.exception.__notes__[0])
        with self.assertRaises(RankError) as caught:
            self.context.execute("raise ValueError(rank)")
        self.assertEqual(caught.exception.errors, {0: "ValueError: 0", 1: "ValueError: 1"})
        self.assertEqual(str(caught.exception), "rank 0 raised ValueError: 0; rank 1 raised ValueError: 1")
        # An exception that exists on the ranks alone.
        source = "import sys, types\nsys.modules['only'] = only = types.ModuleType('only')\n"
        source += "exec('class Mine(Exception): pass', only.__dict__)\nraise only.Mine('here')"
        with self.assertRaisesRegex(RankError, "ranks 0 to 1 raised Mine: here"):
            self.context.execute(source)
        with self.assertRaisesRegex(RankError, "raised Mute: an exception without a text"):
            self.context.execute("class Mute(Exception):\n  def __str__(self): return 1 / 0\nraise Mute")
        # An exception that cannot travel.
        with self.assertRaisesRegex(RankError, "ranks 0 to 1 raised Strange: 1 2"):
            self.context.execute("class Strange(Exception):\n  def __init__(self, a, b): super().__init__(f'{a} {b}')\nraise Strange(1, 2)")

    def test_ranks_are_together_after_errors(self):
        x = self.da.ones(10)
        for alone in range(2):
            for calls in range(3):
                with self.subTest(alone=alone, calls=calls), self.assertRaisesRegex(RankError, f"^rank {alone} raised KeyError"):
                    self.context.push(x=x)
                    self.context.execute(f"for _ in range({calls}): x.sum()\nif rank == {alone}: raise KeyError(1)\nx.sum(); x.max()")
                self.assertEqual(float(x.sum()), 10)


class Interrupts(Shared):
    def interrupted(self, source):
        timer = interrupts(0.3)
        with self.assertRaises(KeyboardInterrupt) as caught:
            self.context.execute(source)
        timer.join()
        return getattr(caught.exception, "__notes__", [])

    def test_ranks_go_on_after_an_interrupt(self):
        x = self.da.ones(10)
        self.context.push(x=x)
        for source in ("import time; time.sleep(60)", "while True: pass", "while True: float((x + 1).sum())",
                       "import time\nif rank == 0: time.sleep(60)\nx.sum()"):  # fmt: skip
            with self.subTest(source=source):
                self.assertEqual(self.interrupted(source), [])
                self.assertEqual(float(x.sum()), 10)

    def test_ranks_that_do_not_stop_are_ended(self):
        with Context(2) as context:
            timer = interrupts(0.3)
            with self.assertRaises(KeyboardInterrupt) as caught:
                context.execute("while True:\n  try:\n    while rank: pass\n    break\n  except KeyboardInterrupt: pass")
            timer.join()
            self.assertIn("rank 1 did not stop", caught.exception.__notes__[0])
            with self.assertRaisesRegex(RanksLost, "rank 1 did not stop"):
                context.array.ones(2)


class Lost(unittest.TestCase):
    def wait(self, processes):
        end = time.monotonic() + 30
        while not all(map(has_ended, processes)):
            self.assertLess(time.monotonic(), end, f"of {processes} some live")
            time.sleep(0.05)

    def test_a_rank_that_is_killed_in_a_call(self):
        with Context(3) as context:
            x = context.array.ones(10)
            context.push(x=x)
            with self.assertRaisesRegex(RanksLost, "rank 1 was lost"):
                context.execute("import os\nif rank == 1: os.kill(os.getpid(), 9)\nx.sum()")
            self.wait([process for _, process in context.processes])
            with self.assertRaisesRegex(RanksLost, "rank 1 was lost"):
                x + 1

    def test_a_rank_that_is_killed_between_calls(self):
        with Context(2) as context, redirect_stderr(StringIO()) as err:
            processes = [process for _, process in context.processes]
            os.kill(processes[0], signal.SIGKILL)
            self.wait(processes)
            end = time.monotonic() + 30
            while "rank 0 was lost" not in err.getvalue() and time.monotonic() < end:
                time.sleep(0.05)
            self.assertIn("rank 0 was lost", err.getvalue())
            with self.assertRaisesRegex(RanksLost, "rank 0 was lost"):
                context.array.ones(2)

    def test_engines_end_with_their_client(self):
        for last in ("context.apply(time.sleep, 60)", "time.sleep(60)", "os._exit(0)", "context.close()", "pass"):
            with self.subTest(last=last):
                begin = "import os, time\nfrom daparray.client import Context\ncontext = Context(2)\n"
                code = f"{begin}print(*[one for _, one in context.processes], flush=True)\n{last}"
                client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                processes = client.stdout.readline().split()
                self.assertEqual(len(processes), 2)
                if "sleep" in last:
                    client.kill()
                client.wait(60)
                client.stdout.close()
                self.wait(processes)

    def test_launchers_that_fail(self):
        with self.assertRaisesRegex(RuntimeError, "no launcher 'no-mpirun'"):
            Context(2, launcher="no-mpirun")
        with self.assertRaisesRegex(RanksLost, "before all ranks were there(.|\n)*my reason"):
            Context(2, launcher=["sh", "-c", "echo my reason >&2; exit 3"])
        with self.assertRaisesRegex(TimeoutError, "of 2 ranks these have connected in time: none"):
            Context(2, launcher=["sh", "-c", "exec sleep 60"], timeout=0.2)
        with self.assertRaisesRegex(RuntimeError, "1 ranks have started, 2 were expected"):
            Context(2, launcher=["sh", "-c", f"exec {MPIRUN} -n 1 {sys.executable} -m daparray.engine", "sh"])


if __name__ == "__main__":
    unittest.main()
