"""« Ajouter un document », « Modifier » : one form, sent through the intake flow of every door."""

from aiohttp import web

from gateway.errors import DeniedError, RefusedError
from gateway.flows.depositing.by_patient import DepositOwn, NotOwnError
from gateway.flows.depositing.directives import DirectivesStandError
from gateway.flows.depositing.foreseen import who_will_see
from gateway.flows.reading.read import Opened
from gateway.mapping.files.own_file import MAX_FILES
from gateway.mapping.labels.own import CATEGORY_OF, PAPERS
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.readers.access import AccessAction
from gateway.vault.patient.own import words as said
from gateway.vault.patient.own.form import (
    Filled,
    brought_by,
    categories_for,
    errors_in,
    filled_of,
    filled_with,
)
from gateway.vault.patient.own.piece import filled_by, with_piece
from gateway.vault.porch import see_other, sorry
from gateway.vault.reasons import denied
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS, VaultRooms
from gateway.vault.visit import VISIT

LIST = "/documents"
KEY_REUSED = "key-reused"
FORM_BYTES = 50_000_000
"""Of all files of one form; what each may have is a setting, and looked at once it is here."""


def not_own(request: web.Request) -> web.Response:
    """403: a change of what a professional brought, which this reader sees."""
    visit = request[VISIT]
    back = (LIST, visit.face.shelf)
    return sorry(visit, 403, said.NOT_OWN, refusal="professionnel", back=back)


def own_of(request: web.Request) -> DepositOwn:
    return request[ROOMS].own


async def add_page(request: web.Request) -> web.Response:
    """By GET, with the piece of a message that a link names."""
    piece = request.query.get("piece", "")
    chosen = Filled(categorie=request.query.get("categorie", ""))
    return await _page(request, await filled_by(request, piece) if piece else chosen)


async def change_page(request: web.Request) -> web.Response:
    """An own document as it is; 403 for what a professional brought."""
    _, reader = request[VISIT].holder()
    opened = await request[ROOMS].read.open_document(reader, request.match_info["id"])
    if not opened.card.by_patient:
        return not_own(request)
    if not may_change(opened):
        return sorry(request[VISIT], 409, said.CHANGED, refusal="version")
    return await _page(request, filled_with(opened), replaces=opened.card.id)


def may_change(opened: Opened) -> bool:
    """Of the categories that a page offers: another one would be given away by its form."""
    card = opened.card
    known = card.by_patient and card.type_code in CATEGORY_OF
    return known and opened.gate.may(AccessAction.REPLACE, opened.facts).permitted


def may_delete(opened: Opened) -> bool:
    return opened.gate.may(AccessAction.DELETE, opened.facts).permitted


def too_large(rooms: VaultRooms) -> str:
    """Of a form that is not read to its end."""
    return said.too_large(rooms.own.max_bytes)


async def add(request: web.Request) -> web.Response:
    return await _sent(request)


async def change(request: web.Request) -> web.Response:
    return await _sent(request, replaces=request.match_info["id"])


async def _sent(request: web.Request, *, replaces: str | None = None) -> web.Response:
    """303 to the document once it is durable; else the page with every error, the words kept."""
    patient, reader = request[VISIT].holder()
    filled = await with_piece(request, await filled_of(request))
    gate = await request[ROOMS].read.gate(reader, patient)
    errors = errors_in(filled, gate, needs_file=replaces is None)
    if errors:
        if replaces is not None and not await _is_own(request, replaces):
            return not_own(request)
        return await _page(request, filled, errors=errors, replaces=replaces)
    brought = brought_by(filled, replaces=replaces)
    try:
        answer = (await own_of(request)(reader, patient, brought)).answer
    except NotOwnError:
        return not_own(request)
    except DeniedError as error:
        if replaces is not None:
            raise
        visit = request[VISIT]
        why, back = denied(error, visit.face.of), (LIST, visit.face.shelf)
        return sorry(visit, 403, why, refusal="depot", back=back)
    except RefusedError as error:
        return await _not_taken(request, filled, error, replaces=replaces)
    if answer.verdict is Verdict.REFUSE:
        return await _refused(request, filled, answer.findings, replaces=replaces)
    return see_other(_place(answer, changed=replaces is not None))


async def _is_own(request: web.Request, document: str) -> bool:
    """Asked where the flow is not: a form with errors tells nothing of what is not there."""
    _, reader = request[VISIT].holder()
    opened = await request[ROOMS].read.open_document(reader, document)
    return opened.card.by_patient


def _place(answer: Answer, *, changed: bool) -> str:
    if answer.verdict is Verdict.HOLD or not answer.documents:
        return f"{LIST}?depot=attente"
    return f"{LIST}/{answer.documents[0].id}?fait={'modifie' if changed else 'ajoute'}"


async def _not_taken(
    request: web.Request, filled: Filled, error: RefusedError, *, replaces: str | None
) -> web.Response:
    if isinstance(error, DirectivesStandError):
        told = {"categorie": said.WRITTEN if error.written else said.FILED}
        return await _page(
            request, filled, errors=told, refusal="directives", status=409, replaces=replaces
        )
    found = error.finding or said.UNDRAWABLE
    return await _refused(request, filled, (found,), replaces=replaces)


async def _refused(
    request: web.Request, filled: Filled, findings: tuple[Finding, ...], *, replaces: str | None
) -> web.Response:
    status, field, words, code = said.first_of(findings, own_of(request).max_bytes)
    again = any(one.code == KEY_REUSED for one in findings)
    return await _page(
        request,
        filled,
        errors={field: words},
        refusal=code,
        status=status,
        replaces=replaces,
        fresh=again,
    )


async def _page(
    request: web.Request,
    filled: Filled,
    *,
    errors: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 422,
    replaces: str | None = None,
    fresh: bool = False,
) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    gate = await rooms.read.gate(reader, patient)
    back = f"{LIST}/{replaces}" if replaces else LIST
    return html(
        "patient/own/deposit.html",
        status=status if errors else 200,
        face=visit.face,
        title="Modifier ce document" if replaces else "Ajouter un document",
        current=LIST,
        data_page=f"documents/{replaces}/modifier" if replaces else "documents/ajouter",
        errors=errors or {},
        refusal=refusal,
        address=f"{back}/modifier" if replaces else f"{LIST}/ajouter",
        back=back,
        replaces=replaces,
        filled=filled,
        cle=filled.cle if filled.cle and not fresh else rooms.ids.secret(),
        categories=categories_for(gate).items(),
        papers=PAPERS.items(),
        most=said.megabytes(own_of(request).max_bytes),
        most_files=MAX_FILES,
        foreseen=await who_will_see(rooms.read, gate),
    )
