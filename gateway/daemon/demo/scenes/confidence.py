"""What a child told a physician in confidence: a document that no representative is shown."""

from gateway.daemon.demo.people import INS_TEST, LEO
from gateway.daemon.demo.professionals import ROUX
from gateway.daemon.rooms.house import House
from gateway.flows.depositing.by_hand import Brought
from gateway.flows.reading.decided.facts import professional_reader
from gateway.records.days import iso_day

HIDDEN = "INVISIBLE_REPRESENTANTS_LEGAUX"
TITLE = "Consultation confidentielle"
CONSULTATION = "11488-4"
BODY = """Consultation du docteur Roux (document de démonstration).

Léo a demandé que ses parents ne lisent pas ce document. Ils ne le voient nulle part : ni dans la
liste, ni dans les nombres, ni dans la recherche, ni dans l'historique, et aucun message ne part.
"""


async def confide(house: House) -> None:
    """Once in the life of a demo: Dr Roux reads it at /pro, Claire never does."""
    leo = house.store.keys.patient_key(INS_TEST, LEO)
    if await house.store.shelf.cards(leo, current_only=False):
        return
    brought = Brought(
        body=BODY.encode(),
        mime_type="text/plain",
        key="demo-confidence",
        title=TITLE,
        type_code=CONSULTATION,
        act_date=iso_day(house.clock.now()),
        codes=(HIDDEN,),
    )
    await house.vault.deposits(professional_reader(ROUX), leo, brought)
