"""Installed on a phone the pages keep their shell, and never anything of a space (UIX-03).

Needs the Debian package chromium; skipped without it, but never in CI.
"""

from typing import Any

from chromium import IN_CHROMIUM
from daemon_rig import Daemon, Visitor

pytestmark = IN_CHROMIUM
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) {
      found.push(new URL(one.url).pathname);
    }
  }
  return found.sort();
}"""
READY = "async () => { await navigator.serviceWorker.ready; }"
LED = """async () => {
  while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 20));
}"""
"""The worker is there, and leads the page; functions, because the pages forbid `eval`."""
TEXT_KEPT = "async () => (await (await caches.match('/hors-ligne')).text())"


def test_without_a_network_a_page_says_so_and_nothing_of_the_space_was_kept(
    gateway: Daemon, patient: Visitor, browser: Any
) -> None:
    base = gateway.places["http"]
    context = browser.new_context()
    cookies = patient.cookies.items()
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    page = context.new_page()
    page.goto(f"{base}/documents")
    page.evaluate(READY)
    page.goto(f"{base}/historique")
    page.evaluate(LED)
    assert page.evaluate(KEPT) == [
        "/hors-ligne",
        "/static/app.css",
        "/static/app.js",
        "/static/favicon.svg",
    ]
    who = page.locator(".bar a.target").inner_text()
    assert who
    assert who not in page.evaluate(TEXT_KEPT)
    context.set_offline(True)
    page.goto(f"{base}/documents")
    assert page.locator("h1").inner_text() == "Pas de connexion"
    context.set_offline(False)
    page.get_by_role("link", name="Réessayer").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text().startswith("Bonjour")
    context.close()
