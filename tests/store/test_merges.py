"""Names that lead to a record: learned from ADT messages, merged, and led back again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from papers import Person, adt, message, msh, pid, results, stranger
from store_house import NOW, FixedClock

from gateway.clock import SystemIds
from gateway.errors import RefusedError
from gateway.flows.filing import FilingJudge
from gateway.flows.identity.release import Release
from gateway.flows.receive import Delivery, Receive
from gateway.records.account import AccountState, ChoiceKind, NewTrace
from gateway.records.filing import Answer, Door, IdentityChange
from gateway.records.finding import Verdict
from gateway.records.index import DeskWord
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.reading import DEFAULT_READING
from gateway.records.understanding import Understanding
from gateway.store import Keys, Store, migrate, open_store

ALIX, LOU = stranger(), replace(stranger(322), given="Lou", givens="Lou")
AUTHORITY = "CHARMES&1.2.250.1.999.31&ISO"
HOUSE = "1999999999"
READING = replace(DEFAULT_READING, results_only=True)
WORD = NewTrace(
    patient=PatientKey(bytes(16)),
    action="identity",
    permitted=True,
    rule="operator",
    kind="operator",
    actor="Lou",
    actor_name="Lou",
)


@dataclass
class Ward:
    """A store with the real judge, and a sender that may send results alone."""

    store: Store
    clock: FixedClock

    def __post_init__(self) -> None:
        ids = SystemIds()

        async def at_once(work: object) -> list[Understanding]:
            return work()  # type: ignore[operator,no-any-return]  # the flow hands a function

        self.receive = Receive(self.store.journal, self.clock, ids, at_once)
        self.release = Release(self.store.journal, self.receive, READING)

    async def send(self, raw: bytes, house: str | None = HOUSE) -> Answer:
        """The answer, once what it released is filed too."""
        delivery = Delivery(
            sender="labo", door=Door.MLLP, raw=raw, organization=house, reading=READING
        )
        (received,) = await self.receive(delivery)
        for task in await self.store.tasks.claim(
            self.clock.now(), lease=timedelta(minutes=5), limit=99
        ):
            if task.kind == "release":
                await self.release.carry(task)
                await self.store.tasks.settle(task, outcome="done", at=self.clock.now())
        return received.answer

    async def fate(self, answer: Answer) -> Verdict:
        kept = await self.store.journal.receipt(answer.receipt)
        assert kept is not None
        return kept.answer.verdict

    async def decide(self, answer: Answer, word: DeskWord) -> Answer:
        """As two operators would have a held receipt judged again."""
        raw = await self.store.journal.raw(answer.receipt)
        kept = await self.store.journal.receipt(answer.receipt)
        assert raw is not None
        assert kept is not None
        delivery = Delivery(
            sender="labo", door=Door.MLLP, raw=raw, organization=HOUSE, reading=READING
        )
        intake = self.receive.intake(delivery, self.receive.understand(delivery)[0])
        intake = replace(intake, receipt=answer.receipt, key=kept.key, desk=word)
        return await self.store.journal.refile(intake)

    def key(self, who: Person) -> PatientKey:
        return self.store.keys.patient_key(who.oid, who.ins)

    async def open(self, who: Person) -> PatientKey:
        identity = PatientIdentity(
            ins=who.ins,
            ins_oid=who.oid,
            birth_family=who.family,
            birth_given=who.given,
            birth_date=f"{who.birth[:4]}-{who.birth[4:6]}-{who.birth[6:]}",
            sex=who.sex,
            birth_place=who.place,
            traits_complete=True,
        )
        change = IdentityChange(
            key=self.key(who), identity=identity, qualified=True, state=AccountState.ACTIVE
        )
        await self.store.people.change_identity(change)
        return change.key

    async def count(self, who: Person) -> int:
        cards = await self.store.shelf.cards(self.key(who))
        record = await self.root(who)
        assert all(card.patient == record for card in cards)
        return len(cards)

    async def root(self, who: Person) -> PatientKey:
        person = await self.store.people.person(self.key(who))
        assert person is not None
        return person.key


@pytest.fixture
async def ward(url: str, keys: Keys, ids: SystemIds) -> AsyncIterator[Ward]:
    migrate(url)
    clock = FixedClock()
    store = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=clock)
    yield Ward(store, clock)
    await store.close()


def a40(who: Person, control: str, prior: str, *, local: str = "", event: str = "A40") -> bytes:
    """The survivor with its INS; `prior` is a local identifier of the same authority."""
    return message(
        msh(f"ADT^{event}^ADT_A39", control),
        "EVN||20260115101500",
        pid(who, local=local),
        f"MRG|{prior}^^^{AUTHORITY}^PI",
    )


def numbered(who: Person, control: str, local: str) -> bytes:
    return results(who, control, local=local, with_ins=False)


async def test_a_document_known_by_a_local_identifier_waits_for_the_adt_that_qualifies_it(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    held = await ward.send(numbered(ALIX, "R1", "IPP1"))
    assert held.verdict is Verdict.HOLD
    assert (await ward.send(adt(ALIX, "A1", local="IPP1"))).verdict is Verdict.ACCEPT
    assert await ward.fate(held) is Verdict.ACCEPT
    assert await ward.count(ALIX) == 1
    assert (await ward.send(numbered(ALIX, "R2", "IPP1"))).verdict is Verdict.ACCEPT
    assert await ward.count(ALIX) == 2
    person = await ward.store.people.person_by_local_id("1.2.250.1.999.31^IPP1")
    assert person is not None
    assert (person.key, person.status) == (ward.key(ALIX), "VALI")


async def test_an_identity_that_is_not_validated_releases_nothing(ward: Ward) -> None:
    await ward.open(ALIX)
    held = await ward.send(results(ALIX, "R1", local="IPP1", status="PROV"))
    draft = message(msh("ADT^A28^ADT_A05", "A1"), pid(ALIX, local="IPP1", status="PROV"))
    await ward.send(draft)
    assert await ward.fate(held) is Verdict.HOLD
    assert await ward.store.people.person_by_local_id("1.2.250.1.999.31^IPP1") is None


async def test_a_merge_moves_what_was_kept_under_the_identifier_that_ends_and_back_again(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(results(ALIX, "R1", local="IPP1"))
    held = await ward.send(numbered(ALIX, "R2", "IPP2"))
    assert await ward.count(ALIX) == 1
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert await ward.fate(held) is Verdict.ACCEPT
    assert await ward.count(ALIX) == 2
    later = await ward.send(numbered(ALIX, "R3", "IPP2"))
    assert later.verdict is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    assert (merge.event, merge.documents, merge.undone_at) == ("A40", 2, None)

    await ward.store.merges.undo(merge.id, WORD, at=NOW)

    assert await ward.count(ALIX) == 1
    assert (await ward.send(numbered(ALIX, "R4", "IPP2"))).verdict is Verdict.HOLD
    (merge,) = await ward.store.merges.list(limit=9)
    assert merge.undone_at == NOW
    traces = await ward.store.traces.of_patient(ward.key(ALIX), limit=99)
    assert [one.trace.rule for one in traces if one.trace.action == "identity"] == [
        "operator",
        "adt",
    ]
    with pytest.raises(RefusedError, match="undone already"):
        await ward.store.merges.undo(merge.id, WORD, at=NOW)
    with pytest.raises(RefusedError, match="there is no merge"):
        await ward.store.merges.undo("00", WORD, at=NOW)

    await ward.send(a40(ALIX, "M2", "IPP2", local="IPP1"))
    assert await ward.count(ALIX) == 4  # and what was held since


async def test_a_merge_of_identifiers_without_ins_is_remembered_until_one_comes(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    held = await ward.send(numbered(ALIX, "R1", "IPP2"))
    nameless = a40(ALIX, "M1", "IPP2", local="IPP1").replace(
        f"{ALIX.ins}^^^ASIP-SANTE-INS-NIR&{ALIX.oid}&ISO^INS~".encode(), b""
    )
    assert (await ward.send(nameless)).verdict is Verdict.ACCEPT
    assert await ward.fate(held) is Verdict.HOLD
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    assert await ward.fate(held) is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)
    assert await ward.count(ALIX) == 0


async def test_two_ins_become_one_record_by_two_people_and_two_again(ward: Ward) -> None:
    one, other = await ward.open(ALIX), await ward.open(LOU)
    await ward.send(adt(LOU, "A1", local="IPP2"))
    for number, who in enumerate((ALIX, LOU, LOU)):
        await ward.send(results(who, f"R{number}"))
    before = await ward.store.traces.of_patient(one, limit=99)
    held = await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert [f.code for f in held.findings] == ["merge-two-ins"]
    assert (await ward.count(ALIX), await ward.count(LOU)) == (1, 2)

    answer = await ward.decide(held, DeskWord.MERGE)

    assert answer.verdict is Verdict.ACCEPT
    assert (await ward.count(ALIX), await ward.count(LOU)) == (3, 3)
    assert await ward.root(LOU) == one
    assert len(await ward.store.traces.of_patient(one, limit=99)) > len(before) + 2
    found = await ward.store.shelf.words(one, ["leucocytes"])
    assert len(found) == 3
    card = next(c for c in await ward.store.shelf.cards(one) if c.id in found)
    shelved = await ward.store.shelf.find(card.id)
    assert shelved is not None
    assert shelved.card.patient == one
    assert (await ward.send(results(LOU, "R9"))).verdict is Verdict.ACCEPT
    assert await ward.count(ALIX) == 4

    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)

    assert (await ward.count(ALIX), await ward.count(LOU)) == (1, 3)
    assert await ward.root(LOU) == other
    assert await ward.store.traces.mismatches(since=1, limit=999) == []


async def test_what_was_said_of_a_name_stays_with_it_whichever_merge_is_undone(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    ins = f"{ALIX.ins}^^^ASIP-SANTE-INS-NIR&{ALIX.oid}&ISO^INS~".encode()
    for control, survivor, gone in (("M1", "IPP1", "IPP2"), ("M2", "IPP3", "IPP1")):
        await ward.send(a40(ALIX, control, gone, local=survivor).replace(ins, b""))
    for control, local in (("A1", "IPP3"), ("A2", "IPP2")):
        await ward.send(adt(ALIX, control, local=local))
    for number in (1, 2, 3):
        answer = await ward.send(numbered(ALIX, f"R{number}", f"IPP{number}"))
        assert answer.verdict is Verdict.ACCEPT
    later, earlier = await ward.store.merges.list(limit=9)

    await ward.store.merges.undo(later.id, WORD, at=NOW)
    assert await ward.count(ALIX) == 3
    await ward.store.merges.undo(earlier.id, WORD, at=NOW)
    assert await ward.count(ALIX) == 2


async def test_a_merge_that_says_nothing_any_more_is_not_taken_back(ward: Ward) -> None:
    await ward.open(ALIX)
    await ward.open(LOU)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    held = await ward.send(adt(LOU, "A2", local="IPP2"))
    assert [one.code for one in held.findings] == ["local-id-conflict"]
    assert (await ward.decide(held, DeskWord.CORRECT)).verdict is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    with pytest.raises(RefusedError, match="nothing is taken back"):
        await ward.store.merges.undo(merge.id, WORD, at=NOW)
    person = await ward.store.people.person_by_local_id("1.2.250.1.999.31^IPP2")
    assert person is not None
    assert person.key == ward.key(LOU)


async def test_a_version_that_left_the_record_is_not_shown_in_the_other(ward: Ward) -> None:
    one = await ward.open(ALIX)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    first = numbered(ALIX, "R1", "IPP2")
    answer = await ward.send(first)
    corrected = results(ALIX, "R2").replace(b"|R2-A|", b"|R1-A|").replace(b"|||F|||", b"|||C|||")
    newer = await ward.send(corrected)
    (card,) = await ward.store.shelf.cards(one)
    assert card.id == newer.documents[0].id
    assert [v.id for v in await ward.store.shelf.versions(card.id)] == [answer.documents[0].id]
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)
    assert await ward.store.shelf.versions(card.id) == []


def zfa(who: Person, control: str, feeding: str, at: str, consultation: str = "NA") -> bytes:
    return message(
        msh("ADT^A01^ADT_A01", control),
        "EVN||20260115101500",
        pid(who),
        f"ZFA|ACTIF|{at}|||||||{feeding}|{at}|{consultation}|{at}",
    )


async def test_the_word_with_the_latest_date_rules_in_whatever_order_they_come(
    ward: Ward,
) -> None:
    key = await ward.open(ALIX)

    async def opposed() -> bool:
        person = await ward.store.people.person(key)
        assert person is not None
        return person.feeding_opposed

    await ward.send(zfa(ALIX, "Z1", "IO", "20260110"))
    assert await opposed()
    assert (await ward.send(results(ALIX, "R1"))).verdict is Verdict.REFUSE
    await ward.send(zfa(ALIX, "Z2", "INO", "20260105"))
    assert await opposed()
    await ward.send(zfa(ALIX, "Z3", "INO", "20260112"))
    assert not await opposed()
    assert (await ward.send(results(ALIX, "R1"))).verdict is Verdict.ACCEPT
    await ward.send(zfa(ALIX, "Z4", "IO", "20260111"))
    assert not await opposed()
    facts = [one for one in await ward.store.people.choices(key) if one.kind.startswith("feeding")]
    spans = sorted((one.since, one.until, one.kind) for one in facts if one.until)
    assert [kind for *_, kind in spans] == ["feeding-allowed", "feeding-opposed", "feeding-opposed"]
    assert spans[0][1] == spans[1][0]
    assert spans[1][1] == spans[2][0]
    (last,) = [one for one in facts if one.until is None]
    assert last.kind is ChoiceKind.FEEDING_ALLOWED
    assert last.by == "labo (CHARMES), message Z3"


async def test_the_same_word_in_every_movement_is_kept_once(ward: Ward) -> None:
    key = await ward.open(ALIX)
    for number in range(3):
        await ward.send(zfa(ALIX, f"Z{number}", "INO", "20260110", "IC"))
    assert len(await ward.store.people.choices(key)) == 2
    traces = await ward.store.traces.of_patient(key, limit=99)
    assert [one.trace.action for one in traces] == ["choose", "choose"]


async def test_a_word_said_of_a_local_identifier_counts_while_that_leads_to_the_record(
    ward: Ward,
) -> None:
    key = await ward.open(ALIX)
    said = zfa(ALIX, "Z1", "IO", "20260110").replace(
        pid(ALIX).encode(), pid(ALIX, local="IPP2", with_ins=False).encode()
    )
    await ward.send(said)
    assert (await ward.send(results(ALIX, "R1"))).verdict is Verdict.ACCEPT
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert (await ward.send(results(ALIX, "R2"))).verdict is Verdict.REFUSE
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)
    assert (await ward.send(results(ALIX, "R3"))).verdict is Verdict.ACCEPT
    assert await ward.store.people.choices(key) == []


async def test_a_namespace_of_another_house_is_another_identifier(ward: Ward) -> None:
    await ward.open(ALIX)
    own = adt(ALIX, "A1", local="IPP1").replace(b"&1.2.250.1.999.31&ISO", b"")
    await ward.send(own)
    one = numbered(ALIX, "R1", "IPP1").replace(b"&1.2.250.1.999.31&ISO", b"")
    assert (await ward.send(one, "1888888888")).verdict is Verdict.HOLD
    two = numbered(ALIX, "R2", "IPP1").replace(b"&1.2.250.1.999.31&ISO", b"")
    assert (await ward.send(two)).verdict is Verdict.ACCEPT


async def test_a_merge_outlives_the_process(url: str, keys: Keys, ids: SystemIds) -> None:
    migrate(url)
    for turn in range(2):
        store = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=FixedClock())
        ward = Ward(store, FixedClock())
        if turn == 0:
            await ward.open(ALIX)
            await ward.send(adt(ALIX, "A1", local="IPP1"))
            await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
        assert (await ward.send(numbered(ALIX, f"R{turn}", "IPP2"))).verdict is Verdict.ACCEPT
        await store.close()


async def test_documents_of_a_merge_that_was_undone_go_to_no_stranger_by_their_number(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    await ward.open(LOU)
    await ward.send(adt(ALIX, "A1", local="IPP1"))
    await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    assert (await ward.send(numbered(ALIX, "R1", "IPP2"))).verdict is Verdict.ACCEPT
    (merge,) = await ward.store.merges.list(limit=9)
    await ward.store.merges.undo(merge.id, WORD, at=NOW)

    answers = [
        await ward.send(adt(LOU, "A2", local="IPP2")),
        await ward.send(a40(LOU, "M2", "IPP2", local="IPP5")),
    ]

    for answer in answers:
        assert [one.code for one in answer.findings if one.holds] == ["identity-mismatch"]
        assert "birth_given" in answer.findings[-1].message
    assert await ward.count(LOU) == 0
    assert (await ward.send(adt(ALIX, "A3", local="IPP2"))).verdict is Verdict.ACCEPT
    assert await ward.count(ALIX) == 1


async def test_a_reader_sees_a_merge_whole_or_not_at_all(ward: Ward) -> None:
    one, other = await ward.open(ALIX), await ward.open(LOU)
    await ward.send(adt(LOU, "A1", local="IPP2"))
    await ward.send(results(ALIX, "R0"))
    for number in range(1, 4):
        await ward.send(results(LOU, f"R{number}"))
    await ward.send(numbered(LOU, "R4", "IPP2"))
    held = await ward.send(a40(ALIX, "M1", "IPP2", local="IPP1"))
    seen: set[tuple[int, int]] = set()
    done = asyncio.Event()

    async def read() -> None:
        while not done.is_set():
            cards = await asyncio.gather(*(ward.store.shelf.cards(key) for key in (one, other)))
            assert {card.patient for card in cards[0]} == {one}
            seen.add((len(cards[0]), len(cards[1])))

    reading = asyncio.create_task(read())
    await ward.decide(held, DeskWord.MERGE)
    for turn in range(10):
        merge = (await ward.store.merges.list(limit=1))[0]
        await ward.store.merges.undo(merge.id, WORD, at=NOW)
        again = await ward.send(a40(ALIX, f"M1{turn}", "IPP2", local="IPP1"))
        await ward.decide(again, DeskWord.MERGE)
    done.set()
    await reading
    assert {pair[0] for pair in seen} <= {1, 5}
    assert {pair[1] for pair in seen} <= {4, 5}
    assert (5, 5) in seen
