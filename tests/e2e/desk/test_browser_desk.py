"""The desk's pages of messages in a real browser: from a count to one message, and on a phone.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

from typing import Any

import pytest
from chromium import IN_CHROMIUM, OVERFLOW, Window, in_each, violations
from clicking import followed
from daemon_rig import Daemon
from papers import number, report, results

SCHEMES = ("light", "dark")
PHONES = [(width, scheme) for width in (320, 360) for scheme in SCHEMES]
DESKS = [(1280, scheme) for scheme in SCHEMES]
pytestmark = IN_CHROMIUM


def at_the_desk(browser: Any, gateway: Daemon, **window: Any) -> Any:
    """A page of the first operator, signed in, without script."""
    page = browser.new_context(**window).new_page()
    line = gateway.demo["operators"][0]
    page.goto(f"{gateway.places['http']}/desk")
    page.get_by_label("Identifiant").fill(line["login"])
    page.get_by_label("Mot de passe", exact=True).fill(line["password"])
    followed(page.get_by_role("button", name="Se connecter"))
    return page


def refused(gateway: Daemon) -> str:
    assert gateway.post(report(gateway.person()).document()).status == 201
    return str(gateway.post(b"<ClinicalDocument/>").json["receipt"])


def results_of(gateway: Daemon) -> str:
    answer = gateway.mllp(results(gateway.person(), f"CTRL{number()}"))
    assert answer.code == "AA"
    return str(answer.receipt)


def test_without_script_a_count_leads_to_the_message(browser: Any, gateway: Daemon) -> None:
    receipt = refused(gateway)
    page = at_the_desk(browser, gateway, java_script_enabled=False)
    assert page.locator("h1").inner_text() == "Flux · dernière heure"
    followed(page.get_by_role("link", name="7 j"))
    followed(page.get_by_role("link", name="refusés").first)
    page.get_by_label("Code de constat").fill("cda-root")
    followed(page.get_by_role("button", name="Appliquer les filtres"))
    followed(page.locator(f'tr[data-id="{receipt}"] a code'))
    assert page.url.endswith(f"/desk/messages/{receipt}")
    assert page.locator('tr[data-kind="constat"]').count() == 1
    page.context.close()


@pytest.mark.parametrize("windows", [PHONES, DESKS], ids=["phones", "desks"])
def test_pages_of_messages_are_clean_for_axe_and_fit_their_window(
    browser: Any, gateway: Daemon, windows: list[Window]
) -> None:
    receipt = refused(gateway)
    page = at_the_desk(browser, gateway, viewport={"width": windows[0][0], "height": 900})
    one, rows = f"/desk/messages/{receipt}", f"/desk/messages/{results_of(gateway)}/segments"
    lists = ("/desk/flux", "/desk/messages", "/desk/messages?du=x")
    for path in (*lists, one, f"{one}/rejouer", rows):
        page.goto(gateway.places["http"] + path)
        for window in in_each(page, windows):
            assert (path, window, violations(page)) == (path, window, [])
            assert (path, window, page.evaluate(OVERFLOW)) == (path, window, 0)
    page.context.close()
