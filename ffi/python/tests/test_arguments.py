"""Ranks, indices and sizes: any integer, any sequence of them, and the promised errors."""

import array
import collections
import unittest

import daparray
import numpy
import objects
from daparray import Block, Cyclic, DimData, Layout, Plan, Unstructured

LAYOUT = Layout([Block(12, 3), Cyclic(8, 2)])
DIM = LAYOUT.dims[0]
ITEMS = numpy.zeros(LAYOUT.local_shape(1))
PLAN = Plan(LAYOUT, Layout([Cyclic(12, 6), Block(8)]), 1)

# Every argument that is a rank or an index: a call with it, and a value that is fine.
PLACES = {
    "Dim.owner": (lambda n: DIM.owner(n), 1),
    "Dim.global_index, rank": (lambda n: DIM.global_index(n, 0), 1),
    "Dim.global_index, place": (lambda n: DIM.global_index(0, n), 1),
    "Dim.local_index, rank": (lambda n: DIM.local_index(n, 5), 1),
    "Dim.owned_len": (lambda n: DIM.owned_len(n), 1),
    "Dim.extent": (lambda n: DIM.extent(n), 1),
    "Dim.owned": (lambda n: DIM.owned(n), 1),
    "Dim.dim_data": (lambda n: DIM.dim_data(n), 1),
    "Layout.coordinates": (lambda n: LAYOUT.coordinates(n), 1),
    "Layout.rank": (lambda n: LAYOUT.rank([0, n]), 1),
    "Layout.owner": (lambda n: LAYOUT.owner([n, 0]), 1),
    "Layout.global_index, rank": (lambda n: LAYOUT.global_index(n, [0, 0]), 1),
    "Layout.global_index, place": (lambda n: LAYOUT.global_index(0, (0, n)), 1),
    "Layout.local_index, rank": (lambda n: LAYOUT.local_index(n, [0, 0]), 1),
    "Layout.local_index, index": (lambda n: LAYOUT.local_index(0, [n, n]), 1),
    "Layout.local_shape": (lambda n: LAYOUT.local_shape(n), 1),
    "Layout.owned_shape": (lambda n: LAYOUT.owned_shape(n), 1),
    "Layout.owned": (lambda n: LAYOUT.owned(n), 1),
    "Layout.dim_data": (lambda n: LAYOUT.dim_data(n), 1),
    "Layout.section": (lambda n: LAYOUT.section(n, ITEMS).rank, 1),
    "Layout.zeros": (lambda n: LAYOUT.zeros(n).rank, 1),
    "Plan, rank": (lambda n: Plan(LAYOUT, LAYOUT, n, None), 1),
    "Plan, to_rank": (lambda n: Plan(LAYOUT, LAYOUT, None, n), 1),
    "Plan.reshape, rank": (lambda n: Plan.reshape(LAYOUT, LAYOUT, n, None), 1),
    "Plan.reshape, to_rank": (lambda n: Plan.reshape(LAYOUT, LAYOUT, None, n), 1),
    "Plan.pack": (lambda n: PLAN.pack(n, ITEMS), PLAN.sends[0].peer),
    "Plan.unpack": (lambda n: PLAN.unpack(n, bytes(999), numpy.zeros(PLAN.target.local_shape(1))), PLAN.receives[0].peer),
}  # fmt: skip

# Every argument that is a size; `make` returns something to compare.
SIZES = {
    "Block, size": (lambda n: Block(n), 8),
    "Block, grid_size": (lambda n: Block(8, n), 8),
    "Block, width": (lambda n: Block(8, 2, width=n), 8),
    "Block, bounds": (lambda n: Block(bounds=[0, n]), 8),
    "Block, halo": (lambda n: Block(16, 2, halo=n), 8),
    "Block, boundary": (lambda n: Block(16, 2, boundary=(n, 0)), 8),
    "Block, wrap": (lambda n: Block(16, 2, periodic=True, wrap=n), 8),
    "Block, sections": (lambda n: Block(8, sections=[(0, n, 0, 0, 0, 0)]), 8),
    "Cyclic, size": (lambda n: Cyclic(n), 8),
    "Cyclic, grid_size": (lambda n: Cyclic(8, n), 8),
    "Cyclic, block_size": (lambda n: Cyclic(8, 1, n), 8),
    "Cyclic, source": (lambda n: Cyclic(80, 9, source=n), 8),
    "Unstructured, size": (lambda n: Unstructured([range(8)], size=n), 8),
    "Unstructured, lists": (lambda n: Unstructured([[n]]), 0),
    "Layout.svg, width": (lambda n: LAYOUT.svg(width=n), 800),
    "Layout.svg, buffers": (lambda n: LAYOUT.svg(buffers=n), 8),
    "Report.text, width": (lambda n: objects.REPORT.text(width=n), 80),
}
# A description that is only written down takes any number of 64 bits.
DESCRIBED = {
    "DimData.block, size": (lambda n: DimData.block(n, 0, 5), 8),
    "DimData.block, start": (lambda n: DimData.block(8, n, 5), 8),
    "DimData.block, stop": (lambda n: DimData.block(8, 0, n), 8),
    "DimData.block, padding": (lambda n: DimData.block(8, 0, 5, padding=(n, 0)), 8),
    "DimData.block, proc_grid_size": (lambda n: DimData.block(8, 0, 5, proc_grid_size=n), 8),
    "DimData.block, proc_grid_rank": (lambda n: DimData.block(8, 0, 5, proc_grid_rank=n), 8),
    "DimData.cyclic, size": (lambda n: DimData.cyclic(n, 0), 8),
    "DimData.cyclic, start": (lambda n: DimData.cyclic(8, n), 8),
    "DimData.cyclic, block_size": (lambda n: DimData.cyclic(8, 0, n), 8),
    "DimData.unstructured, size": (lambda n: DimData.unstructured(n, [0]), 8),
    "DimData.unstructured, indices": (lambda n: DimData.unstructured(8, [n]), 8),
}

BEYOND = [2**63, 2**64, -(2**63) - 1, 10**5000, -(10**5000), numpy.uint64(2**64 - 1), numpy.array(2**63, "u8")]
NO_INTEGERS = [0.5, 1.0, numpy.float64(1), "1", "0123", b"1", None, True, numpy.True_, [1], (), {}, 1j, object(), numpy.zeros(1), numpy.zeros(2, int)]
SPELLINGS = [numpy.int8, numpy.uint8, numpy.int64, numpy.uint64, numpy.array, type("Index", (int,), {}),
             lambda n: type("Index", (), {"__index__": lambda self: n})()]  # fmt: skip


class Integers(unittest.TestCase):
    def test_beyond_64_bits(self):
        for calls, error in ((PLACES, IndexError), (SIZES, ValueError), (DESCRIBED, ValueError)):
            for name, (call, _) in calls.items():
                for number in BEYOND:
                    with self.subTest(name, bits=int(number).bit_length()), self.assertRaises(error) as raised:
                        call(number)
                    self.assertNotIsInstance(raised.exception, OverflowError)

    def test_within_64_bits_and_not_there(self):
        for calls, error in ((PLACES, IndexError), (SIZES, ValueError)):
            for name, (call, _) in calls.items():
                for number in (-1, 2**63 - 1, -(2**63)):
                    if name in ("Block, size", "Block, bounds", "Cyclic, size", "Block, grid_size", "Block, width", "Cyclic, grid_size",
                                "Cyclic, block_size", "Layout.svg, buffers", "Report.text, width", "Unstructured, lists") and number > 0:  # fmt: skip
                        continue
                    if name == "Unstructured, lists":
                        continue
                    with self.subTest(name, number=number), self.assertRaises(error):
                        call(number)

    def test_no_integers(self):
        for calls in (PLACES, SIZES, DESCRIBED):
            for name, (call, _) in calls.items():
                for wrong in NO_INTEGERS:
                    optional = name in ("Block, size", "Block, grid_size", "Block, width", "Unstructured, size") or name.startswith("Plan")
                    if wrong is None and optional and name not in ("Plan.pack", "Plan.unpack"):
                        continue
                    with self.subTest(name, value=repr(wrong)), self.assertRaises(TypeError):
                        call(wrong)

    def test_every_spelling(self):
        for calls in (PLACES, SIZES, DESCRIBED):
            for name, (call, fine) in calls.items():
                for spell in SPELLINGS:
                    if fine > 127 and spell in (numpy.int8, numpy.uint8):
                        spell = numpy.int16
                    with self.subTest(name, spelling=spell):
                        self.assertEqual(repr(call(spell(fine))), repr(call(fine)))

    def test_what_an_integer_raises(self):
        class Bang(Exception):
            pass

        def bang(self):
            raise Bang

        for calls in (PLACES, SIZES, DESCRIBED):
            for name, (call, _) in calls.items():
                with self.subTest(name), self.assertRaises(Bang):
                    call(type("Index", (), {"__index__": bang})())


class Sequence:
    """Has what makes a sequence, and no more."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, at):
        return self.numbers[at]


SEQUENCES = {
    "tuple": tuple, "list": list, "range": lambda numbers: range(numbers[0], numbers[-1] + 1), "deque": collections.deque,
    "array": lambda numbers: array.array("q", numbers), "sequence": Sequence, "UserList": collections.UserList,
    "bytearray": bytearray, "memoryview": lambda numbers: memoryview(array.array("i", numbers)),
    **{dtype: lambda numbers, dtype=dtype: numpy.array(numbers, dtype) for dtype in ("i1", "u1", "<i4", ">i4", "i8", "u8", ">u2")},
    "strided": lambda numbers: numpy.repeat(numbers, 2)[::2], "NumPy's integers": lambda numbers: [numpy.int16(n) for n in numbers],
    "objects": lambda numbers: list(numpy.array(numbers, object)),
}  # fmt: skip

# Every argument that is a sequence of integers; all take 0, 1, 2.
CUBE = Layout([Block(4, 2), Block(4, 2), Block(4, 4)])
TAKERS = {
    "Layout.rank": lambda numbers: Layout([Block(4, 4)] * 3).rank(numbers),
    "Layout.owner": lambda numbers: CUBE.owner(numbers),
    "Layout.global_index": lambda numbers: Layout([Block(4)] * 3).global_index(0, numbers),
    "Layout.local_index": lambda numbers: Layout([Block(4)] * 3).local_index(0, numbers),
    "Block, bounds": lambda numbers: Block(bounds=numbers),
    "Unstructured": lambda numbers: Unstructured([numbers]),
    "DimData.unstructured": lambda numbers: DimData.unstructured(3, numbers),
    "DimData": lambda numbers: DimData({"dist_type": "u", "size": 3, "indices": numbers}),
}


class Sequences(unittest.TestCase):
    def test_every_sequence_and_every_argument(self):
        for name, take in TAKERS.items():
            for kind, make in SEQUENCES.items():
                with self.subTest(name, kind=kind):
                    self.assertEqual(take(make([0, 1, 2])), take((0, 1, 2)))

    def test_no_sequences(self):
        for name, take in TAKERS.items():
            for wrong in ("012", b"\0\1\2", {0, 1, 2}, {0: 1}, iter([0, 1, 2]), 7, 1.5, object(), numpy.zeros(3), numpy.zeros((1, 3), int),
                          [0, "1", 2], [0, 0.5, 2], [0, True, 2], [0, [1], 2], numpy.array(1), numpy.array(["0", "1"])):  # fmt: skip
                with self.subTest(name, value=repr(wrong)), self.assertRaises(TypeError):
                    take(wrong)

    def test_long_sequences(self):
        """Nothing is read, and no memory taken, of what is too long."""
        for name in ("Layout.rank", "Layout.owner", "Layout.global_index", "Layout.local_index"):
            for wrong in (range(2**62), range(65), [0] * 65, numpy.zeros(10**6, int), ()):
                with self.subTest(name, length=len(wrong)), self.assertRaises(IndexError):
                    TAKERS[name](wrong)
        for name in ("Block, bounds", "Unstructured", "DimData.unstructured"):
            with self.subTest(name), self.assertRaises(MemoryError):
                TAKERS[name](range(2**62))

    def test_a_sequence_that_grows_while_it_is_read(self):
        class Grower:
            def __index__(self):
                numbers.append(Grower())
                return 0

        numbers = collections.deque([Grower()])
        with self.assertRaises((IndexError, RuntimeError)):
            Layout([]).owner(numbers)
        numbers = [Grower()]
        self.assertEqual(Layout([Block(3)]).owner(numbers), (0, (0,)))


if __name__ == "__main__":
    unittest.main()
