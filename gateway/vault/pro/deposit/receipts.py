"""« Mes dépôts »: own receipts, also without the patient's agreement, and withdrawing (CHO-05)."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from gateway.flows.depositing.own import (
    UNTYPED,
    OwnDeposit,
    SettledError,
    may_do,
    own_deposits,
    withdraw,
)
from gateway.mapping.labels import LABEL_TEXTS
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Receipt
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.readers.access import AccessAction
from gateway.vault.document.listing import page_number, page_of
from gateway.vault.porch import see_other
from gateway.vault.pro.deposit.pages import deposits_of, settled
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of, who_of
from gateway.vault.pro.shelves import kind_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

STATES = {
    DocumentStatus.CURRENT: "déposé",
    DocumentStatus.SUPERSEDED: "remplacé",
    DocumentStatus.WITHDRAWN: "supprimé",
}
DONE = {
    "retire": "Document supprimé. Le patient en est averti.",
    "annonce": "Document rendu visible au patient",
}
ALREADY = "already-filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One own deposit: its type and dates, never its title."""

    id: str
    kind: str
    label: str
    act_date: str | None
    deposited_at: datetime
    state: str
    receipt: str
    may_replace: bool
    may_withdraw: bool
    waits: bool


async def receipts_page(request: web.Request) -> web.Response:
    visit, rooms, key = request[VISIT], request[ROOMS], patient_of(request)
    reader = visit.anybody()
    own = await own_deposits(rooms.read, reader, key)
    gate = await rooms.read.gate(reader, key)
    rows, page, pages = page_of(own, page_number(request.query))
    return html(
        "pro/receipts.html",
        face=visit.face,
        title="Mes dépôts",
        current="",
        data_page="pro/depots",
        done=DONE.get(request.query.get("fait", ""), ""),
        address=record_address(key),
        who=who_of(gate, await rooms.people.person(key)),
        may_deposit=gate.may(AccessAction.DEPOSIT, UNTYPED).permitted,
        lines=[_line(one) for one in rows],
        total=len(own),
        page=page,
        pages=pages,
        previous=f"?page={page - 1}" if page > 1 else "",
        following=f"?page={page + 1}" if page < pages else "",
    )


def _line(one: OwnDeposit) -> Line:
    card = one.card
    return Line(
        id=card.id,
        kind=kind_of(card.type_code),
        label=LABEL_TEXTS[card.label],
        act_date=card.act_date,
        deposited_at=card.deposited_at,
        state=STATES[card.status],
        receipt=card.receipt,
        may_replace=one.may_replace,
        may_withdraw=one.may_withdraw,
        waits=one.waits,
    )


async def receipt_page(request: web.Request) -> web.Response:
    """The result of one deposit: what a page owes for a 303."""
    visit, rooms, key = request[VISIT], request[ROOMS], patient_of(request)
    reader = visit.anybody()
    receipt = await deposits_of(request).receipt(reader, key, request.match_info["id"])
    gate = await rooms.read.gate(reader, key)
    return html(
        "pro/receipt.html",
        face=visit.face,
        title="Reçu de dépôt",
        current="",
        data_page="pro/depots",
        address=record_address(key),
        who=who_of(gate, await rooms.people.person(key)),
        receipt=receipt,
        verdict=receipt.answer.verdict.value,
        sentence=_sentence(receipt),
        filed=[_filed(one.label, one.type_code) for one in receipt.answer.documents],
        findings=[one for one in receipt.answer.findings if one.severity is not Severity.INFO],
    )


def _filed(label: object, type_code: str | None) -> tuple[str, str]:
    names = {str(one): text for one, text in LABEL_TEXTS.items()}
    return kind_of(type_code), names[str(label)]


def _sentence(receipt: Receipt) -> str:
    match receipt.answer.verdict:
        case Verdict.ACCEPT if _has(receipt.answer.findings, ALREADY):
            return "Ce document était déjà déposé : rien n'a été ajouté."
        case Verdict.ACCEPT:
            return "Document déposé"
        case Verdict.HOLD:
            return "Document reçu, en attente d'une vérification avant d'être rangé"
        case Verdict.REFUSE:
            return "Document refusé"


def _has(findings: tuple[Finding, ...], code: str) -> bool:
    return any(one.code == code for one in findings)


async def withdraw_page(request: web.Request) -> web.Response:
    """What cannot be undone has a page of its own (PAGES section 2, 8)."""
    visit, document = request[VISIT], request.match_info["id"]
    try:
        card = await may_do(request[ROOMS].read, visit.anybody(), AccessAction.DELETE, document)
    except SettledError as error:
        return settled(request, error.card)
    return html(
        "pro/withdraw.html",
        face=visit.face,
        title="Supprimer ce document",
        current="",
        data_page="pro/retirer",
        address=f"/pro/documents/{document}/retirer",
        back=f"{record_address(card.patient)}/depots",
        kind=kind_of(card.type_code),
        act_date=card.act_date,
        deposited_at=card.deposited_at,
    )


async def withdraw_document(request: web.Request) -> web.Response:
    read, reader = request[ROOMS].read, request[VISIT].anybody()
    try:
        key = await withdraw(read, reader, request.match_info["id"])
    except SettledError as error:
        return settled(request, error.card)
    return see_other(f"{record_address(key)}/depots?fait=retire")
