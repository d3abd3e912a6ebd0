"""A person who uses the keyboard alone: Tab, Enter and Space, and never a mouse (UIX-02).

Needs the Debian package chromium; skipped without it, but never in CI.
"""

import re
from pathlib import Path
from typing import Any

from chromium import IN_CHROMIUM
from daemon_rig import Daemon, Make, eventually
from papers import Person, report

pytestmark = IN_CHROMIUM
MOST_STEPS = 120
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const label = one.labels && one.labels.length ? one.labels[0].innerText : '';
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    tag: one.tagName, type: one.type || '', name: (label || one.innerText || '').trim(),
    ring: parseFloat(style.outlineWidth) || 0, style: style.outlineStyle,
    seen: one.tagName === 'IFRAME' || (box.width > 0 && box.height > 0 &&
      box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth),
  };
}"""
"""What has the focus, what it is called, whether it is in the window and bears its ring."""


class Keys:
    """A window without scripts, and what is typed into it."""

    def __init__(self, gateway: Daemon, browser: Any) -> None:
        self.base = gateway.places["http"]
        self.page = browser.new_context(java_script_enabled=True).new_page()
        self.page.route(re.compile(r"/static/app\.js"), lambda route: route.abort())

    def to(self, name: str, tag: str = "") -> None:
        """Tabs on until this has the focus; each stop on the way is seen and bears its ring."""
        stops = []
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            now = self.page.evaluate(FOCUSED)
            if now is None:
                continue
            stops.append(now["name"])
            assert now["seen"], (self.page.url, now)
            assert now["tag"] == "IFRAME" or (now["ring"] >= 2 and now["style"] != "none"), now
            if re.search(name, now["name"]) and tag in ("", now["tag"]):
                return
        raise AssertionError(f"{name} cannot be reached on {self.page.url}: {stops}")

    def press(self, name: str, tag: str = "") -> None:
        self.to(name, tag)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name: str, text: str) -> None:
        self.to(name, "INPUT")
        self.page.keyboard.type(text)

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def heading(self) -> str:
        return str(self.page.locator("h1").inner_text())


def sign_in(keys: Keys, gateway: Daemon, line: dict[str, Any]) -> None:
    outbox = Path(gateway.demo["outbox"])
    keys.page.goto(keys.base)
    keys.press("^Se connecter$", "A")
    before = set(outbox.glob("*.json"))
    keys.write("^Identifiant$", line["login"])
    keys.write("^Mot de passe$", line["password"])
    keys.enter()

    def code() -> str:
        """Among other letters that leave meanwhile: of a new document, say."""
        said = "".join(one.read_text() for one in set(outbox.glob("*.json")) - before)
        found = re.search(r"\d{6}", said.partition("code est")[2])
        return found[0] if found else ""

    keys.write("^Code à usage unique$", eventually(code))
    keys.enter()
    assert keys.heading().startswith("Bonjour")


def test_the_whole_way_from_sign_in_to_sign_out_is_walked_with_keys_alone(
    make_gateway: Make, browser: Any
) -> None:
    gateway = make_gateway().start()
    line = next(one for one in gateway.lines(login=True) if one["birth_given"] == "Marc")
    assert gateway.post(report(Person.of(line)).document()).status == 201
    keys = Keys(gateway, browser)
    sign_in(keys, gateway, line)
    keys.press("^Documents$", "A")
    keys.to("Aller au contenu")  # the first stop of every page
    before = keys.page.url
    keys.page.locator("[data-kind=document] a").first.wait_for()
    title = keys.page.locator("[data-kind=document] a").first.inner_text()
    keys.press(f"^{re.escape(title)}$", "A")
    assert keys.page.url != before
    for act, state in (("^Masquer ce document", "oui"), ("visible", "non")):
        keys.press(act, "BUTTON")
        assert keys.page.url.endswith(f"?masque={state}")
        assert keys.page.locator("[role=status]").inner_text()
    keys.press("^Se déconnecter$", "BUTTON")
    assert "Vous êtes déconnecté." in keys.page.locator("[role=status]").inner_text()


def test_an_invitation_is_answered_with_keys_alone(make_gateway: Make, browser: Any) -> None:
    gateway = make_gateway().start()
    claire, marc = (
        next(one for one in gateway.lines(login=True) if one["birth_given"] == name)
        for name in ("Claire", "Marc")
    )
    keys = Keys(gateway, browser)
    sign_in(keys, gateway, claire)
    keys.page.goto(f"{keys.base}/parametres/aidants")
    keys.write("Numéro de sécurité sociale", marc["ins"])
    keys.write("Nom de naissance", marc["birth_family"])
    keys.write("Date de naissance", "/".join(reversed(marc["birth_date"].split("-"))))
    keys.enter()
    assert keys.page.locator("[role=status]").inner_text().startswith("Invitation envoyée")
    keys.press("^Se déconnecter$", "BUTTON")
    sign_in(keys, gateway, marc)
    keys.press("Marc", "A")
    assert keys.heading() == "Profils de ma famille"
    keys.press("^Accepter", "BUTTON")
    assert keys.page.locator("[role=status]").inner_text() == "Accès accepté"
    keys.press("Ouvrir le profil de Claire", "BUTTON")
    assert "Vous consultez le profil de Claire" in keys.page.locator("header").inner_text()
