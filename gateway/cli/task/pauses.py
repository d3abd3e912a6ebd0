"""`gateway task pause`, `resume` and `paused`: destinations of which nothing leaves for a while."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.opening import FINE, Opened, UsageError, add_place
from gateway.cli.traced import add_by, agent_of
from gateway.errors import RefusedError

if TYPE_CHECKING:
    from gateway.flows.desk.queues.pauses import PauseDesk


def add_acts(acts: "argparse._SubParsersAction[Any]") -> None:
    pause = acts.add_parser("pause", help="lets nothing leave for a destination until resumed")
    pause.add_argument("lane", metavar="LANE", help="forward:NAME, answers:SENDER or mail:mssante")
    pause.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    pause.set_defaults(act=_pause)
    resume = acts.add_parser("resume", help="lets it leave again, the oldest first")
    resume.add_argument("lane", metavar="LANE")
    resume.set_defaults(act=_resume)
    add_by(pause, resume)
    show = acts.add_parser("paused", help="destinations that are paused, since when and why")
    show.add_argument("--json", action="store_true", help="one JSON object a line")
    show.set_defaults(act=_paused)
    for one in (pause, resume, show):
        add_place(one)


async def _pause(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 for a destination that there is not, or that is paused already."""
    if not (reason := arguments.reason.strip()):
        raise UsageError("--reason cannot be empty: it is the trace of this act")
    desk = _desk(opened)
    try:
        await desk.show(arguments.lane)
    except RefusedError as error:
        known = ", ".join(one.lane for one in await desk.destinations()) or "none"
        raise RefusedError(f"{error}; there are: {known}") from error
    await desk.pause(agent_of(arguments), arguments.lane, reason)
    print(f"{arguments.lane} is paused: gateway task resume {arguments.lane}")
    return FINE


async def _resume(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 for a destination that is not paused."""
    await _desk(opened).resume(agent_of(arguments), arguments.lane)
    print(f"{arguments.lane} leaves again")
    return FINE


async def _paused(opened: Opened, arguments: argparse.Namespace) -> int:
    for one in await opened.store.pauses.paused():
        words = f"{one.lane}\t{one.since:%Y-%m-%dT%H:%M:%SZ}\t{one.by}\t{one.reason}"
        print(orjson.dumps(asdict(one)).decode() if arguments.json else words)
    return FINE


def _desk(opened: Opened) -> "PauseDesk":
    from gateway.flows.desk.queues.pauses import PauseDesk

    store = opened.store
    return PauseDesk(
        pauses=store.pauses,
        queues=store.queues,
        accounts=store.people,
        clock=opened.clock,
        forwards=tuple(one.name for one in opened.settings.forward),
        mails=opened.settings.mssante.relay is not None,
    )
