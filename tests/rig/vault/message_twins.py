"""Letters that came and left, put into the box of a house."""

from dataclasses import replace

from vault_house import CLAIRE, House, key_of
from vault_twins import NOW

from gateway.records.correspondence.conversation import Delivery, Reason, Way
from gateway.records.correspondence.letter import Attached, KeptMail, Letter
from gateway.records.patients.patient import PatientIdentity

ROUX, NAME = "anne.roux@hopital.mssante.fr", "Dr Anne Roux"
FIRST, CAME, LEFT = "a" * 32, "b" * 32, "c" * 32


def furnished(*letters: KeptMail) -> House:
    """Dr Roux stands in the directory with her address of secure mail."""
    house = House()
    know(house)
    put(house, *letters)
    return house


def know(house: House) -> None:
    pros = house.people.pros
    pros[:] = [replace(one, mail=ROUX) if one.name == NAME else one for one in pros]


def put(house: House, *letters: KeptMail, owner: PatientIdentity = CLAIRE) -> None:
    for one in letters:
        mine = replace(one, patient=key_of(owner))
        house.correspondence.kept[mine.id] = mine


def received(
    text: str = "Bonjour, voici votre courrier.",
    *,
    subject: str = "Lettre",
    attached: tuple[Attached, ...] = (),
    documents: tuple[str, ...] = (),
    is_last: bool = False,
) -> KeptMail:
    letter = Letter(subject=subject, sender=ROUX, text=text, attached=attached, is_last=is_last)
    return KeptMail(
        id=CAME,
        patient=key_of(CLAIRE),
        conversation=FIRST,
        way=Way.IN,
        at=NOW,
        letter=letter,
        documents=documents,
    )


def sent(
    delivery: Delivery, *, reason: Reason | None = None, by: str = "", by_name: str = ""
) -> KeptMail:
    return KeptMail(
        id=LEFT,
        patient=key_of(CLAIRE),
        conversation=FIRST,
        way=Way.OUT,
        at=NOW,
        letter=Letter(subject="Re: Lettre", sender="", text="Merci"),
        to=ROUX,
        by=by or key_of(CLAIRE).hex(),
        by_name=by_name,
        read_at=NOW,
        delivery=delivery,
        reason=reason,
    )
