"""What stands in the agendas of the demo's Claire and Léo."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from gateway.daemon.demo.people import CLAIRE, INS_TEST, LEO
from gateway.daemon.rooms.house import House
from gateway.flows.agenda.writing import Written
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.agenda.appointment import Ahead, Meeting
from gateway.records.duration import PARIS
from gateway.records.readers.access import ReaderKind
from gateway.vault.called import full_name

MORNING, NOON = time(10, 15), time(14, 30)
ROOM = "Cabinet des Tilleuls"
NOTED = (
    (CLAIRE, 12, MORNING, "Dr Hélène Roux", "Médecin généraliste", "Suivi"),
    (CLAIRE, -40, NOON, "Laboratoire des Charmes", "", "Prise de sang"),
    (LEO, 23, NOON, "Dr Agathe Lenoir", "Chirurgien-dentiste", "Contrôle"),
)
"""Whose, in how many days, when, with whom, why."""


async def note_appointments(house: House) -> None:
    """Once in the life of a demo, by the flow of the page. Nothing reminds of them: what a demo
    sends is what somebody did in it."""
    agenda = house.vault.agenda
    assert agenda is not None  # noqa: S101 - the house makes one
    claire = house.store.keys.patient_key(INS_TEST, CLAIRE)
    own = patient_reader(claire, name=full_name(await house.store.people.person(claire)))
    today = house.clock.now().astimezone(PARIS).date()
    for ins, days, hour, who, profession, reason in NOTED:
        key = house.store.keys.patient_key(INS_TEST, ins)
        meeting = Meeting(
            wall=datetime.combine(today + timedelta(days=days), hour),
            who=who,
            profession=profession,
            place=ROOM,
            reason=reason,
        )
        written = Written(meeting=meeting, ahead=Ahead.NONE)
        mother = replace(own, kind=ReaderKind.REPRESENTATIVE, bound_to=key.hex())
        reader = own if key == claire else mother
        await agenda.write.add(reader, key, written, key=f"demo {days}")
