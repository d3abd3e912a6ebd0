"""The desk's pages of work in a real browser: clean for axe, whole on a phone, no script needed.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import REFUSED, asking
from chromium import IN_CHROMIUM, OVERFLOW, Window, in_each, violations
from clicking import followed
from configured import order
from daemon_rig import Daemon, eventually
from desk_rig import Agent
from listening_peer import ListeningPeer, ack
from papers import mdm, number, report

PLACES = ("/desk/files", "/desk/echecs", "/desk/emetteurs", "/desk/sante")
ACTS = ("relancer", "abandonner")
PHONE, DESK = ([(width, scheme) for scheme in ("light", "dark")] for width in (360, 1280))
LARGER_ON_PHONES, LARGER_AT_A_DESK = [(320, 100), (360, 200)], [(1280, 200)]
pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """With one letter that failed for good and a destination that keeps silent."""
    peer = ListeningPeer(lambda message: ack(message, *REFUSED)).start()
    daemon = Daemon(tmp_path_factory.mktemp("desk")).start()
    try:
        place = str(Path(daemon.demo["outbox"]).parent)
        done = order("sender", "answers", "demo", f"mllp://{peer.place}", "--data", place)
        assert done.returncode == 0, done.stderr
        agent = Agent(daemon).sign_in()
        _ask(daemon)
        eventually(lambda: b'data-kind="courrier"' in agent.get("/desk/echecs").body)
        peer.stop()
        _ask(daemon)
        eventually(lambda: b'data-kind="essai"' in agent.get("/desk/echecs").body)
        yield daemon
    finally:
        daemon.end()
        peer.stop()


def _ask(daemon: Daemon) -> None:
    raw = asking(mdm(report(daemon.person()), f"WORK{number()}"))
    assert daemon.mllp(raw).code == "AA"


@pytest.fixture(scope="module")
def signed_in(browser: Any, demo: Daemon) -> Any:
    """Cookies of an operator who signed in without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page, line = context.new_page(), demo.demo["operators"][0]
    page.goto(demo.places["http"] + "/desk")
    page.get_by_label("Identifiant").fill(line["login"])
    page.get_by_label("Mot de passe", exact=True).fill(line["password"])
    followed(page.get_by_role("main").get_by_role("button", name="Se connecter"))
    page.get_by_role("link", name="Courriers en échec").wait_for()
    kept = context.storage_state()
    context.close()
    return kept


def visited(page: Any, demo: Daemon) -> Iterator[str]:
    """Every page of work, one after the other; each act's own page and its error too."""
    base = demo.places["http"]
    for path in PLACES:
        page.goto(base + path)
        yield path
    for act in ACTS:
        page.goto(f"{base}/desk/echecs")
        followed(page.locator(f'a[href$="/{act}"]').first)
        page.get_by_role("link", name="Annuler").wait_for()
        yield act
    followed(page.get_by_role("button", name="Abandonner ce courrier"))
    page.get_by_role("alert").wait_for()
    yield "abandonner sans motif"


@pytest.mark.parametrize(
    ("windows", "texts"),
    [(PHONE, LARGER_ON_PHONES), (DESK, LARGER_AT_A_DESK)],
    ids=["phones", "desk"],
)
def test_pages_of_work_are_clean_for_axe_quiet_in_the_console_and_no_wider_than_their_window(
    browser: Any,
    demo: Daemon,
    signed_in: Any,
    windows: list[Window],
    texts: list[tuple[int, int]],
) -> None:
    """`texts`: widths, and the size of the text in percent."""
    size = {"width": windows[0][0], "height": 800}
    context = browser.new_context(storage_state=signed_in, viewport=size)
    page = context.new_page()
    noise: list[str] = []
    page.on("pageerror", lambda error: noise.append(str(error)))
    for path in visited(page, demo):
        for window in in_each(page, windows):
            assert violations(page) == [], (path, window)
        for width, text in texts:
            page.set_viewport_size({"width": width, "height": 640})
            page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
            assert page.evaluate(OVERFLOW) <= 0, (path, width, text)
    assert noise == []
    context.close()
