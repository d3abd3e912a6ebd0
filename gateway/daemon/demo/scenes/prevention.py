"""What Claire has said in the demo of Léo's examinations, and of her own (VAULT AGE-05)."""

from dataclasses import replace
from datetime import date

from gateway.daemon.demo.people import CLAIRE, INS_TEST, LEO
from gateway.daemon.rooms.house import House
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.readers.access import ReaderKind
from gateway.vault.called import full_name

OF_LEO = (
    ("enfant-j8", date(2016, 5, 24)),
    ("enfant-m9", date(2017, 2, 8)),
    ("enfant-m24", date(2018, 5, 3)),
    ("enfant-a6", date(2021, 9, 14)),
    ("enfant-a8-9", date(2024, 11, 6)),
)
OF_CLAIRE = (("col-hpv", date(2019, 6, 20)),)


async def note_examinations(house: House) -> None:
    """Once in the life of a demo, by the flow of the page."""
    agenda = house.vault.agenda
    assert agenda is not None  # noqa: S101 - the house makes one
    claire = house.store.keys.patient_key(INS_TEST, CLAIRE)
    leo = house.store.keys.patient_key(INS_TEST, LEO)
    if await house.store.preventions.said(claire):
        return
    own = patient_reader(claire, name=full_name(await house.store.people.person(claire)))
    mother = replace(own, kind=ReaderKind.REPRESENTATIVE, bound_to=leo.hex())
    for reader, patient, told in ((own, claire, OF_CLAIRE), (mother, leo, OF_LEO)):
        for rule, day in told:
            await agenda.prevention.say.done(reader, patient, rule, day)
