"""Lifetimes: released once, by the last holder, on any thread, also after the interpreter's end."""

import ctypes
import gc
import itertools
import subprocess
import sys
import textwrap
import threading
import time
import tracemalloc
import unittest
import weakref

import abi
import daparray
import numpy
from daparray import Block, Layout, Local, _daparray, from_distarray

LAYOUT = Layout([Block(12, 2), Block(4)])


class Memory(bytearray):
    """Memory whose end can be seen."""


def lent():
    memory = Memory(6 * 4 * 8)
    return memory, weakref.ref(memory)


def section_of(memory):
    return LAYOUT.section(0, memoryview(memory).cast("d", (6, 4)))


class EveryOrder(unittest.TestCase):
    def test_all_orders_of_letting_go(self):
        """Producer, capsule, consumer, its local part, and a NumPy view: the last holder releases
        the memory."""
        for order in itertools.permutations(range(5)):
            memory, alive = lent()
            producer = section_of(memory)
            del memory
            capsule = producer.__distarray_c__()
            consumer = from_distarray(capsule)
            view = numpy.asarray(consumer.local)
            holders = [producer, capsule, consumer, consumer.local, view]
            del producer, capsule, consumer, view
            for at in order:
                # The capsule holds nothing any more.
                self.assertIsNotNone(alive() if any(h is not None for i, h in enumerate(holders) if i != 1) else True)
                holders[at] = None
            self.assertIsNone(alive(), order)

    def test_unconsumed_capsules(self):
        for export in ("__distarray_c__", "__distarray__"):
            memory, alive = lent()
            exported = getattr(section_of(memory), export)()
            del memory
            self.assertIsNotNone(alive())
            del exported
            self.assertIsNone(alive())
        for keywords in ({}, {"max_version": (1, 0)}):
            memory, alive = lent()
            exported = section_of(memory).local.__dlpack__(**keywords)
            del memory
            self.assertIsNotNone(alive())
            del exported
            self.assertIsNone(alive())

    def test_through_many_hands(self):
        memory, alive = lent()
        place = section_of(memory)
        for step in range(50):
            way = (place, place.__distarray__(), place.__distarray_c__())[step % 3]
            place = LAYOUT.section(0, numpy.from_dlpack(from_distarray(way).local))
        self.assertEqual(place.local.address, section_of(memory).local.address)
        del memory, way
        self.assertIsNotNone(alive())
        del place
        self.assertIsNone(alive())

    def test_refused_memory_is_let_go(self):
        memory, alive = lent()
        for attempt in (lambda: LAYOUT.section(1, memoryview(memory)), lambda: daparray.Section([{"size": 1}], memory),
                        lambda: from_distarray({"__version__": "0.10.0", "buffer": memory, "dim_data": ()})):
            with self.assertRaises(ValueError):
                attempt()
        memory.clear()
        del memory, attempt
        gc.collect()
        self.assertIsNone(alive())

    def test_released_by_the_c_consumer(self):
        memory, alive = lent()
        capsule = section_of(memory).__distarray_c__()
        del memory
        array = abi.struct(capsule)
        release = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(array.release)
        release(ctypes.addressof(array))
        self.assertIsNone(alive())
        self.assertIsNone(array.release)
        with self.assertRaises(BufferError):
            from_distarray(capsule)

    def test_a_moved_struct(self):
        memory, alive = lent()
        capsule = section_of(memory).__distarray_c__()
        del memory
        moved = abi.DapArray.from_buffer_copy(abi.struct(capsule))
        abi.struct(capsule).release = None
        del capsule
        self.assertIsNotNone(alive())
        consumer = from_distarray(abi.capsule(moved))
        self.assertIsNone(moved.release)
        del consumer
        self.assertIsNone(alive())

    def test_a_taken_tensor(self):
        memory, alive = lent()
        capsule = section_of(memory).__distarray_c__()
        del memory
        array = abi.struct(capsule)
        tensor = ctypes.addressof(array.blocks[0].tensor.contents)
        array.blocks[0].tensor = None
        del array, capsule
        self.assertIsNotNone(alive())
        deleter = abi.DLManagedTensorVersioned.from_address(tensor).deleter
        ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(deleter)(tensor)
        self.assertIsNone(alive())


class Threads(unittest.TestCase):
    def test_python_threads(self):
        seen = []
        for _ in range(20):
            memory, alive = lent()
            holders = [section_of(memory).__distarray_c__()]
            del memory
            thread = threading.Thread(target=holders.clear)
            thread.start()
            thread.join()
            seen.append(alive())
        self.assertEqual(seen, [None] * 20)

    def test_released_without_the_gil(self):
        """A consumer in C that has let go of the GIL: queued, and released by the main thread
        soon."""
        memory, alive = lent()
        capsule = section_of(memory).__distarray_c__()
        del memory
        array = abi.struct(capsule)
        # A `CFUNCTYPE` lets go of the GIL for the call.
        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(array.release)(ctypes.addressof(array))
        for _ in range(1000):
            if alive() is None:
                break
            time.sleep(0.001)
        self.assertIsNone(alive())
        self.assertEqual(_daparray._waiting(), 0)

    def test_the_next_import_releases_what_waits(self):
        """The main thread is busy in C: an import on another thread does it."""
        memory, alive = lent()
        capsule = section_of(memory).__distarray_c__()
        del memory
        array = abi.struct(capsule)
        release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(array.release)
        gone = []

        def work():
            release(ctypes.addressof(array))
            Local(b"another")
            gone.append(alive() is None)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual(gone, [True])

    def test_many_threads_at_once(self):
        memory, alive = lent()
        producer = section_of(memory)
        del memory
        failures = []

        def work():
            try:
                for _ in range(300):
                    one = from_distarray(producer)
                    array = abi.struct(capsule := one.__distarray_c__())
                    ctypes.CFUNCTYPE(None, ctypes.c_void_p)(array.release)(ctypes.addressof(array))
                    numpy.from_dlpack(from_distarray(one.__distarray__()).local)
                    del capsule
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        del producer
        Local(b"")
        gc.collect()
        self.assertIsNone(alive())


class Leaks(unittest.TestCase):
    def test_exchanges_cost_no_memory(self):
        array = numpy.zeros((6, 4))
        section = LAYOUT.section(0, array)
        wrong = {"__version__": "0.10.0", "buffer": array, "dim_data": ({},)}

        def everything():
            numpy.asarray(from_distarray(section).owned)
            from_distarray(section.__distarray__()).__distarray_c__(copy=True)
            numpy.from_dlpack(section.local, copy=True)
            section.local.__dlpack__()
            str(daparray.validate(wrong))
            hash(LAYOUT), repr(LAYOUT), LAYOUT.owner((3, 3)), LAYOUT.dims, section.dim_data
            try:
                from_distarray(wrong)
            except ValueError:
                pass

        for _ in range(50):
            everything()
        gc.collect()
        references, resident = sys.getrefcount(array), rss()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(400):
            everything()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        self.assertEqual(sys.getrefcount(array), references)
        self.assertLess(grown, 20_000)
        # tracemalloc does not see what Rust allocates.
        self.assertLess(rss() - resident, 8 << 20)


def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


class AfterTheEnd(unittest.TestCase):
    """Subprocesses that let go while or after the interpreter ends."""

    def run_python(self, code):
        code = "import sys\nsys.path.insert(0, %r)\n" % str(__file__).rpartition("/")[0] + textwrap.dedent(code)
        run = subprocess.run([sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, timeout=60)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return run.stdout

    def test_held_by_modules(self):
        self.run_python("""
            import numpy, daparray, builtins
            layout = daparray.Layout([daparray.Block(4)])
            builtins.kept = section = layout.section(0, numpy.zeros(4))
            capsule = section.__distarray_c__()
            taken = daparray.from_distarray(section)
            view = numpy.asarray(taken.local)
            tensor = taken.local.__dlpack__(max_version=(1, 0))
            loop = [section, taken, capsule]; loop.append(loop)
        """)

    def test_released_by_an_exit_handler_of_c(self):
        out = self.run_python("""
            import ctypes, numpy, daparray, abi
            section = daparray.Layout([daparray.Block(4)]).section(0, numpy.zeros(4))
            capsule = section.__distarray_c__()
            kept = abi.DapArray.from_buffer_copy(abi.struct(capsule))
            abi.struct(capsule).release = None
            # Called with the struct when the process exits, after Python's end.
            libc = ctypes.CDLL(None)
            libc.__cxa_atexit.argtypes = [ctypes.c_void_p] * 3
            memory = libc.malloc
            memory.restype = ctypes.c_void_p
            place = memory(ctypes.sizeof(kept))
            ctypes.memmove(place, ctypes.addressof(kept), ctypes.sizeof(kept))
            libc.__cxa_atexit(kept.release, place, None)
            print("end")
        """)
        self.assertEqual(out, "end\n")

    def test_threads_that_release_while_python_ends(self):
        for _ in range(5):
            self.run_python("""
                import ctypes, threading, numpy, daparray, abi
                layout = daparray.Layout([daparray.Block(4)])
                release = None
                def work():
                    while True:
                        capsule = layout.section(0, numpy.zeros(4)).__distarray_c__()
                        array = abi.struct(capsule)
                        ctypes.CFUNCTYPE(None, ctypes.c_void_p)(array.release)(ctypes.addressof(array))
                for _ in range(4):
                    threading.Thread(target=work, daemon=True).start()
                import time
                time.sleep(0.05)
            """)

    def test_a_forked_child(self):
        self.run_python("""
            import os, numpy, daparray
            section = daparray.Layout([daparray.Block(4)]).section(0, numpy.zeros(4))
            pid = os.fork()
            taken = daparray.from_distarray(section)
            del section, taken
            if pid:
                assert os.waitpid(pid, 0)[1] == 0
        """)


if __name__ == "__main__":
    unittest.main()
