"""The example notebook, executed by a kernel and looked at in Chromium; `%%spmd`; arrays as HTML.

`DAP_REQUIRE_BROWSER=1` makes a missing browser a failure. A screenshot goes to target/browser.
"""

import os
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from html import escape

import nbclient
import nbformat

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
sys.path += [str(ROOT / "conformance" / "dump"), str(ROOT / "dap-validate" / "tests" / "browser")]

import devtools  # noqa: E402
from distarray_mpi import ENVIRONMENT  # noqa: E402

os.environ.update(ENVIRONMENT)

import daparray.array as da  # noqa: E402
from daparray._graph import Graph  # noqa: E402

SIZES = "Array.from(document.querySelectorAll('svg'), one => [one.clientWidth, one.clientHeight])"
BEYOND = """Array.from(document.querySelectorAll('svg text')).filter(one => {
    const [text, picture] = [one, one.ownerSVGElement].map(it => it.getBoundingClientRect());
    return text.right > picture.right + 1 || text.left < picture.left - 1;
}).map(one => one.textContent)"""
NOTEBOOK = ROOT / "ffi" / "python" / "examples" / "notebook" / "heat.ipynb"


def executed(notebook, **options):
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", **options).execute()
    return notebook


def of(*sources):
    """The outputs of code cells, each as a list of dictionaries from media types to texts."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    return outputs(executed(notebook))


def outputs(notebook):
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found.append([one["data"] if "data" in one else {one.get("name", one.output_type): one.get("text", "")} for one in cell.outputs])
    return found


def text(cell):
    """All that a cell printed to standard output."""
    return "".join(one.get("stdout", "") for one in cell)


def page(notebook):
    """The outputs as a page: a notebook shows HTML and SVG as they are."""
    parts = []
    for cell in outputs(notebook):
        for data in cell:
            kind = next((kind for kind in ("text/html", "image/svg+xml") if kind in data), None)
            parts.append(f"<div>{data[kind]}</div>" if kind else f"<pre>{escape(next(iter(data.values())))}</pre>")
    return f'<!doctype html><meta charset="utf-8"><title>Outputs</title><body>{"".join(parts)}</body>'


class Pictures(unittest.TestCase):
    """Arrays of one process, and graphs of programs as text."""

    def test_arrays(self):
        x = da.reshape(da.arange(4000), (40, 100))
        for array, parts in ((x, ["(40, 100)", "32,000", "[   0    1    2 ...   97   98   99]", "<svg"]), (x + 1, ["pending", "+", "<svg"]),
                             (x.sum(), ["7998000"]), (da.zeros((0, 3)), ["(0, 3)"]), (da.zeros((2, 2, 2)), ["<svg"])):  # fmt: skip
            shown = array._repr_html_()
            for part in parts:
                self.assertIn(part, shown)
            xml.fromstring(f"<div>{shown}</div>")
        # Showing a pending array evaluates nothing.
        pending = x * 2
        pending._repr_html_()
        self.assertEqual(pending._state, "pending")
        self.assertIsNone(x.graph())

    def test_graphs(self):
        x = da.arange(4.0)
        graph = (da.sqrt(x) - x * x).graph()
        self.assertEqual(str(graph), (da.sqrt(x) - x * x).explain().strip())
        self.assertEqual(repr(graph), f"<graph of {str(graph).count(' = ')} operations>")
        # Each operation is below its operands.
        for source, target in graph.edges:
            self.assertLess(graph.nodes[source][1], graph.nodes[target][1])
        xml.fromstring(graph._repr_svg_())
        for program in ("", "nonsense", "r0 = s0 < x0  bool\nr0 = r0 & r0  bool", "y0 = x0<>&\"  float64"):
            graph = Graph(program, "")
            self.assertEqual(str(graph), program)
            xml.fromstring(graph._repr_svg_())
        chain = Graph("\n".join(["r0 = sqrt(x0)  float64", *["r0 = sqrt(r0)  float64"] * 5]), "")
        self.assertEqual([level for _, level in chain.nodes], list(range(7)))


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.notebook = executed(nbformat.read(NOTEBOOK, as_version=4))

    def test_outputs(self):
        shown = outputs(self.notebook)
        _, zeros, graph, steps, spmd, hottest, grid, error, _ = shown
        for data in (zeros[0], grid[0]):
            for expected in ("<svg", "<th>shape</th>", "<th>ranks</th><td>2</td>"):
                self.assertTrue(expected in data["text/html"], expected)
        self.assertIn("(16,)", zeros[0]["text/html"])
        self.assertIn("cyclic", grid[0]["text/html"])
        self.assertIn("[40 41 42 43 44 45 46 47]", grid[0]["text/html"])
        self.assertIn("sqrt", graph[0]["image/svg+xml"])
        self.assertAlmostEqual(float(steps[-1]["text/plain"]), 1.9965782165527344)
        self.assertEqual(text(spmd), "[0] my part has (8,)\n[1] my part has (8,)\n")
        self.assertEqual(spmd[-1]["text/plain"], "True")
        # The rod is symmetric.
        first, second = map(float, hottest[0]["text/plain"].strip("[]").split(","))
        self.assertTrue(0.2 < first == second < 1)
        self.assertIn("cannot be broadcast together", text(error))
        self.assertEqual([data for cell in shown for data in cell if "stderr" in data], [])

    @unittest.skipUnless(devtools.find() or os.environ.get("DAP_REQUIRE_BROWSER"), "no Chromium")
    def test_in_a_browser(self):
        with devtools.Browser() as browser, tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "outputs.html"
            path.write_text(page(self.notebook))
            shown = browser.open(path)
            self.assertEqual(shown.complaints(), [])
            sizes = shown.evaluate(SIZES)
            self.assertEqual(len(sizes), 3)
            for width, height in sizes:
                self.assertTrue(50 < width <= 1100 and 50 < height, sizes)
            # No text of a picture reaches beyond it.
            self.assertEqual(shown.evaluate(BEYOND), [])
            shown.screenshot(ROOT / "target" / "browser" / "notebook.png")


class Magic(unittest.TestCase):
    def test_cells_of_all_ranks(self):
        start = "from daparray.client import Context\n%load_ext daparray.client\n"
        start += "try:\n    get_ipython().run_cell_magic('spmd', '', '1')\n"
        shown = of(
            start + "except ValueError as error:\n    print(error)\ncontext = Context(2); x = context.array.ones(4)",
            "%%spmd -i x -o y,part context\ny = x + rank * 0\npart = rank\nrank",
            "print(y, part)",
            "%%spmd\ny",
            "%%spmd\npass",
            "from IPython.utils.capture import capture_output\nfor line in ('-z', '-i nothing'):\n"
            "    try:\n        get_ipython().run_cell_magic('spmd', line, '1')\n    except (ValueError, KeyError) as error:\n        print(error)",
            "context",
        )
        self.assertIn("%%spmd has no context", text(shown[0]))
        self.assertEqual(text(shown[1]), "[0] 0\n[1] 1\n")
        self.assertEqual(text(shown[2]), "Array(float64, (4,) over 2: block(2)) [0, 1]\n")
        self.assertIn("text/html", shown[3][0])
        self.assertEqual(shown[4], [])
        self.assertIn("unrecognized arguments", text(shown[5]))
        self.assertIn("'nothing'", text(shown[5]))
        self.assertEqual(shown[6][0]["text/plain"], "Context(2 ranks)")

    def test_a_cell_that_is_interrupted(self):
        # The kernel gets the signal as it does from the notebook's stop button.
        sleep = "import os, signal, threading\nthreading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        shown = of(
            "from daparray.client import Context\ncontext = Context(2)",
            sleep + "try:\n    context.execute('import time; time.sleep(60)')\nexcept KeyboardInterrupt:\n    print('interrupted')",
            "float(context.array.ones(3).sum())",
        )
        self.assertEqual(text(shown[1]), "interrupted\n")
        self.assertEqual(shown[2][0]["text/plain"], "3.0")


if __name__ == "__main__":
    unittest.main()
