"""The pages of who is not signed in yet are clean for axe, with their errors too (UIX-02).

Needs the Debian package chromium; skipped without it, but never in CI.
"""

from typing import Any

import pytest
from chromium import IN_CHROMIUM, OVERFLOW, in_each, violations
from clicking import followed
from daemon_rig import Daemon

pytestmark = IN_CHROMIUM


def clean(page: Any) -> None:
    for window in in_each(page, [(320, "light"), (320, "dark")]):
        assert violations(page) == [], (page.url, window)
        assert page.evaluate(OVERFLOW) <= 0, (page.url, window)


def test_the_ways_in_are_clean_for_axe_with_and_without_an_error(
    gateway: Daemon, browser: Any
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900})
    page = context.new_page()
    for path, button in (
        ("/activer", "Continuer"),
        ("/activer/sans-code", "Continuer"),
        ("/activer/code-provisoire", "Générer un nouveau code provisoire"),
        ("/connexion/oublie", "Recevoir un code"),
    ):
        page.goto(gateway.places["http"] + path)
        clean(page)
        followed(page.get_by_role("main").get_by_role("button", name=button))
        page.get_by_role("alert").wait_for()
        clean(page)
    page.goto(gateway.places["http"] + "/connexion/oublie")
    page.get_by_label("Numéro de sécurité sociale").fill("190087511604215")
    page.get_by_label("Date de naissance").fill("14/08/1990")
    followed(page.get_by_role("main").get_by_role("button", name="Recevoir un code"))
    page.get_by_label("Code à usage unique").wait_for()
    clean(page)
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_script_a_person_has_a_new_code_sent_to_a_known_contact(
    gateway: Daemon, browser: Any, width: int
) -> None:
    state = "invited" if width == 360 else "created"
    who = next(one for one in gateway.demo["patients"] if one["account"] == state and one["email"])
    window = {"width": width, "height": 900}
    context = browser.new_context(java_script_enabled=False, viewport=window)
    page = context.new_page()
    page.goto(gateway.places["http"] + "/activer")
    followed(page.get_by_role("link", name="Générer un nouveau code provisoire"))
    page.get_by_label("Numéro de sécurité sociale").fill(who["ins"])
    page.get_by_label("Numéro de série").fill(who["serial"])
    page.get_by_label("Date de naissance").fill(who["birth_date"])
    page.get_by_label("e-mail", exact=True).check()
    followed(page.get_by_role("button", name="Générer un nouveau code provisoire"))
    page.get_by_text("est parti par e-mail").wait_for()
    assert page.evaluate(OVERFLOW) <= 0
    context.close()
