"""`gateway identity`: acts on a held receipt. What attaches something takes two people (DSK-09)."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import orjson

from gateway.cli.identity.rooms import two_people_of
from gateway.cli.opening import (
    FINDINGS,
    FINE,
    Opened,
    UsageError,
    add_place,
    again_of,
    with_store,
)
from gateway.cli.traced import act, add_by, login_here
from gateway.errors import RefusedError
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskAct, DeskWord, Proposal
from gateway.records.patients.patient import PatientIdentity, PatientKey, Profile

MAX_PROPOSALS = 1_000
OIDS = {Profile.TEST: "1.2.250.1.213.1.4.10", Profile.PRODUCTION: "1.2.250.1.213.1.4.8"}
PROPOSED_ACT, DECLINED_ACT = "identity-proposed", "identity-declined"
PROPOSED = {
    "qualify": "propose whose a held document is",
    "correct": "propose that the index takes what a held message says",
    "merge": "propose that the two INS of a held merge are one person",
    "apart": "propose that a held message is not of the person of the closed space it waits for",
    "ends": "propose that a held message is of that person, and ends as the space does",
}


def add_parsers(acts: "argparse._SubParsersAction[Any]") -> None:
    made = {name: acts.add_parser(name, help=text) for name, text in PROPOSED.items()}
    made["qualify"].set_defaults(run=lambda arguments: with_store(arguments, _qualify))
    _add_claim(made["qualify"])
    made["correct"].set_defaults(act=DeskAct.CORRECT)
    made["merge"].set_defaults(act=DeskAct.MERGE)
    made["apart"].set_defaults(act=DeskAct.APART)
    made["ends"].set_defaults(act=DeskAct.ENDS)
    for name in ("correct", "merge", "apart", "ends"):
        made[name].set_defaults(run=lambda arguments: with_store(arguments, _propose))
    made["set-aside"] = acts.add_parser(
        "set-aside", help="refuse a held message: the index is right"
    )
    made["set-aside"].set_defaults(run=lambda arguments: with_store(arguments, _set_aside))
    for one in made.values():
        one.add_argument("receipt", metavar="RECEIPT")
        one.add_argument("--by", required=True, metavar="NAME", help="who decides; traced")
        one.add_argument("--reason", required=True, metavar="TEXT", help="why; traced")
        add_place(one)
    _add_second(acts)


def _add_second(acts: "argparse._SubParsersAction[Any]") -> None:
    """What the second person does."""
    waiting = acts.add_parser("proposals", help="what waits for a second person, oldest first")
    waiting.set_defaults(run=lambda arguments: with_store(arguments, _proposals))
    waiting.add_argument("--json", action="store_true", help="one JSON object a line")
    validate = acts.add_parser("validate", help="do what somebody else proposed")
    validate.set_defaults(run=lambda arguments: with_store(arguments, _validate))
    validate.add_argument("--by", required=True, metavar="NAME", help="the second person; traced")
    refuse = acts.add_parser("refuse", help="drop a proposal; the receipt stays held")
    refuse.set_defaults(run=lambda arguments: with_store(arguments, _refuse))
    add_by(refuse)
    for one in (validate, refuse):
        one.add_argument("proposal", metavar="PROPOSAL", help="as identity proposals prints it")
    for one in (waiting, validate, refuse):
        add_place(one)


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
    parser.add_argument(
        "--despite-differences", action="store_true", help="though traits of the document disagree"
    )
    parser.add_argument(
        "--accept", action="append", default=[], metavar="CODE", help="a finding looked at"
    )


async def _qualify(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.identity.qualify import Claim

    by = arguments.by.strip()
    receipt = await again_of(opened).receipt(arguments.receipt)
    claim = Claim(
        receipt=receipt.id,
        identity=await _claimed(opened, arguments),
        by=by,
        reason=arguments.reason,
        despite_differences=arguments.despite_differences,
        accepted=frozenset(arguments.accept),
    )
    whose = opened.store.keys.patient_key(claim.identity.ins_oid or "", claim.identity.ins or "")
    told = _told(arguments, PROPOSED_ACT, whose, reason=claim.reason)
    return _proposed(await two_people_of(opened).propose(claim, login=login_here(), told=told))


async def _propose(opened: Opened, arguments: argparse.Namespace) -> int:
    from gateway.flows.identity.whose import whose_receipt

    by = arguments.by.strip()
    two = two_people_of(opened)
    asked: DeskAct = arguments.act
    whose = whose_receipt(opened.store.keys, await again_of(opened)(arguments.receipt))
    told = _told(arguments, PROPOSED_ACT, whose, reason=arguments.reason)
    return _proposed(
        await two.propose_word(
            asked, arguments.receipt, by=by, reason=arguments.reason, login=login_here(), told=told
        )
    )


async def _set_aside(opened: Opened, arguments: argparse.Namespace) -> int:
    """One person is enough: nothing is attached to anybody."""
    from gateway.flows.identity.decide import Word

    by = arguments.by.strip()
    word = Word(receipt=arguments.receipt, word=DeskWord.SET_ASIDE, by=by, reason=arguments.reason)
    _print(await two_people_of(opened).set_aside(word))
    return FINE


async def _proposals(opened: Opened, arguments: argparse.Namespace) -> int:
    for one in await opened.store.proposals.open(limit=MAX_PROPOSALS):
        if arguments.json:
            print(orjson.dumps(_json(one)).decode())
        else:
            at = f"{one.at:%Y-%m-%d %H:%M}"
            print("\t".join((one.id, at, one.act, one.receipt, one.by, one.reason)))
    return FINE


async def _validate(opened: Opened, arguments: argparse.Namespace) -> int:
    """0 when the receipt is filed, 1 when it is refused or still waits."""
    proposal = await opened.store.proposals.find(arguments.proposal)
    if proposal is None:
        raise RefusedError(f"no proposal {arguments.proposal} waits for a second person")
    two = two_people_of(opened)
    answers = await two.validate(proposal.id, by=arguments.by.strip())
    _print(answers)
    return FINE if answers[0][1].verdict is Verdict.ACCEPT else FINDINGS


async def _refuse(opened: Opened, arguments: argparse.Namespace) -> int:
    proposal = await opened.store.proposals.find(arguments.proposal)
    if proposal is None:
        raise RefusedError(f"no proposal {arguments.proposal} waits for a second person")
    told = _told(arguments, DECLINED_ACT, await _whose(opened, proposal))
    await two_people_of(opened).refuse(proposal.id, told=told)
    print(f"{proposal.id}\trefused")
    return FINE


def _told(
    arguments: argparse.Namespace, action: str, whose: PatientKey, **said: object
) -> Callable[[Proposal], NewTrace]:
    """In the log of whom it is about, as the desk writes it."""

    def told(one: Proposal) -> NewTrace:
        made = act(arguments, action, receipt=one.receipt, proposal=one.id, **said)
        return replace(made, patient=whose)

    return told


async def _whose(opened: Opened, proposal: Proposal) -> PatientKey:
    from gateway.flows.identity.whose import whose_claim, whose_receipt

    if proposal.act is DeskAct.QUALIFY:
        return whose_claim(opened.store.keys, proposal)
    return whose_receipt(opened.store.keys, await again_of(opened)(proposal.receipt))


def _proposed(proposal: Proposal) -> int:
    print(f"{proposal.id}\tproposed\t{proposal.act}\t{proposal.receipt}")
    print(f"now a second person: gateway identity validate {proposal.id} --by NAME")
    return FINE


def _print(answers: Sequence[tuple[str, Answer]]) -> None:
    for name, answer in answers:
        print(f"{name}\t{answer.verdict}\t{' '.join(one.code for one in answer.findings)}")


def _json(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal.id,
        "at": f"{proposal.at:%Y-%m-%dT%H:%M:%SZ}",
        "act": proposal.act.value,
        "receipt": proposal.receipt,
        "by": proposal.by,
        "reason": proposal.reason,
    }


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
