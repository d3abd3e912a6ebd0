"""The vault's house with a summary in codes, and how a professional enters it in an emergency."""

import re
from html import unescape

from aiohttp import web
from aiohttp.test_utils import TestClient
from cda_entries import allergy, concern, entry, medicine, problem, section
from vault_house import CLAIRE, House, key_of, post

from gateway.records.documents.document import Label
from gateway.records.documents.observation import Observation

Client = TestClient[web.Request, web.Application]
RECORD = f"/pro/patients/{key_of(CLAIRE).hex()}"
DOOR = f"{RECORD}/urgence"
RELATIVES = (
    '<informant><relatedEntity classCode="ECON"><code displayName="Sœur"/>'
    '<telecom value="tel:0600000001"/><relatedPerson><name><given>Zoé</given>'
    "<family>FICTIVE</family></name></relatedPerson></relatedEntity></informant>"
    '<informant><relatedEntity classCode="NOK"><telecom value="tel:0600000002"/>'
    "</relatedEntity></informant>"
    '<informant><relatedEntity classCode="CAREGIVER"/></informant>'
)


def summary(*entries: str, header: str = "") -> bytes:
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{header}<component><structuredBody>{section(''.join(entries))}</structuredBody>"
        "</component></ClinicalDocument>"
    ).encode()


def result(code: str, text: str, value: str) -> Observation:
    return Observation(
        code=code,
        system="2.16.840.1.113883.6.1",
        text=text,
        value=value,
        value_type="ST",
        unit="",
        range="",
        flag="",
        status="F",
        time=None,
        group="",
        group_text="",
        group_id="",
        sub_id="",
        producer="",
        note="",
    )


def in_emergency() -> House:
    """Claire agreed to nobody; her summary, her directives, a psychiatric report."""
    house = House()
    house.people.chosen.clear()
    house.people.log = house.traces
    entries = (concern(problem()), concern(allergy()), entry(medicine()))
    house.add(
        "Synthèse de mars",
        label=Label.SYNTHESE,
        type_code="60591-5",
        body=summary(*entries, header=RELATIVES),
    )
    return house


async def enter(client: Client, **more: str) -> str:
    told = {"motif": "coma", "incapable": "oui"} | more
    status, place, _ = await post(client, DOOR, DOOR, **told)
    assert (status, place) == (303, f"{RECORD}?fait=urgence")
    return unescape(await (await client.get(place)).text())


def subjects(page: str) -> dict[str, str]:
    """The words of each subject, without tags."""
    view = page.partition('data-kind="urgence"')[2].partition("</section>")[0]
    return {
        title: " ".join(re.sub(r"<[^>]+>", " ", rest).split())
        for title, rest in re.findall(r"<h2>([^<]+)</h2>(.*?)</div>", view, re.DOTALL)
    }
