"""`gateway task`: what waits, what failed for good (dead letters), once more, and pauses."""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.opening import (
    FINDINGS,
    FINE,
    Opened,
    UsageError,
    add_place,
    kept_number,
    whole_number,
    with_store,
)
from gateway.cli.task.pauses import add_acts
from gateway.cli.traced import act, add_by
from gateway.errors import RefusedError
from gateway.records.messages.business_ack import ReceivedAck
from gateway.records.patients.account import NewTrace
from gateway.records.task import TaskKind, TaskLine

if TYPE_CHECKING:
    from gateway.store.work.task_desk import DatabaseTaskDesk

MOST = 1_000


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("task", help="what waits to be sent, dead letters, once more")
    acts = parser.add_subparsers(required=True, metavar="list|retry|pause|resume|paused")
    show = acts.add_parser("list", help="tasks that wait, newest first")
    show.add_argument("--dead", action="store_true", help="those that ended undone")
    show.add_argument("--receipt", metavar="ID", help="those of one receipt, or document")
    show.add_argument("--limit", type=whole_number, default=100, metavar="N")
    show.add_argument("--json", action="store_true", help="one JSON object a line")
    show.set_defaults(act=_list)
    retry = acts.add_parser("retry", help="makes settled tasks due again")
    retry.add_argument("tasks", nargs="*", type=kept_number, metavar="TASK")
    retry.add_argument("--dead", action="store_true", help="every one that ended undone")
    retry.add_argument("--kind", choices=[one.value for one in TaskKind], help="with --dead")
    retry.set_defaults(act=_retry)
    add_by(retry)
    for one in (show, retry):
        add_place(one)
    add_acts(acts)
    parser.set_defaults(run=lambda arguments: with_store(arguments, arguments.act))


async def _list(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 when there is a dead letter among those shown, and for a receipt that nobody knows."""
    lines = await opened.store.task_desk.lines(
        dead=arguments.dead, subject=arguments.receipt, limit=arguments.limit
    )
    for line in lines:
        print(orjson.dumps(asdict(line)).decode() if arguments.json else _words(line))
    if arguments.receipt is not None and not arguments.json:
        for answer in await opened.store.business_acks.of(arguments.receipt):
            print(_answered(answer))
    if arguments.receipt is not None and not lines:
        await _demand_known(opened, arguments.receipt)
    return FINDINGS if any(line.dead for line in lines) else FINE


async def _demand_known(opened: Opened, name: str) -> None:
    """Raises RefusedError for what is neither a receipt nor a document."""
    store = opened.store
    if await store.journal.receipt(name) is None and await store.shelf.find(name) is None:
        raise RefusedError(f"there is no receipt or document {name}")


async def _retry(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 when a task is unknown, or waits already."""
    from gateway.flows.desk.queues.letters import RETRIED

    def told(number: int) -> NewTrace:
        return act(arguments, RETRIED, task=number)

    desk, now = opened.store.task_desk, opened.clock.now()
    if bool(arguments.tasks) == arguments.dead:
        raise UsageError("name the tasks to try again, or say --dead for all dead letters")
    if arguments.dead:
        while dead := await _dead(desk, arguments.kind):
            _say(await desk.retry(dead, now, told=told))
        return FINE
    done = await desk.retry(arguments.tasks, now, told=told)
    _say(done)
    missing = sorted(set(arguments.tasks) - set(done))
    for number in missing:
        print(f"{number}: no such task, or it waits already", file=sys.stderr)
    return FINDINGS if missing else FINE


def _say(numbers: list[int]) -> None:
    for number in numbers:
        print(f"{number}: due again")


async def _dead(desk: "DatabaseTaskDesk", kind: str | None) -> list[int]:
    """Some of them; the caller asks until there is none."""
    kinds = [TaskKind(kind)] if kind else list(TaskKind)
    return [line.id for line in await desk.lines(dead=True, limit=MOST, kinds=kinds)]


def _words(line: TaskLine) -> str:
    """Number, kind, lane, subject, tries, and how it ended or when it is tried next."""
    if line.settled_at is not None:
        end = f"{'✕' if line.dead else '●'} {line.outcome} {_time(line.settled_at)}"
    else:
        end = f"◐ due {_time(line.due_at)}{f': {line.reason}' if line.reason else ''}"
    where = line.lane or "-"
    return f"{line.id}\t{line.kind}\t{where}\t{line.subject}\t{line.attempts}\t{end}"


def _answered(answer: ReceivedAck) -> str:
    """A business answer that came back: event, Y or N, its code, its own receipt."""
    ack = answer.ack
    code = f" {ack.error[0]}" if ack.error else ""
    return f"answered\t{ack.event} {'Y' if ack.positive else 'N'}{code} {answer.receipt}"


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
