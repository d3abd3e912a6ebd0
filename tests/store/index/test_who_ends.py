"""Whom a held message of merges would end, as operators are told before they agree."""

from dataclasses import replace

from papers import adt, message, msh, pid
from ward_house import ALIX, AUTHORITY, LOU, Ward, desk

from gateway.flows.identity.qualify import house_of
from gateway.records.intake.finding import Verdict

MAX = replace(LOU, ins="199019999999937", given="Max", givens="Max", family="ZEBULONIX")


async def test_who_survives_in_one_merge_of_a_message_is_not_said_to_end(ward: Ward) -> None:
    for number, who in enumerate((ALIX, LOU, MAX)):
        await ward.open(who)
        await ward.send(adt(who, f"A{number}", local=f"700{number}"))
    merges = [(ALIX, "7002"), (LOU, "7009")]
    parts = [part for who, prior in merges for part in (pid(who), mrg(prior))]
    answer = await ward.send(message(msh("ADT^A40^ADT_A39", "M1"), "EVN||20260115101500", *parts))
    assert answer.verdict is Verdict.HOLD
    kept, qualify = await ward.release.again(answer.receipt), desk(ward).qualify
    found = await qualify.ending(kept.understanding, house_of(kept), [])
    assert [one.person.key for one in found] == [ward.key(MAX)]


def mrg(prior: str) -> str:
    return f"MRG|{prior}^^^{AUTHORITY}^PI"
