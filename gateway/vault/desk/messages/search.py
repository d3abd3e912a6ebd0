"""« Messages »: 25 a page, found by what is known of one; never by INS, for an address is kept."""

from aiohttp import web

from gateway.flows.desk.messages.listing import MAX_TAKEN_AWAY
from gateway.records.intake.messages import Envelope, Envelopes
from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.messages.asked import CHOICES, Wanted, wanted_of, written
from gateway.vault.desk.messages.said import (
    MANY,
    MARKS,
    MESSAGES,
    VERDICT_WORDS,
    address,
    message_desk,
)
from gateway.vault.desk.words import DOOR_WORDS, lasted, sender_words
from gateway.vault.rooms import ROOMS
from gateway.vault.sheets import csv_file
from gateway.vault.words import number

COLUMNS = (
    "heure",
    "reçu",
    "émetteur",
    "porte",
    "format",
    "octets",
    "verdict",
    "constats",
    "délai en secondes",
)
NOTHING = Envelopes(rows=(), total=0)


async def messages_page(request: web.Request) -> web.Response:
    wanted = wanted_of(request.query)
    found, agent = NOTHING, agent_of(request)
    if not wanted.period.errors:
        search = wanted.search(request[ROOMS].clock.now())
        found = await message_desk(request).page(
            agent, search, said=wanted.pairs(), before=wanted.before
        )
    following = found.following
    return desk_html(
        request,
        "messages/messages",
        title=_title(wanted, found),
        place=MESSAGES,
        errors=wanted.period.errors,
        typed=wanted.typed,
        chosen=wanted.chosen,
        days=wanted.period.typed,
        choices=CHOICES,
        filtered=bool(wanted.pairs()),
        sentence=_sentence(wanted, found),
        rows=[_row(one) for one in found.rows],
        following=address(MESSAGES, {**wanted.pairs(), "avant": written(following)})
        if following
        else "",
        first=address(MESSAGES, wanted.pairs()) if wanted.before else "",
        more=MANY if found.more else "",
        as_csv=address(f"{MESSAGES}/csv", wanted.pairs()),
        most=number(MAX_TAKEN_AWAY),
    )


async def messages_csv(request: web.Request) -> web.Response:
    """The newest of the same list, envelope columns only; instants in UTC."""
    wanted = wanted_of(request.query)
    if wanted.period.errors:
        return await messages_page(request)
    search = wanted.search(request[ROOMS].clock.now())
    found = await message_desk(request).page(
        agent_of(request), search, said=wanted.pairs(), rows=MAX_TAKEN_AWAY
    )
    return csv_file("messages.csv", COLUMNS, map(_cells, found.rows))


def _cells(one: Envelope) -> tuple[str, ...]:
    delay = f"{(one.filed_at - one.at).total_seconds():.0f}" if one.filed_at else ""
    return (
        f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
        one.receipt,
        one.sender,
        one.door.value,
        one.format,
        str(one.size),
        one.verdict.value,
        " ".join(one.codes),
        delay,
    )


def _title(wanted: Wanted, found: Envelopes) -> str:
    """The filter stands in the title too: a window among others is found again."""
    return f"Messages : {_sentence(wanted, found)}" if wanted.pairs() else "Messages"


def _sentence(wanted: Wanted, found: Envelopes) -> str:
    """« 4 messages : refusés, de labo, depuis le 1 janvier 2026 »."""
    said = wanted.said()
    if not found.total:
        none = "Aucun message"
        return f"{none} : {', '.join(said)}" if said else none
    count = f"{number(found.total)} {'message' if found.total == 1 else 'messages'}"
    return f"{count} : {', '.join(said)}" if said else f"{count}, du plus récent au plus ancien"


def _row(one: Envelope) -> dict[str, object]:
    return {
        "receipt": one.receipt,
        "at": one.at,
        "sender": sender_words(one.sender),
        "door": DOOR_WORDS[one.door],
        "format": one.format,
        "verdict": one.verdict.value,
        "mark": (*MARKS[one.verdict], VERDICT_WORDS[one.verdict]),
        "codes": one.codes,
        "read": one.read,
        "delay": lasted(one.filed_at - one.at) if one.filed_at else "",
    }
