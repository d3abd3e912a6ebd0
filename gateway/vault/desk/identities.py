"""« Identités en attente » and « À valider » (VAULT DSK-09): no content, no title, no label, no
value of anybody's identity: only whether it agrees."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.held import SAID, Attachment, HeldDesk, HeldReceipt
from gateway.flows.desk.messages.listing import shown_finding
from gateway.flows.identity.candidates import Candidate
from gateway.flows.identity.parting import PARTING
from gateway.flows.identity.propose import BeingSettledError, SamePersonError
from gateway.flows.identity.qualify import DISAGREEMENTS
from gateway.flows.identity.why import CannotBeError
from gateway.records.intake.finding import Verdict
from gateway.records.patients.index import DeskAct, Proposal
from gateway.vault import words
from gateway.vault.desk.acting import acted, agent_of, reason_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.paging import paged
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.words import (
    ACT_WORDS,
    DOOR_WORDS,
    EFFECT_WORDS,
    STATE_WORDS,
    sender_words,
    why_not,
)
from gateway.vault.forms import fields_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

HELD, WAITING = "/desk/identites", "/desk/a-valider"
REFUSAL, PARTING_REASON = "motif_refus", "motif_fin"
NOTICES = {
    "proposee": "Proposition enregistrée. Une autre personne doit la valider.",
    "refusee": "Dépôt refusé. Son émetteur peut le renvoyer corrigé.",
    "validee": "Proposition validée et appliquée.",
    "encore": "Proposition validée. Le dépôt reste en attente : voyez ses constats.",
    "finie": "Proposition validée. Le dépôt est refusé.",
    "ouverte": "Ouverture acceptée : qui l'a demandée lit ces octets pendant une heure.",
    "non-ouverte": "Demande écartée. Rien n'est ouvert.",
    "referencee": "Fiche validée. Le catalogue est à jour.",
    "non-referencee": "Fiche écartée. Le catalogue ne change pas.",
    "retiree": "Proposition écartée. Le dépôt reste en attente.",
}

AGREED = {Verdict.ACCEPT: "validee", Verdict.HOLD: "encore", Verdict.REFUSE: "finie"}
"""What became of the deposit, as the keys of NOTICES say it."""


def _held(request: web.Request) -> HeldDesk:
    held = desk_of(request).held
    if held is None:
        raise RefusedError("this house settles no identity at its desk")
    return held


async def held_page(request: web.Request) -> web.Response:
    found = await _held(request).listed(agent_of(request))
    return desk_html(
        request,
        "held",
        title="Identités en attente",
        place=HELD,
        **paged(request, HELD, found.rows, more=found.more),
        doors=DOOR_WORDS,
        sender_words=sender_words,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


async def one_held_page(request: web.Request) -> web.Response:
    return await _one(request)


async def propose(request: web.Request) -> web.Response:
    """What a first person says; nothing changes before a second one agrees."""
    form = fields_of(request)
    act = _act(await field(request, "acte"))
    reason, errors = await reason_of(request, PARTING_REASON if act in PARTING else "motif")
    said = Attachment(
        receipt=request.match_info["id"],
        act=act,
        reason=reason,
        candidate=await field(request, "candidat"),
        despite_differences=await field(request, "malgre") == "oui",
        accepted=frozenset(str(one) for one in form.getall("constat", [])),
    )
    if said.act is DeskAct.QUALIFY and not said.candidate:
        errors["candidat"] = words.CHOOSE_CANDIDATE
    if errors:
        return await _one(request, errors=errors, said=said)
    try:
        await _held(request).propose(agent_of(request), said)
    except CannotBeError as error:
        return await _one(request, errors=why_not(error), said=said)
    except RefusedError:
        return await _one(request, errors={"candidat": words.NOT_PROPOSED}, said=said)
    return see_other(f"{HELD}?fait=proposee")


async def set_aside(request: web.Request) -> web.Response:
    reason, errors = await reason_of(request, REFUSAL, label="Motif du refus")
    if errors:
        return await _one(request, errors=errors, refusal=reason)
    act = _held(request).set_aside(agent_of(request), request.match_info["id"], reason)
    return await acted(request, act, then=f"{HELD}?fait=refusee", over=_stale)


async def waiting_page(request: web.Request) -> web.Response:
    agent_of(request)
    found = await _held(request).waiting()
    return desk_html(
        request,
        "waiting",
        title="À valider",
        place=WAITING,
        **paged(request, WAITING, found.rows, more=found.more),
        acts=ACT_WORDS,
        openings=await openings.waiting() if (openings := desk_of(request).openings) else [],
        listings=await listings.waiting() if (listings := desk_of(request).catalogue) else [],
        mine=request[VISIT].agent().number,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


async def proposal_page(request: web.Request) -> web.Response:
    try:
        found = await _held(request).examine(agent_of(request), request.match_info["id"])
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    proposal, candidate = found.proposal, found.candidate
    return desk_html(
        request,
        "proposal",
        title="Valider une proposition",
        place=f"{WAITING}/{proposal.id}",
        one=proposal,
        found=found,
        candidate=None if candidate is None else _candidate(candidate),
        people=_people(found.held),
        acts=ACT_WORDS,
        effects=EFFECT_WORDS,
        own=_own(request, proposal),
    )


async def validate(request: web.Request) -> web.Response:
    """Who proposed it gets 403 (VAULT section 16 "Bad input")."""
    try:
        answers = await _held(request).validate(agent_of(request), request.match_info["id"])
    except SamePersonError:
        return sorry(request[VISIT], 403, words.NOT_THE_SAME_PERSON, refusal="quatre-yeux")
    except RefusedError as error:
        return _stale(request, error)
    return see_other(f"{WAITING}?fait={AGREED[answers[0][1].verdict]}")


async def decline(request: web.Request) -> web.Response:
    act = _held(request).refuse(agent_of(request), request.match_info["id"])
    return await acted(request, act, then=f"{WAITING}?fait=retiree", over=_stale)


async def _one(
    request: web.Request,
    *,
    errors: Mapping[str, str] | None = None,
    said: Attachment | None = None,
    refusal: str = "",
) -> web.Response:
    """One held receipt, with what the form said; a form about one that is held no more is stale."""
    try:
        one = await _held(request).show(agent_of(request), request.match_info["id"])
    except RefusedError:
        return _stale(request) if errors else sorry(request[VISIT], 404, words.NOT_HERE)
    return desk_html(
        request,
        "held_one",
        title="Dépôt en attente",
        place=f"{HELD}/{one.receipt.id}",
        errors=errors or {},
        one=one,
        said=said,
        refusal=refusal,
        candidates=(candidates := [_candidate(each) for each in one.candidates]),
        disagrees=any(each["differs"] for each in candidates)
        or not DISAGREEMENTS.isdisjoint(one.looked_at),
        people=_people(one),
        acts=ACT_WORDS,
        parting=sorted(PARTING) if one.is_of_closed else (),
        doors=DOOR_WORDS,
        sender_words=sender_words,
        findings=_findings(one),
    )


def _stale(request: web.Request, why: RefusedError | None = None) -> web.Response:
    if isinstance(why, BeingSettledError):
        return sorry(request[VISIT], 409, words.BEING_SETTLED, refusal="en-traitement")
    return sorry(request[VISIT], 409, words.NOT_HELD_ANY_MORE, refusal="plus-en-attente")


def _candidate(one: Candidate) -> dict[str, object]:
    return {
        "key": one.person.key.hex(),
        "traits": [(word, one.agreement[name]) for name, word in SAID.items()],
        "differs": any(value is False for value in one.agreement.values()),
        "state": STATE_WORDS[one.person.state],
        "qualified": one.person.qualified,
    }


def _people(one: HeldReceipt) -> list[tuple[str, dict[str, object]]]:
    """Whom a message about people may name, in words, and how their traits agree."""
    known = [("Personne connue", _candidate(each)) for each in one.candidates]
    return known + [("Personne qui disparaît", _candidate(each)) for each in one.ending]


def _findings(one: HeldReceipt) -> list[tuple[str, str, bool]]:
    """Code, place and whether it holds; a place may be the name of a file, chosen by its sender."""
    findings = map(shown_finding, one.receipt.answer.findings)
    return [(each.code, each.where, each.holds) for each in findings]


def _act(text: str) -> DeskAct:
    """Raises RefusedError for one that there is not."""
    try:
        return DeskAct(text)
    except ValueError as error:
        raise RefusedError("no such act") from error


def _own(request: web.Request, proposal: Proposal) -> bool:
    return proposal.by == request[VISIT].agent().number
