"""The whole way out of the vault and back, at 320 pixels and without our script: one opposes,
another closes, asks for the deletion, and opens the space again (VAULT ACC-11 to ACC-18, ACC-21).

Needs the Debian package chromium; skipped without it, but never in CI.
"""

import json
import re
from pathlib import Path
from typing import Any

from chromium import IN_CHROMIUM, OVERFLOW, violations
from clicking import followed
from daemon_rig import Daemon, Make, eventually

pytestmark = IN_CHROMIUM
PROOF = "effet sur vos droits à l'assurance maladie ou vos remboursements"


class Window:
    """A narrow window without our script, and what its person is sent."""

    def __init__(self, gateway: Daemon, browser: Any, scheme: str = "light") -> None:
        self.base = gateway.places["http"]
        self.outbox = Path(gateway.demo["outbox"])
        size = {"width": 320, "height": 800}
        self.page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
        self.page.route(re.compile(r"/static/app\.js"), lambda route: route.abort())
        self.read: set[str] = set()

    def letter(self, template: str, *to: str) -> str:
        """The body of the newest one of this kind that nobody has read yet."""

        def look() -> str | None:
            for file in sorted(self.outbox.glob("*.json"), reverse=True):
                said = json.loads(file.read_text())
                if said["to"] in to and said["template"] == template and file.name not in self.read:
                    self.read.add(file.name)
                    return str(said["body"])
            return None

        return str(eventually(look))

    def clean(self) -> None:
        found = (violations(self.page), self.page.evaluate(OVERFLOW))
        assert (self.page.url, *found) == (self.page.url, [], 0)

    def press(self, button: str, **fields: str) -> None:
        """Fills the form by its labels; the page that follows is clean."""
        for label, value in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(value)
        followed(self.page.get_by_role("main").get_by_role("button", name=button, exact=True))
        self.clean()

    def follow(self, link: str) -> None:
        followed(self.page.get_by_role("main").get_by_role("link", name=link, exact=True))
        self.clean()

    def sign_in(self, line: dict[str, Any]) -> None:
        self.page.goto(f"{self.base}/connexion")
        said = {"Identifiant": line["login"], "Mot de passe": line["password"]}
        self.press("Se connecter", **said)
        code = re.search(r"\b(\d{6})\b", self.letter("login-code", line["mobile"], line["email"]))
        assert code
        self.press("Valider", **{"Code à usage unique": code[1]})

    def text(self) -> str:
        return str(self.page.get_by_role("main").inner_text())


def oppose(window: Window, line: dict[str, Any]) -> None:
    code = re.search(r"code : (\w{4} \w{4})", window.letter("invitation", line["email"]))
    assert code
    window.page.goto(window.base)
    window.follow("M'opposer à la création")
    window.press("M'opposer à la création")
    card = {"Numéro de sécurité sociale": line["ins"], "Numéro de série": line["serial"]}
    window.press("M'opposer à la création", **{"Code provisoire": code[1]}, **card)
    assert PROOF in window.text()
    with window.page.expect_download() as file:
        window.page.get_by_role("link", name="Télécharger la preuve (PDF)").click()
    assert file.value.suggested_filename.endswith(".pdf")
    assert PROOF in window.letter("account-opposed", line["email"])


def close(window: Window, line: dict[str, Any]) -> None:
    window.sign_in(line)
    window.page.goto(f"{window.base}/parametres")
    window.follow("Fermer mon espace santé")
    window.follow("Continuer")
    window.press("Fermer mon espace santé")
    window.press("Fermer mon espace santé", **{"Votre mot de passe": line["password"]})
    assert "Votre espace est fermé." in window.text()
    assert "est fermé" in window.letter("account-closed", line["email"])


def ask_and_reopen(window: Window, line: dict[str, Any]) -> None:
    window.sign_in(line)
    assert window.page.url.endswith("/connexion/ferme")
    window.follow("Demander la suppression")
    window.press("Demander la suppression")
    window.page.get_by_label("Pour confirmer, tapez SUPPRIMER").fill("SUPPRIMER")
    window.press("Demander la suppression")
    assert "Elle sera faite au plus tard le" in window.text()
    window.page.get_by_label("J'accepte les conditions d'utilisation").check()
    window.press("Rouvrir mon espace santé")
    assert "demande de suppression annulée" in window.text()
    assert "annulée" in window.letter("account-reopened", line["email"])


def call(window: Window, agent: dict[str, Any], ins: str) -> None:
    """The 3422 finds the person who opposed, and a list of deletions."""
    window.page.goto(f"{window.base}/desk")
    said = {"Identifiant": agent["login"], "Mot de passe": agent["password"]}
    window.press("Se connecter", **said)
    window.page.goto(f"{window.base}/desk/3422")
    window.press("Trouver")
    fields = {"Numéro de sécurité sociale": ins, "Motif de l'appel": "Appel de vérification"}
    window.press("Trouver", **fields)
    assert "opposé" in window.text()
    for path in ("/desk/3422/opposition", "/desk/3422/fermeture", "/desk/3422/suppression"):
        window.page.goto(window.base + path)
        window.clean()
    window.page.goto(f"{window.base}/desk/suppressions")
    window.clean()


def test_people_leave_come_back_and_call_the_3422(make_gateway: Make, browser: Any) -> None:
    gateway = make_gateway().start()
    people = gateway.demo["patients"]
    invited = next(one for one in people if one["account"] == "invited" and one["email"])
    oppose(Window(gateway, browser, "dark"), invited)
    claire = people[0]
    window = Window(gateway, browser)
    close(window, claire)
    ask_and_reopen(window, claire)
    call(Window(gateway, browser, "dark"), gateway.demo["operators"][0], invited["ins"])
