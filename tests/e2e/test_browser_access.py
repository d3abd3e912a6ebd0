"""A physician in a real browser: refused, in emergency, granted, blocked; the patient sees why.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from daemon_rig import Daemon, Visitor, eventually
from papers import number, results

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and os.environ.get("CI") != "true",
        reason="needs the Debian package chromium",
    ),
]


@pytest.fixture
def page() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        context = browser.new_context(java_script_enabled=False)
        yield context.new_page()
        browser.close()


def test_what_a_physician_tries_is_on_the_patients_page_with_its_reason(
    gateway: Daemon, patient: Visitor, page: Any
) -> None:
    who = gateway.person()
    assert gateway.mllp(results(who, f"E2E{number()}")).code == "AA"
    weber = next(one for one in gateway.demo["professionals"] if "Weber" in one["name"])

    def history() -> str:
        return patient.get("/historique").body.decode()

    page.goto(f"{gateway.places['http']}/pro")
    page.get_by_label("Jeton de démonstration").fill(weber["token"])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_label("INS").fill(who.ins)
    page.get_by_role("button", name="Ouvrir le dossier").click()
    assert page.get_by_text("Le patient n'autorise pas l'accès.").is_visible()
    eventually(lambda: "(F50)" in history())

    page.get_by_role("link", name="Accès en urgence").click()
    page.get_by_label("Détresse vitale").check()
    page.get_by_label("Le patient ne peut pas exprimer sa volonté").check()
    page.get_by_role("button", name="Accéder en urgence").click()
    assert page.get_by_role("heading", name="Résultats de biologie").is_visible()
    eventually(lambda: "a ouvert votre dossier en urgence" in history() and "(P06)" in history())
    page.get_by_role("button", name="Terminer l'accès en urgence").click()

    page.get_by_label("J'ai informé le patient, il est d'accord").check()
    page.get_by_role("button", name="Enregistrer l'accord").click()
    assert page.get_by_role("heading", name="Résultats de biologie").is_visible()
    record = page.url.partition("?")[0]
    eventually(lambda: "(P62)" in history())

    access = "/parametres/acces"
    patient.fill(access, f"{access}/blocage", professionnel=weber["id"], bloque="oui")
    page.goto(record)
    assert page.get_by_text("Le patient n'autorise pas l'accès.").is_visible()
    eventually(lambda: "(F44)" in history())
    patient.fill(access, f"{access}/blocage", professionnel=weber["id"], bloque="non")
