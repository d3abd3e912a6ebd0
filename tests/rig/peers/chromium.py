"""The browser of the tests: Debian's Chromium without a window, which finds this machine alone.

Where Debian's chromium-headless-shell is there too, it is that: the same engine, without all that a
browser does for its menus and windows, opens a page for a third of the work. Whoever imports this
is skipped without the package playwright; its tests are skipped without the Debian package
chromium, but never in CI.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""How many pixels a page is wider than its window."""
AXE_SCRIPT = axe.Axe().axe_script
VIOLATIONS = """() => axe.run({resultTypes: ["violations"]})
    .then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html}`.slice(0, 300)))"""
Window = tuple[int, str]
"""Width in pixels, and colour scheme: light or dark."""
HEIGHT = 900
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        PROGRAM is None and os.environ.get("CI") != "true",
        reason="needs the Debian package chromium",
    ),
]
"""The marks of a file of such tests."""


@contextmanager
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
        yield browser
        browser.close()


def violations(page: Any) -> list[str]:
    """The rules of axe that the page breaks as it stands, and where; it is put into a page once."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(VIOLATIONS)
    return found


def in_each(page: Any, windows: Iterable[Window]) -> Iterator[Window]:
    """The page as it was loaded, in one window after the other; it stays in the last.

    Style alone makes what differs, but for the filters of a list, which our script opens as a page
    is loaded in a wide window: none of these is on the other side of that line (64 rem).
    """
    for width, scheme in windows:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        yield width, scheme
