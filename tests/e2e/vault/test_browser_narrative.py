"""Hostile and published documents in a real browser: nothing runs, nothing leaves, all can read.

Each hostile body is put under a header of our own that the door takes. Needs the Debian package
chromium and the corpus beside the repository; skipped without them, but the browser never in CI.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cda_entries import entry, medicine, section, vaccination
from chromium import IN_CHROMIUM, OVERFLOW, violations
from daemon_rig import Daemon, Visitor
from lxml import etree
from papers import Person, report

from gateway.mapping.cda import ROOT as CLINICAL_DOCUMENT
from gateway.mapping.cda.nodes import V3
from gateway.mapping.xml import XmlRefusedError, parse_xml

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
PUBLISHED = (
    "BIO-CR-BIO_2024.01_TSH_1.xml",
    "BIO-CR-BIO_2024.01_Microbiologie_V1.xml",
    "BIO-CR-BIO_2021.01_Auto-Presentable.xml",
    "VAC-NOTE_2023.01.xml",
    "IPS-FR_2024.01.xml",
    "VSM_1.4_2022.01.xml",
    "IMG_CR_IMG_2024.01.xml",
    "IMG_CR_IMG_2024.01_CDA-R2-Niveau-1.xml",
)
pytestmark = [*IN_CHROMIUM, pytest.mark.long]


def hostile() -> list[str]:
    path = CORPUS / "hostile" / "expected.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row["input"] for row in csv.DictReader(lines)]
    return [row for row in rows if row.startswith(("cda/", "xml/xml-ctl"))]


@dataclass
class Watch:
    """What a page does that it should not."""

    base: str
    left: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)

    def over(self, context: Any) -> None:
        context.on("request", lambda one: self._request(one.url))
        context.on("console", lambda one: self.noise.append(one.text))
        context.on("weberror", lambda one: self.noise.append(str(one.error)))
        context.on("dialog", lambda one: self.noise.append(one.message))

    def _request(self, url: str) -> None:
        if not url.startswith(self.base):
            self.left.append(url)


def context_of(browser: Any, gateway: Daemon, line: dict[str, Any], **options: Any) -> Any:
    """A window in which this patient is signed in."""
    context = browser.new_context(locale="fr-FR", **options)
    base = gateway.places["http"]
    cookies = Visitor(gateway).sign_in(line).cookies.items()
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    return context


@pytest.fixture(scope="module")
def reader(gateway: Daemon, browser: Any) -> Iterator[tuple[Any, Watch, Person]]:
    """A page of a signed-in patient, watched: one for all, for a new one is a new process."""
    line = gateway.lines(login=True)[1]
    context = context_of(browser, gateway, line, viewport={"width": 1000, "height": 800})
    watch = Watch(gateway.places["http"])
    watch.over(context)
    yield context.new_page(), watch, Person.of(line)
    context.close()


@pytest.fixture(scope="module")
def unlocked(gateway: Daemon, browser: Any) -> Iterator[Any]:
    """A page of the same patient that our policy does not hold: what axe needs, being a script."""
    line = gateway.lines(login=True)[1]
    size = {"width": 1000, "height": 800}
    context = context_of(browser, gateway, line, viewport=size, bypass_csp=True)
    yield context.new_page()
    context.close()


def wrapped(raw: bytes, who: Person) -> bytes | None:
    """The body and title of a hostile document under a whole header; None for no XML at all."""
    try:
        root = parse_xml(raw)
    except XmlRefusedError:
        return None
    own = parse_xml(report(who).document())
    if root.tag != CLINICAL_DOCUMENT:
        return None
    for name in ("title", "component"):
        theirs, ours = root.find(V3 + name), own.find(V3 + name)
        if theirs is not None and ours is not None:
            own.replace(ours, theirs)
    if own.find(f"{V3}component/{V3}nonXMLBody") is not None:
        model = next(one for one in own.iter(V3 + "templateId") if ".55" in one.get("root", ""))
        model.set("root", "1.3.6.1.4.1.19376.1.2.20")
        model.attrib.pop("extension")
    return etree.tostring(own, xml_declaration=True, encoding="UTF-8")


@pytest.mark.parametrize("name", hostile() or ["no corpus"])
def test_a_hostile_body_runs_nothing_and_asks_nothing(
    gateway: Daemon, reader: tuple[Any, Watch, Person], unlocked: Any, name: str
) -> None:
    if name == "no corpus":
        pytest.skip("no corpus beside the repository")
    page, watch, who = reader
    data = wrapped((CORPUS / "hostile" / name).read_bytes(), who)
    if data is None:
        return
    reply = gateway.post(data)
    if reply.status == 422:
        assert reply.codes
        return
    assert reply.status == 201, reply.body[:500]
    document = reply.json["documents"][0]["id"]
    for path in (f"/documents/{document}", f"/documents/{document}/corps"):
        page.goto(gateway.places["http"] + path)
        page.wait_for_load_state("networkidle")
        for frame in page.frames:
            assert_tame(frame)
        assert watch.left == []
        assert watch.noise == []
    assert violations_within(unlocked, page.url) == []


def violations_within(page: Any, address: str) -> list[str]:
    """What axe says of this body, laid open."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    return violations(page)


def assert_tame(frame: Any) -> None:
    """No script of a sender ran, and none could: no handler, no odd address."""
    if "/corps" not in frame.url:
        assert frame.evaluate("window.__pwned") is None
        return
    page = frame.content()
    assert not re.search(r"<(script|iframe|object|embed|svg|style)\b", page, re.I)
    assert not re.search(r"<[^>]*\s(on\w+|style|srcset|formaction)=", page, re.I)
    for address in re.findall(r'(?:href|src)="([^"]*)"', page):
        assert re.match(r"(/static/|/documents/|#|https://|mailto:)", address), address


DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    "gg=="
)
"""A PNG of one pixel."""
CUT_WORDS = """() => [...document.querySelectorAll('.coded tbody :is(td, th)')].flatMap(cell => {
    const found = [], walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode())
        for (const word of text.data.matchAll(/[^\\s-]+/g)) {
            const range = document.createRange();
            range.setStart(text, word.index);
            range.setEnd(text, word.index + word[0].length);
            if (range.getClientRects().length > 1) found.push(word[0]);
        }
    return found;
})"""


def body_of(context: Any, gateway: Daemon, who: Person, *sections: str) -> Any:
    """The page of a document of these sections."""
    whole = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/'
        f'XMLSchema-instance"><component><structuredBody>{"".join(sections)}</structuredBody>'
        "</component></ClinicalDocument>"
    )
    data = wrapped(whole.encode(), who)
    assert data is not None
    reply = gateway.post(data)
    assert reply.status == 201, reply.body[:500]
    page = context.new_page()
    page.goto(f"{gateway.places['http']}/documents/{reply.json['documents'][0]['id']}/corps")
    return page


def test_no_word_of_coded_data_is_cut_in_two(
    gateway: Daemon, reader: tuple[Any, Watch, Person]
) -> None:
    first, _, who = reader
    named = "VACCIN TÉTANIQUE PASTEUR, suspension injectable en seringue préremplie, adsorbé"
    entries = entry(vaccination().replace("VACCIN TÉTANIQUE", named)) + entry(medicine())
    body = section(entries, "11369-6", "Historique des vaccinations et des traitements")
    page = body_of(first.context, gateway, who, body)
    page.locator("summary").click()
    for width in (320, 672, 900, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.get_by_text(named).first.is_visible()
        assert (width, page.evaluate(CUT_WORDS)) == (width, [])
        assert page.evaluate(OVERFLOW) <= 0
    page.close()


def test_a_picture_drawn_on_nothing_stands_on_white_in_the_dark(
    gateway: Daemon, reader: tuple[Any, Watch, Person]
) -> None:
    first, _, who = reader
    value = f'<value mediaType="image/jpeg" representation="B64">{DOT}</value>'
    picture = entry(f"<observationMedia>{value}</observationMedia>")
    page = body_of(first.context, gateway, who, section(picture))
    page.emulate_media(color_scheme="dark")
    ground = "getComputedStyle(document.querySelector('img')).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.evaluate("document.querySelector('img').naturalWidth") == 1
    page.close()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_document_is_shown_whole_and_readable_by_all(
    gateway: Daemon, browser: Any, name: str
) -> None:
    path = CORPUS / "cda" / name
    if not path.exists():
        pytest.skip("no corpus beside the repository")
    line = next(
        one for one in gateway.lines(login=True) if one["ins"].encode() in path.read_bytes()
    )
    reply = gateway.post(path.read_bytes())
    assert reply.status in (200, 201), reply.body[:500]
    size = {"width": 360, "height": 800}
    context = context_of(browser, gateway, line, viewport=size)
    base = gateway.places["http"]
    watch = Watch(base)
    watch.over(context)
    page = context.new_page()
    page.goto(f"{base}/documents/{reply.json['documents'][0]['id']}/corps")
    page.wait_for_load_state("networkidle")
    for one in page.locator("details").all():
        one.locator("summary").click()
    assert page.evaluate("[...document.images].filter(i => !i.naturalWidth).length") == 0
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) <= 0, "a wide table scrolls by itself"
    assert watch.left == []
    assert watch.noise == []
    context.close()
    context = context_of(browser, gateway, line, viewport=size, bypass_csp=True)
    assert violations_within(context.new_page(), page.url) == []
    context.close()
