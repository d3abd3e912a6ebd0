"""The record of vaccinations before its tests: its forms, and what a page says of its lines."""

import re

from cda_entries import entry, section, vaccination
from cda_sample import structured
from family_house import Client, page
from vault_house import CLAIRE, INS_TEST, House, key_of, post, sign_in

PATH = "/vaccination"
ADD = f"{PATH}/ajouter"
PRO = f"/pro/patients/{key_of(CLAIRE).hex()}{PATH}"
WHO = {"patient.identifier": f"urn:oid:{INS_TEST}|{CLAIRE.ins}"}
REVAXIS = {"date": "2026-01-10", "vaccin": "Revaxis"}
NOTE = structured(sections=section(entry(vaccination()), loinc="11369-6"))


async def add(client: Client, path: str = ADD, **fields: str) -> tuple[int, str, str]:
    """The form of one line, with the key that its page shows."""
    shown = await (await client.get(path)).text()
    key = shown.partition('name="cle" value="')[2].partition('"')[0]
    return await post(client, path, path, cle=key, **fields)


def rows(text: str) -> list[tuple[str, str]]:
    """State and name of each line, as the page has them."""
    found = re.findall(r'data-kind="vaccin" data-state="([^"]*)">\s*<h3>([^<]*)</h3>', text)
    return [(state, name) for state, name in found]


def ids(text: str) -> list[str]:
    return re.findall(r'<li data-id="([^"]*)" data-kind="vaccin"', text)


def coming(text: str) -> dict[str, str]:
    found = re.findall(r'<tr data-kind="vaccin" data-id="([^"]*)" data-state="([^"]*)"', text)
    return dict(found)


async def opened(client: Client, house: House, login: str = "claire84durand") -> str:
    await sign_in(client, house, login)
    return (await page(client, PATH))[1]
