"""A table of results in a real browser: labelled rows on a phone, a table that scrolls elsewhere.

Needs the Debian package chromium; skipped without it, but never in CI.
"""

from typing import Any

import pytest
from chromium import IN_CHROMIUM, OVERFLOW
from daemon_rig import Daemon, Visitor
from papers import Person, number

pytestmark = IN_CHROMIUM
LONG = "Microalbuminurie rapportée à la créatininurie sur échantillon matinal"
ROWS = (
    "OBR|1|P1|{n}A|24323-8^Bilan biochimique^LN|||202601150930",
    "OBX|1|NM|2345-7^Glucose^LN||5.1|mmol/L|4.1-5.9||||F",
    f"OBX|2|NM|14959-1^{LONG}^LN||13|mg/mmol|0-3|H|||F",
    "OBR|2|P9|{n}B|29576-6^Antibiogramme^LN",
    "OBX|1|NM|18864-9^Amoxicilline^LN|1|32|mg/L||R|||F",
    "OBX|2|ST|18906-8^Ciprofloxacine^LN|1|S|||S|||F",
)
LABELS = """() => [...document.querySelectorAll('td[data-label]')].map(
    cell => getComputedStyle(cell, '::before').content.split('"')[1] || '')"""
LEFT = """() => getComputedStyle(document.querySelector('td[data-label]')).paddingLeft"""
CAPTION = "() => document.querySelector('caption').getBoundingClientRect().height"


def laboratory(who: Person) -> str:
    day, place = who.birth, f"^^^^^^BDL^^{who.place}"
    ins = f"{who.ins}^^^ASIP-SANTE-INS-NIR&{who.oid}&ISO^INS"
    head = (
        f"MSH|^~\\&|LABO|CHARMES|PASSERELLE|VAULT|20260115101500||ORU^R01^ORU_R01|R-{number()}|T"
        "|2.5|||||FRA|UNICODE UTF-8"
    )
    name = f"{who.family}^{who.given}^{who.givens}^^^^L"
    pid = f"PID|1||{ins}||{name}||{day}|{who.sex}|||{place}" + "|" * 21 + "VALI"
    rows = [row.format(n=number()) for row in ROWS]
    return "\r".join([head, pid, *rows]) + "\r"


@pytest.fixture(scope="module")
def page(gateway: Daemon, browser: Any) -> Any:
    """The preview of the results, before its patient."""
    line = gateway.lines(login=True)[0]
    sent = laboratory(Person.of(line)).encode()
    kind = {"Content-Type": "application/hl7-v2"}
    reply = gateway.http("POST", "/documents", sent, gateway.sender() | kind)
    assert reply.status == 201, reply.body[:500]
    cookies = Visitor(gateway).sign_in(line).cookies
    base = gateway.places["http"]
    context = browser.new_context(locale="fr-FR")
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
    made = context.new_page()
    made.goto(f"{base}/documents/{reply.json['documents'][0]['id']}/corps")
    return made


@pytest.mark.parametrize("width", [320, 360, 639, 640, 655])
def test_on_a_phone_each_value_bears_its_label_and_stands_at_the_edge(
    page: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    labels = page.evaluate(LABELS)
    assert labels[:2] == ["Résultat : ", "Intervalle du laboratoire : "]
    assert labels[-2:] == ["Résultat : ", "Sensibilité : "]
    assert page.evaluate(LEFT) == "0px"
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(CAPTION) < 50, "the name of a battery is one line, not one word a line"
    assert page.get_by_text(LONG).is_visible()


@pytest.mark.parametrize("width", [672, 1280])
def test_a_wide_window_has_a_table_in_a_region_that_has_a_name_and_takes_the_focus(
    page: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert set(page.evaluate(LABELS)) == {""}
    for region in page.get_by_role("region").all():
        assert region.get_attribute("tabindex") == "0"
        assert region.get_attribute("aria-label")
    heads = page.get_by_role("columnheader").all_inner_texts()
    assert heads[-3:] == ["Analyse", "Résultat", "Sensibilité"]
    assert page.evaluate(OVERFLOW) <= 0


def test_on_paper_every_word_is_black(page: Any) -> None:
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size({"width": 718, "height": 1000})
    colour = "() => getComputedStyle(document.querySelector('td.outside')).color"
    assert page.evaluate(colour) == "rgb(0, 0, 0)"
    page.emulate_media(media="screen")
