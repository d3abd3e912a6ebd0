"""« Courriers en échec » : where they went, what was answered, once more or never (DSK-01)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.queues.letters import MAX_AGAIN, Letter, LetterDesk
from gateway.vault import words
from gateway.vault.desk.acting import acted, agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.paging import paged
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.said import END_WORDS, NOT_A_LETTER, answer_words, destination
from gateway.vault.desk.words import kind_words
from gateway.vault.porch import sorry
from gateway.vault.visit import VISIT

PLACE = "/desk/echecs"
BACK = (PLACE, "Courriers en échec")
ACTS = {
    "relancer": ("upkeep/letter_retry", "Relancer un courrier"),
    "abandonner": ("upkeep/letter_abandon", "Abandonner un courrier"),
}
"""The page before each act: its template and its title, by the end of its address."""
NOTICES = {
    "relance": "Courrier relancé.",
    "abandonne": "Courrier abandonné.",
}


async def letters_page(request: web.Request) -> web.Response:
    """Those of patients' own boxes apart, behind the others."""
    found = await _letters(request).listed()
    rows = [_row(one) for one in sorted(found.ended, key=lambda one: one.to_patient)]
    return desk_html(
        request,
        "upkeep/letters",
        title="Courriers en échec",
        place=PLACE,
        **paged(request, PLACE, rows, more=found.more),
        again=[_row(one) for one in found.again],
        again_more=len(found.again) == MAX_AGAIN,
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


async def retry_page(request: web.Request) -> web.Response:
    return await _ask(request, "relancer")


async def abandon_page(request: web.Request) -> web.Response:
    return await _ask(request, "abandonner")


async def retry(request: web.Request) -> web.Response:
    act = _letters(request).retry(agent_of(request), _number(request))
    return await acted(request, act, then=f"{PLACE}?fait=relance", over=_over)


async def abandon(request: web.Request) -> web.Response:
    reason, errors = await reason_of(request)
    if errors:
        return await _ask(request, "abandonner", errors=errors, reason=reason)
    act = _letters(request).abandon(agent_of(request), _number(request), reason)
    return await acted(request, act, then=f"{PLACE}?fait=abandonne", over=_over)


async def _ask(
    request: web.Request, act: str, *, errors: Mapping[str, str] = NO_ERRORS, reason: str = ""
) -> web.Response:
    """The page before an act (PAGES 2, rule 8)."""
    number = _number(request)
    try:
        letter = await _letters(request).show(number)
    except RefusedError:
        return _over(request) if errors else sorry(request[VISIT], 404, words.NOT_HERE)
    template, title = ACTS[act]
    return desk_html(
        request,
        template,
        title=title,
        place=f"{PLACE}/{number}",
        errors=errors,
        back=BACK,
        action=f"{PLACE}/{number}/{act}",
        one=_row(letter),
        reason=reason,
    )


def _over(request: web.Request, _error: RefusedError | None = None) -> web.Response:
    """The second of two who ended it does nothing, and is told."""
    return sorry(request[VISIT], 409, NOT_A_LETTER, refusal="plus-en-echec", back=BACK)


def _letters(request: web.Request) -> LetterDesk:
    letters = desk_of(request).letters
    if letters is None:
        raise RefusedError("this house shows its letters to nobody")
    return letters


def _number(request: web.Request) -> int:
    return int(request.match_info["number"])


def _row(one: Letter) -> dict[str, object]:
    return {
        "number": one.number,
        "kind": kind_words(one.kind),
        "to": destination(one),
        "to_patient": one.to_patient,
        "lane": one.in_turn,
        "end": END_WORDS[one.said.end],
        "codes": one.said.codes,
        "answer": answer_words(one.said),
        "tries": one.tries,
        "at": one.at,
        "due_at": one.due_at,
    }
