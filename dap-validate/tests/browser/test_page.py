"""The page of `dap-validate check --output-format html` in a real browser.

    python3 -m unittest discover -s dap-validate/tests/browser

`DAP_VALIDATE` names the program (default: target/release/dap-validate). Without a Chromium the
tests are skipped, unless `DAP_REQUIRE_BROWSER` is set. Screenshots go to target/browser.
"""

import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

from devtools import Browser, find

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("DAP_VALIDATE") or ROOT / "target/release/dap-validate"
PICTURES = ROOT / "target/browser"

# The layouts that are drawn: names and arguments of `gen`.
LAYOUTS = {
    "blocks": "--shape 16,16 --grid 2,2 --halo 1",
    "padded": "--shape 12,18 --grid 2,3 --halo 1 --boundary 1,1",
    "periodic": "--shape 12,12 --grid 2,2 --halo 1 --periodic 0 --version 0.9.0",
    "ring": "--shape 12,9 --grid 3,1 --boundary 0:1,1 --periodic 0",
    "cyclic": "--shape 16,21 --dist c:3,c --grid 2,3 --rotate 0:1",
    "mixed": "--shape 12,20 --dist b,c:2 --grid 3,2",
    "unstructured": "--shape 9,10 --dist u,u --grid 2,2",
    "irregular": "--shape 30 --grid 8 --irregular --seed 5",
    "halo-of-one-dimension": "--shape 40 --grid 5 --halo 2",
    "volume": "--shape 6,8,9 --dist b,c,b --grid 2,3,2",
}

# Where a position of a view is in the window. Views are numbered as the page numbers them.
PLACE = """(view, down, across) => {
  const group = document.querySelectorAll("g.global, g.detail, g.buffer")[view];
  const svg = group.ownerSVGElement;
  svg.scrollIntoView({ block: "start", behavior: "instant" });
  const list = (text) => text.split(",").map(Number);
  const [left, top, width, height] = list(group.dataset.box);
  const shape = group.dataset.shape && list(group.dataset.shape);
  const [rows, columns] = shape
    ? [[0, shape.length > 1 ? shape[0] : 1], [0, shape[shape.length - 1]]]
    : [list(group.dataset.rows), list(group.dataset.columns)];
  const middle = (at, [start, end], pixels) => ((at - start + 0.5) / (end - start)) * pixels;
  const [x0, y0] = [left + middle(across, columns, width), top + middle(down, rows, height)];
  const point = new DOMPoint(x0, y0);
  const { x, y } = point.matrixTransform(svg.getScreenCTM());
  return [x, y];
}"""


def run(*args, code=0, input=None):
    result = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, input=input)
    if result.returncode != code:
        raise AssertionError(f"{args}: {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def numbers(values):
    return "(" + ", ".join(map(str, values)) + ("," if len(values) == 1 else "") + ")"


def holder(place):
    return f"rank {place['rank']}, grid {numbers(place['coordinates'])}, local {numbers(place['local'])}"


@unittest.skipUnless(find() or os.environ.get("DAP_REQUIRE_BROWSER"), "no Chromium here")
class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = cls.enterClassContext(Browser()) if hasattr(cls, "enterClassContext") else Browser().__enter__()
        if not hasattr(cls, "enterClassContext"):
            cls.addClassCleanup(cls.browser.__exit__, None, None, None)
        folder = tempfile.TemporaryDirectory(prefix="pages-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def array(self, name, recipe):
        path = self.folder / f"{name}.ndjson"
        if not path.exists():
            run("gen", *recipe.split(), "-o", path)
        return path

    def page_of(self, *paths, code=0, **options):
        report = self.folder / "report.html"
        run("check", "--no-progress", *paths, "--output-format", f"html={report}", code=code)
        page = self.browser.open(report, **options)
        self.addCleanup(page.close)
        self.report = report
        return page

    def calm(self, page):
        """Nothing went wrong, and nothing but the file was asked for."""
        self.assertEqual(page.complaints(), [])
        self.assertEqual(page.requests(), [self.report.resolve().as_uri()])

    def hover(self, page, view, down, across, picture=0):
        page.point(*page.evaluate(f"({PLACE})({view}, {down}, {across})"))
        return page.evaluate(f"document.querySelectorAll('.readout')[{picture}].textContent")

    def views(self, page):
        return page.evaluate(
            "[...document.querySelectorAll('g.global, g.detail, g.buffer')]"
            ".map((group) => ({ kind: group.getAttribute('class'), ...group.dataset }))"
        )

    def test_hover_says_what_map_says(self):
        chance = random.Random(1)
        for name, recipe in LAYOUTS.items():
            with self.subTest(name):
                path = self.array(name, recipe)
                page = self.page_of(path)
                views = self.views(page)
                shape = json.loads(path.read_text().splitlines()[0])["dim_data"]
                sizes = [dim["size"] for dim in shape][:2]
                for _ in range(12):
                    cell = [chance.randrange(size) for size in sizes]
                    fixed = [0] * (len(shape) - len(cell))
                    self.check_global(page, path, cell, fixed)
                for view in [k for k, view in enumerate(views) if view["kind"] == "buffer"][:6]:
                    self.check_buffer(page, path, view, views[view], chance, len(shape))
                self.calm(page)
                page.screenshot(PICTURES / f"{name}.png")

    def check_global(self, page, path, cell, fixed):
        said = self.hover(page, 0, *([0] * (2 - len(cell)) + cell))
        index = cell + fixed
        [place] = json.loads(run("map", path, "--global=" + ",".join(map(str, index)), "--output-format", "json"))
        boundary = ", boundary padding" if place["kind"] == "boundary" else ""
        first = f"Global {numbers(index)}: {holder(place)}, owned{boundary}."
        self.assertTrue(said.startswith(first), f"{said}\n{first}")
        also = {holder(other) for other in place["also"] if other["kind"] == "communication"}
        found = said.split(" Also at ")[1].split("; ") if " Also at " in said else []
        self.assertEqual({one.split(", communication")[0].removesuffix(".") for one in found}, also, said)
        self.assertEqual(f"repeats global {numbers(place.get('image_of') or [])}" in said, "image_of" in place, said)

    def check_buffer(self, page, path, view, data, chance, ndim):
        extents = [int(extent) for extent in data["shape"].split(",")]
        if 0 in extents:
            return
        local = [chance.randrange(extent) for extent in extents]
        said = self.hover(page, view, *([0] * (2 - len(local)) + local))
        place_of = ["map", path, "--rank", data["rank"], "--output-format", "json"]
        [place] = json.loads(run(*place_of, "--local=" + ",".join(map(str, local + [0] * (ndim - len(local))))))
        who = f"Rank {place['rank']}, grid {numbers(place['coordinates'])}, local {numbers(place['local'])}: "
        what = {
            "owned": f"global {numbers(place['global'])}, owned.",
            "boundary": f"global {numbers(place['global'])}, owned, boundary padding.",
            "communication": f"communication padding, a copy of global {numbers(place['global'])}, which rank "
            f"{(place.get('owner') or {}).get('rank')} owns at local",
        }[place["kind"]]
        self.assertTrue(said.startswith(who + what), f"{said}\n{who}{what}")

    def test_many_ranks(self):
        path = self.array("many", "--shape 20000 --grid 2000")
        page = self.page_of(path)
        for position in (0, 9_999, 19_999):
            said = self.hover(page, 0, 0, position)
            first, last = (int(number) for number in said.split("(")[1].split(",")[0].split(" to "))
            self.assertTrue(first <= position <= last, said)
            ranks = [json.loads(run("map", path, f"--global={at}", "--output-format", "json"))[0] for at in (first, last)]
            low, high = (place["rank"] for place in ranks)
            if low == high:
                self.assertIn(f": rank {low}, grid ({low},), local", said)
            else:
                expected = f": {high - low + 1} ranks, from rank {low}, grid ({low},), to rank {high}, grid ({high},)."
                self.assertTrue(said.endswith(expected), f"{said}\n{expected}")
        detail = [k for k, view in enumerate(self.views(page)) if view["kind"] == "detail"]
        self.assertIn("Global (25,): rank 2, grid (2,), local (5,), owned.", self.hover(page, detail[0], 0, 25))
        self.calm(page)
        page.screenshot(PICTURES / "many.png")

    def test_a_million_ranks_are_a_small_page(self):
        path = self.array("million", "--shape 3000000 --grid 1000000")
        page = self.page_of(path)
        self.assertLess(self.report.stat().st_size, 1_000_000)
        self.assertIn(" ranks, from rank ", self.hover(page, 0, 0, 1_500_000))
        self.calm(page)

    def wrong(self):
        dims = [(0, 4), (6, 10), (9, 14), (14, 20)]
        lines = [
            json.dumps({
                "__version__": "0.10.0", "buffer": {"dtype": "<f8", "shape": [stop - start]},
                "dim_data": [{"dist_type": "b", "size": 20, "proc_grid_size": 4, "proc_grid_rank": rank, "start": start, "stop": stop}],
            })
            for rank, (start, stop) in enumerate(dims)
        ]
        path = self.folder / "wrong.ndjson"
        path.write_text("\n".join(lines))
        return path

    def test_gaps_and_overlaps(self):
        page = self.page_of(self.wrong(), code=1)
        self.assertEqual(self.hover(page, 0, 0, 4), "Global (4,): no rank owns this.")
        several = "Global (9,): owned by several: rank 1, grid (1,), local (3,) and rank 2, grid (2,), local (0,)."
        self.assertEqual(self.hover(page, 0, 0, 9), several)
        self.assertEqual(self.hover(page, 0, 0, 0), "Global (0,): rank 0, grid (0,), local (0,), owned.")
        self.assertIn("blocks-do-not-abut", page.evaluate("document.querySelector('#DAP612').textContent"))
        self.calm(page)
        page.screenshot(PICTURES / "wrong.png")
        dark = self.page_of(self.wrong(), code=1, features=[("prefers-color-scheme", "dark")])
        paper = "getComputedStyle(document.querySelector('svg > path')).fill"
        self.assertEqual((page.evaluate(paper), dark.evaluate(paper)), ("rgb(255, 255, 255)", "rgb(22, 26, 32)"))
        dark.screenshot(PICTURES / "wrong-dark.png")
        dark.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.assertEqual(dark.evaluate(paper), "rgb(255, 255, 255)", "paper is white")
        dark.pdf(PICTURES / "wrong.pdf")

    def test_arrow_keys(self):
        page = self.page_of(self.array("blocks", LAYOUTS["blocks"]))
        page.evaluate("document.querySelector('svg').focus()")
        said = []
        for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft", "Enter", "ArrowRight"):
            page.press(key)
            said.append(page.evaluate("document.querySelector('.readout').textContent").split(":")[0])
        cells = ["(0, 0)", "(0, 1)", "(1, 1)", "(1, 0)", "(1, 0)"]
        buffers = [f"Rank 0, grid (0, 0), local {cell}" for cell in ("(0, 0)", "(0, 1)")]
        self.assertEqual(said, [f"Global {cell}" for cell in cells] + buffers)
        self.calm(page)

    def test_without_a_script_the_titles_speak(self):
        page = self.page_of(self.array("padded", LAYOUTS["padded"]), script=False)
        titles = page.evaluate("[...document.querySelectorAll('svg title')].map((title) => title.textContent)")
        self.assertTrue(any(title.startswith("rank 4 (1, 1) owns") for title in titles), titles)
        self.assertTrue(any("holds copies of this" in title for title in titles), titles)
        self.assertEqual(page.evaluate("getComputedStyle(document.querySelector('.readout')).display"), "none")
        self.calm(page)

    def test_nothing_in_a_file_is_a_script(self):
        attack = "<script>attacked=1</script><img src=x onerror=attacked=1>\"'`]]>--><svg onload=attacked=1>"
        dim = {"dist_type": "b", "size": 4, "proc_grid_size": 1, "proc_grid_rank": 0, "start": 0, "stop": 5, attack: attack}
        path = self.folder / (attack.replace("/", "\u2215") + ".json")
        path.write_text(json.dumps({"__version__": attack, "buffer": {"dtype": attack, "shape": [5]}, "dim_data": [dim]}))
        page = self.page_of(path, code=1)
        self.assertEqual(page.evaluate("typeof attacked"), "undefined")
        self.assertEqual(page.evaluate("document.querySelectorAll('img, [onload], [onerror]').length"), 0)
        self.assertLessEqual(page.evaluate("document.scripts.length"), 2)
        self.assertIn(attack[:20], page.evaluate("document.body.textContent"))
        self.calm(page)

    def test_a_small_window_needs_no_scrolling_to_the_side(self):
        page = self.page_of(self.wrong(), code=1, size=(390, 800))
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 390)
        page.screenshot(PICTURES / "small-window.png")


if __name__ == "__main__":
    unittest.main()
