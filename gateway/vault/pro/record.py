"""One record before a professional: the five conditions, the agreement, documents by label."""

from dataclasses import dataclass

from aiohttp import web

from gateway.access.consent import has_care_consent
from gateway.access.decide import NO_GRID
from gateway.access.question import Question, columns
from gateway.errors import DeniedError, RefusedError
from gateway.flows.choices.care import agree, refuse
from gateway.flows.reading.asking import NOT_THERE
from gateway.flows.reading.facts import document_facts
from gateway.flows.reading.gate import Gate
from gateway.records.access import AccessAction, Account, DocumentFacts
from gateway.records.document import Label
from gateway.records.filing import Card
from gateway.records.patient import PatientKey
from gateway.vault import words
from gateway.vault.document.listing import row_of
from gateway.vault.porch import see_other
from gateway.vault.pro.find import record_address
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signin import field
from gateway.vault.visit import VISIT

KEY_BYTES = 16
DONE = {
    "accord": "Accord enregistré",
    "refus": "Refus enregistré",
    "annonce": "Document rendu visible au patient",
    "urgence": "Accès en urgence ouvert",
    "fin-urgence": "Accès en urgence terminé",
}
OPEN = frozenset({Account.OPEN, Account.ACTIVE})
WAITING = "INVISIBLE_PATIENT"


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the five of RULES A1, as a line of the page."""

    name: str
    met: bool


async def record_page(request: web.Request) -> web.Response:
    return await record_view(request)


async def record_view(
    request: web.Request, *, errors: dict[str, str] | None = None
) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    reader, key = visit.anybody(), patient_of(request)
    listing = await rooms.read.list_documents(reader, key)
    gate = await rooms.read.gate(reader, key)
    return html(
        "record.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Documents du patient",
        current="",
        data_page="pro/patients",
        wide=False,
        errors=errors or {},
        done=DONE.get(request.query.get("fait", ""), ""),
        refused=not listing.standing.permitted,
        conditions=conditions(gate),
        address=record_address(key),
        team=await _team(request),
        emergency=gate.circumstances if gate.is_emergency else None,
        shelves=_by_label(listing.cards),
        waiting=[card.id for card in listing.cards if _may_announce(gate, card)],
    )


async def _team(request: web.Request) -> str:
    """The name of the professional's organisation; "" where he has none."""
    reader = request[VISIT].anybody()
    known = await request[ROOMS].people.professionals()
    return next((one.organization_name or "" for one in known if one.id == reader.id), "")


def conditions(gate: Gate) -> list[Condition]:
    """Dossier, INS, Accord, Authentification, Habilitation: what is met, never why not."""
    nothing = DocumentFacts(type="none")
    question = Question(
        gate.reader,
        AccessAction.OPEN,
        nothing,
        gate.record,
        gate.circumstances,
        gate.switches,
        NO_GRID,
        gate.now,
    )
    agreed = gate.standing().permitted or has_care_consent(question)
    known = set(gate.grid.professions())
    entitled = columns(gate.reader)
    return [
        Condition("Dossier", gate.record.account in OPEN),
        Condition("INS", gate.record.qualified),
        Condition("Accord", agreed),
        Condition("Authentification", gate.reader.authenticated),
        Condition("Habilitation", bool(entitled) and known.issuperset(entitled)),
    ]


def _may_announce(gate: Gate, card: Card) -> bool:
    """Own documents that the patient waits for (« Rendre visible au patient »)."""
    waits = WAITING in card.codes and card.announced_at is None
    return waits and gate.may(AccessAction.ANNOUNCE, document_facts(card)).permitted


def _by_label(cards: tuple[Card, ...]) -> list[tuple[str, list[object]]]:
    """Only labels that hold something this reader may see."""
    shelves = []
    for label in Label:
        rows = [row_of(card, for_patient=False) for card in cards if card.label is label]
        if rows:
            shelves.append((words.LABEL_WORDS[label], list[object](rows)))
    return shelves


async def record_agreement(request: web.Request) -> web.Response:
    """« J'ai informé le patient, il est d'accord »: for me, or for my care team (CHO-03)."""
    reader, key = request[VISIT].anybody(), patient_of(request)
    if await field(request, "informe") != "oui":
        return await record_view(request, errors={"informe": words.TELL_PATIENT})
    team = await field(request, "pour") == "equipe"
    target = reader.team if team else reader.id
    if not target:
        raise RefusedError("this professional has no care team")
    await agree(request[ROOMS].read, reader, key, target, team=team)
    return see_other(f"{record_address(key)}?fait=accord")


async def record_refusal(request: web.Request) -> web.Response:
    """« Le patient refuse » (CHO-04)."""
    reader, key = request[VISIT].anybody(), patient_of(request)
    await refuse(request[ROOMS].read, reader, key, reader.id or "")
    return see_other(f"{record_address(key)}?fait=refus")


def patient_of(request: web.Request) -> PatientKey:
    """The record of the address. Raises DeniedError for what is no key."""
    try:
        key = bytes.fromhex(request.match_info["patient"])
    except ValueError:
        raise DeniedError(NOT_THERE) from None
    if len(key) != KEY_BYTES:
        raise DeniedError(NOT_THERE)
    return PatientKey(key)
