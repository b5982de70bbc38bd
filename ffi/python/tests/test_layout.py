"""`Layout`, `Dim` and `DimData` as values: maps against a slow count, pickles, text, pictures."""

import copy
import itertools
import json
import pickle
import unittest
import warnings
import xml.etree.ElementTree as xml

import daparray
import numpy
from daparray import Block, Cyclic, DimData, Layout, Runs, Unstructured

DIMS = [
    Block(10), Block(10, 4), Block(10, 4, balanced=True), Block(10, 4, width=4), Block(bounds=[0, 2, 2, 10]), Block(0, 3),
    Block(12, 3, halo=2), Block(12, 3, boundary=(1, 2)), Block(12, 3, halo=1, boundary=(1, 1), periodic=True),
    Block(12, 3, halo=1, periodic=True, wrap=2), Block(7, 9), Block(bounds=[0, 5, 9, 16], halo=3, boundary=(2, 0)),
    Block(10, 2, sections=[(0, 5, 0, 2, 0, 0), (5, 10, 2, 0, 0, 0)]),
    Block(16, 3, sections=[(0, 5, 0, 2, 1, 0), (5, 9, 2, 1, 0, 0), (9, 16, 1, 0, 0, 0)]),
    Cyclic(10, 3), Cyclic(10, 3, 4), Cyclic(11, 2, 2, source=1), Cyclic(0, 2), Cyclic(3, 7, 5),
    Unstructured([[3, 0], [1, 2]]), Unstructured([[7, -2], [], [5, 7]], size=3), Unstructured([[1], [0]], one_to_one=True),
    Unstructured([[0, 1], [1, 2]]),
]  # fmt: skip


def listed(groups):
    """All (global, local) pairs of run groups."""
    return [
        (run.global_start + k * run.global_stride + i, run.local_start + k * run.local_stride + i)
        for run in groups
        for k in range(run.count)
        for i in range(run.length)
    ]


class Dims(unittest.TestCase):
    def test_a_halo_that_does_not_wrap_is_a_warning(self):
        for kwargs, advice in [
            ({}, "size 12, boundary padding 1 and 1"),
            ({"boundary": (1, 0)}, "size 11, boundary padding 1 and 1"),
            ({"balanced": True}, "size 12"),
            ({"width": 5}, "size 12"),
        ]:
            with self.assertWarnsRegex(daparray.ProtocolWarning, advice):
                Block(10, 2, halo=1, periodic=True, **kwargs)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Block(12, 2, halo=1, boundary=(1, 1), periodic=True)
            Block(10, 2, halo=1)
            Block(10, 2, halo=1, periodic=True, wrap=1)
            Block(10, 2, periodic=True)

    def test_repr_is_code(self):
        for dim in DIMS:
            again = eval(repr(dim), vars(daparray))
            self.assertEqual(again, dim)
            self.assertEqual(repr(again), repr(dim))
        self.assertEqual([repr(dim) for dim in DIMS[:5]],
                         ["Block(10)", "Block(10, 4)", "Block(10, 4, balanced=True)", "Block(10, 4, width=4)",
                          "Block(bounds=[0, 2, 2, 10])"])
        self.assertEqual(repr(DIMS[9]), "Block(12, 3, halo=1, periodic=True, wrap=2)")

    def test_pickles_and_copies(self):
        for dim in DIMS:
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                again = pickle.loads(pickle.dumps(dim, protocol))
                self.assertEqual((again, type(again)), (dim, type(dim)))
            self.assertEqual(copy.deepcopy(dim), dim)

    def test_equality_and_hashes(self):
        for one, other in itertools.product(DIMS, DIMS):
            self.assertEqual(one == other, one is other, (one, other))
        for dim in DIMS:
            self.assertEqual(hash(pickle.loads(pickle.dumps(dim))), hash(dim))
        self.assertEqual(Block(10, 2), Block(bounds=[0, 5, 10]))
        self.assertNotEqual(Block(3), 3)

    def test_maps_agree_with_one_another(self):
        """The run sets are the count, from which every other answer is worked out."""
        for dim in DIMS:
            held = {rank: dict(listed(dim.owned(rank))) for rank in range(dim.grid_size)}
            for rank, runs in held.items():
                self.assertEqual(len(runs), dim.owned_len(rank), dim)
                for index, local in runs.items():
                    self.assertEqual(dim.global_index(rank, local), index)
                    owner, place = dim.owner(index)
                    self.assertLessEqual(owner, rank)
                    self.assertEqual(held[owner][index], place)
                    self.assertEqual(dim.local_index(owner, index), place)
                    if owner != rank:
                        self.assertIsNone(dim.local_index(rank, index))
            if dim.dist_type != "u":
                self.assertEqual(sorted(index for runs in held.values() for index in runs), list(range(dim.size)))

    def test_by_hand(self):
        self.assertEqual([[index for index, _ in listed(Cyclic(11, 2, 2, source=1).owned(rank))] for rank in (0, 1)],
                         [[2, 3, 6, 7, 10], [0, 1, 4, 5, 8, 9]])
        self.assertEqual(Cyclic(9, 2, 2).owned(0), (Runs_of(0, 0, 2, 2, 4, 2), Runs_of(8, 4, 1, 1, 0, 0)))
        self.assertEqual([Block(12, 3, halo=2).extent(rank) for rank in range(3)], [6, 8, 6])
        self.assertEqual(Block(12, 3, halo=2).global_index(1, 0), 2)
        self.assertEqual(str(Block(16, 2)), "block(8)")

    def test_dim_data(self):
        self.assertEqual(Block(12, 3, halo=2).dim_data(1), DimData.block(12, 2, 10, proc_grid_size=3, proc_grid_rank=1, padding=(2, 2)))
        self.assertEqual(Cyclic(10, 3, 4).dim_data(2), DimData.cyclic(10, 8, 4, proc_grid_size=3, proc_grid_rank=2))
        with self.assertRaisesRegex(ValueError, "0.9"):
            DIMS[9].dim_data(0)

    def test_what_is_not_there(self):
        for dim in DIMS:
            for ask in (lambda: dim.owner(-1), lambda: dim.owner(99), lambda: dim.owned(-1), lambda: dim.owned(dim.grid_size),
                        lambda: dim.global_index(0, -1), lambda: dim.global_index(0, 99), lambda: dim.extent(99)):
                with self.assertRaises(IndexError):
                    ask()


def Runs_of(global_start, local_start, length, count, global_stride, local_stride):
    """`Runs` cannot be made; compare by what they say."""
    fields = ("global_start", "local_start", "length", "count", "global_stride", "local_stride")
    values = (global_start, local_start, length, count, global_stride, local_stride)
    return Same(dict(zip(fields, values)))


class Same:
    def __init__(self, values):
        self.values = values

    def __eq__(self, runs):
        return isinstance(runs, Runs) and all(getattr(runs, key) == value for key, value in self.values.items())


class Dictionaries(unittest.TestCase):
    def test_as_a_mapping(self):
        dim = DimData.block(10, 0, 5, proc_grid_size=2, periodic=True, padding=(1, 0))
        plain = dict(dim)
        self.assertEqual(plain, {"dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 0, "start": 0,
                                 "stop": 5, "padding": (1, 0), "periodic": True})
        self.assertEqual((len(dim), list(dim), dim["stop"], "stop" in dim, "indices" in dim), (8, list(plain), 5, True, False))
        with self.assertRaises(KeyError):
            dim["indices"]
        self.assertEqual({**dim}, plain)

    def test_values(self):
        dims = [DimData.block(10, 0, 5), DimData.cyclic(10, 0, 2), DimData.unstructured(3, numpy.array([2, 0, 1])),
                DimData.unstructured(3, [2, 0, 1], one_to_one=True), DimData({})]
        for dim in dims:
            self.assertEqual(pickle.loads(pickle.dumps(dim)), dim)
            self.assertEqual(hash(pickle.loads(pickle.dumps(dim))), hash(dim))
            self.assertEqual(eval(repr(dim), vars(daparray)), dim)
        self.assertEqual(len(set(dims)), len(dims))

    def test_wrong_ones_can_be_made(self):
        self.assertFalse(daparray.validate({"__version__": "0.10.0", "buffer": b"", "dim_data": (DimData.block(10, 7, 3),)}))


LAYOUTS = [Layout([one, other]) for one, other in itertools.product(DIMS, DIMS[::5])] + [Layout([]), Layout([Block(5, 2)])]


class Layouts(unittest.TestCase):
    def test_owners_and_places(self):
        for layout in LAYOUTS[::3]:
            seen = set()
            for rank in range(layout.processes):
                place = layout.coordinates(rank)
                self.assertEqual(layout.rank(place), rank)
                dims = list(zip(layout.dims, place))
                self.assertEqual(layout.local_shape(rank), tuple(dim.extent(at) for dim, at in dims))
                self.assertEqual(layout.owned_shape(rank), tuple(dim.owned_len(at) for dim, at in dims))
                self.assertEqual(layout.owned(rank), tuple(dim.owned(at) for dim, at in dims))
                for local in itertools.product(*map(range, layout.local_shape(rank))):
                    index = layout.global_index(rank, local)
                    owner, there = layout.owner(index)
                    self.assertEqual(layout.global_index(owner, there), index)
                    self.assertEqual(layout.local_index(rank, index), there if owner == rank else None)
                    seen.add(index)
            if all(dim.dist_type != "u" for dim in layout.dims):
                self.assertEqual(len(seen), layout.size)

    def test_c_order(self):
        layout = Layout([Block(4, 2), Block(6, 3)])
        self.assertEqual([layout.coordinates(rank) for rank in range(6)], [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)])
        self.assertEqual(layout.owner([3, 5]), (5, (1, 1)))
        self.assertEqual((layout.shape, layout.grid_shape, layout.processes, layout.ndim, layout.size), ((4, 6), (2, 3), 6, 2, 24))

    def test_values(self):
        for layout in LAYOUTS:
            again = pickle.loads(pickle.dumps(layout))
            self.assertEqual((again, hash(again)), (layout, hash(layout)))
            self.assertEqual(eval(repr(layout), vars(daparray)), layout)
        self.assertEqual(len(set(LAYOUTS)), len(LAYOUTS))
        self.assertEqual(repr(Layout([Block(16, 2), Cyclic(16, 2, 2)])), "Layout([Block(16, 2), Cyclic(16, 2, 2)])")
        self.assertEqual(str(Layout([Block(16, 2), Cyclic(16, 2, 2)])), "(16, 16) over 2x2: block(8), cyclic(2)")

    def test_from_the_exports_of_all(self):
        made = 0
        for layout in LAYOUTS:
            sections = [layout.zeros(rank, "i1") for rank in range(layout.processes)]
            try:
                dictionaries = [section.__distarray__() for section in sections]
            except BufferError as error:  # a halo that wraps round: its sections are of version 0.9, and described so
                self.assertIn("0.9", str(error))
                self.assertTrue(all('"0.9.0"' in daparray.describe(section) for section in sections))
                continue
            for exports in (sections, dictionaries, [daparray.describe(section) for section in sections]):
                self.assertEqual(Layout.from_exports(exports), layout)
            self.assertEqual(Layout.from_json(layout.to_json("<i2")), layout)
            json.loads(layout.to_json())
            made += 1
        self.assertGreater(made, 50)

    def test_incomplete_exports(self):
        layout = Layout([Block(10, 2)])
        with self.assertRaises(daparray.ValidationError) as raised:
            Layout.from_exports([layout.zeros(0)])
        self.assertIn("1 of 2 ranks missing: 1", str(raised.exception))
        with self.assertRaises(ValueError):
            Layout.from_exports([])

    def test_sections_of_a_layout(self):
        layout = Layout([Block(10, 2, halo=1)])
        section = layout.section(1, numpy.zeros(6))
        self.assertEqual((section.layout, section.rank, section.shape), (layout, 1, (10,)))
        taken = daparray.from_distarray(section)
        self.assertIsNone(taken.layout)
        self.assertEqual(taken.with_layout(layout).layout, layout)
        for other in (Layout([Block(10, 2)]), Layout([Block(bounds=[0, 4, 10])]), Layout([Cyclic(12, 2)]), Layout([Block(10)])):
            with self.assertRaises(ValueError):
                taken.with_layout(other)
        self.assertEqual(numpy.asarray(layout.zeros(0, "<c8").local).tolist(), [0j] * 6)

    def test_pictures(self):
        for layout in LAYOUTS[::9] + [Layout([Block(8, 2)] * 4)]:
            for picture in (layout._repr_svg_(), layout.svg(theme="dark", width=500)):
                self.assertEqual(xml.fromstring(picture).tag, "{http://www.w3.org/2000/svg}svg")
        self.assertEqual(Layout([Block(5)])._repr_svg_(), Layout([Block(5)])._repr_svg_())
        layout = Layout([Block(8, 2)] * 3)
        self.assertNotEqual(layout.svg(slice=":,:,1"), layout.svg(slice=":,3,:"))
        self.assertIn("svg", layout.zeros(0)._repr_svg_())
        self.assertIsNone(daparray.from_distarray(layout.zeros(0))._repr_svg_())
        for wrong in ({"slice": "9,:,:"}, {"slice": ":"}, {"slice": "x"}, {"theme": "pink"}, {"width": 3}):
            with self.assertRaises(ValueError):
                layout.svg(**wrong)


class Large(unittest.TestCase):
    def test_more_ranks_than_there_is_memory(self):
        for processes in (2**40, 2**62):
            with self.assertRaises(MemoryError):
                Layout([Block(10, processes)]).to_json()


if __name__ == "__main__":
    unittest.main()
