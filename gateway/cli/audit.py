"""`gateway audit`: checks the whole access log against its signed heads, and proves entries.

Entry 1 is leaf 0 of the RFC 6962 tree. A proof is a file that anybody can check without this
gateway: `python -m conformance verify FILE`.
"""

import argparse
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.cli.opening import (
    FINDINGS,
    FINE,
    Opened,
    UsageError,
    add_place,
    kept_number,
    who_asks,
    whole_number,
    with_store,
)
from gateway.errors import DeferredError, RefusedError
from gateway.records.health import Deed, Upkept

if TYPE_CHECKING:
    from gateway.audit.checkpoint import Checkpoint
    from gateway.audit.note import VerifierKey
    from gateway.flows.log.seal import Seal
    from gateway.flows.log.verify_log import Verified
    from gateway.store.log.witness import FileWitness


KEYLESS = (
    "restore a backup whose data-keys.jsonl holds the key, or let two people erase what is left"
    " (gateway person erase)"
)


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("audit", help="check the access log, prove an entry of it")
    acts = parser.add_subparsers(required=True, metavar="verify|prove|checkpoint|key|resume")
    verify = acts.add_parser("verify", help="every entry and every signed head")
    verify.add_argument(
        "--size", type=whole_number, metavar="N", help="entries of a head noted earlier"
    )
    verify.add_argument("--root", metavar="HEX", help="the root of that head")
    verify.add_argument(
        "--checkpoint", type=Path, action="append", default=[], metavar="FILE", help="a signed head"
    )
    prove = acts.add_parser("prove", help="a proof file on standard output")
    prove.add_argument("entry", type=kept_number, nargs="+", metavar="ENTRY")
    head = acts.add_parser("checkpoint", help="sign the head of the log now and print it")
    key = acts.add_parser("key", help="the public key of the log, as verifiers ask for it")
    resume = acts.add_parser("resume", help="go on after a restore that lost signed entries")
    resume.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    resume.add_argument("--by", metavar="NAME", help="who decides; traced")
    for one, act in (
        (verify, _verify),
        (prove, _prove),
        (head, _checkpoint),
        (key, _key),
        (resume, _resume),
    ):
        add_place(one)
        one.set_defaults(run=lambda arguments, act=act: with_store(arguments, act))


async def _verify(opened: Opened, arguments: argparse.Namespace) -> int:
    """1 when an entry is altered or missing, or the log does not continue a head.

    Entries of an erased person cannot be read any more; their leaves still count.
    """
    from gateway.flows.log.verify_log import VerifyLog

    if (arguments.size is None) != (arguments.root is None):
        raise UsageError("--size and --root go together: they are one head of the log")
    key = _seal(opened).key.verifier
    faults: list[str] = []
    outside = _given(arguments, key)
    if (copy := await _copy(opened, key, faults)) is not None:
        outside.append(copy)
    store = opened.store
    found = await VerifyLog(store.log_reader, store.log, key)(outside)
    for fault in (*faults, *found.faults):
        print(fault)
    count = found.count + len(faults)
    await _keep(opened, found.size, count)
    print(f"size {found.size}, root {found.root.hex()}, {count} faults")
    print(f"{found.heads} signed heads, {found.unreadable} entries of erased persons")
    _tell_silent(found)
    return FINDINGS if count else FINE


def _tell_silent(found: "Verified") -> None:
    """Of whom nobody can read anything, and why."""
    if found.graves:
        leaves = sum(one.entries for one in found.graves.values())
        print(
            f"{leaves} leaves of {len(found.graves)} erasures stand in the tree as they were left"
        )
    for name, count in found.missing.items():
        print(f"the key of record {name.hex()} is missing: {count} entries of it are closed")
    if found.missing or found.damaged:
        print(KEYLESS)


async def _keep(opened: Opened, size: int, faults: int) -> None:
    """For the desk; of a server that only lets read what was found is told all the same."""
    done = Upkept(deed=Deed.LOG, at=opened.clock.now(), size=size, faults=faults)
    with suppress(DeferredError):
        await opened.store.upkeep.keep(done)


def _given(arguments: argparse.Namespace, key: "VerifierKey") -> "list[Checkpoint]":
    """The heads that the operator brings."""
    from gateway.audit.checkpoint import Checkpoint, verified
    from gateway.audit.note import NoteError

    heads = []
    if arguments.root:
        try:
            heads.append(Checkpoint(key.name, arguments.size, bytes.fromhex(arguments.root)))
        except ValueError:
            raise UsageError("--root is hexadecimal") from None
    for file in arguments.checkpoint:
        try:
            heads.append(verified(_text_of(file), key))
        except NoteError as error:
            raise RefusedError(f"{file} is not a checkpoint of this log: {error}") from error
    return heads


def _text_of(file: Path) -> str:
    """Raises UsageError."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


async def _copy(opened: Opened, key: "VerifierKey", faults: list[str]) -> "Checkpoint | None":
    """The head kept apart from the database."""
    from gateway.audit.checkpoint import verified
    from gateway.audit.note import NoteError

    note = await _witness(opened).latest()
    if note is None:
        return None
    try:
        return verified(note, key)
    except NoteError as error:
        faults.append(f"the checkpoint kept apart is forged: {error}")
        return None


async def _prove(opened: Opened, arguments: argparse.Namespace) -> int:
    """Names nobody: an entry shows only that it is there. 1 for an entry that is not."""
    from gateway.flows.log.prove_entries import prove_entries

    print((await prove_entries(_seal(opened), opened.store.log, arguments.entry)).decode())
    return FINE


async def _checkpoint(opened: Opened, _arguments: argparse.Namespace) -> int:
    sealed = await _seal(opened)()
    if sealed is None:
        raise RefusedError("the log is empty: there is nothing to sign")
    print(sealed.note, end="")
    return FINE


async def _key(opened: Opened, _arguments: argparse.Namespace) -> int:
    print(_seal(opened).key.verifier)
    return FINE


async def _resume(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.log.resume_log import ResumeLog

    flow = ResumeLog(traces=opened.store.traces, witness=_witness(opened), seal=_seal(opened))
    sealed, void = await flow(by=who_asks(arguments), reason=arguments.reason)
    print(f"the log goes on with {sealed.size if sealed else 0} entries; {void} is kept as void")
    return FINE


def _witness(opened: Opened) -> "FileWitness":
    from gateway.store.log.witness import FileWitness

    return FileWitness(opened.settings.audit.checkpoints)


def _seal(opened: Opened) -> "Seal":
    from gateway.flows.log.seal import Seal
    from gateway.store.log.log_key import load_log_key

    key = load_log_key(opened.settings.store.keys)
    return Seal(opened.store.log, _witness(opened), key, opened.clock)
