"""`gateway identity` beyond one document: two people, corrections, merges and their undoing."""

import json
from dataclasses import replace

import pytest
from papers import Person, adt, message, msh, pid
from place import INS, OTHER_INS, Place, Said, cda, nameless

from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import Trace
from gateway.records.patients.patient import PatientKey
from gateway.store import Store

pytestmark = pytest.mark.long

ZOE = Person(INS, "1.2.250.1.213.1.4.10", "ZEBULONIX", "Zoé", "Zoé Lou", "19550815", "F", "51215")
TWIN = replace(ZOE, ins=OTHER_INS)
SECRETS = ("ZEBULON", "Zoé", "1955", INS, OTHER_INS, "IPP")
FIRST = ("--by", "Lou Testeur", "--reason", "papers seen")
SECOND = ("--by", "Sam Valideur")


def act(place: Place, *words: str) -> Said:
    """One command of `gateway identity`. No trait is ever printed."""
    said = place.command("identity", *words)
    assert not [one for one in SECRETS if one in nameless(said.out + said.err)]
    return said


def proposed(place: Place, word: str, receipt: str, *more: str) -> str:
    status, out, err = act(place, word, receipt, *more, *FIRST)
    assert status == 0, err
    return out.split("\t")[0]


def a40(survivor: Person, control: str, prior: str) -> bytes:
    return message(
        msh("ADT^A40^ADT_A39", control),
        pid(survivor, local="IPP1"),
        f"MRG|{prior}^^^CHARMES&1.2.250.1.999.31&ISO^PI",
    )


def test_nothing_is_attached_until_somebody_else_validates(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    proposal = proposed(place, "qualify", held.receipt, "--candidate", key.hex())
    assert act(place, "list").out.startswith(held.receipt)
    assert act(place, "proposals").out.split("\t")[2:5] == ["qualify", held.receipt, "Lou Testeur"]
    for alias in ("Lou Testeur", " lou  TESTEUR ", "Loü Testeur"):
        status, _, err = act(place, "validate", proposal, "--by", alias)
        assert (status, "a second person" in err) == (1, True)
    assert act(place, "validate", proposal, "--by", " ").status == 2
    status, out, _ = act(place, "validate", proposal, *SECOND)
    assert (status, out.split("\t")[1]) == (0, "accept")
    assert act(place, "proposals").out == ""
    assert act(place, "validate", proposal, *SECOND).status == 1

    async def traces(store: Store) -> list[Trace]:
        return await store.traces.of_patient(key, limit=9)

    (one,) = [t.trace for t in place.inside(traces) if t.trace.action == "identity"]
    assert json.loads(one.details)["validated_by"] == "Sam Valideur"


def test_a_refused_proposal_leaves_the_receipt_held(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    proposal = proposed(place, "qualify", held.receipt, "--candidate", key.hex())
    assert json.loads(act(place, "proposals", "--json").out)["proposal"] == proposal
    assert act(place, "refuse", proposal).status == 0
    assert act(place, "refuse", proposal).status == 1
    assert act(place, "validate", proposal, *SECOND).status == 1
    assert act(place, "list").out.startswith(held.receipt)


def test_a_proposal_overtaken_by_another_says_so(place: Place) -> None:
    key = place.open_space()
    held = place.deposit(cda(1, ins=None))
    whom = ("--candidate", key.hex())
    one, again = (proposed(place, "qualify", held.receipt, *whom) for _ in range(2))
    other = proposed(place, "qualify", held.receipt, *whom, "--despite-differences")
    assert (again == one, other == one) == (True, False)
    assert act(place, "validate", one, *SECOND).status == 0
    status, _, err = act(place, "validate", other, *SECOND)
    assert (status, f"no proposal {other} waits" in err) == (1, True)


def test_an_adt_that_differs_says_which_trait_and_two_people_correct_the_index(
    place: Place,
) -> None:
    key = place.open_space()
    held = place.deposit(adt(replace(ZOE, family="ZEBULON"), "A1", local="IPP1"))
    assert held.verdict is Verdict.HOLD
    assert "identity-mismatch" in act(place, "list").out
    assert "birth_family" in act(place, "list").out
    assert "nom ✕ prénom ● naissance ●" in act(place, "show", held.receipt).out
    for wrong in ("merge", "qualify"):
        more = ("--ins", INS) if wrong == "qualify" else ()
        assert act(place, wrong, held.receipt, *more, *FIRST).status == 1
    assert act(place, "correct", held.receipt, "--by", " ", "--reason", "x").status == 2
    proposal = proposed(place, "correct", held.receipt)
    assert act(place, "validate", proposal, *SECOND).status == 0
    assert act(place, "list").out == ""

    async def family(store: Store) -> str | None:
        person = await store.people.person(key)
        assert person is not None
        return person.identity.birth_family

    assert place.inside(family) == "ZEBULON"


def test_a_document_that_differs_may_correct_the_index_too(place: Place) -> None:
    place.open_space()
    held = place.deposit(cda(1, family="ZEBULON"))
    proposal = proposed(place, "correct", held.receipt)
    assert act(place, "validate", proposal, *SECOND).status == 0
    assert place.deposit(cda(2, family="ZEBULON")).verdict is Verdict.ACCEPT
    assert place.deposit(cda(3)).verdict is Verdict.HOLD


def test_what_is_not_qualified_itself_corrects_nothing(place: Place) -> None:
    place.open_space()
    wrong = pid(replace(ZOE, family="ZEBULON"), status="PROV")
    held = place.deposit(message(msh("ADT^A31^ADT_A05", "A1"), wrong))
    status, _, err = act(place, "correct", held.receipt, *FIRST)
    assert (status, "not qualified" in err) == (1, True)


def test_a_message_set_aside_leaves_the_list_and_its_sender_is_told_when_it_comes_again(
    place: Place,
) -> None:
    place.open_space()
    raw = adt(replace(ZOE, family="ZEBULON"), "A1")
    held = place.deposit(raw)
    status, out, _ = act(place, "set-aside", held.receipt, *FIRST)
    assert (status, out.split("\t")[1]) == (0, "refuse")
    assert act(place, "list").out == ""
    assert act(place, "set-aside", held.receipt, *FIRST).status == 1
    assert place.deposit(raw).verdict is Verdict.HOLD  # a refusal binds nothing (decision 007)


def test_two_people_merge_two_ins_and_one_takes_it_back(place: Place) -> None:
    key, other = place.open_space(), place.open_space(OTHER_INS)
    assert place.deposit(adt(TWIN, "A1", local="IPP2")).verdict is Verdict.ACCEPT
    for number, ins in enumerate((INS, OTHER_INS), 1):
        filed = place.deposit(cda(number, ins=ins, local=f"IPP{number + 6}"))
        assert filed.verdict is Verdict.ACCEPT
    held = place.deposit(a40(ZOE, "M1", "IPP2"))
    assert [one.code for one in held.findings if one.holds] == ["merge-two-ins"]
    shown = act(place, "show", held.receipt).out
    assert f"candidate {key.hex()}" in shown
    assert other.hex() in shown

    async def cards(store: Store) -> list[int]:
        return [len(await store.shelf.cards(one)) for one in (key, other)]

    assert place.inside(cards) == [1, 1]
    proposal = proposed(place, "merge", held.receipt)
    assert act(place, "validate", proposal, *SECOND).status == 0
    assert place.inside(cards) == [2, 2]
    line = act(place, "merges").out.split("\t")
    assert line[2:4] == ["A40", "labo"]
    assert line[5:] == ["1 documents", "in force\n"]
    assert act(place, "unmerge", line[0], "--by", "", "--reason", "wrong").status == 2
    status, out, _ = act(place, "unmerge", line[0], *FIRST)
    assert (status, out.split("\t")[1]) == (0, "undone")
    assert place.inside(cards) == [1, 1]
    assert act(place, "unmerge", line[0], *FIRST).status == 1
    assert act(place, "unmerge", "00", *FIRST).status == 1
    assert json.loads(act(place, "merges", "--json").out)["undone_at"] is not None


def test_a_local_identifier_goes_to_another_person_by_two_people_only(place: Place) -> None:
    place.open_space()
    other = place.open_space(OTHER_INS)
    assert place.deposit(adt(ZOE, "A1", local="IPP1")).verdict is Verdict.ACCEPT
    held = place.deposit(adt(TWIN, "A2", local="IPP1"))
    assert [one.code for one in held.findings if one.holds] == ["local-id-conflict"]
    assert act(place, "validate", proposed(place, "correct", held.receipt), *SECOND).status == 0

    async def whose(store: Store) -> PatientKey | None:
        person = await store.people.person_by_local_id("1.2.250.1.999.31^IPP1")
        return person.key if person else None

    assert place.inside(whose) == other
