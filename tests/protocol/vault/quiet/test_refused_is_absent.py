"""By every address that names something: « refused » and « not there » are one answer (GEN-03).

The table of routes is walked: an address with a blank that this test does not know fails it.
"""

import pytest
from quiet_house import (
    ABSENT,
    BLANK,
    CASES,
    OF_A_LINK,
    PATIENT,
    PROFESSIONAL,
    WAYS,
    house_of,
    owner_for,
    told,
    visit,
)
from quiet_house import routes as all_routes
from vault_house import CLAIRE, House, hire, key_of, sign_in_operator, token_of, visiting

from gateway.records.readers.operator import OperatorRole

pytestmark = pytest.mark.long

KNOWN = {
    "id",
    "patient",
    "number",
    "page",
    "kind",
    "name",
    "version",
    "lane",
    "mail",
    "code",
    "secret",
}
FORM = {
    "masque": "oui",
    "libelle": "BIOLOGIE",
    "pour": "moi",
    "informe": "oui",
    "motif": "coma",
    "incapable": "oui",
    "mode": "bris_de_glace",
    "raison": "erreur",
}
"""Every field that a form may want: whoever may act on the document would be let in."""
WAYS_TO_ASK: list[dict[str, str]] = [
    {},
    {"Accept": "text/xml", "If-None-Match": "*"},
    {
        "Accept": "application/fhir+json",
        "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
        "Range": "bytes=0-9",
    },
]
"""Of a read. A form says nothing of what is kept already, nor of a part: it is sent once."""
SHUT = frozenset({303, 401})
"""A door that lets this visitor in by no header looked for nothing: it is not asked again."""


def named(house: House) -> list[tuple[str, str]]:
    """The doors that name a document; an entry of the log is asked apart, and so is the desk."""
    found = [one for one in all_routes(house) if "{id}" in one[1]]
    apart = ("/desk/", "/fhir/AuditEvent")
    return [one for one in found if not one[1].startswith(apart)]


def at_desk(house: House) -> list[tuple[str, str]]:
    """The operators' doors that name a receipt, a proposal or an entry; services of the catalogue
    are no secret, and what is reported of them is a gestionnaire's to read."""
    found = [one for one in all_routes(house) if one[1].startswith("/desk/") and "{" in one[1]]
    assert found
    apart = ("/desk/catalogue/", "/desk/signalements/")
    return [one for one in found if not one[1].startswith(apart)]


def filled(path: str, document: str) -> str:
    blanks = {"id": document, "number": "1", "page": "1", "kind": "page", "version": "1"}
    blanks["mail"] = document
    blanks["code"] = "29463-7"
    blanks["patient"] = key_of(CLAIRE).hex()
    return BLANK.sub(lambda blank: blanks[blank[1]], path)


BY_LINK = [f"/lien/{{secret}}{of}" for of in OF_A_LINK]
"""A secret of 256 bits stands before them, and its code (documents/test_share_links.py)."""


def test_every_blank_of_an_address_is_known_here() -> None:
    paths = {path for _, path in all_routes(House())}
    unknown = {path for path in paths if not set(BLANK.findall(path)) <= KNOWN}
    assert unknown == set()
    with_blanks = {path for path in paths if BLANK.search(path)}
    about = {path for path in with_blanks if "{id}" in path or "{patient}" in path}
    about |= {path for _, path in at_desk(House())}
    assert with_blanks - about == {
        "/static/{name}",
        "/historique/{number}",
        "/mesures/{code}",
        "/agenda/abonnement/{secret}.ics",
        *BY_LINK,
    }


@pytest.mark.parametrize(("visitor", "why"), CASES, ids=[" ".join(case) for case in CASES])
async def test_a_document_that_is_refused_is_not_there(visitor: str, why: str) -> None:
    house = house_of(visitor)
    house.add("Bilan", owner=owner_for(visitor))
    hidden = WAYS[visitor][why](house)
    different = []
    async with visit(house, visitor) as client:
        jeton = await token_of(client, "/documents" if visitor != PROFESSIONAL else "/pro")
        for method, path in named(house):
            fields = {"jeton": jeton, **FORM} if method == "POST" else None
            for headers in WAYS_TO_ASK if fields is None else [{}]:
                answers = [
                    await told(
                        client, method, filled(path, one), one, headers=headers, fields=fields
                    )
                    for one in (hidden, ABSENT)
                ]
                if answers[0] != answers[1]:
                    different.append((method, path, headers, answers))
                if answers[0].status in SHUT:
                    break
    assert different == []
    assert {one.trace.permitted for one in house.traces.rows if one.trace.document} == {False}


async def test_every_door_that_names_a_document_is_reached_by_somebody_of_this_test() -> None:
    reached, answered = set(), set()
    for visitor in WAYS:
        house = house_of(visitor)
        known = house.add("Bilan", owner=owner_for(visitor))
        async with visit(house, visitor) as client:
            for method, path in named(house):
                answer = await told(client, method, filled(path, known))
                reached |= {(method, path)} if answer.status != 303 else set()
                answered |= {path} if answer.status == 200 else set()
    assert set(named(House())) - reached == set()
    assert {"/documents/{id}", "/pro/documents/{id}/corps", "/fhir/Binary/{id}"} <= answered


@pytest.mark.parametrize("address", ["/historique/{}", "/fhir/AuditEvent/{}"])
async def test_an_entry_of_the_log_that_is_refused_is_not_there(address: str) -> None:
    """Of another patient, of a document that waits, of nobody: asked by its number.

    What was done with a document that is deleted stays in the history of its patient (DOC-13).
    """
    house = House()
    ways = ("waits for an announcement", "is another patient's")
    hidden = [WAYS[PATIENT][why](house) for why in ways]
    shown = house.add("Bilan")
    async with visit(house, PROFESSIONAL) as client:
        for document in (*hidden, ABSENT, shown):
            await told(client, "GET", f"/pro/documents/{document}")
    rows = [(one.number, one.trace.document) for one in house.traces.rows if one.trace.document]
    async with visit(house, PATIENT) as client:
        absent = await told(client, "GET", address.format(987654))
        answers = [(which, await told(client, "GET", address.format(n))) for n, which in rows]
    assert [which for which, answer in answers if answer != absent] == [shown]
    assert absent.status == 404


async def test_the_desk_asks_for_the_role_before_it_looks_for_anything() -> None:
    """Who may not open a door learns by none of them what stands behind it."""
    house = House()
    known = house.add("Bilan")
    hire(house, OperatorRole.GESTIONNAIRE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        jeton = await token_of(client, "/desk/aide")
        for method, path in at_desk(house):
            fields = {"jeton": jeton} if method == "POST" else None
            address = path.replace("{number}", "{id}").replace("{lane}", "{id}")
            answers = [
                await told(client, method, address.replace("{id}", one), fields=fields)
                for one in ("1", "987654", *([known, ABSENT] if "{id}" in path else []))
            ]
            assert {one.status for one in answers} == {403}, path
            assert len(set(answers)) == 1, path
