"""Systems of identifiers as senders write them, and the numbers that XDS has for them."""

import pytest
from fhir_sample import INS, Json, patient, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.taken.resources.people import identity_of
from gateway.mapping.fhir.values import system_oid, unique_id
from gateway.records.documents.document import Author
from gateway.records.intake.reading import DEFAULT_READING

PERSONS = "1.2.250.1.71.4.2.1"


def author(system: str, value: str) -> Author:
    named = {"type": "Practitioner", "identifier": {"system": system, "value": value}}
    [document] = understand_fhir(raw(reference(author=[named])), DEFAULT_READING).documents
    return document.authors[0]


@pytest.mark.parametrize("system", ["URN:OID:1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.10"])
def test_an_ins_is_one_however_its_system_is_written(system: str) -> None:
    found = identity_of(patient() | {"identifier": [INS | {"system": system}]})
    assert (found.ins, found.ins_oid) == ("255089999999966", "1.2.250.1.213.1.4.10")
    assert found.other_ids == ()


def test_a_system_that_is_no_uri_is_not_guessed_at() -> None:
    for system in (" 1.2.250.1.213.1.4.10", "1.2.250.1.999.5", "INS-NIR"):
        found = identity_of(patient() | {"identifier": [INS | {"system": system}]})
        assert (found.ins, found.other_ids) == (None, ())


@pytest.mark.parametrize(
    ("system", "value", "number"),
    [
        ("https://rpps.esante.gouv.fr", "99700000000", "899700000000"),
        ("http://rpps.fr", "99700000000", "899700000000"),
        ("https://rpps.esante.gouv.fr", "899700000000", "899700000000"),
        ("https://adeli.esante.gouv.fr", "759900001", "0759900001"),
        ("http://adeli.fr", "759900001", "0759900001"),
        (f"urn:oid:{PERSONS}", "899700000000", "899700000000"),
        (PERSONS, "899700000000", "899700000000"),
    ],
)
def test_a_number_of_a_register_is_told_with_its_digit(
    system: str, value: str, number: str
) -> None:
    found = author(system, value)
    assert (found.id, found.id_system) == (number, PERSONS)


def test_a_urn_is_the_same_in_capitals() -> None:
    assert system_oid("URN:OID:1.2.250.1.999") == "1.2.250.1.999"
    uri = "urn:ietf:rfc:3986"
    assert unique_id({"system": uri, "value": "URN:OID:1.2.250.1.999.42"}) == "1.2.250.1.999.42"
    own = "0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d"
    assert unique_id({"system": uri, "value": f"URN:UUID:{own}"}) == own


def test_a_name_before_a_marriage_is_the_birth_name_where_no_other_is() -> None:
    used: Json = {"use": "usual", "family": "NEUVE", "given": ["Ana"]}
    maiden: Json = {"use": "maiden", "family": "PATTE", "given": ["Ana", "Lise"]}
    official: Json = {"use": "official", "family": "PATTE-VRAIE", "given": ["Ana"]}
    found = identity_of(patient() | {"name": [used, maiden]})
    assert (found.birth_family, found.birth_given, found.used_family) == ("PATTE", "Ana", "NEUVE")
    assert identity_of(patient() | {"name": [maiden, official]}).birth_family == "PATTE-VRAIE"
