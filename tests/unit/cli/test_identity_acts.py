"""`gateway identity` beyond one document: two people, corrections, merges and their undoing."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from papers import Person, adt, message, msh, pid

from gateway.cli import main
from gateway.records.account import Trace
from gateway.records.filing import Answer
from gateway.records.finding import Verdict
from gateway.records.patient import PatientKey
from gateway.store import Store

Deposit = Callable[..., Answer]
OpenSpace = Callable[..., PatientKey]
Inside = Callable[..., object]
Cda = Callable[..., bytes]
INS, OTHER_INS = "255089999999966", "199019999999937"
ZOE = Person(INS, "1.2.250.1.213.1.4.10", "ZEBULONIX", "Zoé", "Zoé Lou", "19550815", "F", "51215")
TWIN = replace(ZOE, ins=OTHER_INS)
SECRETS = ("ZEBULON", "Zoé", "1955", INS, OTHER_INS, "IPP")
FIRST = ("--by", "Lou Testeur", "--reason", "papers seen")
SECOND = ("--by", "Sam Valideur")


@pytest.fixture
def act(config: str, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """One command: its status and what it printed. No trait is ever printed."""

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["identity", *words, "--config", config])
        out, err = capsys.readouterr()
        assert not [one for one in SECRETS if one in out + err]
        return status, out, err

    return run


Act = Callable[..., tuple[int, str, str]]


def proposed(act: Act, word: str, receipt: str, *more: str) -> str:
    status, out, err = act(word, receipt, *more, *FIRST)
    assert status == 0, err
    return out.split("\t")[0]


def a40(survivor: Person, control: str, prior: str) -> bytes:
    return message(
        msh("ADT^A40^ADT_A39", control),
        pid(survivor, local="IPP1"),
        f"MRG|{prior}^^^CHARMES&1.2.250.1.999.31&ISO^PI",
    )


def test_nothing_is_attached_until_somebody_else_validates(
    act: Act, cda: Cda, deposit: Deposit, open_space: OpenSpace, inside: Inside
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))
    proposal = proposed(act, "qualify", held.receipt, "--candidate", key.hex())
    assert act("list")[1].startswith(held.receipt)
    assert act("proposals")[1].split("\t")[2:5] == ["qualify", held.receipt, "Lou Testeur"]
    for alias in ("Lou Testeur", " lou  TESTEUR ", "Loü Testeur"):
        status, _, err = act("validate", proposal, "--by", alias)
        assert (status, "a second person" in err) == (1, True)
    assert act("validate", proposal, "--by", " ")[0] == 2
    status, out, _ = act("validate", proposal, *SECOND)
    assert (status, out.split("\t")[1]) == (0, "accept")
    assert act("proposals")[1] == ""
    assert act("validate", proposal, *SECOND)[0] == 1

    async def traces(store: Store) -> list[Trace]:
        return await store.traces.of_patient(key, limit=9)

    found = inside(traces)
    assert isinstance(found, list)
    (one,) = [t.trace for t in found if t.trace.action == "identity"]
    assert json.loads(one.details)["validated_by"] == "Sam Valideur"


def test_a_refused_proposal_leaves_the_receipt_held(
    act: Act, cda: Cda, deposit: Deposit, open_space: OpenSpace
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))
    proposal = proposed(act, "qualify", held.receipt, "--candidate", key.hex())
    assert json.loads(act("proposals", "--json")[1])["proposal"] == proposal
    assert act("refuse", proposal)[0] == 0
    assert act("refuse", proposal)[0] == 1
    assert act("validate", proposal, *SECOND)[0] == 1
    assert act("list")[1].startswith(held.receipt)


def test_a_proposal_overtaken_by_another_says_so(
    act: Act, cda: Cda, deposit: Deposit, open_space: OpenSpace
) -> None:
    key = open_space()
    held = deposit(cda(1, ins=None))
    one, two = (proposed(act, "qualify", held.receipt, "--candidate", key.hex()) for _ in range(2))
    assert act("validate", one, *SECOND)[0] == 0
    status, _, err = act("validate", two, *SECOND)
    assert (status, "does not wait" in err) == (1, True)


def test_an_adt_that_differs_says_which_trait_and_two_people_correct_the_index(
    act: Act, deposit: Deposit, open_space: OpenSpace, inside: Inside
) -> None:
    key = open_space()
    held = deposit(adt(replace(ZOE, family="ZEBULON"), "A1", local="IPP1"))
    assert held.verdict is Verdict.HOLD
    assert "identity-mismatch" in act("list")[1]
    assert "birth_family" in act("list")[1]
    assert "nom ✕ prénom ● naissance ●" in act("show", held.receipt)[1]
    for wrong in ("merge", "qualify"):
        more = ("--ins", INS) if wrong == "qualify" else ()
        assert act(wrong, held.receipt, *more, *FIRST)[0] == 1
    assert act("correct", held.receipt, "--by", " ", "--reason", "x")[0] == 2
    proposal = proposed(act, "correct", held.receipt)
    assert act("validate", proposal, *SECOND)[0] == 0
    assert act("list")[1] == ""

    async def family(store: Store) -> str | None:
        person = await store.people.person(key)
        assert person is not None
        return person.identity.birth_family

    assert inside(family) == "ZEBULON"


def test_a_document_that_differs_may_correct_the_index_too(
    act: Act, cda: Cda, deposit: Deposit, open_space: OpenSpace
) -> None:
    open_space()
    held = deposit(cda(1, family="ZEBULON"))
    proposal = proposed(act, "correct", held.receipt)
    assert act("validate", proposal, *SECOND)[0] == 0
    assert deposit(cda(2, family="ZEBULON")).verdict is Verdict.ACCEPT
    assert deposit(cda(3)).verdict is Verdict.HOLD


def test_what_is_not_qualified_itself_corrects_nothing(
    act: Act, deposit: Deposit, open_space: OpenSpace
) -> None:
    open_space()
    wrong = pid(replace(ZOE, family="ZEBULON"), status="PROV")
    held = deposit(message(msh("ADT^A31^ADT_A05", "A1"), wrong))
    status, _, err = act("correct", held.receipt, *FIRST)
    assert (status, "not qualified" in err) == (1, True)


def test_a_message_set_aside_leaves_the_list_and_its_sender_is_told_when_it_comes_again(
    act: Act, deposit: Deposit, open_space: OpenSpace
) -> None:
    open_space()
    raw = adt(replace(ZOE, family="ZEBULON"), "A1")
    held = deposit(raw)
    status, out, _ = act("set-aside", held.receipt, *FIRST)
    assert (status, out.split("\t")[1]) == (0, "refuse")
    assert act("list")[1] == ""
    assert act("set-aside", held.receipt, *FIRST)[0] == 1
    assert deposit(raw).verdict is Verdict.HOLD  # a refusal binds nothing (decision 007)


def test_two_people_merge_two_ins_and_one_takes_it_back(
    act: Act, cda: Cda, deposit: Deposit, open_space: OpenSpace, inside: Inside
) -> None:
    key, other = open_space(), open_space(OTHER_INS)
    assert deposit(adt(TWIN, "A1", local="IPP2")).verdict is Verdict.ACCEPT
    for number, ins in enumerate((INS, OTHER_INS), 1):
        assert deposit(cda(number, ins=ins, local=f"IPP{number + 6}")).verdict is Verdict.ACCEPT
    held = deposit(a40(ZOE, "M1", "IPP2"))
    assert [one.code for one in held.findings if one.holds] == ["merge-two-ins"]
    shown = act("show", held.receipt)[1]
    assert f"candidate {key.hex()}" in shown
    assert other.hex() in shown

    async def cards(store: Store) -> list[int]:
        return [len(await store.shelf.cards(one)) for one in (key, other)]

    assert inside(cards) == [1, 1]
    proposal = proposed(act, "merge", held.receipt)
    assert act("validate", proposal, *SECOND)[0] == 0
    assert inside(cards) == [2, 2]
    line = act("merges")[1].split("\t")
    assert line[2:4] == ["A40", "labo"]
    assert line[5:] == ["1 documents", "in force\n"]
    assert act("unmerge", line[0], "--by", "", "--reason", "wrong")[0] == 2
    status, out, _ = act("unmerge", line[0], *FIRST)
    assert (status, out.split("\t")[1]) == (0, "undone")
    assert inside(cards) == [1, 1]
    assert act("unmerge", line[0], *FIRST)[0] == 1
    assert act("unmerge", "00", *FIRST)[0] == 1
    assert json.loads(act("merges", "--json")[1])["undone_at"] is not None


def test_a_local_identifier_goes_to_another_person_by_two_people_only(
    act: Act, deposit: Deposit, open_space: OpenSpace, inside: Inside
) -> None:
    open_space()
    other = open_space(OTHER_INS)
    assert deposit(adt(ZOE, "A1", local="IPP1")).verdict is Verdict.ACCEPT
    held = deposit(adt(TWIN, "A2", local="IPP1"))
    assert [one.code for one in held.findings if one.holds] == ["local-id-conflict"]
    assert act("validate", proposed(act, "correct", held.receipt), *SECOND)[0] == 0

    async def whose(store: Store) -> PatientKey | None:
        person = await store.people.person_by_local_id("1.2.250.1.999.31^IPP1")
        return person.key if person else None

    assert inside(whose) == other
