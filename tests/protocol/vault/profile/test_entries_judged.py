"""What the flows of the medical profile refuse, whoever asks them (PRO-01, PRO-03)."""

from dataclasses import replace

import pytest
from vault_house import CLAIRE, MARC, House, key_of

from gateway.errors import DeniedError
from gateway.flows.entries.refusals import NotOwnEntryError, StaleEntryError
from gateway.flows.entries.room import MedicalProfile
from gateway.flows.entries.synchronising import Sent
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.records.entries.around import Contact, ContactGroup
from gateway.records.entries.entry import EntryState
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import Condition
from gateway.records.readers.access import Reader, ReaderKind

ME, HIS = key_of(CLAIRE), key_of(MARC)
OWN, MARCS = patient_reader(ME), patient_reader(HIS)
ASTHMA = Condition(name="Asthme")
KIND = EntryKind.CONDITION


@pytest.fixture
def house() -> House:
    return House()


def medical_of(house: House) -> MedicalProfile:
    medical = house.rooms().medical
    assert medical is not None
    return medical


async def test_an_entry_of_another_record_is_not_there(house: House) -> None:
    medical = medical_of(house)
    name = await medical.write.add(MARCS, HIS, KIND, ASTHMA)
    for refused in (
        medical.listing.before(OWN, ME, name),
        medical.change.delete(OWN, ME, name),
        medical.change.mask(OWN, ME, name, masked=True),
        medical.write.change(OWN, ME, name, ASTHMA),
    ):
        with pytest.raises(DeniedError):
            await refused
    assert house.traces.rows[-1].trace.action == "entry-changed"
    assert not house.traces.rows[-1].trace.permitted


async def test_an_own_entry_is_neither_disagreed_with_nor_confirmed_by_its_patient(
    house: House,
) -> None:
    change = medical_of(house).change
    name = await medical_of(house).write.add(OWN, ME, KIND, ASTHMA)
    with pytest.raises(NotOwnEntryError):
        await change.disagree(OWN, ME, name, "Non")
    with pytest.raises(DeniedError):
        await change.confirm(OWN, ME, name)


async def test_what_a_word_stands_beside_takes_it_along_when_it_goes(house: House) -> None:
    medical, roux = medical_of(house), professional_reader(house.people.pros[0])
    name = await medical.write.add(roux, ME, KIND, ASTHMA)
    await medical.change.disagree(OWN, ME, name, "Non")
    await medical.change.delete(roux, ME, name)
    kept = await house.entries.find(name)
    assert kept is not None
    assert (kept.state, kept.content, kept.disagreement) == (EntryState.DELETED, None, None)


async def test_masked_by_default_is_what_professionals_could_read(house: House) -> None:
    """CHO-08."""
    house.people.persons[ME] = replace(house.people.persons[ME], masks_new=True)
    write = medical_of(house).write
    contact = Contact(group=ContactGroup.EMERGENCY, name="Marc", phone="0612345678")
    names = [
        await write.add(OWN, ME, KIND, ASTHMA),
        await write.add(OWN, ME, EntryKind.CONTACT, contact),
    ]
    kept = [await house.entries.find(one) for one in names]
    assert [one.state for one in kept if one] == [EntryState.HIDDEN, EntryState.ACTIVE]


async def test_a_word_that_there_is_none_is_not_changed_into_something(house: House) -> None:
    medical = medical_of(house)
    await medical.write.none(OWN, ME, KIND)
    (absent,) = (await medical.listing(OWN, ME, [KIND])).absent
    with pytest.raises(StaleEntryError):
        await medical.write.change(OWN, ME, absent.id, ASTHMA)


async def test_an_application_that_nobody_named_synchronises_nothing(house: House) -> None:
    app = Reader(kind=ReaderKind.APPLICATION, id="app", scopes=("sync",), bound_to=ME.hex())
    with pytest.raises(DeniedError):
        await medical_of(house).synchronise(app, ME, [Sent(kind=KIND, content=ASTHMA)])
    assert (await medical_of(house).listing(OWN, ME, [KIND])).entries == ()
