"""Sections in and out: the dictionary and the capsule, strict on the way out and lenient on the way
in."""

import ctypes
import itertools
import unittest
import warnings

import abi
import daparray
import numpy
from daparray import Block, Cyclic, DimData, Layout, ProtocolWarning, Section, Unstructured, ValidationError, from_distarray

LAYOUT = Layout([Block(16, 2, halo=1), Cyclic(18, 2, 3), Unstructured([[3, 1], [0, 2]], one_to_one=True)])


class Producer:
    """An array of another library."""

    def __init__(self, dictionary):
        self.dictionary = dictionary

    def __distarray__(self):
        return self.dictionary


def block(**changes):
    dim = {"dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 0, "start": 0, "stop": 5}
    dim.update(changes)
    return {"__version__": "0.10.0", "buffer": numpy.zeros(5), "dim_data": (dim,)}


def address(local):
    return numpy.asarray(local).ctypes.data


class Strict(unittest.TestCase):
    def test_the_dictionary_is_plain(self):
        for rank in range(LAYOUT.processes):
            export = LAYOUT.zeros(rank).__distarray__()
            self.assertEqual(set(export), {"__version__", "buffer", "dim_data"})
            self.assertIs(type(export["__version__"]), str)
            self.assertIs(type(export["dim_data"]), tuple)
            for dim in export["dim_data"]:
                self.assertIs(type(dim), dict)
                for key, value in dim.items():
                    kind = {"dist_type": str, "padding": tuple, "periodic": bool, "one_to_one": bool}.get(key, int)
                    if key == "indices":
                        self.assertEqual(memoryview(value).format, "l")
                    else:
                        self.assertIs(type(value), kind, key)
                for number in dim.get("padding", ()):
                    self.assertIs(type(number), int)
            memoryview(export["buffer"])

    def test_the_values(self):
        export = LAYOUT.zeros(5).__distarray__()
        first, second, third = export["dim_data"]
        self.assertEqual(first, {"dist_type": "b", "size": 16, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 7,
                                 "stop": 16, "padding": (1, 0)})
        self.assertEqual(second, {"dist_type": "c", "size": 18, "proc_grid_size": 2, "proc_grid_rank": 0, "start": 0,
                                  "block_size": 3})
        self.assertEqual(list(memoryview(third.pop("indices"))), [0, 2])
        self.assertEqual(third, {"dist_type": "u", "size": 4, "proc_grid_size": 2, "proc_grid_rank": 1,
                                 "one_to_one": True})

    def test_every_rank_survives_both_ways(self):
        for rank, way in itertools.product(range(LAYOUT.processes), ("__distarray__", "__distarray_c__")):
            section = LAYOUT.zeros(rank, "<f4")
            numpy.asarray(section.local)[...] = rank
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                taken = from_distarray(getattr(section, way)())
            self.assertEqual(taken.dim_data, section.dim_data)
            self.assertEqual(taken.local.address, section.local.address)
            self.assertEqual((taken.shape, taken.rank, taken.dtype), ((16, 18, 4), rank, "<f4"))
            self.assertEqual(taken.with_layout(LAYOUT).layout, LAYOUT)

    def test_what_no_version_0_10_can_say(self):
        dim = {"dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 0, "start": 0, "stop": 5,
               "padding": (1, 1), "periodic": True}
        with self.assertWarns(ProtocolWarning):
            section = from_distarray({"__version__": "0.9.0", "buffer": numpy.zeros(7), "dim_data": (dim,)})
        self.assertEqual((section.version, section.owned.shape), ("0.9.0", (5,)))
        for export in (section.__distarray__, section.__distarray_c__):
            with self.assertRaisesRegex(BufferError, "wraps round"):
                export()

    def test_an_undistributed_dimension_of_version_0_9(self):
        dim = {"dist_type": "n", "size": 10, "padding": (1, 1), "periodic": True}
        with self.assertWarns(ProtocolWarning):
            section = from_distarray({"__version__": "0.9.0", "buffer": numpy.zeros(12), "dim_data": (dim,)})
        for export in (section.__distarray__, section.__distarray_c__):
            with self.assertRaisesRegex(BufferError, "wraps round"):
                export()
        with self.assertWarns(ProtocolWarning):
            section = from_distarray({"__version__": "0.9.0", "buffer": numpy.zeros(10), "dim_data": ({**dim, "periodic": False},)})
        self.assertEqual(section.__distarray__()["dim_data"][0]["padding"], (1, 1))
        capsule = section.__distarray_c__()
        self.assertEqual(abi.struct(capsule).blocks[0].dims[0].pad_hi, 1)

    def test_what_the_struct_cannot_say(self):
        for dtype in (">f8", [("a", "i4"), ("b", "f8")], "S3"):
            section = Layout([Block(4)]).section(0, numpy.zeros(4, dtype))
            with self.assertRaises(BufferError):
                section.__distarray_c__()
            # The dictionary carries it, and is what is taken then.
            taken = from_distarray(section)
            self.assertEqual(numpy.asarray(taken.local).dtype, numpy.dtype(dtype))
            self.assertEqual(taken.local.address, section.local.address)

    def test_copies(self):
        section = Layout([Block(4)]).section(0, numpy.arange(4, dtype=">i4"))
        taken = from_distarray(section.__distarray_c__(copy=True))
        self.assertNotEqual(taken.local.address, section.local.address)
        self.assertEqual(numpy.asarray(taken.local).tolist(), [0, 1, 2, 3])


class Capsules(unittest.TestCase):
    def test_the_struct(self):
        local = numpy.zeros(LAYOUT.local_shape(5), "<c8", order="F")
        local.flags.writeable = False
        capsule = LAYOUT.section(5, local).__distarray_c__(max_version=(0, 1))
        array = abi.struct(capsule)
        self.assertEqual((array.version.major, array.flags, array.protocol, array.ndim), (0, 0, 1000, 3))
        self.assertEqual(array.global_shape[:3], [16, 18, 4])
        self.assertEqual((array.dtype.code, array.dtype.bits, array.dtype.lanes), (5, 64, 1))
        self.assertEqual((array.n_blocks, array.mesh), (1, None))
        self.assertIn(b"daparray", array.producer)
        one, two, three = array.blocks[0].dims[:3]
        self.assertEqual([chr(dim.dist_type) for dim in (one, two, three)], ["b", "c", "u"])
        self.assertEqual((one.start, one.stop, one.pad_lo, one.pad_hi), (7, 16, 1, 0))
        self.assertEqual((two.start, two.block_size), (0, 3))
        self.assertEqual((three.n_indices, three.indices[:2], three.flags), (2, [0, 2], 2))
        tensor = array.blocks[0].tensor.contents
        self.assertEqual((tensor.flags, tensor.version.major), (1, 1))
        self.assertEqual(tensor.dl_tensor.data, local.ctypes.data)
        self.assertEqual(tensor.dl_tensor.strides[:3], [stride // 8 for stride in local.strides])

    def test_consumed_once(self):
        capsule = LAYOUT.zeros(0).__distarray_c__()
        self.assertEqual(abi.name(capsule), abi.NAME)
        from_distarray(capsule)
        self.assertEqual(abi.name(capsule), abi.USED)
        self.assertIsNone(abi.struct(capsule).release)
        kept = type("Kept", (), {"__distarray_c__": lambda self: capsule})()
        for call in (from_distarray, daparray.describe, daparray.validate, Layout.from_exports, lambda one: daparray.validate([one])):
            for used in (capsule, kept):
                with self.assertRaisesRegex(BufferError, "used already.*another one"):
                    call(used)
        for wrong in (abi.capsule(ctypes.c_int(), b"another"), numpy.zeros(2).__dlpack__()):
            with self.assertRaisesRegex(BufferError, 'a capsule named ".*", not "dap_array_v0"'):
                from_distarray(wrong)
        kept = type("Kept", (), {"__distarray_c__": lambda self: 7})()
        with self.assertRaisesRegex(BufferError, "`__distarray_c__` returned `int`"):
            from_distarray(kept)

    def test_refused_structs_stay_the_producers(self):
        def major(array):
            array.version.major = 7

        def flag(array):
            array.flags = 1 << 40

        def device(array):
            array.blocks[0].tensor.contents.dl_tensor.device_type = 2

        def many(array):
            array.n_blocks = 2

        def taken(array):
            array.blocks[0].tensor = None

        for spoil in (major, flag, device, many, taken):
            with self.subTest(spoil.__name__):
                capsule = LAYOUT.zeros(0).__distarray_c__()
                array = abi.struct(capsule)
                kept = abi.DapArray.from_buffer_copy(array)
                tensor = array.blocks[0].tensor.contents
                spoil(array)
                with self.assertRaises(BufferError):
                    from_distarray(capsule)
                self.assertEqual(abi.name(capsule), abi.NAME)
                self.assertEqual(array.release, kept.release)
                # Mended, so that it can be released.
                array.blocks[0].tensor = ctypes.pointer(tensor)
                tensor.dl_tensor.device_type = 1
                array.version, array.flags, array.n_blocks = kept.version, kept.flags, kept.n_blocks
                self.assertEqual(from_distarray(capsule).dim_data, LAYOUT.dim_data(0))

    def test_released_structs(self):
        array = abi.DapArray()
        with self.assertRaises(BufferError):
            from_distarray(abi.capsule(array))

    def test_rules_are_checked(self):
        capsule = Layout([Block(10, 2)]).zeros(0).__distarray_c__()
        abi.struct(capsule).blocks[0].dims[0].stop = 6
        with self.assertRaises(ValidationError) as raised:
            from_distarray(capsule)
        self.assertIn("DAP305", [found.rule for found in raised.exception.report.diagnostics])

    def test_the_version_asked_for(self):
        section = LAYOUT.zeros(0)
        section.__distarray_c__(max_version=(3, 0))
        with self.assertRaises(TypeError):
            section.__distarray_c__(max_version="1")


class Lenient(unittest.TestCase):
    def read(self, dictionary, warning=None):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            section = from_distarray(dictionary)
        texts = [str(entry.message) for entry in caught if entry.category is ProtocolWarning]
        if warning is None:
            self.assertEqual(texts, [])
        else:
            self.assertTrue(any(warning in text for text in texts), texts)
        return section

    def test_strict_input_warns_of_nothing(self):
        self.assertEqual(self.read(block()).shape, (10,))
        self.assertEqual(self.read(Producer(block())).shape, (10,))

    def test_lists(self):
        dictionary = block(padding=[0, 1], stop=6)
        dictionary.update(dim_data=list(dictionary["dim_data"]), buffer=numpy.zeros(6))
        section = self.read(dictionary, "`dim_data` is a list")
        self.assertEqual(section.__distarray__()["dim_data"][0]["padding"], (0, 1))
        self.assertEqual(section.owned_slices, (slice(0, 5, 1),))

    def test_numpy_numbers(self):
        dictionary = block(size=numpy.int32(10), stop=numpy.uint8(5), periodic=numpy.False_)
        section = self.read(dictionary, "of type `int32`")
        self.assertEqual({type(value) for key, value in section.dim_data[0].to_dict().items() if key != "dist_type"},
                         {int, bool})

    def test_indices(self):
        dim = {"dist_type": "u", "size": 3, "proc_grid_size": 1, "proc_grid_rank": 0}
        for indices, warning in (([2, 0, 1], "no buffer"), (numpy.array([2, 0, 1]), None), (numpy.array([2, 0, 1], ">i2"), None),
                                 (numpy.arange(3)[::-1], None), (bytearray([2, 0, 1]), None)):
            dictionary = dict(block(), buffer=numpy.zeros(3), dim_data=(dict(dim, indices=indices),))
            section = self.read(dictionary, warning)
            listed = list(memoryview(section.dim_data[0]["indices"]))
            self.assertEqual(listed, [int(index) for index in indices])

    def test_the_alias(self):
        section = self.read(dict(block(), buffer=numpy.zeros((3, 5)), dim_data=({}, block()["dim_data"][0])))
        self.assertEqual(dict(section.dim_data[0]), {"dist_type": "b", "size": 3, "proc_grid_size": 1,
                                                     "proc_grid_rank": 0, "start": 0, "stop": 3})

    def test_other_mappings(self):
        import collections
        import types

        dim = types.MappingProxyType(block()["dim_data"][0])
        dictionary = collections.OrderedDict(block(), dim_data=(dim,))
        self.assertEqual(self.read(dictionary).shape, (10,))
        self.assertEqual(self.read(types.MappingProxyType(dictionary)).shape, (10,))
        self.assertEqual(self.read(dict(block(), dim_data=(DimData(dim),))).shape, (10,))

    def test_version_0_9(self):
        plain = {"dist_type": "n", "size": 4}
        padded = {"dist_type": "b", "size": 10, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 5, "stop": 10,
                  "padding": (1, 2)}
        section = self.read({"__version__": "0.9.0", "buffer": numpy.zeros((4, 6)), "dim_data": (plain, padded)}, "0.9")
        self.assertEqual(section.version, "0.10.0")
        first, second = section.__distarray__()["dim_data"]
        self.assertEqual(first, {"dist_type": "b", "size": 4, "proc_grid_size": 1, "proc_grid_rank": 0, "start": 0, "stop": 4})
        # In 0.10 `start` and `stop` include communication padding; the outer 2 are boundary
        # padding, owned.
        self.assertEqual((second["start"], second["stop"], second["padding"]), (4, 10, (1, 2)))
        self.assertEqual(section.owned.shape, (4, 5))

    def test_a_buffer_without_the_buffer_protocol(self):
        from test_memory import Versioned

        given = numpy.zeros(5)
        section = self.read(dict(block(), buffer=Versioned(given)))
        self.assertEqual(section.local.address, given.ctypes.data)

    def test_the_c_method_is_preferred_and_may_refuse(self):
        class Both(Producer):
            def __distarray_c__(self, max_version=None, copy=None):
                raise BufferError("not today")

        self.assertEqual(self.read(Both(block())).shape, (10,))

        class Only:
            __distarray_c__ = Both.__distarray_c__

        with self.assertRaisesRegex(BufferError, "not today"):
            from_distarray(Only())


class OwnedPart(unittest.TestCase):
    def test_halos_are_left_out(self):
        layout = Layout([Block(12, 3, halo=2), Cyclic(7, 2)])
        for rank in range(layout.processes):
            local = numpy.arange(numpy.prod(layout.local_shape(rank))).reshape(layout.local_shape(rank))
            section = layout.section(rank, local)
            owned = numpy.asarray(section.owned)
            self.assertEqual(owned.shape, layout.owned_shape(rank))
            self.assertTrue((owned == local[section.owned_slices]).all())
            for place in itertools.product(*map(range, local.shape)):
                index = layout.global_index(rank, place)
                self.assertEqual(local[place] in owned, layout.owner(index)[0] == rank)
            if owned.size:
                owned[0, 0] = -1
                self.assertIn(-1, local)

    def test_repr(self):
        section = LAYOUT.zeros(5)
        self.assertEqual(repr(section), "<daparray.Section of (16, 18, 4) float64 over 2x2x2, rank 5, local (9, 9, 2)>")
        self.assertEqual(repr(Section((), numpy.array(1.5))), "<daparray.Section of () float64 over 1, rank 0, local ()>")


if __name__ == "__main__":
    unittest.main()
