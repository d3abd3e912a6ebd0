"""Who writes what into a profile, and what becomes of it (PRO-01 to PRO-03, PRO-11)."""

import pytest
from entry_house import ASTHMA, CONDITION, PENICILLIN, Diary
from msgspec import structs
from papers import stranger
from real_store import open_space

from gateway.errors import DeniedError
from gateway.flows.entries.refusals import (
    FullError,
    NotOwnEntryError,
    StaleEntryError,
    UnfitError,
)
from gateway.mapping.entries.faults import Fault, Wrong
from gateway.records.entries.around import Contact, ContactGroup, Directives, TrustedPerson
from gateway.records.entries.entry import EntryState, WriterRole
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import Condition
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import AccessAction, Reader, ReaderKind

HYPERTENSION = Condition(name="Hypertension", onset="2021-05")
MARC = Contact(group=ContactGroup.EMERGENCY, name="Marc", phone="0600000000")


async def test_an_entry_is_read_as_it_was_written_and_by_whom(diary: Diary) -> None:
    await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    diary.wait(minutes=1)
    written = HYPERTENSION
    await diary.room.write.add(diary.roux, diary.key, CONDITION, written, filled_with="Ana")
    for reader in (diary.ana, diary.roux):
        listed = await diary.listed(reader)
        said = {(one.content, one.writer.role, one.writer.name) for one in listed.entries}
        assert said == {
            (ASTHMA, WriterRole.SELF, ""),
            (HYPERTENSION, WriterRole.PROFESSIONAL, "Dr Hélène Roux"),
        }
        assert [one.writer.filled_with for one in listed.entries] == ["Ana", ""]


async def test_a_changed_entry_keeps_every_earlier_state(diary: Diary) -> None:
    alix = await open_space(diary.store, stranger().identity)
    helper = await diary.tied(alix, ReaderKind.CAREGIVER, ChoiceKind.CAREGIVER)
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    diary.wait(days=1)
    later = Condition(name="Asthme sévère", onset="2009")
    await diary.room.write.change(helper, diary.key, name, later, version=1)
    seen = await diary.room.listing.before(diary.ana, diary.key, name)
    now, before = seen.entry, seen.before
    assert (now.content, now.writer.name, now.version) == (later, "Alix", 2)
    assert [(one.content, one.writer.role, one.version) for one in before] == [
        (ASTHMA, WriterRole.SELF, 1)
    ]
    assert before[0].written_at < now.written_at


async def test_a_form_of_before_changes_nothing(diary: Diary) -> None:
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    await diary.room.write.change(diary.ana, diary.key, name, HYPERTENSION, version=1)
    with pytest.raises(StaleEntryError):
        await diary.room.write.change(diary.ana, diary.key, name, ASTHMA, version=1)
    with pytest.raises(StaleEntryError):
        await diary.room.change.delete(diary.ana, diary.key, name, 1)
    kept = await diary.store.entries.find(name)
    assert kept is not None
    assert not await diary.store.entries.change(kept, acts=[])
    assert (await diary.only()).content == HYPERTENSION


async def test_a_second_click_is_the_same_entry(diary: Diary) -> None:
    add = diary.room.write.add
    names = [await add(diary.ana, diary.key, CONDITION, ASTHMA, key="form") for _ in range(2)]
    other = await add(diary.ana, diary.key, CONDITION, HYPERTENSION, key="form")
    assert names[0] == names[1] != other
    assert len((await diary.listed()).entries) == 2


async def test_what_was_deleted_leaves_no_content_behind(diary: Diary) -> None:
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    await diary.room.write.change(diary.ana, diary.key, name, HYPERTENSION)
    await diary.room.change.delete(diary.ana, diary.key, name)
    assert (await diary.listed()).entries == ()
    (gone,) = await diary.store.entries.gone(diary.key, CONDITION)
    assert (gone.state, gone.content) == (EntryState.DELETED, None)
    assert await diary.store.entries.states(name) == []
    with pytest.raises(DeniedError):
        await diary.room.listing.before(diary.ana, diary.key, name)
    with pytest.raises(DeniedError):
        await diary.room.write.change(diary.ana, diary.key, name, ASTHMA)


async def test_an_entry_of_a_professional_is_masked_or_disagreed_with_and_never_changed(
    diary: Diary,
) -> None:
    name = await diary.room.write.add(diary.roux, diary.key, CONDITION, HYPERTENSION)
    with pytest.raises(NotOwnEntryError) as refused:
        await diary.room.write.change(diary.ana, diary.key, name, ASTHMA)
    assert refused.value.rule == "F33"
    with pytest.raises(NotOwnEntryError):
        await diary.room.change.delete(diary.ana, diary.key, name)
    await diary.room.change.disagree(diary.ana, diary.key, name, "Ce n'est pas moi.")
    kept = await diary.only()
    assert kept.disagreement is not None
    assert (kept.disagreement.text, kept.disagreement.by.role) == (
        "Ce n'est pas moi.",
        WriterRole.SELF,
    )
    await diary.room.change.disagree(diary.ana, diary.key, name, "")
    await diary.room.change.mask(diary.ana, diary.key, name, masked=True)
    assert (await diary.only()).disagreement is None
    assert ("entry-changed", False, "F33") in await diary.acts()


async def test_a_masked_entry_is_its_authors_and_nobody_elses_among_professionals(
    diary: Diary,
) -> None:
    own = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    his = await diary.room.write.add(diary.roux, diary.key, CONDITION, HYPERTENSION)
    for name in (own, his):
        await diary.room.change.mask(diary.ana, diary.key, name, masked=True)
    seen = await diary.listed(diary.roux)
    assert [one.id for one in seen.entries] == [his]
    assert len((await diary.listed()).entries) == 2
    with pytest.raises(DeniedError) as refused:
        await diary.room.listing.before(diary.roux, diary.key, own)
    assert not isinstance(refused.value, NotOwnEntryError)
    await diary.room.change.mask(diary.ana, diary.key, own, masked=False)
    assert len((await diary.listed(diary.roux)).entries) == 2


async def test_what_a_professional_marked_sure_is_not_the_patients_own_any_more(
    diary: Diary,
) -> None:
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    with pytest.raises(NotOwnEntryError):
        await diary.room.change.confirm(diary.ana, diary.key, name)
    await diary.room.change.confirm(diary.roux, diary.key, name)
    listed = await diary.listed()
    (kept,) = listed.entries
    assert kept.confirmed is not None
    assert kept.confirmed.by.name == "Dr Hélène Roux"
    assert not listed.may(kept, AccessAction.DELETE)
    with pytest.raises(NotOwnEntryError):
        await diary.room.change.delete(diary.ana, diary.key, name)


async def test_the_word_that_there_is_none_ends_with_the_first_entry(diary: Diary) -> None:
    write, allergy = diary.room.write, EntryKind.ALLERGY
    for _ in range(2):
        await write.none(diary.ana, diary.key, allergy)
    listed = await diary.listed()
    assert [(one.kind, one.content) for one in listed.absent] == [(allergy, None)]
    await write.add(diary.ana, diary.key, allergy, PENICILLIN)
    listed = await diary.listed()
    assert ([one.content for one in listed.entries], listed.absent) == ([PENICILLIN], ())
    with pytest.raises(StaleEntryError):
        await write.none(diary.ana, diary.key, allergy)


async def test_there_is_one_trusted_person_and_five_to_call(diary: Diary) -> None:
    add = diary.room.write.add
    trusted = TrustedPerson(name="Marc", phone="0600000000")
    await add(diary.ana, diary.key, EntryKind.TRUSTED_PERSON, trusted)
    with pytest.raises(FullError):
        await add(diary.ana, diary.key, EntryKind.TRUSTED_PERSON, trusted)
    names = [await add(diary.ana, diary.key, EntryKind.CONTACT, MARC) for _ in range(5)]
    with pytest.raises(FullError):
        await add(diary.ana, diary.key, EntryKind.CONTACT, MARC)
    await diary.room.change.delete(diary.ana, diary.key, names[0])
    await add(diary.ana, diary.key, EntryKind.CONTACT, MARC)
    other = Contact(group=ContactGroup.PROFESSIONAL, name="Dr Roux", phone="0100000000")
    await add(diary.ana, diary.key, EntryKind.CONTACT, other)


async def test_contacts_and_wishes_are_neither_read_nor_written_by_whom_the_grid_leaves_out(
    diary: Diary,
) -> None:
    add = diary.room.write.add
    await add(diary.ana, diary.key, EntryKind.CONTACT, MARC)
    assert (await diary.listed(diary.roux)).entries == ()
    with pytest.raises(DeniedError) as refused:
        await add(diary.roux, diary.key, EntryKind.DIRECTIVES, Directives(text="Non"))
    assert refused.value.rule == "F37"
    assert not (await diary.listed(diary.roux)).may_add(EntryKind.DIRECTIVES)


async def test_nobody_else_reads_or_writes_and_every_try_is_told(diary: Diary) -> None:
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    alix = await open_space(diary.store, stranger().identity)
    other = Reader(kind=ReaderKind.PATIENT, id=alix.hex())
    desk = Reader(kind=ReaderKind.OPERATOR, id="101")
    for reader in (other, desk):
        assert (await diary.listed(reader)).entries == ()
        for tried in (
            diary.room.write.add(reader, diary.key, CONDITION, ASTHMA),
            diary.room.write.change(reader, diary.key, name, HYPERTENSION),
            diary.room.change.delete(reader, diary.key, name),
            diary.room.listing.before(reader, diary.key, name),
        ):
            with pytest.raises(DeniedError):
                await tried
    with pytest.raises(DeniedError):
        await diary.room.change.delete(diary.ana, diary.key, "0" * 32)
    refused = [act for act, permitted, _ in await diary.acts() if not permitted]
    assert (
        refused
        == [
            *("profile", "entry-added", "entry-changed", "entry-deleted", "entry-states"),
        ]
        * 2
    )


async def test_what_cannot_be_kept_is_said_field_by_field(diary: Diary) -> None:
    wrong = Condition(name=" ", onset="2020", abatement="2019", comment="x" * 3_001)
    with pytest.raises(UnfitError) as unfit:
        await diary.room.write.add(diary.ana, diary.key, CONDITION, wrong)
    assert set(unfit.value.faults) == {
        Fault("name", Wrong.MISSING),
        Fault("abatement", Wrong.ENDS_BEFORE),
        Fault("comment", Wrong.TOO_LONG, 3_000),
    }
    assert (await diary.listed()).entries == ()


async def test_what_is_added_enters_masked_while_the_patient_shows_nothing_new(
    diary: Diary,
) -> None:
    """CHO-08."""
    off = Choice(kind=ChoiceKind.NEW_MASKED, target="", since=diary.clock.now())
    await diary.store.people.choose(diary.key, off)
    await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    assert (await diary.only()).state is EntryState.HIDDEN
    assert (await diary.listed(diary.roux)).entries == ()


async def test_who_sees_nothing_confirms_nothing(diary: Diary) -> None:
    """Adding asks for no consent (CHO-05); confirming an entry is reading it."""
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    await diary.room.change.mask(diary.ana, diary.key, name, masked=True)
    with pytest.raises(DeniedError):
        await diary.room.change.confirm(diary.roux, diary.key, name)
    assert (await diary.only()).confirmed is None
    assert ("entry-confirmed", False, "F51") in await diary.acts()


async def test_the_word_that_there_is_none_is_not_added_beside_an_entry(diary: Diary) -> None:
    """Though whoever says it looked before the entry came."""
    await diary.room.write.none(diary.ana, diary.key, EntryKind.ALLERGY)
    (word,) = (await diary.listed()).absent
    await diary.room.write.add(diary.ana, diary.key, EntryKind.ALLERGY, PENICILLIN)
    again = structs.replace(word, id="f" * 32)
    assert not await diary.store.entries.add(again, acts=[])
    assert (await diary.listed()).absent == ()
