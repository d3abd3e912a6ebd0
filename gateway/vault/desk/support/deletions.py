"""`/desk/suppressions`: what is to be deleted, by when; those on paper that wait for a second
person (VAULT DSK-07); and what was erased, by numbers alone."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.identity.propose import SamePersonError
from gateway.flows.leaving.paper import MOST
from gateway.flows.leaving.proof import DELETION, reference_of
from gateway.records.patients.account import AccountState, Tie
from gateway.records.patients.erasure import Cause
from gateway.records.patients.leaving import Deletion, Ended, clocks_turn, deletion_due, is_red
from gateway.records.patients.patient import PatientKey
from gateway.vault import words
from gateway.vault.desk.acting import acted, agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.paging import paged
from gateway.vault.desk.support.call import papers_of
from gateway.vault.family.profiles import key_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PLACE = "/desk/suppressions"
SHOWN = 50
CAUSE_WORDS = {
    Cause.ASKED: "demandée",
    Cause.ARCHIVE: "dix ans après la fermeture",
    Cause.KEY_LOST: "clé perdue",
}
NOTICES = {
    "validee": "Demande validée. Une lettre de confirmation part vers la personne.",
    "ecartee": "Demande écartée. Rien n'est supprimé.",
}
WAITS_NO_MORE = (
    "Cette demande n'attend plus : une autre personne y a répondu, ou l'espace a changé."
)


async def deletions_page(request: web.Request) -> web.Response:
    agent_of(request)
    rooms = request[ROOMS]
    now = rooms.clock.now()
    found = await rooms.leaving.departures.deletions(limit=MOST + 1)
    rows = [_row(one, red=is_red(one.asked_at, now)) for one in found[:MOST]]
    return desk_html(
        request,
        "support/deletions",
        title="Suppressions",
        place=PLACE,
        **paged(request, PLACE, rows, more=len(found) > MOST),
        ended=[_ended(one) for one in await rooms.leaving.departures.ended(limit=SHOWN)],
        shown=SHOWN,
        papers=[_paper(one) for one in await papers_of(request).waiting()],
        mine=request[VISIT].agent().number,
        second="valideur" in request[VISIT].agent().roles,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


def _row(one: Deletion, *, red: bool) -> dict[str, object]:
    """By its reference: it names nobody."""
    return {
        "key": one.patient.hex(),
        "reference": reference_of(DELETION, one.patient, one.asked_at),
        "asked": one.asked_at,
        "turn": clocks_turn(one.asked_at),
        "due": deletion_due(one.asked_at),
        "red": red,
        "begun": one.state is AccountState.ERASING,
    }


def _ended(one: Ended) -> dict[str, object]:
    """Who said yes by number or by the name given to the command; nobody where the clock did."""
    return {
        "id": one.id,
        "at": one.at,
        "since": one.since,
        "cause": CAUSE_WORDS[one.cause] if one.cause else "",
        "by": [who for who in (one.proposed_by, one.by) if who],
        "known": one.cause is not None,
        "under_way": one.is_under_way,
    }


def _paper(one: Tie) -> dict[str, object]:
    return {
        "key": one.patient.hex(),
        "reference": reference_of(DELETION, one.patient, one.choice.since),
        "at": one.choice.since,
        "by": one.choice.by,
    }


async def paper_page(request: web.Request) -> web.Response:
    """What a second person agrees to."""
    tie = await papers_of(request).one(_patient(request))
    return desk_html(
        request,
        "support/paper_agree",
        title="Valider une suppression",
        place=f"{PLACE}/{tie.patient.hex()}",
        one=_paper(tie),
        due=deletion_due(tie.choice.since),
        own=tie.choice.by == request[VISIT].agent().number,
    )


async def agree(request: web.Request) -> web.Response:
    """Who entered it gets 403 (VAULT section 16 "Bad input")."""
    try:
        await papers_of(request).confirm(agent_of(request), _patient(request))
    except SamePersonError:
        return sorry(request[VISIT], 403, words.NOT_THE_SAME_PERSON, refusal="quatre-yeux")
    except RefusedError as error:
        return _over(request, error)
    return see_other(f"{PLACE}?fait=validee")


async def decline(request: web.Request) -> web.Response:
    act = papers_of(request).decline(agent_of(request), _patient(request))
    return await acted(request, act, then=f"{PLACE}?fait=ecartee", over=_over)


def _patient(request: web.Request) -> PatientKey:
    """Raises DeniedError for what is no key."""
    found = key_of(request.match_info["id"])
    return found if found is not None else PatientKey(b"")


def _over(request: web.Request, _error: RefusedError) -> web.Response:
    return sorry(request[VISIT], 409, WAITS_NO_MORE, refusal="plus-en-attente")
