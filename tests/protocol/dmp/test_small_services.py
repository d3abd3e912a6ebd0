"""TD0.2, TD0.3, TD0.4, TD1.3a and TD1.6 through the HTTP door, by VIHFs that are really signed."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from dmp_software import TEST_INS, request
from door_of_dmp import PREFIX
from reading_twins import ANNE, DOCTOR, NOW, House, card, choice
from signed_door import Client, Names, serving
from vihf_case import INS, signed

from gateway.adapters.dmp.transactions.habilitations import (
    PATIENT_DECLARES,
    HabilitationsService,
    habilitation_services,
)
from gateway.adapters.dmp.transactions.patients import PatientsService, patient_services
from gateway.adapters.dmp.transactions.small import NO_PATIENT, NO_RIGHT, NOT_ALLOWED
from gateway.adapters.dmp.transactions.specific import PatientListService, patient_list_services
from gateway.clock import SystemIds
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.xml import Element
from gateway.records.patients.account import ChoiceKind, Tie

PERSON = "899700218896"
HABILITATIONS = "urn:si-dmp-habilitations:HabilitationsEndPoint:"
SET = f"{HABILITATIONS}setAuthorization"


@dataclass
class Others:
    """The port `Authorising` over a house of one record."""

    house: House

    async def naming(self, targets: Mapping[ChoiceKind, str], *, limit: int) -> list[Tie]:
        chosen = self.house.people.chosen[:limit]
        return [Tie(patient=ANNE, choice=one) for one in chosen if targets.get(one.kind)]


@pytest.fixture
def house() -> House:
    one = House()
    one.shelf.put(card("one"))
    return one


@pytest.fixture
def others(house: House) -> Others:
    return Others(house)


@pytest.fixture
def treating() -> bool:
    """`[dmp] treating`, as a house that opens it."""
    return True


@pytest.fixture
async def client(house: House, others: Others, treating: bool) -> AsyncIterator[Client]:
    asking, names = house.read, Names()
    services = {
        **patient_services(
            PatientsService(asking=asking, names=names, ids=SystemIds(), device="1.2.3")
        ),
        **habilitation_services(
            HabilitationsService(asking=asking, names=names, treating=treating)
        ),
        **patient_list_services(PatientListService(asking=asking, names=names, authorising=others)),
    }
    async with serving(services) as opened:
        yield opened


async def ask(client: Client, path: str, body: str, action: str, **said: Any) -> Element:
    sent = request(body, action=action, vihf=signed(at=NOW, **said))
    headers = {"Content-Type": "application/soap+xml; charset=UTF-8"}
    response = await client.post(f"{PREFIX}/{path}", data=sent, headers=headers)
    read = read_message(response.headers["Content-Type"], await response.read())
    assert response.status == (500 if str(read.body.tag).endswith("}Fault") else 200)
    return read.body


async def exists(client: Client, *, reason: str = "TEST_EXST", ins: str = INS, **said: Any) -> Any:
    body = (
        '<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0"><id root="1.2.9"/>'
        f'<controlActProcess><reasonCode code="{reason}"/><queryByParameter>'
        '<queryId root="1.2.9.1"/><parameterList><patientIdentifier>'
        f'<value root="{TEST_INS}" extension="{ins}"/></patientIdentifier></parameterList>'
        "</queryByParameter></controlActProcess></PRPA_IN201307UV02>"
    )
    return await ask(client, "patients", body, "urn:hl7-org:v3:PRPA_IN201307UV02", **said)


async def set_authorization(client: Client, inside: str, **said: Any) -> Element:
    body = f'<setAuthorization xmlns="urn:si-dmp-habilitations">{inside}</setAuthorization>'
    return await ask(client, "habilitations", body, SET, **said)


def texts(node: Element, name: str) -> list[str]:
    return [one.text or "" for one in node.iter(f"{{*}}{name}")]


def reason_of(fault: Element) -> str:
    return fault.findtext("{*}Reason/{*}Text") or ""


def valid(answer: Element) -> bool:
    return any(one.get("code") == "VALIDE" for one in answer.iter("{*}value"))


async def test_a_physician_declares_himself_and_may_consult(client: Client, house: House) -> None:
    assert not valid(await exists(client))
    done = await set_authorization(client, "<action>AJOUT</action>")
    assert (texts(done, "status"), texts(done, "context")) == (["DMPOk"], [""])
    answer = await exists(client, reason="CNSLT_DATA")
    assert valid(answer)
    assert texts(answer, "family") == ["ESSAI"]

    again = await set_authorization(client, "<action>AJOUT</action>")
    assert texts(again, "context") == ["Autorisation déjà présente aucune action effectuée"]
    assert len(house.people.chosen) == 1

    await set_authorization(client, "<action>SUPPRESSION</action>")
    assert not valid(await exists(client))
    doors = {one.door for one in (*house.traces.written, *house.people.acts)}
    assert doors == {"dmp"}


async def test_a_treating_doctor_is_declared_by_himself(client: Client) -> None:
    inside = "<action>AJOUT</action><role>MEDECIN_TRAITANT</role>"
    await set_authorization(client, inside)
    values = [one.get("value") for one in (await exists(client)).iter("{*}value")]
    assert values[1] == "true"

    nurse = await set_authorization(client, inside, profession="G15_60")
    assert "médecin" in reason_of(nurse)


@pytest.mark.parametrize("treating", [False])
async def test_where_the_house_does_not_open_it_the_patient_declares_who_treats(
    client: Client, house: House
) -> None:
    inside = "<action>AJOUT</action><role>MEDECIN_TRAITANT</role>"
    assert reason_of(await set_authorization(client, inside)) == PATIENT_DECLARES
    assert house.people.chosen == []
    gone = await set_authorization(client, inside.replace("AJOUT", "SUPPRESSION"))
    assert texts(gone, "status") == ["DMPOk"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"purpose": "bris_de_glace"}, NO_RIGHT),
        ({"authentication": "INDIRECTE"}, NO_RIGHT),
        ({"profession": "G15_10/SM25"}, NO_RIGHT),
        ({"ins": None}, NO_PATIENT),
        ({"ins": "181066938301968"}, NOT_ALLOWED),
    ],
)
async def test_who_has_no_right_declares_nothing(
    client: Client, house: House, said: dict[str, str], why: str
) -> None:
    assert reason_of(await set_authorization(client, "<action>AJOUT</action>", **said)) == why
    assert house.people.chosen == []
    assert all(not one.permitted for one in house.traces.written)


async def test_a_blocked_professional_is_told_that_the_patient_says_no(
    client: Client, house: House
) -> None:
    house.people.chosen.append(choice(ChoiceKind.BLOCK, PERSON))
    for inside in ("<action>AJOUT</action>", "<action>SUPPRESSION</action>"):
        assert reason_of(await set_authorization(client, inside)) == NOT_ALLOWED
    assert not valid(await exists(client))


async def test_the_patient_of_the_query_is_that_of_the_vihf(client: Client, house: House) -> None:
    other = await exists(client, ins="181066938301968")
    assert "n'est pas celui du VIHF" in reason_of(other)
    assert house.traces.written == []


async def test_software_alone_hears_that_a_record_exists(client: Client) -> None:
    answer = await exists(client, authentication="INDIRECTE", profession="AUTOMATE")
    codes = [one.get("code") for one in answer.iter("{*}queryResponseCode")]
    assert (codes, texts(answer, "family")) == (["OK"], [])


async def test_an_emergency_with_its_reason_opens_and_is_told(client: Client, house: House) -> None:
    reason = {"Mode_Acces_Raison": "Perte de connaissance"}
    answer = await exists(client, purpose="bris_de_glace", more=reason)
    assert valid(answer)
    assert [one.subject for one in house.people.then] == ["emergency_access"] * 2


async def test_who_may_consult_lists_who_else_may(client: Client, house: House) -> None:
    action = f"{HABILITATIONS}listAuthorizationByPatient"
    body = (
        '<listAuthorizationByPatient xmlns="urn:si-dmp-habilitations"><mode>TOUTE</mode>'
        "</listAuthorizationByPatient>"
    )
    refused = await ask(client, "habilitations", body, action)
    assert reason_of(refused) == NOT_ALLOWED
    await set_authorization(client, "<action>AJOUT</action>")
    house.people.chosen.append(choice(ChoiceKind.BLOCK, DOCTOR.id))
    answer = await ask(client, "habilitations", body, action)
    told = dict(zip(texts(answer, "nationalId"), texts(answer, "mode"), strict=True))
    assert told == {PERSON: "ACTIVE", DOCTOR.id: "INTERDITE"}


async def test_the_records_that_one_may_open_are_listed_without_a_patient(client: Client) -> None:
    action = "urn:si-dmp-patients:PatientSpecificEndPoint:patientList"
    body = (
        '<patientList xmlns="urn:si-dmp-patients"><startDate>01012018</startDate>'
        "<dateType>LASTAUTORIZATION</dateType></patientList>"
    )
    before = await ask(client, "patientsSpecific", body, action, ins=None)
    assert texts(before, "lastName") == []
    await set_authorization(client, "<action>AJOUT</action>")
    after = await ask(client, "patientsSpecific", body, action, ins=None)
    assert (texts(after, "lastName"), texts(after, "status")) == (["ESSAI"], ["DMPOk"])


@pytest.mark.parametrize(
    ("path", "name"), [("patientsPDQ", "201305"), ("patients", "201311"), ("patients", "201314")]
)
async def test_what_is_not_offered_says_what_to_do_instead(
    client: Client, path: str, name: str
) -> None:
    body = f'<PRPA_IN{name}UV02 xmlns="urn:hl7-org:v3"/>'
    fault = await ask(client, path, body, f"urn:hl7-org:v3:PRPA_IN{name}UV02")
    assert fault.findtext("{*}Code/{*}Subcode/{*}Value") == "wsa:ActionNotSupported"
    assert " ici : " in reason_of(fault)
