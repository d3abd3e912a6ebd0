"""« Files » : what waits, queue by queue and destination by destination (PAGES section 7)."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.named import lane_name
from gateway.flows.desk.queues.pauses import Destination
from gateway.flows.filing.forwards import LANE as FORWARDS
from gateway.records.task import MAIL_LANE, Queue, TaskKind
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.said import MEMORY_WORDS, who_words
from gateway.vault.desk.words import KIND_WORDS, age

PLACE = "/desk/files"
NOTICES = {
    "pause": "Destination en pause : rien ne part plus vers elle.",
    "reprise": "Envoi repris vers cette destination.",
}


async def queues_page(request: web.Request) -> web.Response:
    desk = desk_of(request)
    if desk.queues is None:
        raise RefusedError("this house shows its queues to nobody")
    found = await desk.queues()
    lanes = list(found.lanes)
    if desk.pauses and desk.pauses.mails and found.mail:
        lanes.append(found.mail)
    known = await desk.pauses.destinations(lanes) if desk.pauses else []
    return desk_html(
        request,
        "upkeep/queues",
        title="Files",
        place=PLACE,
        now=found.now,
        empty=found.is_empty,
        more=found.more,
        kinds=[_row(one, found.now) for one in found.kinds],
        lanes=_lanes(lanes, known, found.now),
        memory=[(MEMORY_WORDS.get(name, name), size) for name, size in found.memory.items()],
        notice=NOTICES.get(request.query.get("fait", ""), ""),
    )


def _lanes(
    waiting: Sequence[Queue], known: Sequence[Destination], now: datetime
) -> list[dict[str, object]]:
    """Those in which something waits first; of each whether it is, or may be, paused."""
    by_name = {one.lane: one for one in known}
    rows = [_row(one, now) | _pause(by_name.get(one.lane or "")) for one in waiting]
    busy = {one.lane for one in waiting}
    return rows + [_idle(one) | _pause(one) for one in known if one.lane not in busy]


def _idle(one: Destination) -> dict[str, object]:
    name = lane_name(one.lane)
    return {"name": name, "kind": KIND_WORDS[_kind_of(one.lane)], "size": 0, "state": "empty"}


def _kind_of(lane: str) -> TaskKind:
    if lane == MAIL_LANE:
        return TaskKind.MAIL
    return TaskKind.FORWARD if lane.startswith(FORWARDS) else TaskKind.BUSINESS_ACK


def _pause(one: Destination | None) -> dict[str, object]:
    """`act` is where it is paused or resumed, "" for one that the desk does not name."""
    if one is None:
        return {"pause": None, "act": ""}
    pause = one.pause
    return {
        "pause": pause and {"since": pause.since, "by": who_words(pause.by), "why": pause.reason},
        "act": act_place(one) if may_be_named(one.lane) else "",
    }


def may_be_named(lane: str) -> bool:
    return lane_name(lane) == lane.partition(":")[2]


def act_place(one: Destination) -> str:
    return f"{PLACE}/{one.lane}/{'reprise' if one.pause else 'pause'}"


def _row(one: Queue, now: datetime) -> dict[str, object]:
    """`state` says whether somebody has it in hand, is due, or waits for its hour."""
    waits = "due" if one.next_due <= now else "waits"
    return {
        "id": one.lane or one.kind.value,
        "name": KIND_WORDS[one.kind] if one.lane is None else lane_name(one.lane),
        "kind": KIND_WORDS[one.kind],
        "size": one.size,
        "oldest": one.oldest,
        "age": age(now - one.oldest),
        "next": one.next_due,
        "overdue": age(now - one.next_due),
        "taken": one.taken,
        "state": "taken" if one.taken else waits,
        "tries": one.tries,
    }
