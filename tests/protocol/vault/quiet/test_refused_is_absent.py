"""By every address that names something: « refused » and « not there » are one answer (GEN-03).

The table of routes is walked: an address with a blank that this test does not know fails it.
"""

import pytest
from quiet_house import ABSENT, BLANK, CASES, PATIENT, PROFESSIONAL, WAYS, told, visit
from quiet_house import routes as all_routes
from vault_house import CLAIRE, House, key_of, token_of

KNOWN = {"id", "patient", "number", "page", "kind", "name"}
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
    {"Accept": "application/fhir+json"},
    {"Accept": "text/xml", "If-None-Match": "*"},
    {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT", "Range": "bytes=0-9"},
]


def named(house: House) -> list[tuple[str, str]]:
    """The doors that name a document; at the desk an id is a receipt's or a proposal's."""
    found = [one for one in all_routes(house) if "{id}" in one[1]]
    others = ("/desk/", "/fhir/AuditEvent")
    return [(method, path) for method, path in found if not path.startswith(others)]


def filled(path: str, document: str) -> str:
    blanks = {"id": document, "number": "1", "page": "1", "kind": "page"}
    blanks["patient"] = key_of(CLAIRE).hex()
    return BLANK.sub(lambda blank: blanks[blank[1]], path)


def test_every_blank_of_an_address_is_known_here() -> None:
    paths = {path for _, path in all_routes(House())}
    unknown = {path for path in paths if not set(BLANK.findall(path)) <= KNOWN}
    assert unknown == set()
    with_blanks = {path for path in paths if BLANK.search(path)}
    about = {path for path in with_blanks if "{id}" in path or "{patient}" in path}
    about |= {path for path in with_blanks if path.startswith("/desk/")}
    assert with_blanks - about == {"/static/{name}", "/historique/{number}"}


@pytest.mark.parametrize(("visitor", "why"), CASES, ids=[" ".join(case) for case in CASES])
async def test_a_document_that_is_refused_is_not_there(visitor: str, why: str) -> None:
    house = House()
    house.add("Bilan")
    hidden = WAYS[visitor][why](house)
    different = []
    async with visit(house, visitor) as client:
        jeton = await token_of(client, "/documents" if visitor != PROFESSIONAL else "/pro")
        for method, path in named(house):
            fields = {"jeton": jeton, **FORM} if method == "POST" else None
            for headers in WAYS_TO_ASK:
                answers = [
                    await told(
                        client, method, filled(path, one), one, headers=headers, fields=fields
                    )
                    for one in (hidden, ABSENT)
                ]
                if answers[0] != answers[1]:
                    different.append((method, path, headers, answers))
    assert different == []
    assert {one.trace.permitted for one in house.traces.rows if one.trace.document} == {False}


async def test_every_door_that_names_a_document_is_reached_by_somebody_of_this_test() -> None:
    reached, answered = set(), set()
    for visitor in WAYS:
        house = House()
        known = house.add("Bilan")
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
