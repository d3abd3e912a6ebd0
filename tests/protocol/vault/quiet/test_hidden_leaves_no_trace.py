"""Two houses alike but for what is hidden: every page and every search says the same of both.

Totals, pages and their links, ETags, counters and filters included (ACCESS section 5, DOC-03).
"""

import pytest
from family_house import LEO, ROSE
from quiet_house import (
    ABSENT,
    BLANK,
    CAREGIVER,
    CASES,
    OF_A_CHILD,
    PARENT,
    PATIENT,
    SERVICE,
    WAYS,
    Client,
    Told,
    happened,
    house_of,
    owner_for,
    routes,
    told,
    visit,
)
from vault_house import INS_TEST, MARC, House, key_of

pytestmark = pytest.mark.long

SHOWN = 26
"""More than a page of a list, and more than two of a search."""
OUTSIDE = {"/pro/psc", "/pro/psc/retour", "/pro/psc/exercice"}
"""Of another house's provider: no record is near."""
WORDS = {
    "/documents": [
        "",
        "q=serologie",
        "q=biologie+serologie",
        "libelle=BIOLOGIE",
        "visibilite=masques",
        "non_lus=oui",
        "page=2",
        "page=99",
        "tri=titre",
        "auteur=charmes",
        "du=2026-02-01&au=2026-03-31",
    ],
    "/historique": ["", "moi=oui", "document=serologie", "acte=refus", "page=2"],
    "/parametres/acces/simulateur": ["lecteur=p:801234567890", "lecteur=m:G15_60"],
}
SEARCHES = [
    "",
    "_count=0",
    "_count=7",
    "_summary=count&_total=accurate",
    "_count=7&_sort=date",
    "_sort=-_lastUpdated",
    "status=current",
    "status=superseded",
    "type=11502-2",
    "type=unheard-of",
    "security-label=MASQUE_PS",
    "security-label=R",
    "_id={}",
    "_lastUpdated=ge2026-01-01",
    "_include=DocumentReference:author&_revinclude=Provenance:target",
    "date=ge2026-01-01",
    "identifier=1.2.250.1.999.27",
]
MOST = {
    ("GET", "/fhir/DocumentReference"): (len(SEARCHES), len(SEARCHES)),
    ("GET", "/fhir/List"): (6, 2),
    ("GET", "/fhir/AuditEvent"): (6, 2),
}
"""How many of these are asked of the holder's record and of another's; of the rest three and one:
all searches read their words in one place."""


def furnished(visitor: str) -> House:
    house = house_of(visitor)
    for number in range(SHOWN):
        house.add(f"Bilan {number}", owner=owner_for(visitor), body=b"<ClinicalDocument/>")
    return house


async def said(house: House, visitor: str, hidden: str) -> dict[str, Told]:
    """By each address without a document in it, all that is said."""
    async with visit(house, visitor) as client:
        if visitor == PATIENT:
            await client.get("/documents")
        told_of: dict[str, Told] = {}
        for method, path in sorted(routes(house)):
            if "{id}" not in path and path not in OUTSIDE and method != "HEAD":
                told_of |= await _asked(client, method, path, (visitor, hidden))
        return told_of


async def _asked(client: Client, method: str, path: str, about: tuple[str, str]) -> dict[str, Told]:
    if path.startswith("/fhir/") and path != "/fhir/metadata":
        return await _searched(client, method, path, about)
    if method != "GET":
        return {}
    found = {}
    for of in (owner_for(about[0]), MARC):
        address = BLANK.sub("1", path.replace("{patient}", key_of(of).hex()))
        for words in WORDS.get(path, [""]) if f"{address}?" not in found else ():
            found[f"{address}?{words}"] = await told(client, "GET", f"{address}?{words}")
    return found


async def _searched(
    client: Client, method: str, path: str, about: tuple[str, str]
) -> dict[str, Told]:
    found, (visitor, hidden) = {}, about
    of_holder, of_another = MOST.get((method, path), (3, 1))
    for of, most in ((owner_for(visitor), of_holder), (MARC, of_another)):
        whose = f"patient.identifier=urn:oid:{INS_TEST}%7C{of.ins}"
        for words in SEARCHES[:most]:
            asked = f"{whose}&{words.format(hidden)}".rstrip("&")
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            if method == "POST":
                answer = await told(client, "POST", path, headers=form, text=asked)
            else:
                answer = await told(client, "GET", f"{path}?{asked}")
            found[f"{method} {path} {asked}"] = answer
    return found


SAID_WITHOUT: dict[tuple[str, str], dict[str, Told]] = {}


async def said_without(visitor: str, hidden: str) -> dict[str, Told]:
    """By the house that never had it: once for each visitor, for nothing there hangs on why."""
    if (visitor, hidden) not in SAID_WITHOUT:
        without = furnished(visitor)
        if visitor in OF_A_CHILD:
            await happened(without, ABSENT, ROSE)  # entries of the log bear one number for all
        SAID_WITHOUT[visitor, hidden] = await said(without, visitor, hidden)
    return SAID_WITHOUT[visitor, hidden]


@pytest.mark.parametrize(("visitor", "why"), CASES, ids=[" ".join(case) for case in CASES])
async def test_what_is_hidden_changes_no_answer(visitor: str, why: str) -> None:
    house = furnished(visitor)
    hidden = WAYS[visitor][why](house)
    if visitor in OF_A_CHILD:
        await happened(house, hidden, house.shelf.shelved[hidden].document.patient)
    bare, full = await said_without(visitor, hidden), await said(house, visitor, hidden)
    assert [one for one in bare if bare[one] != full[one]] == []
    assert bare.keys() == full.keys()


SEEN = {
    PATIENT: {"/", "/documents", "GET /fhir/DocumentReference"},
    PARENT: {"/", "/documents", "/profils", "/historique", "/historique/csv"},
    CAREGIVER: {"/", "/documents", "/profils", "GET /fhir/DocumentReference"},
    SERVICE: {"GET /fhir/DocumentReference"},
}


@pytest.mark.parametrize("visitor", SEEN)
async def test_what_is_shown_changes_lists_searches_and_counts(visitor: str) -> None:
    """The walk sees what it should."""
    house = furnished(visitor)
    shown = house.add("Sérologie", owner=owner_for(visitor))
    if visitor in OF_A_CHILD:
        await happened(house, shown, LEO)
    bare, full = await said_without(visitor, shown), await said(house, visitor, shown)
    changed = {
        one.partition("?")[0].partition(" patient")[0] for one in bare if bare[one] != full[one]
    }
    assert changed >= SEEN[visitor]
    assert "POST /fhir/DocumentReference/_search" in changed
