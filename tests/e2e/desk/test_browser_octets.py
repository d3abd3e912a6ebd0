"""The pages of « Octets » in a real browser: without script, clean for axe, whole on a phone.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

from typing import Any

import pytest
from chromium import IN_CHROMIUM, OVERFLOW, Window, in_each, violations
from clicking import followed
from daemon_rig import Daemon
from papers import report

pytestmark = IN_CHROMIUM
PHONES = [(360, "dark"), (360, "light"), (320, "light")]
"""The acts are done in the last, which is the narrowest."""
DESK = [(1280, "light")]
ACTIVE = b"<script>document.title = 'acted'</script>"


def at_the_desk(browser: Any, gateway: Daemon, line: dict[str, Any], **window: Any) -> Any:
    page = browser.new_context(**window).new_page()
    page.goto(f"{gateway.places['http']}/desk")
    page.get_by_label("Identifiant").fill(line["login"])
    page.get_by_label("Mot de passe", exact=True).fill(line["password"])
    followed(page.get_by_role("button", name="Se connecter"))
    return page


def refused(gateway: Daemon) -> str:
    raw = report(gateway.person()).document()[:-40].replace(b"<title>", b"<title>" + ACTIVE)
    return str(gateway.post(raw).json["receipt"])


def check(page: Any, windows: list[Window]) -> None:
    for window in in_each(page, windows):
        assert (page.url, window, violations(page)) == (page.url, window, [])
        assert (page.url, window, page.evaluate(OVERFLOW)) == (page.url, window, 0)


@pytest.mark.parametrize("windows", [PHONES, DESK], ids=["phones", "desk"])
def test_bytes_are_opened_by_two_people_on_pages_that_fit_their_window(
    browser: Any, gateway: Daemon, windows: list[Window]
) -> None:
    receipt = refused(gateway)
    window = {"viewport": {"width": windows[-1][0], "height": 900}}
    first, second = (
        at_the_desk(browser, gateway, line, **window) for line in gateway.demo["operators"]
    )
    first.goto(f"{gateway.places['http']}/desk/messages/{receipt}")
    followed(first.get_by_role("link", name="Octets"))
    check(first, windows)
    followed(first.get_by_role("button", name="Demander l'ouverture"))
    first.get_by_role("alert").wait_for()
    check(first, windows)
    first.get_by_label("Motif").fill("le prologue de ce message est faux")
    followed(first.get_by_role("button", name="Demander l'ouverture"))
    first.get_by_role("status").wait_for()
    check(first, windows)
    second.goto(f"{gateway.places['http']}/desk/a-valider")
    check(second, windows)
    followed(second.get_by_role("link", name="Examiner la demande").last)
    check(second, windows)
    followed(second.get_by_role("button", name="Accepter cette ouverture"))
    second.get_by_role("status").wait_for()
    first.reload()
    assert first.locator("table.octets").count() == 1
    check(first, windows)
    assert "acted" not in first.title()
    for page in (first, second):
        page.context.close()
