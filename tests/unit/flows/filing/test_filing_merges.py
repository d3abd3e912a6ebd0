"""Merges (A40, A47) of which nothing can be applied: none is lost in silence."""

from dataclasses import replace

import pytest
from filing_samples import CLAIRE, KEY, PERSON, judge
from identity_samples import IPP1, IPP2, MARC, MARC_PERSON, OID, adt, held, known, local, subject

from gateway.records.patients.account import Person
from gateway.records.patients.index import Link


def test_a_merge_into_an_ins_that_is_not_validated_waits_instead_of_being_lost() -> None:
    one = subject(replace(CLAIRE, other_ids=()), prior=local(2), status="PROV")

    assert held(judge(adt(one, event="A40"), known((IPP1, PERSON)))) == ["merge-unqualified"]


@pytest.mark.parametrize("known_as", [(), (replace(MARC_PERSON, qualified=False),)])
def test_the_end_of_an_ins_that_nobody_bears_here_is_told_to_its_sender(
    known_as: tuple[Person, ...],
) -> None:
    index = known((IPP1, PERSON), persons=known_as)
    prior = replace(local(2), ins=MARC.ins, ins_oid=OID)

    filing = judge(adt(subject(CLAIRE, prior=prior), event="A40"), index)

    assert [one.code for one in filing.answer.findings] == ["merge-unknown"]
    assert filing.merge is not None
    assert filing.merge.links == (Link(name=IPP2, into=KEY),)
