"""The receipt of an erasure goes to the person's own contact, else to who stands for the person."""

from dataclasses import replace

import pytest
from reading_twins import ANNE, NOW, PAUL, House, choice

from gateway.flows.erasing.contact import last_contact
from gateway.records.patients.account import ChoiceKind, Login
from gateway.records.patients.activation import Activation
from gateway.records.patients.patient import PatientKey


class NoCodes:
    async def handed_over(self, patient: PatientKey) -> Activation | None:
        return None


@pytest.mark.parametrize(
    ("born", "kind", "place"),
    [
        ("2016-05-20", ChoiceKind.PARENT, ("email", "paul@example.org")),
        ("2008-03-15", ChoiceKind.PARENT, ("letter", "Anne ESSAI")),
        ("2008-03-15", ChoiceKind.GUARDIAN, ("email", "paul@example.org")),
    ],
)
async def test_a_parent_is_written_to_for_a_child_and_not_for_an_adult(
    born: str, kind: ChoiceKind, place: tuple[str, str]
) -> None:
    house = House()
    known = house.people.known[ANNE]
    house.people.known[ANNE] = replace(known, identity=replace(known.identity, birth_date=born))
    login = Login(patient=PAUL, login="paul", password_hash="", email="paul@example.org")
    house.people.logins[PAUL] = login
    house.people.chosen.append(choice(kind, PAUL.hex()))
    codes = NoCodes()
    assert await last_contact(house.people, codes, ANNE, NOW) == place  # type: ignore[arg-type]  # the rest of the port is not asked
