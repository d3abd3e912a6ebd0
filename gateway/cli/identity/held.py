"""`gateway identity list` and `show`: what is held, and who it may be about.

No trait and no identifier of a person is ever printed: only whether they agree (VAULT DSK-09).
"""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.identity.rooms import qualify_of
from gateway.cli.opening import FINE, Opened, add_place, again_of, with_store
from gateway.records.intake.filing import Answer, Receipt
from gateway.records.intake.finding import Finding
from gateway.records.patients.patient import PatientIdentity

if TYPE_CHECKING:
    from gateway.flows.identity.candidates import Candidate

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
SETTLED_BY_A_PERSON = frozenset(
    {"identity-mismatch", "local-id-conflict", "merge-two-ins", "merge-unqualified", "merge-closed"}
)
"""What a message contradicts: its line of the list says it in words."""


def add_parsers(acts: "argparse._SubParsersAction[Any]") -> None:
    listed = acts.add_parser("list", help="every held receipt, oldest first")
    listed.set_defaults(run=lambda arguments: with_store(arguments, _list))
    show = acts.add_parser("show", help="one receipt and who it may be about, without any value")
    show.set_defaults(run=lambda arguments: with_store(arguments, _show))
    show.add_argument("receipt", metavar="RECEIPT")
    for one in (listed, show):
        one.add_argument("--json", action="store_true", help="one JSON object a line")
        add_place(one)


async def _list(opened: Opened, arguments: argparse.Namespace) -> int:
    held = await opened.store.journal.held(limit=MAX_HELD + 1)
    if len(held) > MAX_HELD:
        print(f"only the oldest {MAX_HELD} are shown", file=sys.stderr)
    for one in held[:MAX_HELD]:
        if arguments.json:
            print(orjson.dumps(_envelope(one)).decode())
        else:
            codes = held_by(one.answer.findings)
            print(f"{one.id}\t{one.at:%Y-%m-%d %H:%M}\t{one.door}\t{one.sender}\t{codes}")
    return FINE


def held_by(findings: Sequence[Finding]) -> str:
    """What waits for a person, without the remarks beside it."""
    return " ".join(_word(one) for one in findings if one.holds)


def _word(finding: Finding) -> str:
    if finding.code in SETTLED_BY_A_PERSON:
        return f"{finding.code} ({finding.message.removesuffix(' Held.')})"
    return finding.code


async def _show(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.identity.qualify import house_of, received_identity

    again = again_of(opened)
    kept = await again(arguments.receipt)
    receipt = kept.receipt
    identity = received_identity(kept.understanding)
    qualify, house = qualify_of(opened), house_of(kept)
    candidates = await qualify.candidates(identity, house) if identity else []
    ending = await qualify.ending(kept.understanding, house, candidates)
    if arguments.json:
        said = _said(identity) if identity else None
        line = _envelope(receipt) | {"identity": said, "candidates": list(map(_json, candidates))}
        print(orjson.dumps(line | {"ending": list(map(_json, ending))}).decode())
        return FINE
    for name, value in _envelope(receipt).items():
        if name != "findings":
            print(f"{name:9} {value}")
    for finding in receipt.answer.findings:
        weight = "holds" if finding.holds else finding.severity.value
        print(f"{weight:9} {finding.code} at {finding.where}: {finding.message}")
    print(f"identity  {_shapes(_said(identity)) if identity else 'none'}")
    for word, people in (("candidate", candidates), ("ends", ending)):
        for one in people:
            print(f"{word:9} {_key(one)}  {_shapes(_agreement(one))}  {_known(one)}")
    return FINE


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
    told = (one for one in (candidate.person.status, candidate.person.obtained) if one)
    return ", ".join((state, candidate.person.state, *told))


def _json(candidate: "Candidate") -> dict[str, Any]:
    person = candidate.person
    return {
        "key": _key(candidate),
        "agreement": _agreement(candidate),
        "qualified": person.qualified,
        "state": person.state.value,
    }
