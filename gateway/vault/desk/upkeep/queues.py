"""« Files » : what waits, queue by queue and destination by destination (PAGES section 7)."""

from datetime import datetime

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.named import lane_name
from gateway.records.task import Queue
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.desk.upkeep.said import MEMORY_WORDS
from gateway.vault.desk.words import KIND_WORDS, age

PLACE = "/desk/files"


async def queues_page(request: web.Request) -> web.Response:
    queues = desk_of(request).queues
    if queues is None:
        raise RefusedError("this house shows its queues to nobody")
    found = await queues()
    return desk_html(
        request,
        "upkeep/queues",
        title="Files",
        place=PLACE,
        now=found.now,
        empty=found.is_empty,
        more=found.more,
        kinds=[_row(one, found.now) for one in found.kinds],
        lanes=[_row(one, found.now) for one in found.lanes],
        memory=[(MEMORY_WORDS.get(name, name), size) for name, size in found.memory.items()],
    )


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
