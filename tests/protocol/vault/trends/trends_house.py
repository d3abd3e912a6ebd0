"""A house whose patients have results of biology, and what their pages say of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from typing import Unpack

from msgspec import structs
from result_samples import row
from shelved_samples import Said
from vault_house import CLAIRE, Browser, House

from gateway.records.documents.document import RESULTS_TYPE
from gateway.records.documents.observation import Observation
from gateway.records.patients.patient import PatientIdentity

TSH = (
    ("Bilan d'automne", row("6.8", "2025-10-12", unit="mUI/L", range="0.4-4.0", flag="H")),
    ("Bilan d'hiver", row("4.6", "2026-01-12", unit="mUI/L", range="0.4-4.0", flag="H")),
    ("Bilan de mars", row("3.1", "2026-03-01", unit="mIU/L", range="0.4-4.0", flag="N")),
)
"""The happy path of VAULT section 10."""


def bring(
    house: House,
    title: str,
    *rows: Observation,
    owner: PatientIdentity = CLAIRE,
    **said: Unpack[Said],
) -> str:
    """One more message of results; its id."""
    said.setdefault("mime_type", RESULTS_TYPE)
    name = house.add(title, owner=owner, body=b"MSH|", **said)
    house.shelf.results[name] = list(rows)
    one = house.shelf.shelved[name]
    card = structs.replace(one.card, results=len(rows))
    house.shelf.shelved[name] = replace(one, card=card)
    return name


def with_tsh(
    owner: PatientIdentity = CLAIRE, house: House | None = None
) -> tuple[House, Sequence[str]]:
    house = house or House()
    return house, [bring(house, title, one, owner=owner) for title, one in TSH]


async def page(client: Browser, path: str) -> tuple[int, str]:
    """Status and text as a browser reads it."""
    answer = await client.get(path, allow_redirects=False)
    return answer.status, unescape(await answer.text())


def analyses(text: str) -> list[str]:
    """The names in a list, in its order."""
    return re.findall(r'data-kind="resultat">\s*<h2><a [^>]*>([^<]*)</a>', text)


def values(text: str) -> list[str]:
    """The first column of values of all tables, in order."""
    return re.findall(r'data-label="Résultat">(.*?)(?: <small>|<br>|</td>)', text)


def marks(text: str) -> int:
    """Points that are drawn."""
    return text.count('class="at"')
