"""The book that `make book` has made, in Chromium: no page is wider than a telephone or has errors.

`DAP_REQUIRE_BROWSER=1` makes a missing browser a failure.
"""

import os
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "dap-validate" / "tests" / "browser"))

import devtools  # noqa: E402

BOOK = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "book" / "html"

# The beginnings of what reaches beyond the screen; code and tables scroll by themselves.
TOO_WIDE = """
Array.from(document.querySelectorAll("main, main *"))
    .filter(one => one.getBoundingClientRect().right > innerWidth)
    .filter(one => !one.parentElement.closest("pre, table"))
    .map(one => one.tagName + ": " + one.textContent.slice(0, 60))
"""


@unittest.skipUnless(devtools.find() or os.environ.get("DAP_REQUIRE_BROWSER"), "no Chromium")
class Book(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # The rules are alike, so some stand for all. The page for wrong addresses needs a server.
        pages = [page for page in sorted(BOOK.rglob("*.html")) if page.name not in ("404.html", "toc.html")]
        rules = [page for page in pages if page.name.startswith("DAP")]
        cls.pages = [page for page in pages if page not in rules] + rules[::20]
        assert len(cls.pages) > 20 and rules, f"no book in {BOOK}: `make book` makes it"
        cls.browser = devtools.Browser().__enter__()
        cls.addClassCleanup(cls.browser.__exit__)

    def test_pages_on_a_telephone(self):
        for path in self.pages:
            page = self.browser.open(path, size=(390, 800))
            with self.subTest(page=str(path.relative_to(BOOK))):
                self.assertEqual(page.evaluate(TOO_WIDE), [])
                self.assertEqual(page.complaints(), [])
            page.close()

    def test_tables_and_code_on_a_desk(self):
        """A column of short words is not broken within a word."""
        page = self.browser.open(BOOK / "spec" / "guide" / "c.html", size=(1300, 1000))
        heights = page.evaluate("Array.from(document.querySelectorAll('td:first-child code'), one => one.getClientRects().length)")
        self.assertTrue(heights and set(heights) == {1}, heights)
        page.close()


if __name__ == "__main__":
    unittest.main()
