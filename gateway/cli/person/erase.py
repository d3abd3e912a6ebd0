"""`gateway person erase`: one operator proposes, another confirms, and all of a person is gone."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from gateway.cli.identity.acts import OIDS
from gateway.cli.opening import (
    FINDINGS,
    FINE,
    Opened,
    UsageError,
    add_place,
    cannot_run,
    with_store,
)
from gateway.cli.traced import login_here

if TYPE_CHECKING:
    from gateway.records.patients.erasure import Erasure

NOT_KEPT = "it is done, but not kept beside the keys: a restore of an older backup undoes it"
UNFINISHED = (
    "the keys are destroyed, and some rows that nobody can read are left: a gateway that runs takes"
    " them within a minute, and the receipt leaves then"
)
ON_DISK = (
    "what was erased may still stand in the files of the database, until the next gateway person"
    " erase, gateway key rotate or a later checkpoint"
)
BACKUPS = (
    "older backups still hold the keys. Take these lines out of their data-keys.jsonl, or destroy"
    " them; they begin with:"
)
BEYOND = (
    "not reached: watched folders (done, refused), outbox, WAL archives of PostgreSQL, and what was"
    " sent on"
)


def add_erase(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("erase", help="erases all of a person who asked; takes two people")
    parser.add_argument("--ins", required=True, metavar="INS", help="15 characters, key included")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    parser.add_argument("--confirm", action="store_true", help="the second person's word")
    parser.add_argument("--reason", metavar="TEXT", help="why; traced")
    parser.add_argument("--oid", metavar="OID", help="of the INS; default: that of the NIR")
    add_place(parser)
    parser.set_defaults(run=lambda arguments: with_store(arguments, _erase))


async def _erase(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.daemon.rooms.patients.erasing import erase_of

    flow = erase_of(opened)
    oid = arguments.oid or OIDS[opened.settings.profile]
    patient = opened.store.keys.patient_key(oid, arguments.ins)
    by, login = arguments.by, login_here()
    if arguments.confirm:
        done = await flow.confirm(patient, by=by, login=login, reason=arguments.reason or "")
        return await _told(opened, done)
    if not arguments.reason:
        raise UsageError("--reason is needed to propose that a person is erased")
    await flow.propose(patient, by=by, login=login, reason=arguments.reason)
    print("proposed: somebody else says the same with --confirm within 30 days. It is for good")
    return FINE


async def _told(opened: Opened, done: "Erasure") -> int:
    """1 where the act is whole and something beside it is not."""
    from gateway.daemon.rooms.patients.erasing import forget_on_disk, keep_apart

    print(f"erased {done.id}: {len(done.documents)} documents, {done.messages} messages,")
    print(f"{len(done.keys)} keys destroyed, {done.entries} entries of the log unreadable")
    print(f"receipt: gateway person receipt {done.id}")
    status = FINE
    if done.id in await opened.store.erasures.unfinished():
        print(UNFINISHED, file=sys.stderr)
        status = FINDINGS
    try:
        await keep_apart(opened)
    except OSError as error:
        print(f"{NOT_KEPT}: {cannot_run(error)}", file=sys.stderr)
        status = FINDINGS
    if not await forget_on_disk(opened):
        print(ON_DISK, file=sys.stderr)
        status = FINDINGS
    print(BACKUPS)
    stones = await opened.store.erasures.tombstones()
    for name in (name for one in stones if one.id == done.id for name in one.names):
        print(f'["{name.hex()}"')
    print(BEYOND)
    return status
