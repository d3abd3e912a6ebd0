"""The demo's people whose space waits are sent the code that activates it (VAULT ACC-01)."""

from gateway.daemon.demo.people import DemoPerson
from gateway.daemon.rooms.house import House
from gateway.flows.entering.provisional import Handed, HandOver
from gateway.records.days import day_of
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientKey

WAITING = frozenset({AccountState.INVITED, AccountState.CREATED})
SUBJECT = "Activez Mon espace santé"
BODY = """Bonjour,
Un espace est à votre nom. Vous pouvez l'activer, ou vous y opposer en appelant le 3422.
Pour l'activer, connectez-vous à Mon espace santé en tapant l'adresse habituelle.
Il vous faut votre carte Vitale et ce code : {code}
Ce code sert une fois, jusqu'au {day}. Ne le donnez à personne.
Besoin d'aide ? 3422"""


async def invite(house: House, patient: PatientKey, person: DemoPerson) -> None:
    """One e-mail, in the outbox; nothing for whom it is not foreseen."""
    if person.state not in WAITING or person.email is None:
        return
    store = house.store
    hand_over = HandOver(
        people=store.people, activations=store.activations, clock=house.clock, ids=house.ids
    )
    handed = await hand_over(
        patient,
        serial=person.serial,
        email=person.email,
        mobile=person.mobile or "",
        by="caisse",
        reason="invitation",
    )
    await house.vault.entrance.outbox.send(
        channel="email",
        to=person.email,
        template="invitation",
        lang="fr",
        subject=SUBJECT,
        body=_body(handed),
    )


def _body(handed: Handed) -> str:
    code = f"{handed.code[:4]} {handed.code[4:]}"
    return BODY.format(code=code, day=day_of(handed.expires_at))
