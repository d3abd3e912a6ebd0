"""A click that leads to another page, which is there, with its style, before the next look."""

from typing import Any

MOST_MS = 120_000


def followed(link: Any) -> None:
    """Clicks a link or the button of a form, and waits until the page that it leads to is loaded: a
    look at once after a mere click may still see the page before, or half of the next one."""
    with link.page.expect_navigation(timeout=MOST_MS):
        link.click()
