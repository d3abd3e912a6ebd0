"""The demo's people whose space waits: who is invited has a window, who has a space a code (VAULT
ACC-01)."""

from gateway.daemon.demo.people import DemoPerson
from gateway.daemon.rooms.house import House
from gateway.daemon.rooms.work import invitations_of
from gateway.flows.entering.provisional import Handed, HandOver
from gateway.flows.inviting.invite import Invite, Listed
from gateway.flows.inviting.words import INVITATION, SUBJECTS
from gateway.records.days import day_of
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientKey

BY, REASON = "caisse", "invitation"
BODY = """Bonjour,
Un espace est à votre nom. Vous pouvez l'activer, ou vous y opposer en appelant le 3422.
Pour l'activer, connectez-vous à Mon espace santé en tapant l'adresse habituelle.
Il vous faut votre carte Vitale et ce code : {code}
Ce code sert une fois, jusqu'au {day}. Ne le donnez à personne.
Besoin d'aide ? 3422"""


async def invite(house: House, patient: PatientKey, person: DemoPerson) -> None:
    """As a list would; the message is in the outbox before the demo says that it is ready."""
    store = house.store
    flow = Invite(
        people=store.people,
        invitations=store.invitations,
        names=store.keys,
        clock=house.clock,
        profile=house.settings.profile,
    )
    listed = Listed(
        identity=person.identity,
        serial=person.serial,
        email=person.email or "",
        mobile=person.mobile or "",
        parent=person.parents[0] if person.parents else "",
    )
    await flow(listed, by=BY, reason=REASON)
    made, known = await store.invitations.invitation(patient), await store.people.person(patient)
    if made is not None and known is not None:
        outbox = house.vault.entrance.outbox
        send = invitations_of(house.settings, store, outbox, house.clock, house.ids)
        await send.send(made, known)


async def hand_code(house: House, patient: PatientKey, person: DemoPerson) -> None:
    """One e-mail, in the outbox, to whom a space was made for; nothing for anybody else."""
    if person.state is not AccountState.CREATED or person.email is None:
        return
    store = house.store
    hand_over = HandOver(
        people=store.people,
        activations=store.activations,
        invited=store.invitations,
        clock=house.clock,
        ids=house.ids,
    )
    handed = await hand_over(
        patient,
        serial=person.serial,
        email=person.email,
        mobile=person.mobile or "",
        by=BY,
        reason=REASON,
    )
    await house.vault.entrance.outbox.send(
        channel="email",
        to=person.email,
        template=INVITATION,
        lang="fr",
        subject=SUBJECTS[INVITATION],
        body=_body(handed),
    )


def _body(handed: Handed) -> str:
    code = f"{handed.code[:4]} {handed.code[4:]}"
    return BODY.format(code=code, day=day_of(handed.expires_at))
