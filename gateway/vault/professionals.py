"""The professional's space `/pro`: a token in the demo, one patient by INS, documents by label."""

from aiohttp import web

from gateway.errors import DeniedError
from gateway.flows.asking import NOT_THERE
from gateway.flows.signin import WrongError
from gateway.records.document import Label
from gateway.records.filing import Card
from gateway.records.patient import PatientKey, Profile
from gateway.vault import words
from gateway.vault.documents import facts_of
from gateway.vault.listing import row_of
from gateway.vault.porch import see_other, set_cookie
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signin import address_of, field
from gateway.vault.visit import SESSION_COOKIE, VISIT

INS_OIDS = {
    Profile.TEST: ("1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"),
    Profile.PRODUCTION: ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"),
}
"""Where an INS typed without its OID is looked for (reference: identifiers of the CI-SIS)."""

INS_CHARACTERS = 15
KEY_BYTES = 16


async def pro_page(request: web.Request) -> web.Response:
    if request[VISIT].is_professional:
        return _find(request)
    return _token(request)


async def pro_sign_in(request: web.Request) -> web.Response:
    rooms = request[ROOMS]
    token = (await field(request, "jeton_demonstration")).strip()
    if not token:
        return _token(request, errors={"jeton_demonstration": words.TOKEN_EMPTY})
    try:
        ticket = await rooms.sign_in.professional(token, address=address_of(request))
    except WrongError:
        return _token(request, errors={"jeton_demonstration": words.TOKEN_WRONG})
    response = see_other("/pro")
    set_cookie(response, rooms, SESSION_COOKIE, ticket.secret)
    return response


async def find_patient(request: web.Request) -> web.Response:
    """By POST, so that no INS stands in an address."""
    typed = "".join((await field(request, "ins")).split()).upper()
    if len(typed) != INS_CHARACTERS or not typed.isascii():
        return _find(request, errors={"ins": words.BAD_INS}, typed=typed)
    rooms = request[ROOMS]
    for oid in INS_OIDS[rooms.profile]:
        key = rooms.names.patient_key(oid, typed)
        if await rooms.people.person(key) is not None:
            return see_other(f"/pro/patients/{key.hex()}")
    return _find(request, errors={"ins": words.NO_PATIENT}, typed=typed)


async def record_page(request: web.Request) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    key = _key(request.match_info["patient"])
    listing = await rooms.read.list_documents(visit.anybody(), key)
    return html(
        "record.html",
        face=visit.face,
        title="Documents du patient",
        current="",
        data_page="pro/patients",
        wide=False,
        errors={},
        refused=not listing.standing.permitted,
        shelves=_by_label(listing.cards),
    )


def _by_label(cards: tuple[Card, ...]) -> list[tuple[str, list[object]]]:
    """Only labels that hold something this reader may see."""
    shelves = []
    for label in Label:
        rows = [row_of(card, for_patient=False) for card in cards if card.label is label]
        if rows:
            shelves.append((words.LABEL_WORDS[label], list[object](rows)))
    return shelves


async def pro_document_page(request: web.Request) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    document = request.match_info["id"]
    opened = await rooms.read.open_document(visit.anybody(), document)
    return html(
        "document.html",
        face=visit.face,
        current="",
        data_page=f"pro/documents/{document}",
        wide=True,
        errors={},
        back=f"/pro/patients/{opened.card.patient.hex()}",
        back_words="Documents du patient",
        base=f"/pro/documents/{document}",
        newer_base="/pro/documents/",
        done="",
        may_mask=False,
        label_choices=(),
        lines=None,
        versions=(),
        sight=None,
        more=facts_of(opened, for_patient=False),
    )


def _key(value: str) -> PatientKey:
    try:
        key = bytes.fromhex(value)
    except ValueError:
        raise DeniedError(NOT_THERE) from None
    if len(key) != KEY_BYTES:
        raise DeniedError(NOT_THERE)
    return PatientKey(key)


def _token(request: web.Request, *, errors: dict[str, str] | None = None) -> web.Response:
    visit = request[VISIT]
    return html(
        "pro_signin.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Espace des professionnels",
        current="",
        data_page="pro",
        wide=False,
        errors=errors or {},
        notice=words.SESSION_OVER if request.query.get("fin") == "session" else "",
    )


def _find(
    request: web.Request, *, errors: dict[str, str] | None = None, typed: str = ""
) -> web.Response:
    return html(
        "pro_find.html",
        status=422 if errors else 200,
        face=request[VISIT].face,
        title="Trouver un patient",
        current="/pro",
        data_page="pro",
        wide=False,
        errors=errors or {},
        ins=typed,
    )
