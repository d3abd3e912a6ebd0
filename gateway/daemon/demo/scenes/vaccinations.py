"""The vaccinations of Claire and of Léo in the demo: by Claire, and one by Dr Roux (VAULT VAC).

Léo, born 2016: the three obligatory doses are noted, so his attestation is « à jour ».
"""

from gateway.daemon.demo.people import CLAIRE, INS_TEST, LEO
from gateway.daemon.demo.professionals import ROUX
from gateway.daemon.rooms.house import House
from gateway.flows.family.profiles import stand
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.mapping.prevention.vaccines.valences import valences_of
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.called import full_name

KIND = EntryKind.IMMUNIZATION
OF_LEO = (
    ("2016-07-21", "Infanrix Hexa", "1re dose", "DEMO-A1"),
    ("2016-09-22", "Infanrix Hexa", "2e dose", "DEMO-A2"),
    ("2017-04-25", "Infanrix Hexa", "3e dose", "DEMO-A3"),
    ("2017-06-01", "Priorix", "1re dose", "DEMO-B1"),
)
OF_CLAIRE = (("2026-09-14", "Vaxigrip", "", "DEMO-C1"),)
BY_ROUX = ("2009-04-02", "Repevax", "rappel", "DEMO-D1")
Told = tuple[str, str, str, str]
"""Day, vaccine, dose, lot."""


async def note_vaccinations(house: House) -> None:
    """Once in the life of a demo, by the flow of the pages."""
    claire = house.store.keys.patient_key(INS_TEST, CLAIRE)
    leo = house.store.keys.patient_key(INS_TEST, LEO)
    if await house.store.entries.of(claire, [KIND]):
        return
    me = await house.store.people.person(claire)
    if me is None:
        return
    own = patient_reader(claire, name=full_name(me))
    profile = await stand(house.vault.read, house.vault.ties, me, own, leo)
    await _add(house, own, claire, *OF_CLAIRE)
    await _add(house, profile.reader, leo, *OF_LEO)
    await _add(house, professional_reader(ROUX), claire, BY_ROUX)


async def _add(house: House, reader: Reader, patient: PatientKey, *told: Told) -> None:
    if house.vault.medical is None:
        return
    for day, vaccine, dose, lot in told:
        content = Immunization(
            date=day, vaccine=vaccine, valences=valences_of(vaccine), dose=dose, lot=lot
        )
        await house.vault.medical.write.add(reader, patient, KIND, content)
