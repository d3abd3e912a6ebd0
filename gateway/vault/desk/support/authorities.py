"""`/desk/representants`: what one agent entered of representatives, for another one to confirm
(VAULT DSK-06)."""

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.authority import address_of, reference_of_authority
from gateway.flows.family.recording import Authority, Waiting
from gateway.flows.identity.propose import SamePersonError
from gateway.records.patients.invitation import last_day as final_day
from gateway.vault import words
from gateway.vault.desk.acting import acted, agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.support.authority import KINDS
from gateway.vault.desk.support.call import authorities_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.visit import VISIT

PLACE = "/desk/representants"
WHAT = {
    Authority.PARENT: "devient représentant légal (parent)",
    Authority.GUARDIAN: "devient tuteur ou tutrice",
    Authority.WITHDRAWN: "n'est plus représentant légal",
}
WAITS_NO_MORE = (
    "Cette demande n'attend plus : une autre personne y a répondu, ou la situation a changé."
)
NOTICES = {
    "validee": "Demande validée. Les personnes concernées en sont averties.",
    "ecartee": "Demande écartée. Rien n'est changé.",
}


async def authorities_page(request: web.Request) -> web.Response:
    agent_of(request)
    operator = request[VISIT].agent()
    return desk_html(
        request,
        "support/authorities",
        title="Représentants à valider",
        place=PLACE,
        rows=[_row(one) for one in await authorities_of(request).waiting()],
        mine=operator.number,
        second="valideur" in operator.roles,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


def _row(one: Waiting) -> dict[str, object]:
    return {
        "address": address_of(one),
        "reference": reference_of_authority(one),
        "what": WHAT[one.authority],
        "at": one.choice.since,
        "by": one.choice.by,
    }


async def authority_page(request: web.Request) -> web.Response:
    """What a second person agrees to (PAGES section 2, rule 8)."""
    desk = authorities_of(request)
    one = await desk.one(request.match_info["id"])
    of, whose = await desk.names(one)
    return desk_html(
        request,
        "support/authority_agree",
        title="Valider un représentant",
        place=f"{PLACE}/{address_of(one)}",
        one=_row(one),
        of=of,
        whose=whose,
        paper=one.paper,
        kind=KINDS[one.paper.kind] if one.paper else "",
        end=final_day(one.paper.until) if one.paper and one.paper.until else None,
        own=one.choice.by == request[VISIT].agent().number,
    )


async def agree(request: web.Request) -> web.Response:
    """Who entered it gets 403 (VAULT section 16 "Bad input")."""
    try:
        await authorities_of(request).confirm(agent_of(request), request.match_info["id"])
    except SamePersonError:
        return sorry(request[VISIT], 403, words.NOT_THE_SAME_PERSON, refusal="quatre-yeux")
    except RefusedError as error:
        return _over(request, error)
    return see_other(f"{PLACE}?fait=validee")


async def decline(request: web.Request) -> web.Response:
    act = authorities_of(request).decline(agent_of(request), request.match_info["id"])
    return await acted(request, act, then=f"{PLACE}?fait=ecartee", over=_over)


def _over(request: web.Request, _error: RefusedError) -> web.Response:
    return sorry(request[VISIT], 409, WAITS_NO_MORE, refusal="plus-en-attente")
