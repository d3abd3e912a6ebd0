"""A person activates the own space in a real browser without scripts, signs in, and loses the
password (VAULT ACC-06 to ACC-10).

Needs the Debian package chromium; skipped without it, but never in CI.
"""

import json
import re
from pathlib import Path
from typing import Any

from chromium import IN_CHROMIUM, OVERFLOW
from clicking import followed
from daemon_rig import Daemon, Make, eventually

pytestmark = IN_CHROMIUM
SECRET, ANOTHER = "Jardin-Bleu-7-Lune", "Autre-Lune-8-Mer"


class Walk:
    """One window of 320 pixels, and what the person is sent."""

    def __init__(self, gateway: Daemon, browser: Any) -> None:
        self.base = gateway.places["http"]
        self.outbox = Path(gateway.demo["outbox"])
        self.who = next(one for one in gateway.demo["patients"] if one["account"] == "created")
        context = browser.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 800}
        )
        self.page = context.new_page()
        self.read: set[str] = set()

    def letter(self, template: str) -> dict[str, str]:
        """The newest letter of this kind that nobody has read yet."""

        def look() -> dict[str, str] | None:
            for file in sorted(self.outbox.glob("*.json"), reverse=True):
                said = json.loads(file.read_text())
                mine = said["to"] in (self.who["email"], self.who["mobile"])
                if mine and said["template"] == template and file.name not in self.read:
                    self.read.add(file.name)
                    return dict(said)
            return None

        return dict(eventually(look))

    def fill(self, button: str, **fields: str) -> None:
        assert self.page.evaluate(OVERFLOW) <= 0, self.page.url
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)
        followed(self.page.get_by_role("main").get_by_role("button", name=button, exact=True))

    def code(self, template: str) -> None:
        found = re.search(r"\b(\d{6})\b", self.letter(template)["body"])
        assert found
        self.fill("Valider", **{"Code à usage unique": found[1]})


def activate(walk: Walk) -> None:
    walk.page.goto(walk.base)
    followed(walk.page.get_by_role("link", name="Activer mon espace"))
    code = re.search(r"code : (\w{4} \w{4})", walk.letter("invitation")["body"])
    assert code
    card = {"Numéro de sécurité sociale": walk.who["ins"], "Numéro de série": walk.who["serial"]}
    walk.fill("Continuer", **{"Code provisoire": "2222 2222"}, **card)
    assert "pas réussi à vous identifier" in walk.page.locator("[role=alert]").inner_text()
    walk.fill("Continuer", **{"Code provisoire": code[1]}, **card)
    walk.fill("Continuer")  # the contacts that came with the code
    again = {"Mot de passe": SECRET, "Mot de passe, une seconde fois": SECRET}
    walk.fill("Continuer", Identifiant="odette58v", **again)
    walk.page.get_by_label("J'accepte les conditions d'utilisation").check()
    walk.fill("Accepter et recevoir le dernier code")
    walk.code("contact-code")
    walk.page.get_by_text("Mon espace santé est maintenant créé.").wait_for()


def sign_in(walk: Walk, password: str) -> None:
    walk.page.goto(f"{walk.base}/connexion")
    walk.fill("Se connecter", **{"Identifiant": "odette58v", "Mot de passe": password})
    walk.code("login-code")
    walk.page.get_by_role("heading", name="Bonjour").wait_for()


def test_a_person_comes_in_with_code_and_card_and_back_in_without_the_password(
    make_gateway: Make, browser: Any
) -> None:
    walk = Walk(make_gateway().start(), browser)
    activate(walk)
    assert "vient d'être activé" in walk.letter("account-activated")["body"]
    sign_in(walk, SECRET)
    followed(walk.page.get_by_role("button", name="Se déconnecter"))
    followed(walk.page.get_by_role("link", name="Identifiant ou mot de passe oublié ?"))
    born = "/".join(reversed(walk.who["birth_date"].split("-")))
    card = {"Numéro de sécurité sociale": walk.who["ins"], "Date de naissance": born}
    walk.fill("Recevoir un code", **card)
    walk.code("contact-code")
    walk.code("contact-code")
    assert "odette58v" in walk.page.get_by_role("main").inner_text()
    again = {"Mot de passe": ANOTHER, "Mot de passe, une seconde fois": ANOTHER}
    walk.fill("Enregistrer le mot de passe", **again)
    walk.page.get_by_text("Votre mot de passe est changé.").wait_for()
    sign_in(walk, ANOTHER)
