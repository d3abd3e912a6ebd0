"""What Claire of the demo and her doctor have written into her medical profile."""

from gateway.daemon.demo.people import CLAIRE, INS_TEST
from gateway.daemon.demo.professionals import ROUX
from gateway.daemon.rooms.house import House
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.records.entries.around import Contact, ContactGroup, Link, TrustedPerson
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import (
    Allergy,
    AllergyCategory,
    Condition,
    FamilyHistory,
    Medication,
    Relation,
    Severity,
)
from gateway.vault.called import full_name

MARC = "Marc Durand"
OWN = (
    (EntryKind.CONDITION, Condition(name="Asthme", onset="2010")),
    (
        EntryKind.ALLERGY,
        Allergy(
            substance="Pénicilline", category=AllergyCategory.MEDICATION, severity=Severity.SEVERE
        ),
    ),
    (EntryKind.MEDICATION, Medication(name="Ventoline", dosage="En cas de crise")),
    (EntryKind.FAMILY_HISTORY, FamilyHistory(relation=Relation.MOTHER, name="Diabète", age=61)),
    (
        EntryKind.CONTACT,
        Contact(group=ContactGroup.EMERGENCY, name=MARC, link=Link.SPOUSE, phone="06 99 00 00 01"),
    ),
    (
        EntryKind.TRUSTED_PERSON,
        TrustedPerson(name=MARC, link=Link.SPOUSE, phone="06 99 00 00 01", accepted="2024-05"),
    ),
)
HYPERTENSION = Condition(name="Hypertension", onset="2023-02")


async def fill_profile(house: House) -> None:
    """Once in the life of a demo, by the flows of the pages."""
    claire, medical = house.store.keys.patient_key(INS_TEST, CLAIRE), house.vault.medical
    if medical is None or await house.store.entries.of(claire, [EntryKind.CONDITION]):
        return
    name = full_name(await house.store.people.person(claire))
    for kind, content in OWN:
        await medical.write.add(patient_reader(claire, name=name), claire, kind, content)
    await medical.write.add(
        professional_reader(ROUX), claire, EntryKind.CONDITION, HYPERTENSION, filled_with=name
    )
