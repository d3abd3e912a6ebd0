"""The browser of the tests: Debian's Chromium without a window, which finds this machine alone.

Whoever imports this is skipped without the package playwright; its tests are skipped without the
Debian package chromium, but never in CI.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")

PROGRAM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""How many pixels a page is wider than its window."""
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not PROGRAM.exists() and os.environ.get("CI") != "true",
        reason="needs the Debian package chromium",
    ),
]
"""The marks of a file of such tests."""


@contextmanager
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(PROGRAM), args=ARGUMENTS)
        yield browser
        browser.close()
