"""« Courriers en échec » : where they went, what was answered, once more or never (DSK-01)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.letters import MAX_AGAIN, Letter, LetterDesk
from gateway.vault import words
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.identities import agent_of, wrong_reason
from gateway.vault.desk.paging import paged
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.said import END_WORDS, NOT_A_LETTER, answer_words, destination
from gateway.vault.desk.words import KIND_WORDS
from gateway.vault.porch import see_other, sorry
from gateway.vault.signin import field
from gateway.vault.visit import VISIT

PLACE = "/desk/echecs"
REASON = "motif"
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
    return await _ask(request, "upkeep/letter_retry", "Relancer un courrier")


async def abandon_page(request: web.Request) -> web.Response:
    return await _ask_abandon(request)


async def retry(request: web.Request) -> web.Response:
    try:
        await _letters(request).retry(agent_of(request), _number(request))
    except RefusedError:
        return _over(request)
    return see_other(f"{PLACE}?fait=relance")


async def abandon(request: web.Request) -> web.Response:
    reason = (await field(request, REASON)).strip()
    if errors := wrong_reason(REASON, reason):
        return await _ask_abandon(request, errors=errors, reason=reason)
    try:
        await _letters(request).abandon(agent_of(request), _number(request), reason)
    except RefusedError:
        return _over(request)
    return see_other(f"{PLACE}?fait=abandonne")


async def _ask_abandon(
    request: web.Request, *, errors: Mapping[str, str] = NO_ERRORS, reason: str = ""
) -> web.Response:
    return await _ask(
        request, "upkeep/letter_abandon", "Abandonner un courrier", errors=errors, reason=reason
    )


async def _ask(
    request: web.Request,
    name: str,
    title: str,
    *,
    errors: Mapping[str, str] = NO_ERRORS,
    reason: str = "",
) -> web.Response:
    """The page before an act (PAGES 2, rule 8)."""
    number = _number(request)
    try:
        letter = await _letters(request).show(number)
    except RefusedError:
        return _over(request) if errors else sorry(request[VISIT], 404, words.NOT_HERE)
    return desk_html(
        request,
        name,
        title=title,
        place=f"{PLACE}/{number}",
        errors=errors,
        one=_row(letter),
        reason=reason,
    )


def _over(request: web.Request) -> web.Response:
    """The second of two who ended it does nothing, and is told."""
    back = (PLACE, "Courriers en échec")
    return sorry(request[VISIT], 409, NOT_A_LETTER, refusal="plus-en-echec", back=back)


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
        "kind": KIND_WORDS[one.kind],
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
