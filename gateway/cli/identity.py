"""`gateway identity`: what waits for an identity, whom it may be about, and whose it is.

No trait and no identifier of a person is ever printed: only whether they agree (VAULT DSK-09).
"""

import argparse
import sys
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.opening import (
    FINDINGS,
    FINE,
    Opened,
    UsageError,
    add_place,
    again_of,
    reading_of,
    with_store,
)
from gateway.errors import RefusedError
from gateway.records.filing import Answer, Receipt
from gateway.records.finding import Verdict
from gateway.records.patient import PatientIdentity, PatientKey, Profile

if TYPE_CHECKING:
    from gateway.flows.qualify import Candidate, Qualify

MAX_HELD = 1_000
AGREES, DIFFERS, UNSAID = "●", "✕", "–"
SHAPES = {True: AGREES, False: DIFFERS, None: UNSAID}
WORDS = {
    "birth_family": "nom",
    "birth_given": "prénom",
    "birth_date": "naissance",
    "sex": "sexe",
    "birth_place": "lieu",
}
OIDS = {Profile.TEST: "1.2.250.1.213.1.4.10", Profile.PRODUCTION: "1.2.250.1.213.1.4.8"}


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("identity", help="receipts that wait for an identity")
    acts = parser.add_subparsers(required=True, metavar="list|show|qualify")
    listed = acts.add_parser("list", help="every held receipt, oldest first")
    listed.set_defaults(run=lambda arguments: with_store(arguments, _list))
    show = acts.add_parser("show", help="one receipt and who it may be about, without any value")
    show.set_defaults(run=lambda arguments: with_store(arguments, _show))
    for one in (listed, show):
        one.add_argument("--json", action="store_true", help="one JSON object a line")
    qualify = acts.add_parser("qualify", help="say whose a held receipt is, and file it")
    qualify.set_defaults(run=lambda arguments: with_store(arguments, _qualify))
    for one in (show, qualify):
        one.add_argument("receipt", metavar="RECEIPT")
    for one in (listed, show, qualify):
        add_place(one)
    _add_claim(qualify)


def _add_claim(parser: argparse.ArgumentParser) -> None:
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--ins", metavar="INS", help="15 characters, key included")
    who.add_argument("--candidate", metavar="KEY", help="as identity show prints it")
    parser.add_argument("--oid", metavar="OID", help="of the INS; default: that of the NIR")
    parser.add_argument("--family", metavar="NAME", help="birth name, where the index has none")
    parser.add_argument("--given", metavar="NAME", help="first given name of birth")
    parser.add_argument("--birth-date", metavar="DATE", help="1984-03-12")
    parser.add_argument("--sex", choices=("F", "M"))
    parser.add_argument("--place", metavar="COG", help="INSEE code of the birth place")
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
    parser.add_argument(
        "--despite-differences", action="store_true", help="though traits of the document disagree"
    )
    parser.add_argument(
        "--accept", action="append", default=[], metavar="CODE", help="a finding looked at"
    )


async def _list(opened: Opened, arguments: argparse.Namespace) -> int:
    held = await opened.store.journal.held(limit=MAX_HELD + 1)
    if len(held) > MAX_HELD:
        print(f"only the oldest {MAX_HELD} are shown", file=sys.stderr)
    for one in held[:MAX_HELD]:
        if arguments.json:
            print(orjson.dumps(_envelope(one)).decode())
        else:
            codes = " ".join(finding.code for finding in one.answer.findings)
            print(f"{one.id}\t{one.at:%Y-%m-%d %H:%M}\t{one.door}\t{one.sender}\t{codes}")
    return FINE


async def _show(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.qualify import received_identity

    again = again_of(opened)
    receipt = await again.receipt(arguments.receipt)
    kept = await again(receipt.id, reading_of(opened.settings, receipt))
    identity = received_identity(kept.understanding)
    qualify = _flow(opened, receipt)
    house = kept.delivery.organization or kept.delivery.sender
    candidates = await qualify.candidates(identity, house) if identity else []
    if arguments.json:
        said = _said(identity) if identity else None
        line = _envelope(receipt) | {"identity": said, "candidates": list(map(_json, candidates))}
        print(orjson.dumps(line).decode())
        return FINE
    for name, value in _envelope(receipt).items():
        if name != "findings":
            print(f"{name:9} {value}")
    for finding in receipt.answer.findings:
        weight = "holds" if finding.holds else finding.severity.value
        print(f"{weight:9} {finding.code} at {finding.where}: {finding.message}")
    print(f"identity  {_shapes(_said(identity)) if identity else 'none'}")
    for candidate in candidates:
        print(f"candidate {_key(candidate)}  {_shapes(_agreement(candidate))}  {_known(candidate)}")
    return FINE


async def _qualify(opened: Opened, arguments: argparse.Namespace) -> int:
    """0 when the receipt is filed, 1 when it is refused or still waits."""
    from gateway.flows.qualify import Claim

    if not arguments.by.strip() or not arguments.reason.strip():
        raise UsageError("--by and --reason cannot be empty: they are the trace of this act")
    receipt = await again_of(opened).receipt(arguments.receipt)
    claim = Claim(
        receipt=receipt.id,
        identity=await _claimed(opened, arguments),
        by=arguments.by,
        reason=arguments.reason,
        despite_differences=arguments.despite_differences,
        accepted=frozenset(arguments.accept),
    )
    answers = await _flow(opened, receipt)(claim)
    for name, answer in answers:
        print(f"{name}\t{answer.verdict}\t{' '.join(one.code for one in answer.findings)}")
    return FINE if answers[0][1].verdict is Verdict.ACCEPT else FINDINGS


async def _claimed(opened: Opened, arguments: argparse.Namespace) -> PatientIdentity:
    ins, oid = arguments.ins, arguments.oid or OIDS[opened.settings.profile]
    if arguments.candidate is not None:
        known = await opened.store.people.person(_patient_key(arguments.candidate))
        if known is None or known.identity.ins is None:
            raise RefusedError(f"there is no candidate {arguments.candidate}")
        ins, oid = known.identity.ins, known.identity.ins_oid
    return PatientIdentity(
        ins=ins,
        ins_oid=oid,
        birth_family=arguments.family,
        birth_given=arguments.given,
        birth_date=arguments.birth_date,
        sex=arguments.sex,
        birth_place=arguments.place,
    )


def _patient_key(text: str) -> PatientKey:
    try:
        return PatientKey(bytes.fromhex(text))
    except ValueError:
        raise UsageError(
            "--candidate is a key in hexadecimal, as identity show prints it"
        ) from None


def _flow(opened: Opened, receipt: Receipt) -> "Qualify":
    from gateway.flows.qualify import Qualify
    from gateway.flows.release import Release

    store, reading = opened.store, reading_of(opened.settings, receipt)
    return Qualify(
        people=store.people,
        names=store.keys,
        traces=store.traces,
        again=again_of(opened),
        release=Release(store.journal, opened.receive, reading),
        reading=reading,
    )


def _envelope(receipt: Receipt) -> dict[str, Any]:
    """What the outside of a letter tells; no finding holds a trait."""
    answer: Answer = receipt.answer
    return {
        "receipt": receipt.id,
        "at": f"{receipt.at:%Y-%m-%dT%H:%M:%SZ}",
        "door": receipt.door.value,
        "sender": receipt.sender,
        "format": receipt.format,
        "bytes": receipt.size,
        "verdict": answer.verdict.value,
        "findings": [one.code for one in answer.findings],
    }


def _said(identity: PatientIdentity) -> dict[str, bool | None]:
    """Which parts of an identity are there at all."""
    parts = {"INS": identity.ins, "identifiant local": identity.other_ids}
    parts |= {word: getattr(identity, name) for name, word in WORDS.items()}
    return {word: True if part else None for word, part in parts.items()}


def _agreement(candidate: "Candidate") -> dict[str, bool | None]:
    return {word: candidate.agreement[name] for name, word in WORDS.items()}


def _shapes(said: dict[str, bool | None]) -> str:
    return " ".join(f"{word} {SHAPES[value]}" for word, value in said.items())


def _key(candidate: "Candidate") -> str:
    return candidate.person.key.hex()


def _known(candidate: "Candidate") -> str:
    state = "qualified" if candidate.person.qualified else "not qualified"
    return f"{state}, {candidate.person.state}"


def _json(candidate: "Candidate") -> dict[str, Any]:
    person = candidate.person
    return {
        "key": _key(candidate),
        "agreement": _agreement(candidate),
        "qualified": person.qualified,
        "state": person.state.value,
    }
