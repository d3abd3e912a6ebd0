"""The vault's house with a family in it: Claire's children, their other parent, and a neighbour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

from aiohttp import web
from aiohttp.test_utils import TestClient
from vault_house import CLAIRE, MARC, House, identity, key_of, post
from vault_twins import NOW

from gateway.flows.entering.provisional import digest_of
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Person
from gateway.records.patients.activation import Activation
from gateway.records.patients.patient import PatientIdentity

Client = TestClient[web.Request, web.Application]
LEO = replace(identity("116057511607766", "DURAND", "Léo"), birth_date="2016-05-20", sex="M")
JADE = replace(identity("208127511608030", "DURAND", "Jade"), birth_date="2008-12-01")
ROSE = replace(identity("252047511609184", "PELLETIER", "Rose"), birth_date="1952-04-20")
HIDDEN = ("N", "INVISIBLE_REPRESENTANTS_LEGAUX")
MAJORITY = datetime(2026, 11, 30, 23, tzinfo=UTC)
CODE, SERIAL = "K7MP3XQA", "60123456789"
LONG_AGO = NOW - timedelta(days=400)


def family() -> House:
    """Claire is the first representative of Léo and of Jade; Marc is Rose's caregiver."""
    house = House()
    house.people.log = house.traces
    for child in (LEO, JADE):
        key = key_of(child)
        house.people.persons[key] = Person(
            key=key, state=AccountState.ACTIVE, identity=child, qualified=True
        )
        tie(house, child, ChoiceKind.PARENT, CLAIRE)
    house.add_person(ROSE, "rose52pelletier", AccountState.ACTIVE)
    tie(house, ROSE, ChoiceKind.CAREGIVER, MARC)
    return house


def tie(
    house: House,
    patient: PatientIdentity,
    kind: ChoiceKind,
    who: PatientIdentity,
    *,
    since: datetime = LONG_AGO,
    until: datetime | None = None,
    giver: str = "",
) -> None:
    """A fact of one record that names another person."""
    choice = Choice(
        kind=kind, target=key_of(who).hex(), since=since, until=until, by="caisse", giver=giver
    )
    house.people.chosen.setdefault(key_of(patient), []).append(choice)


def activated_at_18(house: House) -> None:
    """Jade was handed her space on her birthday, and has activated it since."""
    house.add_person(JADE, "jade08durand", AccountState.ACTIVE)
    handed = Choice(kind=ChoiceKind.MAJORITY, target="", since=MAJORITY, by="system")
    house.people.chosen.setdefault(key_of(JADE), []).append(handed)


def handed(
    house: House,
    child: PatientIdentity,
    parent: PatientIdentity,
    *,
    state: AccountState = AccountState.INVITED,
    code: str = CODE,
) -> None:
    """The child waits for a space, and this code went to the parent."""
    key = key_of(child)
    house.people.persons[key] = Person(key=key, state=state, identity=child, qualified=True)
    house.activations.kept[key] = Activation(
        patient=key,
        salt=b"s" * 16,
        digest=digest_of(b"s" * 16, code),
        serial=SERIAL,
        made_at=NOW,
        expires_at=NOW + timedelta(weeks=6),
        email="claire@exemple.test",
        parent=key_of(parent).hex(),
    )


async def open_profile(client: Client, who: PatientIdentity) -> int:
    """Status of the answer: 303 when the profile is open, 404 when it may not be."""
    status, _, _ = await post(client, "/profils", "/profils", profil=key_of(who).hex())
    return status


async def page(client: Client, path: str) -> tuple[int, str]:
    """Status and text as a browser reads it."""
    answer = await client.get(path, allow_redirects=False)
    return answer.status, unescape(await answer.text())
