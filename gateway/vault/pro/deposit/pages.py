"""« Déposer un document », « Remplacer »: one form, sent through the intake flow of every door."""

from collections.abc import Iterator

from aiohttp import web

from gateway.access.time import is_minor, one_month_after, two_weeks_after
from gateway.flows.depositing.by_hand import MAX_FILE_BYTES, DepositByHand
from gateway.flows.depositing.own import UNTYPED, SettledError, may_do
from gateway.flows.reading.decided.gate import Gate
from gateway.mapping.labels import LABEL_TEXTS
from gateway.mapping.labels.choosing import BY_CODE, TypeChoice, types_named
from gateway.records.documents.document import Label
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, DocumentFacts
from gateway.records.readers.own_try import Tried
from gateway.vault.porch import see_other, sorry
from gateway.vault.pro.deposit import words as said
from gateway.vault.pro.deposit.form import Filled, brought_by, errors_in, filled_of
from gateway.vault.pro.find import record_address
from gateway.vault.pro.patient import patient_of, who_of
from gateway.vault.pro.tries import note
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

FORM_BYTES = MAX_FILE_BYTES + 65_536
KEY_REUSED = "key-reused"
MAX_SEARCH_CHARACTERS = 100


def deposits_of(request: web.Request) -> DepositByHand:
    return request[ROOMS].deposits


async def deposit_page(request: web.Request) -> web.Response:
    return await _page(request, patient_of(request), Filled())


async def replace_page(request: web.Request) -> web.Response:
    document = request.match_info["id"]
    reader = request[VISIT].anybody()
    try:
        card = await may_do(request[ROOMS].read, reader, AccessAction.REPLACE, document)
    except SettledError as error:
        return settled(request, error.card)
    filled = Filled(type=card.type_code or "")
    return await _page(request, card.patient, filled, replaces=document)


async def deposit(request: web.Request) -> web.Response:
    return await _sent(request, patient_of(request))


async def replace_deposit(request: web.Request) -> web.Response:
    document = request.match_info["id"]
    reader = request[VISIT].anybody()
    try:
        card = await may_do(request[ROOMS].read, reader, AccessAction.REPLACE, document)
    except SettledError as error:
        return await _sent_late(request, error.card)
    return await _sent(request, card.patient, replaces=document)


async def _sent_late(request: web.Request, card: Card) -> web.Response:
    """A form whose document was replaced or withdrawn: 303 to its own receipt where it is what
    replaced it, so that a second click is no error; else 409."""
    reader, filled = request[VISIT].anybody(), await filled_of(request)
    gate = await request[ROOMS].read.gate(reader, card.patient)
    if card.status is not DocumentStatus.SUPERSEDED or errors_in(filled, gate):
        return settled(request, card)
    brought = brought_by(filled, replaces=card.id)
    answer = (await deposits_of(request)(reader, card.patient, brought)).answer
    if answer.verdict is Verdict.REFUSE:
        return settled(request, card)
    return see_other(f"{record_address(card.patient)}/depots/{answer.receipt}")


def settled(request: web.Request, card: Card) -> web.Response:
    """409: somebody holds a form about an own document that is not the current one any more."""
    return sorry(
        request[VISIT],
        409,
        said.SETTLED[card.status],
        refusal="plus-en-cours",
        back=(f"{record_address(card.patient)}/depots", "Mes dépôts dans ce dossier"),
    )


async def _sent(
    request: web.Request, key: PatientKey, *, replaces: str | None = None
) -> web.Response:
    """303 to the receipt once it is durable; 422 with every error and the values kept."""
    reader, filled = request[VISIT].anybody(), await filled_of(request)
    gate = await request[ROOMS].read.gate(reader, key)
    errors = errors_in(filled, gate)
    if errors:
        return await _page(request, key, filled, errors=errors, replaces=replaces)
    brought = brought_by(filled, replaces=replaces)
    answer = (await deposits_of(request)(reader, key, brought)).answer
    if answer.verdict is not Verdict.REFUSE:
        return see_other(f"{record_address(key)}/depots/{answer.receipt}")
    await note(request, Tried.DEPOSIT, permitted=False, patient=key)
    return await _page(
        request,
        key,
        filled,
        errors=said.errors_of(answer.findings),
        findings=answer.findings,
        receipt=answer.receipt,
        replaces=replaces,
    )


async def _page(
    request: web.Request,
    key: PatientKey,
    filled: Filled,
    *,
    errors: dict[str, str] | None = None,
    findings: tuple[Finding, ...] = (),
    receipt: str = "",
    replaces: str | None = None,
) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    gate = await rooms.read.gate(visit.anybody(), key)
    allowed = gate.may(AccessAction.DEPOSIT, UNTYPED)
    if not allowed.permitted:
        return sorry(visit, 403, why_not(allowed), refusal="depot")
    asked = request.query.get("q", "")[:MAX_SEARCH_CHARACTERS]
    reused = any(one.code == KEY_REUSED for one in findings)
    return html(
        "pro/deposit.html",
        status=422 if errors else 200,
        face=visit.face,
        title="Remplacer un document" if replaces else "Déposer un document",
        current="",
        data_page="pro/deposer",
        errors=errors or {},
        findings=findings,
        receipt=receipt,
        back=record_address(key),
        address=request.path,
        replaces=replaces,
        who=who_of(gate, await rooms.people.person(key)),
        filled=filled,
        cle=filled.cle if filled.cle and not reused else rooms.ids.secret(),
        asked=asked,
        more=_types(gate, asked, filled.type),
        minor=is_minor(gate.record.birth_date, gate.now),
        told_at=two_weeks_after(gate.now),
        opens_at=one_month_after(gate.now),
    )


def why_not(decision: Decision) -> str:
    return said.WHY_NOT.get(decision.rule, said.NOT_HERE)


def _types(gate: Gate, asked: str, chosen: str) -> dict[str, object]:
    """The types that this person may deposit here, under their labels; `only` where the words
    searched for leave a single one."""
    every = [one for one in types_named("") if _may_deposit(gate, one)]
    named = set(types_named(asked))
    found = [one for one in every if one in named]
    only = found[0] if asked and len(found) == 1 else BY_CODE.get(chosen)
    return {
        "shelves": list(_by_label(found or every)),
        "nothing_found": bool(asked) and not found,
        "count": len(found),
        "only": only,
        "only_label": LABEL_TEXTS[only.label] if only else "",
    }


def _may_deposit(gate: Gate, one: TypeChoice) -> bool:
    return gate.may(AccessAction.DEPOSIT, DocumentFacts(type=one.code)).permitted


def _by_label(types: list[TypeChoice]) -> Iterator[tuple[str, list[TypeChoice]]]:
    for label in Label:
        if some := [one for one in types if one.label is label]:
            yield LABEL_TEXTS[label], some
