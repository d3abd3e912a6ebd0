"""Authors and custodians: each number with its own system."""

import pytest
from fhir_sample import INS, Json, bundle, house, patient, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.taken.resources.people import identity_of
from gateway.records.documents.document import Author, Custodian, Document
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

SIRET = {"system": "urn:oid:1.2.250.1.999.3", "value": "S1"}
OWN = house()["identifier"][0]
CUSTODIAN = ("1999999999", "1.2.250.1.71.4.2.2")
ROLE = "urn:uuid:00000000-0000-4000-8000-00000000000e"
POSTED = {"method": "POST", "url": "PractitionerRole"}


def read(**changes: object) -> Document:
    [document] = understand_fhir(raw(reference(**changes)), DEFAULT_READING).documents
    return document


def of_device(**changes: object) -> Author:
    device = {
        "resourceType": "Device",
        "id": "device",
        "deviceName": [{"name": "LabSoft", "type": "user-friendly-name"}],
        "manufacturer": "ACME",
    }
    contained = [patient(), house(), device | changes]
    [author] = read(
        contained=contained, author=[{"reference": "#device"}], authenticator=None
    ).authors
    return author


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_name_that_has_ended_is_read_only_where_there_is_no_other(place: int) -> None:
    ended = {"use": "official", "family": "ANCIEN", "given": ["Ana"], "period": {"end": "2020"}}
    names = patient()["name"]
    names.insert(place, ended)
    assert identity_of(patient() | {"name": names}).birth_family == "PATTE"
    assert identity_of(patient() | {"name": [ended]}).birth_family == "ANCIEN"


@pytest.mark.parametrize("written", ["1990-02-30", "30/01/1990", "", 19900130])
def test_a_birth_date_that_is_no_day_is_none_and_said(written: object) -> None:
    born = patient() | {"birthDate": written}
    assert identity_of(born).birth_date is None
    assert not identity_of(born).traits_complete
    found = understand_fhir(raw(reference(contained=[born, house()])), DEFAULT_READING)
    assert "date" in [one.code for one in found.findings]
    assert found.verdict is not Verdict.ACCEPT


@pytest.mark.parametrize("passed", [{"use": "old"}, {"use": "maiden"}, {"period": {"end": "2020"}}])
def test_an_author_is_called_by_the_name_in_force(passed: Json) -> None:
    names = [{"family": "ANCIEN", **passed}, {"use": "official", "family": "ACTUEL"}]
    writer = {"resourceType": "Practitioner", "id": "writer", "name": names}
    author = [{"reference": "#writer"}]
    told = read(contained=[patient(), house(), writer], author=author, authenticator=None)
    assert [one.family for one in told.authors] == ["ACTUEL"]
    writer["name"] = names[:1]
    told = read(contained=[patient(), house(), writer], author=author, authenticator=None)
    assert [one.family for one in told.authors] == ["ANCIEN"]


def test_a_device_keeps_its_number() -> None:
    number = {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "3750000001/42"}
    made = Author(kind="device", family="LabSoft", given="ACME")
    assert of_device() == made
    for ids in ([number], [SIRET, number]):
        found = of_device(identifier=ids)
        assert (found.id, found.id_system) == ("3750000001/42", "1.2.250.1.71.4.2.1")
    found = of_device(identifier=[{"value": "7"}])
    assert (found.id, found.id_system) == ("7", None)


def test_a_patient_who_writes_has_both_names() -> None:
    [author] = read(
        contained=[patient(), house()], author=[{"reference": "#source"}], authenticator=None
    ).authors
    assert (author.kind, author.id) == ("patient", INS["value"])
    assert (author.family, author.given) == ("PATTE", "Ana")


@pytest.mark.parametrize(
    ("ids", "pair"),
    [
        ([OWN], CUSTODIAN),
        ([SIRET, OWN], CUSTODIAN),
        ([OWN, SIRET], CUSTODIAN),
        ([SIRET], ("S1", "1.2.250.1.999.3")),
        ([SIRET, OWN | {"value": ""}], ("S1", "1.2.250.1.999.3")),
        ([], (None, None)),
    ],
)
def test_the_number_of_a_custodian_stands_with_its_system(
    ids: list[Json], pair: tuple[str | None, str | None]
) -> None:
    organization = house() | {"identifier": ids}
    document = read(contained=[patient(), organization], author=None, authenticator=None)
    assert document.custodian == Custodian(id=pair[0], id_system=pair[1], name="Labo fictif")


@pytest.mark.parametrize(
    ("reference", "made"),
    [
        (
            {"reference": "Organization/9", "display": "Clinique"},
            Author(kind="organization", organization_name="Clinique"),
        ),
        (
            {"reference": "https://other.example/fhir/Organization/9/_history/2", "display": "C"},
            Author(kind="organization", organization_name="C"),
        ),
        ({"identifier": OWN}, Author(kind="organization", organization_id="1999999999")),
        ({"reference": "Device/9", "display": "LabSoft"}, Author(kind="device", family="LabSoft")),
        ({"reference": "Patient/9", "display": "Ana"}, Author(kind="patient", family="Ana")),
        (
            {"reference": "PractitionerRole/9", "display": "Dr Lou"},
            Author(kind="person", family="Dr Lou"),
        ),
        (
            {"type": "PractitionerRole", "identifier": SIRET, "display": "Dr Lou"},
            Author(kind="person", family="Dr Lou", id="S1", id_system="1.2.250.1.999.3"),
        ),
        ({"reference": "Practitioner/9", "display": "Dr"}, Author(kind="person", family="Dr")),
        ({"display": "Dr"}, Author(kind="person", family="Dr")),
    ],
)
def test_an_author_who_is_not_here_is_of_the_kind_that_the_reference_says(
    reference: Json, made: Author
) -> None:
    assert read(author=[reference], authenticator=None).authors == (made,)


def test_the_number_of_a_role_is_not_that_of_its_person() -> None:
    role = {"resourceType": "PractitionerRole", "identifier": [SIRET], "code": []}
    sent = bundle(reference(author=[{"reference": ROLE, "display": "Dr X"}], authenticator=None))
    sent["entry"].append({"fullUrl": ROLE, "resource": role, "request": POSTED})
    [document] = understand_fhir(raw(sent), DEFAULT_READING).documents
    assert [(one.kind, one.id) for one in document.authors] == [("person", None)]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2009", "\n", "\t"])
def test_a_blank_beside_an_ins_or_its_oid_is_not_read_over(blank: str) -> None:
    for name, code in (("value", "ins-malformed"), ("system", "ins-missing")):
        for written in (f"{INS[name]}{blank}", f"{blank}{INS[name]}"):
            sent = reference(contained=None, context=None, author=None, authenticator=None)
            sent |= {
                "custodian": {"display": "x"},
                "subject": {"identifier": INS | {name: written}},
            }
            answer = understand_fhir(raw(sent), DEFAULT_READING)
            assert code in {one.code for one in answer.findings}
            assert answer.verdict is not Verdict.ACCEPT


G15 = "https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante"
R38 = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
J01 = "urn:oid:1.2.250.1.213.1.1.4.5"
DOCTOR, GENERAL = {"system": G15, "code": "10"}, {"system": R38, "code": "SM26"}


def coded(*codings: Json) -> list[Json]:
    return [{"coding": [one]} for one in codings]


@pytest.mark.parametrize(
    ("code", "specialty", "qualification", "read_as"),
    [
        ([DOCTOR], [GENERAL], [], "G15_10/SM26"),
        ([], [GENERAL], [DOCTOR], "G15_10/SM26"),
        ([DOCTOR], [], [GENERAL], "G15_10/SM26"),
        ([], [GENERAL], [], "G15_10/SM26"),
        ([], [{"system": J01, "code": "G15_10/SM26"}], [DOCTOR], "G15_10/SM26"),
        ([], [{"system": J01, "code": "G15_10"}, GENERAL], [], "G15_10/SM26"),
        ([{"system": G15, "code": "60"}], [], [], "G15_60"),
        ([], [{"system": R38, "code": "SM999"}], [], None),
        ([], [], [], None),
    ],
)
def test_profession_and_specialty_are_read_wherever_role_and_person_say_them(
    code: list[Json], specialty: list[Json], qualification: list[Json], read_as: str | None
) -> None:
    person = {
        "resourceType": "Practitioner",
        "id": "person",
        "name": [{"family": "TESTEUR"}],
        "qualification": [{"code": one} for one in coded(*qualification)],
    }
    role = {
        "resourceType": "PractitionerRole",
        "id": "role",
        "practitioner": {"reference": "#person"},
        "code": coded(*code),
        "specialty": coded(*specialty),
    }
    contained = [patient(), house(), person, role]
    [author] = read(
        contained=contained, author=[{"reference": "#role"}], authenticator=None
    ).authors
    assert (author.family, author.specialty) == ("TESTEUR", read_as)
