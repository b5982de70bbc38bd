"""`validate`: the same diagnostics as the command line gives for the same exports."""

import json
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

import daparray
import numpy
from daparray import Block, Layout, describe, validate

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "conformance" / "examples"
VALIDATOR = os.environ.get("DAP_VALIDATE")
sys.path.insert(0, str(ROOT / "conformance" / "dump"))

import dap_dump  # noqa: E402


def dims(*pairs):
    return [
        {"__version__": "0.10.0", "buffer": numpy.zeros(stop - start), "dim_data": (
            {"dist_type": "b", "size": 10, "proc_grid_size": len(pairs), "proc_grid_rank": rank, "start": start, "stop": stop},)}
        for rank, (start, stop) in enumerate(pairs)
    ]


class Reports(unittest.TestCase):
    def test_a_valid_array(self):
        report = validate(dims((0, 4), (4, 10)))
        self.assertTrue(report)
        self.assertTrue(report.valid)
        self.assertEqual((report.diagnostics, len(report), report.layout, report.dtype),
                         ((), 0, Layout([Block(bounds=[0, 4, 10])]), "<f8"))
        report.raise_for_errors()
        self.assertEqual(str(report), "valid: (10,) over 2: block[0, 4, 10] of float64")

    def test_a_gap(self):
        report = validate(dims((0, 4), (5, 10)))
        self.assertFalse(report)
        found, = report.diagnostics
        self.assertEqual((found.rule, found.name, found.severity, found.rank, found.ranks, found.count),
                         ("DAP612", "blocks-do-not-abut", "error", 1, (range(1, 2),), 1))
        self.assertEqual(found.message, "no rank owns index 4: grid rank 0 owns 0 to 3, grid rank 1 owns 5 to 9")
        self.assertEqual(found.pointer, "/dim_data/0/start")
        self.assertEqual([place[:2] for place in found.related], [(0, "/dim_data/0/stop")])
        # The words of a program: no lines of JSON that it does not have, no command.
        self.assertRegex(str(report), r"^invalid: 1 error\n\nrank 1: dim_data\[0\]\['start'\]: no rank owns index 4: ")
        for word in ("-->", "dap-validate", "json"):
            self.assertNotIn(word, str(report))
        self.assertIn("-->", report.text())
        self.assertIsNone(report.layout)
        with self.assertRaises(daparray.ValidationError) as raised:
            report.raise_for_errors()
        self.assertIs(raised.exception.report, report)
        self.assertIn(found.message, str(raised.exception))
        self.assertIn("\x1b[", report.text(color=True))

    def test_the_text_of_an_exception(self):
        """Places as Python writes them, errors alone, and no option of the command line."""
        strange = {"dist_type": "b", "size": 4, "proc_grid_size": 1, "proc_grid_rank": 0, "start": 0, "stop": 3, "it's": 1}
        alone = {"__version__": "0.10.0", "buffer": numpy.zeros(2), "dim_data": (strange,)}
        for exports, wanted in [
            (dims((0, 4), (5, 10)), [
                "1 error", "",
                "rank 1: dim_data[0]['start']: no rank owns index 4: grid rank 0 owns 0 to 3, grid rank 1 owns 5 to 9 (DAP612)",
                "  rank 0: dim_data[0]['stop']: grid rank 0 ends here",
                "  note: the owned counts sum to 9, `size` is 10",
                "  help: without padding, `stop` of one process is `start` of the next; with it, `stop` of the left = `start` of the right + both "
                "communication widths"]),
            (dims((0, 4), (4, 10))[:1], [
                "1 error", "",
                "1 of 2 ranks missing: 1 (process grid 2) (DAP601)",
                "  help: export every rank, also ranks that own nothing; `partial=True` checks an incomplete set"]),
            (alone, [
                "2 errors", "",
                "dim_data[0]['stop']: the block holds 3 indices (`stop` 3 - `start` 0), but the buffer's extent is 2 (DAP305)",
                "  help: make `stop - start` equal to the buffer's extent: [start, stop) includes all padding", "",
                "dim_data[0]['stop']: the last grid rank (0) stops at 3, not at `size` 4 (DAP310)",
                "  help: the last process of a block dimension stops at `size`"]),
            ([dims((0, 4), (4, 10))[0]] * 2, None),
        ]:  # fmt: skip
            with self.assertRaises(daparray.ValidationError) as raised:
                validate(exports).raise_for_errors()
            text = str(raised.exception)
            if wanted is not None:
                self.assertEqual(text.split("\n"), wanted)
            for word in ("dap-validate", "--", "-->", "exports:", "warning"):
                self.assertNotIn(word, text)
        with self.assertRaises(daparray.ValidationError) as raised:
            daparray.from_distarray(alone)
        self.assertTrue(str(raised.exception).startswith("2 errors\n\ndim_data[0]['stop']: "))

    def test_places(self):
        strange = {"dist_type": "b", "size": 4, "proc_grid_size": 1, "proc_grid_rank": 0, "start": 0, "stop": 4, "it's": 1, "a/b~c": 2}
        places = {found.place for found in validate({"__version__": "0.10.0", "buffer": numpy.zeros(4), "dim_data": (strange,), "more": 1}).diagnostics}
        self.assertEqual(places, {"dim_data[0]['it\\'s']", "dim_data[0]['a/b~c']", "more"})
        indices = {"dist_type": "u", "size": 3, "proc_grid_size": 1, "proc_grid_rank": 0, "indices": [0, 1, 1]}
        repeated = validate(json.dumps({"__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [2], "colour": 1}, "dim_data": [indices]}))
        self.assertIn("dim_data[0]['indices'][2]", {found.place for found in repeated.diagnostics})
        self.assertIn("buffer.colour", {found.place for found in repeated.diagnostics})
        self.assertEqual(validate("").diagnostics[0].place, "")

    def test_missing_ranks(self):
        exports = dims((0, 4), (4, 10))
        self.assertEqual([found.rule for found in validate(exports[:1]).diagnostics], ["DAP601"])
        self.assertTrue(validate(exports[:1], partial=True))
        self.assertTrue(validate(exports[1]))
        self.assertTrue(validate(exports[::-1], partial=True).layout)
        self.assertFalse(validate(exports[::-1]))

    def test_texts(self):
        exports = dims((0, 4), (5, 10))
        texts = [describe(export) for export in exports]
        self.assertEqual(str(validate(texts)), str(validate(exports)))
        self.assertEqual(str(validate([text.encode() for text in texts])), str(validate(exports)))
        bundle = '{"ranks": [%s]}' % ",".join(texts)
        self.assertEqual([found.rule for found in validate(bundle).diagnostics], ["DAP612"])
        self.assertEqual(texts, pickle.loads(pickle.dumps(texts)))
        # All ranks in one text: a bundle or a line each, of characters or bytes.
        lines = "\n".join(json.dumps(json.loads(text)) for text in texts) + "\n"
        for text in (bundle, bundle.encode(), lines, lines.encode()):
            self.assertEqual([found.rule for found in validate(text).diagnostics], ["DAP612"])
            with self.assertRaises(daparray.ValidationError):
                Layout.from_exports(text)
        layout = Layout([Block(10, 2)])
        lines = "\n".join(json.dumps(json.loads(describe(layout.zeros(rank)))) for rank in range(2))
        self.assertEqual(Layout.from_exports(lines.encode()), layout)
        self.assertTrue(validate(json.dumps(json.loads(texts[0]), indent=1)))

    def test_structs(self):
        class Struct:
            """Has the struct, and no dictionary."""

            def __init__(self, section):
                self.__distarray_c__ = section.__distarray_c__

        layout = Layout([Block(10, 2, halo=1)])
        sections = [layout.zeros(rank, "<f4") for rank in range(2)]
        structs = [Struct(section) for section in sections]
        self.assertEqual([describe(struct) for struct in structs], [describe(section) for section in sections])
        self.assertEqual((validate(structs).layout, Layout.from_exports(structs)), (layout, layout))
        capsule = sections[1].__distarray_c__()
        self.assertEqual(describe(capsule), describe(sections[1]))
        self.assertEqual(daparray.from_distarray(capsule).shape, (10,))  # it is as it was
        for call in (describe, validate, daparray.from_distarray, Layout.from_exports):
            with self.assertRaisesRegex(BufferError, "used already"):
                call(capsule)

    def test_profiles(self):
        dimension = {"dist_type": "c", "size": 1, "proc_grid_size": 2, "proc_grid_rank": 1, "start": 1}
        export = {"__version__": "0.10.0", "buffer": numpy.zeros(0), "dim_data": (dimension,)}
        loose, strict = validate(export), validate(export, profile="strict")
        self.assertLessEqual(len(loose), len(strict))
        with self.assertRaises(ValueError):
            validate(export, profile="lax")

    def test_pictures_of_what_is_wrong(self):
        self.assertIn("DAP612", validate(dims((0, 4), (5, 10)))._repr_svg_())
        xml.fromstring(validate(dims((0, 4), (4, 10)))._repr_svg_())

    def test_repr(self):
        self.assertEqual(repr(validate(dims((0, 4), (5, 10)))), "<daparray.Report invalid: 1 error, 0 warnings>")


class Surrogates(unittest.TestCase):
    """Texts that are no UTF-8: a finding or an error of the package, wherever they come in."""

    def test_texts(self):
        export = json.loads(describe(Layout([Block(10)]).zeros(0)))
        bundle = json.dumps({"ranks": [export]})
        for text in ("\ud800", "{\ud800", '"\udfff"', json.dumps(export).replace("buffer", "\ud800"), bundle.replace('"b"', '"\ud83d"'),
                     json.dumps({**export, "\ud800": 1}), json.dumps({**export, "__version__": "\udc00"})):  # fmt: skip
            for given in (text, [text], [text, text], (text,)):
                with self.subTest(ascii(text)[:40], kind=type(given).__name__):
                    report = validate(given)
                    self.assertGreater(len(report), 0)
                    str(report), report.to_json(), report._repr_svg_(), pickle.loads(pickle.dumps(report))
                    # Unknown keys are lighter findings.
                    if not report:
                        with self.assertRaises(daparray.ValidationError):
                            Layout.from_exports(given)
            describe(text)

    def test_dictionaries(self):
        good = dims((0, 10))[0]
        for wrong in ({"\ud800": 1}, {"__version__": "\ud800"}, {"buffer": "\ud800"}, {"dim_data": "\ud800"}, {"dim_data": ("\ud800",)},
                      *({"dim_data": ({**good["dim_data"][0], key: "\ud800"},)} for key in (*good["dim_data"][0], "\udfff"))):  # fmt: skip
            with self.subTest(ascii(wrong)[:60]):
                self.assertGreater(len(validate({**good, **wrong})), 0)
                json.loads(describe({**good, **wrong}))
        for value in ("\ud800", type("Odd", (), {"__module__": "\ud800", "__qualname__": "\udfff"})()):
            with self.assertRaises((TypeError, ValueError, daparray.ValidationError)) as raised:
                daparray.from_distarray({**good, "dim_data": value})
            self.assertNotIsInstance(raised.exception, UnicodeError)
            with self.assertRaises((TypeError, ValueError)) as raised:
                daparray.DimData({"size": value})
            self.assertNotIsInstance(raised.exception, UnicodeError)

    def test_arguments(self):
        layout = Layout([Block(10, 2), Block(4)])
        plan = daparray.Plan(layout, Layout([Block(10), Block(4, 2)]), 0)
        for call in (lambda text: layout.zeros(0, text), lambda text: layout.to_json(text), lambda text: layout.svg(theme=text),
                     lambda text: layout.svg(slice=text), lambda text: validate([], profile=text), lambda text: validate("{}", profile=text),
                     lambda text: plan.pack(1, numpy.zeros((5, 4)), order=text), lambda text: plan.unpack(1, b"", numpy.zeros((10, 2)), order=text)):  # fmt: skip
            with self.assertRaises(ValueError) as raised:
                call("\ud800")
            self.assertNotIsInstance(raised.exception, UnicodeError, ascii(raised.exception))


class Scalars(unittest.TestCase):
    def test_numpys_numbers_are_shown_as_numbers(self):
        """NumPy 2 writes itself as `np.float64(10.5)`."""
        export = dims((0, 10))[0]
        for value in (numpy.float64(10.5), numpy.float32(10.5), numpy.str_("ten"), numpy.bool_(True), numpy.complex128(1), numpy.datetime64(1, "s")):
            for key in ("size", "start", "padding"):
                shown = dict(export, dim_data=({**export["dim_data"][0], key: value if key != "padding" else (value, 0)},))
                for text in (str(validate(shown)), describe(shown)):
                    self.assertNotIn("np.", text)
        shown = dict(export, dim_data=({**export["dim_data"][0], "size": numpy.float64(10.5)},))
        self.assertIn("the number 10.5", str(validate(shown)))
        self.assertEqual(json.loads(describe(shown))["dim_data"][0]["size"], 10.5)
        dim = daparray.DimData.block(numpy.int64(10), numpy.int32(0), numpy.uint8(5), padding=(numpy.int8(1), numpy.int8(0)))
        for one in (dim, Block(numpy.int64(10), numpy.int64(2)), Layout([daparray.Cyclic(numpy.int64(9), numpy.int16(2))]),
                    daparray.Unstructured(numpy.array([[1, 0], [3, 2]]))):
            self.assertNotIn("np.", repr(one))
            self.assertEqual(eval(repr(one), vars(daparray)), one)


class Descriptions(unittest.TestCase):
    def test_as_dap_dump_writes_them(self):
        for layout in (Layout([Block(12, 3, halo=1), daparray.Cyclic(7, 2, 2), daparray.Unstructured([[2, 0], [1]])]), Layout([])):
            for dtype in ("<f8", ">i2", "?"):
                section = layout.section(layout.processes - 1, numpy.zeros(layout.local_shape(layout.processes - 1), dtype, "F"))
                theirs = dap_dump.to_export(section)
                if "strides" in theirs["buffer"]:
                    ours = json.loads(describe(section))
                    theirs["buffer"]["strides"] = ours["buffer"].setdefault("strides", theirs["buffer"]["strides"])
                self.assertEqual(ours, theirs)

    def test_structs(self):
        section = Layout([Block(2)]).section(0, numpy.zeros(2, [("a", "<i4"), ("b", ">f8", (2,))]))
        self.assertEqual(json.loads(describe(section))["buffer"]["dtype"], [["a", "<i4"], ["b", ">f8", [2]]])

    def test_a_wrong_export_is_described_with_its_mistakes(self):
        export = dims((0, 4), (4, 10))[0]
        export["dim_data"][0].update(size=10.5, start=None, stop=True, colour=1, padding="x")
        described = json.loads(describe(export))["dim_data"][0]
        self.assertEqual((described["size"], described["start"], described["stop"]), (10.5, None, True))
        rules = [found.rule for found in validate(export).diagnostics]
        self.assertEqual([found.rule for found in validate(describe(export)).diagnostics], rules)

    def test_unknown_keys_have_their_values(self):
        for value, shown in ((1, 1), ("red", "red"), (2.5, 2.5), (True, True), (None, None), ({"a": 1}, {}), ([], []), (2**70, 2**70)):
            with self.subTest(value=value):
                export = {**dims((0, 10))[0], "colour": value}
                export["dim_data"][0]["colour"] = value
                described = json.loads(describe(export))
                self.assertEqual((described["colour"], described["dim_data"][0]["colour"]), (shown, shown))
                self.assertIs(type(described["colour"]), type(shown))


@unittest.skipUnless(VALIDATOR, "DAP_VALIDATE is not set")
class BesideTheCommandLine(unittest.TestCase):
    """Every example of the project: the same rules, places, sentences."""

    def judged(self, path):
        command = [VALIDATOR, "check", "--no-progress", "--output-format", "json", str(path)]
        run = subprocess.run(command, capture_output=True, text=True)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return json.loads(run.stdout)

    def test_the_examples(self):
        compared = 0
        for directory in sorted(EXAMPLES.iterdir()):
            files = sorted(directory.glob("rank-*.json"), key=lambda path: int(path.stem[5:]))
            if not files or [path.stem for path in files] != [f"rank-{rank}" for rank in range(len(files))]:
                continue
            texts = [path.read_text() for path in files]
            ours, theirs = json.loads(validate(texts).to_json()), self.judged(directory)
            for found in theirs["diagnostics"] + ours["diagnostics"]:
                for place in [found, *found["related"]]:
                    place["file"] = pathlib.PurePath(place["file"]).name.replace("rank-", "rank ").removesuffix(".json")
                    if place["file"] in (directory.name, "array"):
                        place["file"] = "the array"
            # Data files beside an export are the command line's affair.
            rules = {"DAP901", "DAP902", "DAP903", "DAP904", "DAP905", "DAP906"}
            if not rules & {found["rule"] for found in theirs["diagnostics"]}:
                self.assertEqual(ours["diagnostics"], theirs["diagnostics"], directory.name)
                self.assertEqual(ours["info"]["sets"][0]["array"], theirs["info"]["sets"][0]["array"])
                compared += 1
        self.assertGreater(compared, 20)

    def test_live_objects(self):
        for exports in (dims((0, 4), (5, 10)), dims((0, 6), (4, 10)), dims((0, 4), (4, 9)), dims((0, 10))):
            exports[0]["dim_data"][0]["periodic"] = numpy.True_
            with tempfile.TemporaryDirectory() as place:
                for rank, export in enumerate(exports):
                    dap_dump.dump(export, place, rank)
                theirs = [(found["rule"], found["message"], found["pointer"]) for found in self.judged(place)["diagnostics"]]
            ours = [(found.rule, found.message, found.pointer) for found in validate(exports).diagnostics]
            self.assertEqual(ours, theirs)


if __name__ == "__main__":
    unittest.main()
