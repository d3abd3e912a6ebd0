"""`gateway key`: the versions of the master key; a new one, and every data key wrapped anew by it.

Nothing but data keys is wrapped by it: documents and names under which people are known stay as
they are (decision 032). A rotation that was broken off goes on when it is typed again.
"""

import argparse
from typing import TYPE_CHECKING, Any

from gateway.cli.opening import FINDINGS, FINE, Opened, UsageError, add_place, with_store
from gateway.cli.traced import act, add_by

if TYPE_CHECKING:
    from gateway.store.keys.masters.rotation import KeyRotation, Standing

MADE, BEGUN, DONE = "master-key-made", "master-key-rotating", "master-key-rotated"
NEXT = (
    "{0} is made, and nothing uses it yet. Bring it to the backup of the keys and into keys/ of"
    " every other machine of this gateway, then: gateway key rotate"
)
PREPARED = (
    "{0} is made already: bring it to its backup and to every machine, then gateway key rotate"
)
NONE = "every data key is under {0}, and there is no newer key: gateway key new"
AWAY = (
    "{0} may be put away: no data key needs it. Backups made until now do: keep it apart for as"
    " long as you keep one of them"
)
NOT_DONE = "{0} data keys are damaged and stay as they are: earlier master keys are still needed"
LOST = (
    "the key of record {0} is missing: restore a backup whose data-keys.jsonl holds it, or let two"
    " people erase what is left (gateway person erase)"
)
MAX_LOST = 100
LEFT = "what was wrapped before may still stand in the files of the database: gateway key rotate"


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("key", help="list, make and rotate the master key")
    acts = parser.add_subparsers(required=True, metavar="list|new|rotate")
    show = acts.add_parser("list", help="every version, what is under it, what may be put away")
    new = acts.add_parser("new", help="a new master key beside the old; nothing uses it yet")
    rotate = acts.add_parser("rotate", help="wraps every data key anew, while the gateway runs")
    add_by(new, rotate)
    for one, asked in ((show, _list), (new, _new), (rotate, _rotate)):
        add_place(one)
        one.set_defaults(run=lambda arguments, asked=asked: with_store(arguments, asked))


def _rotation(opened: Opened) -> "KeyRotation":
    from gateway.store.keys.masters.rotation import KeyRotation

    return KeyRotation(opened.store.database)


async def _list(opened: Opened, _arguments: argparse.Namespace) -> int:
    """File, data keys under it, and what it is; 1 where a record has lost its key."""
    from gateway.store.keys.masters.master import master_name

    standing = await _rotation(opened).standing()
    here = opened.store.keys.master.versions
    for version in sorted({*here, *standing.known, *standing.counts, standing.in_force}):
        count = standing.counts.get(version, 0)
        print(f"{master_name(version)}\t{count}\t{_state(version, standing)}")
    lost = await opened.store.erasures.keyless(limit=MAX_LOST)
    for name in lost:
        print(LOST.format(name.hex()))
    return FINDINGS if lost else FINE


def _state(version: int, standing: "Standing") -> str:
    if version == standing.in_force:
        return "in force"
    if version > standing.in_force:
        return "made, not used yet"
    if version in standing.known or standing.counts.get(version):
        return "needed until gateway key rotate is through"
    return "may be put away"


async def _new(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.store.keys.masters.master import master_name, prepare_version

    standing, newest = await _rotation(opened).standing(), opened.store.keys.master.versions[-1]
    if newest > standing.in_force:
        raise UsageError(PREPARED.format(master_name(newest)))
    trace = act(arguments, MADE, version=newest + 1)
    name = prepare_version(opened.settings.store.keys, newest + 1, opened.ids)
    await opened.store.traces.write([trace])
    print(NEXT.format(name))
    return FINE


async def _rotate(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 where damaged keys keep the earlier version in use."""
    from gateway.store.keys.masters.master import master_name, settle_on_disk
    from gateway.store.keys.masters.rotation import forget_former

    rotation = _rotation(opened)
    version = _version(opened, await rotation.standing())
    settle_on_disk(opened.settings.store.keys, version)
    await rotation.begin(version, act=act(arguments, BEGUN, version=version))
    rewrapped, damaged = await _all_rewrapped(rotation, version)
    print(f"{rewrapped} data keys are wrapped anew, by {master_name(version)}")
    if damaged:
        print(NOT_DONE.format(damaged))
        return FINDINGS
    if not forget_former(opened.settings.store.url):
        print(LEFT)
        return FINDINGS
    await rotation.finish(version, act=act(arguments, DONE, version=version, keys=rewrapped))
    for earlier in opened.store.keys.master.versions:
        if earlier < version:
            print(AWAY.format(master_name(earlier)))
    return FINE


def _version(opened: Opened, standing: "Standing") -> int:
    """The newest key, or the one that was begun with. Raises UsageError where all is done."""
    from gateway.store.keys.masters.master import master_name

    newest = opened.store.keys.master.versions[-1]
    if newest > standing.in_force:
        return newest
    if {*standing.known, *standing.counts} <= {standing.in_force}:
        raise UsageError(NONE.format(master_name(standing.in_force)))
    return standing.in_force


async def _all_rewrapped(rotation: "KeyRotation", version: int) -> tuple[int, int]:
    """How many were wrapped anew, and how many are damaged."""
    rewrapped, damaged, after = 0, 0, None
    while True:
        stretch = await rotation.rewrap(version, after=after)
        if stretch.last is None:
            return rewrapped, damaged
        after = stretch.last
        rewrapped, damaged = rewrapped + stretch.rewrapped, damaged + stretch.damaged
