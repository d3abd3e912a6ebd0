"""A physician in a real browser: refused, in emergency, granted, blocked; the patient sees why.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from cda_entries import allergy, concern, problem
from chromium import IN_CHROMIUM
from clicking import followed
from daemon_rig import Daemon, Visitor
from papers import Person, report

pytestmark = IN_CHROMIUM


class Walk:
    """A physician's window and the patient's, side by side, on one record."""

    def __init__(self, gateway: Daemon, browser: Any) -> None:
        self.base, self.demo = gateway.places["http"], gateway.demo
        line = next(one for one in gateway.lines(login=True) if one["birth_given"] == "Marc")
        self.who = Person.of(line)
        self.cookies = Visitor(gateway).sign_in(line).cookies
        self.browser = browser
        self.record = ""
        self.patient = browser.new_context(java_script_enabled=False).new_page()
        self.patient.context.add_cookies(
            [{"name": name, "value": kept, "url": self.base} for name, kept in self.cookies.items()]
        )

    def physician(self, name: str) -> Any:
        """A window of this professional, before the record."""
        card = next(one for one in self.demo["professionals"] if name in one["name"])
        context = self.browser.new_context(
            java_script_enabled=False, viewport={"width": 1280, "height": 800}
        )
        page = context.new_page()
        page.goto(f"{self.base}/pro")
        page.get_by_label("Jeton de démonstration").fill(card["token"])
        followed(page.get_by_role("button", name="Se connecter"))
        page.get_by_label("INS").fill(self.who.ins)
        followed(page.get_by_role("button", name="Ouvrir le dossier"))
        self.record = page.url.partition("?")[0]
        return page

    def told(self, name: str, rule: str, *said: str) -> None:
        """The newest line of this person, looked at once: it was written before he was answered."""
        self.patient.goto(f"{self.base}/historique?personne={name}")
        newest = self.patient.locator("tr[data-kind=trace]").first.inner_text()
        assert f"({rule})" in newest, newest
        assert all(one in newest for one in said), newest

    def set_block(self, name: str, act: str) -> None:
        self.patient.goto(f"{self.base}/parametres/acces")
        row = self.patient.locator("tr", has_text=name).first
        followed(row.get_by_role("button", name=re.compile(act)))
        confirmed = self.patient.get_by_role("button", name="Bloquer l'accès à ce professionnel")
        if confirmed.count():
            followed(confirmed)

    def let_the_samu_in(self, *, allowed: bool) -> None:
        self.patient.goto(f"{self.base}/parametres/acces")
        box = self.patient.get_by_label(re.compile("professionnels de santé du SAMU"))
        box.set_checked(allowed)
        form = self.patient.locator('form[action="/parametres/acces/urgence"]')
        followed(form.get_by_role("button", name="Enregistrer"))


@pytest.fixture
def walk(gateway: Daemon, browser: Any) -> Iterator[Walk]:
    made = Walk(gateway, browser)
    entries = concern(problem()) + concern(allergy())
    reply = gateway.post(report(made.who, entries=entries).document())
    assert reply.status == 201, reply.body[:500]
    yield made
    for context in browser.contexts:
        context.close()


def shut(page: Any) -> bool:
    return bool(page.get_by_text("Le patient n'autorise pas l'accès.").is_visible())


def enter(page: Any, motive: str, *, unable: bool = True) -> None:
    page.get_by_label(motive).check()
    if unable:
        page.get_by_label("Le patient ne peut pas exprimer sa volonté").check()
    followed(page.get_by_role("button", name="Accéder en urgence"))


def agree(page: Any) -> None:
    page.get_by_label("J'ai informé le patient, il est d'accord").check()
    followed(page.get_by_role("button", name="Enregistrer l'accord"))


def test_the_walk_of_the_documentation_is_told_at_once_on_the_patients_side(walk: Walk) -> None:
    page = walk.physician("Weber")
    assert shut(page)
    walk.told("weber", "F50", "Vous n'avez pas donné votre accord")

    agree(page)
    assert page.get_by_role("heading", name="Compte rendu fictif").first.is_visible()
    walk.told("weber", "P11", "Vous avez donné votre accord")

    walk.set_block("Dr Paul Weber", "^Bloquer")
    page.goto(walk.record)
    assert shut(page)
    walk.told("weber", "F44", "Vous avez bloqué ce professionnel.")

    page.goto(f"{walk.record}/urgence")
    enter(page, "Détresse vitale")
    assert page.locator('[data-refusal="emergency-refused"]').is_visible()
    walk.told("weber", "F44", "motif : Détresse vitale")

    walk.set_block("Dr Paul Weber", "^Débloquer")
    page.goto(walk.record)
    assert shut(page), "a block ends the agreement (B9)"
    walk.told("weber", "F50")

    followed(page.get_by_role("link", name="Accès en urgence"))
    enter(page, "Détresse vitale")
    view = page.locator('[data-kind="urgence"]')
    assert "Asthme" in view.inner_text()
    assert page.get_by_role("heading", name="Derniers comptes rendus").bounding_box()["y"] < 800
    walk.told("weber", "P06", "Accès en urgence", "motif : Détresse vitale")
    red = walk.patient.locator("[data-kind=emergency]").first
    assert re.search(r"documents? lus? · motif : Détresse vitale", red.inner_text())
    followed(page.get_by_role("button", name="Terminer l'accès en urgence"))
    assert shut(page)


def test_the_samu_enters_without_the_box_and_the_patient_turns_it_off(walk: Walk) -> None:
    page = walk.physician("Petit")
    followed(page.get_by_role("link", name="Accès en urgence"))
    assert page.get_by_label("Le patient ne peut pas exprimer sa volonté").count() == 0
    enter(page, "Perte de connaissance ou coma", unable=False)
    shown = page.locator('[data-kind="urgence"] ul').all_inner_texts()
    assert "Asthme" in " ".join(shown)
    walk.told("petit", "P05", "Le SAMU a consulté votre espace pour vous secourir.")

    walk.patient.goto(f"{walk.base}/profil/urgence")
    assert walk.patient.locator('[data-kind="urgence"] ul').all_inner_texts() == shown

    walk.let_the_samu_in(allowed=False)
    page.goto(walk.record)
    assert shut(page), "in force on the next call"
    walk.told("petit", "F46", "Vous avez refusé l'accès du SAMU.")
    walk.let_the_samu_in(allowed=True)
    page.goto(walk.record)
    assert page.locator('[data-kind="urgence"]').is_visible()
