"""A twin of the messages that the desk follows, and an operator who looks at a page of it."""

import html
from dataclasses import dataclass, field, replace
from datetime import datetime

from vault_house import House, hire, sign_in_operator, visiting
from vault_twins import NOW

from gateway.access.grid import shipped_grid
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.messages import (
    Beat,
    Envelope,
    Envelopes,
    Message,
    Place,
    Search,
    Tallies,
    Tally,
)
from gateway.records.readers.operator import OperatorRole

RECEIPT = "0190" + "a" * 28


@dataclass
class ToldMessages:
    """The port `Messages`: gives what it was given, and keeps what it was asked."""

    told: tuple[Tally, ...] = ()
    found: Envelopes = field(default_factory=lambda: Envelopes(rows=(), total=0))
    one: Message | None = None
    more: bool = False
    heard: list[Beat] = field(default_factory=list)
    asked: list[Search] = field(default_factory=list)
    places: list[Place | None] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)

    async def tallies(self, *, since: datetime, until: datetime, limit: int) -> Tallies:
        self.since.append(since)
        return Tallies(rows=self.told, more=self.more)

    async def beats(
        self, *, since: datetime, until: datetime, parts: int, limit: int
    ) -> list[Beat]:
        return self.heard

    async def page(
        self, search: Search, *, before: Place | None, rows: int, limit: int
    ) -> Envelopes:
        self.asked.append(search)
        self.places.append(before)
        return self.found

    async def message(self, receipt: str) -> Message | None:
        return self.one if receipt == RECEIPT else None


def tally(sender: str, verdict: Verdict, count: int, *codes: str) -> Tally:
    return Tally(sender=sender, verdict=verdict, codes=codes, count=count, last=NOW)


def envelope(verdict: Verdict = Verdict.ACCEPT, **changes: object) -> Envelope:
    made = Envelope(
        receipt=RECEIPT,
        at=NOW,
        sender="labo",
        door=Door.MLLP,
        format="hl7v2",
        verdict=verdict,
        size=2_000,
        codes=("title-missing",),
        filed_at=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field of an envelope


async def page(path: str, messages: ToldMessages, house: House | None = None) -> tuple[int, str]:
    house = house or House()
    gate = DeskGate(
        traces=house.traces, clock=house.clock, grid=shipped_grid(), switches=house.switches
    )
    house.messages = MessageDesk(gate=gate, messages=messages)
    if not house.operators.kept:
        hire(house, OperatorRole.TECHNIQUE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(path)
        return answer.status, html.unescape(await answer.text())
