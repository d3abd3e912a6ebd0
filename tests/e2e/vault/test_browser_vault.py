"""A real browser before a real daemon: a laboratory sends results, the patient reads them.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import IN_CHROMIUM, OVERFLOW, in_each, violations
from clicking import followed
from visiting import (
    POLL,
    POLL_SECONDS,
    Daemon,
    open_letter,
    open_results,
    sign_in,
    visited,
)

START_SECONDS = 180
CURVE = "/resultats/718-7"
"""Two results, of which one is a bound and provisional."""
LABELS = (
    "Radio, écho, scanner, IRM",
    "Ma santé en résumé",
    "Ordonnances et soins",
    "Comptes rendus",
    "Résultats de biologie",
    "Prévention et dépistage",
    "Certificats médicaux",
    "Autres documents",
)
pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    folder = tmp_path_factory.mktemp("demo")
    ready = folder / "ready.json"
    ports = [f"--{door}=127.0.0.1:0" for door in ("http", "mllp", "smtp", "metrics")]
    command = [sys.executable, "-m", "gateway", "serve", "--demo", "--data", str(folder / "data")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--ready-file", str(ready), *ports], stdout=log, stderr=log
        )
    try:
        until = time.monotonic() + START_SECONDS
        while not ready.exists() and process.poll() is None and time.monotonic() < until:
            POLL.wait(POLL_SECONDS)
        assert ready.exists(), (folder / "log").read_text()[-2000:]
        yield visited(json.loads(ready.read_text()))
    finally:
        process.terminate()
        process.wait(START_SECONDS)


@pytest.fixture(scope="module")
def signed_in(browser: Any, daemon: Daemon) -> Iterator[Any]:
    """Cookies of a patient who signed in without JavaScript."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    sign_in(context.new_page(), daemon)
    yield context.storage_state()
    context.close()


def test_results_just_sent_stand_under_their_label_without_javascript(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(daemon.base + "/documents")
    words = page.content()
    for label in LABELS:
        assert label in words
    open_results(page, daemon)
    frame = page.frame_locator("iframe")
    frame.get_by_text("Leucocytes").wait_for()
    frame.get_by_text("au-dessus").wait_for()
    assert page.get_by_text("Pourquoi ce libellé ?").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert Path(download.value.path()).read_bytes().startswith(b"MSH|")
    context.close()


def test_pages_are_clean_for_axe_and_quiet_in_the_console(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda one: noise.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    written = ("/messagerie", "/messagerie/ecrire")
    for path in ("/", "/documents", "/historique", "/aide", "/resultats", CURVE, *written):
        page.goto(daemon.base + path)
        _no_violation(page)
    open_letter(page, daemon)
    _no_violation(page)
    open_results(page, daemon)
    _no_violation(page)
    assert noise == []
    context.close()


def _no_violation(page: Any) -> None:
    for window in in_each(page, [(1280, "light"), (1280, "dark")]):
        assert violations(page) == [], (page.url, window)


@pytest.mark.parametrize("windows", [[(320, 100), (360, 200), (640, 200)], [(1280, 200)]])
def test_nothing_is_wider_than_the_window_on_a_phone_or_in_large_text(
    browser: Any, daemon: Daemon, signed_in: Any, windows: list[tuple[int, int]]
) -> None:
    """PAGES 3: at 320 pixels, or with text of 200 %. A list is loaded apart for a wide window: our
    script opens its filters there."""
    first = {"width": windows[0][0], "height": 640}
    context = browser.new_context(storage_state=signed_in, viewport=first)
    page = context.new_page()
    for path in (
        *("/", "/documents", "/historique", "/parametres/acces", "/aide", "/accessibilite"),
        *("/resultats", CURVE),
    ):
        page.goto(daemon.base + path)
        _nowhere_wider(page, windows)
    open_letter(page, daemon)
    _nowhere_wider(page, windows)
    open_results(page, daemon)
    _nowhere_wider(page, windows)
    context.close()


def test_large_simple_text_is_not_wider_than_a_phone_where_words_are_long(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(daemon.base + "/?lang=fr-FALC")
    for path in ("/documents", "/messagerie", "/aide", "/profils/activer"):
        page.goto(daemon.base + path)
        _nowhere_wider(page, [(320, 200)])
    context.close()


def test_paper_is_black_on_white_where_the_screen_is_dark(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in, color_scheme="dark")
    page = context.new_page()
    page.goto(daemon.base + "/agenda")
    for chosen in ("", "sombre"):
        page.evaluate("name => { document.documentElement.className = name }", chosen)
        page.emulate_media(media="print")
        colours = "(one => [one.color, one.backgroundColor])(getComputedStyle(document.body))"
        assert page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], chosen
        assert not page.locator("main form:visible").count()
        head = page.locator(".paper:visible").inner_text()
        assert re.match(r"Claire DURAND, née le 12 mars 1984 · imprimé le \d", head)
        page.emulate_media(media="screen")
        assert not page.locator(".paper:visible").count()
    context.close()


def test_paper_bears_no_act_and_says_which_page_of_a_list_it_is(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    acts = {"/historique": "Signaler un accès", "/parametres/acces": "Que voit-il ?"}
    for path, act in (acts | {"/mesures/85354-9": "Corriger"}).items():
        page.emulate_media(media="screen")
        page.goto(daemon.base + path)
        assert page.locator("main table").get_by_text(act).first.is_visible(), path
        page.emulate_media(media="print")
        assert not page.locator("main table").get_by_text(act).first.is_visible(), path
    assert page.locator(".conditions li:visible").all_inner_texts() == ["Tout"]
    page.goto(daemon.base + "/documents")
    assert re.fullmatch(r"Page 1 sur \d+", page.locator(".pager").inner_text().strip())
    context.close()


def test_the_list_begins_with_its_name_and_the_filters_stand_beside_it_where_there_is_room(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    page.goto(daemon.base + "/documents")
    for width, beside in ((360, False), (1280, True)):
        page.set_viewport_size({"width": width, "height": 800})
        name, filters, rows = (page.locator(x).bounding_box() for x in ("h1", ".filters", ".list"))
        assert (filters["x"] < name["x"] == rows["x"]) == beside
        assert (name["y"] < filters["y"] < rows["y"]) != beside
    context.close()


def _nowhere_wider(page: Any, windows: list[tuple[int, int]]) -> None:
    for width, text in windows:
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
        assert page.evaluate(OVERFLOW) <= 0, (page.url, width, text)
        skip = page.locator(".skip").bounding_box()
        assert skip["y"] + skip["height"] <= 0, "seen only with the focus"


def test_the_keyboard_reaches_a_document_and_the_focus_is_seen(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    page.goto(daemon.base + "/documents")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    for _ in range(60):
        page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(style) == "solid", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("!!document.activeElement.closest('[data-kind=document]')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/documents/[0-9a-f]{32}$"))
    context.close()


def test_masking_is_a_form_that_says_what_it_did(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    open_results(page, daemon)
    followed(page.get_by_role("button", name="Masquer ce document"))
    assert page.get_by_role("status").get_by_text("Document masqué").is_visible()
    followed(page.get_by_role("button", name="Rendre ce document visible"))
    assert page.get_by_role("status").get_by_text("Document visible").is_visible()
    context.close()


def test_a_document_is_put_under_another_label_and_back_without_javascript(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    open_results(page, daemon)
    document = page.url
    page.get_by_label("Ranger ce document dans").select_option("Certificats médicaux")
    followed(page.get_by_role("button", name="Changer le libellé"))
    assert page.get_by_role("status").get_by_text("Libellé changé dans votre vue").is_visible()
    assert page.get_by_text("Certificats médicaux (votre choix)").is_visible()
    page.goto(f"{daemon.base}/documents?libelle=CERT_MED")
    assert page.locator("[data-kind=document]").count() == 1
    page.goto(document)
    followed(page.get_by_role("button", name="Revenir au libellé d'origine"))
    assert page.get_by_role("status").get_by_text("Libellé d'origine rétabli").is_visible()
    page.goto(f"{daemon.base}/documents?libelle=CERT_MED")
    assert page.locator("[data-kind=document]").count() == 0
    context.close()


def test_what_is_written_is_kept_as_a_draft_by_itself(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    page.clock.install()
    page.goto(daemon.base + "/messagerie/ecrire")
    page.get_by_label("Objet").fill("Question")
    page.get_by_label("Message", exact=True).fill("Bonjour docteur")
    page.clock.fast_forward(5_000)
    page.get_by_text("Brouillon enregistré").wait_for()
    page.goto(daemon.base + "/messagerie?dossier=brouillons")
    followed(page.get_by_role("link", name="Question"))
    assert page.get_by_label("Message", exact=True).input_value() == "Bonjour docteur"
    context.close()


def test_who_stays_signed_in_keeps_what_was_typed(
    browser: Any, daemon: Daemon, signed_in: Any
) -> None:
    """« Rester connecté » in the middle of a form, before the end (PAGES 2, rule 11)."""
    context = browser.new_context(storage_state=signed_in)
    page = context.new_page()
    page.clock.install()
    page.goto(daemon.base + "/parametres/acces/blocage")
    page.get_by_role("searchbox").fill("Dupont")
    ending = int(page.locator("body").get_attribute("data-session-end") or 0)
    page.clock.fast_forward(int(ending - time.time() - 60) * 1000)
    line = page.get_by_text("Votre session se termine à")
    line.wait_for()
    page.clock.set_system_time(time.time())
    page.get_by_text("Rester connecté").click()
    line.wait_for(state="detached")
    assert page.get_by_role("searchbox").input_value() == "Dupont"
    context.close()
