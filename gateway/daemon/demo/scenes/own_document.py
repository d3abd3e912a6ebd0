"""What Claire of the demo has filed herself: her questions for the next consultation."""

from gateway.daemon.demo.people import CLAIRE, INS_TEST
from gateway.daemon.rooms.house import House
from gateway.flows.depositing.by_patient import OwnBrought
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.days import iso_day
from gateway.records.documents.document import Label
from gateway.vault.called import full_name

TITLE = "Mes questions pour le docteur Roux"
NOTE = "À relire avant la consultation."
BODY = """Mes questions pour le docteur Roux (document de démonstration)

- Puis-je reprendre la course à pied ?
- Quand refaire la prise de sang ?
"""


async def file_own(house: House) -> None:
    """Once in the life of a demo, by the flow of the page."""
    claire = house.store.keys.patient_key(INS_TEST, CLAIRE)
    if any(one.by_patient for one in await house.store.shelf.cards(claire, current_only=False)):
        return
    name = full_name(await house.store.people.person(claire))
    brought = OwnBrought(
        files=(BODY.encode(),),
        key="demo-own-document",
        title=TITLE,
        category=Label.AUTR_DOC.value,
        act_date=iso_day(house.clock.now()),
        note=NOTE,
    )
    received = await house.vault.own(patient_reader(claire, name=name), claire, brought)
    for one in received.answer.documents:
        await house.store.shelf.mark_read(one.id, at=house.clock.now())  # she wrote it
