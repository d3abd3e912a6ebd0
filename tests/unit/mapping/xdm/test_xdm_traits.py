"""sourcePatientInfo: names and addresses of several kinds, as hospital software lists them."""

import pytest
from xdm_sample import NOTE, archive, edited, members, understood

from gateway.records.patients.patient import PatientIdentity

BIRTH, PLACE = "PID-5|PATTE^Ana^Ana Lise^^^^L", "PID-11|^^^^^^BDL^^51215"
HOME = "12 rue Fictive^^LYON^^69001^FRA^H"
NEXT = "</rim:Value><rim:Value>"


def patient(before: str, after: str) -> PatientIdentity:
    """Of the sample note: it has no header that fills what its envelope leaves out."""
    raw = edited(members(archive(b"Bonjour", NOTE)), before, after)
    return understood(raw).documents[0].patient


@pytest.mark.parametrize(
    "written",
    [
        f"PID-11|{HOME}{NEXT}{PLACE}",
        f"{PLACE}{NEXT}PID-11|{HOME}",
        f"PID-11|{HOME}~^^^^^^BDL^^51215",
        f"{PLACE}^^",
        "PID-11|^^^^^^^^51215",
    ],
)
def test_the_birth_place_is_told_from_where_the_patient_lives(written: str) -> None:
    assert patient(PLACE, written).birth_place == "51215"


def test_an_address_alone_is_no_birth_place() -> None:
    assert patient(PLACE, f"PID-11|{HOME}").birth_place is None


@pytest.mark.parametrize(
    "used",
    [
        "PID-5|VIAL^Anne^^^^^D",
        "PID-5|VIAL^Anne^^^MME^^D^^^",
    ],
)
def test_a_used_name_is_known_by_its_type_wherever_it_stands(used: str) -> None:
    for written in (f"{BIRTH}{NEXT}{used}", f"{used}{NEXT}{BIRTH}", f"{used}~{BIRTH[6:]}"):
        found = patient(BIRTH, written)
        assert (found.birth_family, found.birth_given) == ("PATTE", "Ana"), written
        assert (found.used_family, found.used_given) == ("VIAL", "Anne"), written


def test_a_name_of_another_type_is_neither_the_birth_name_nor_the_used_one() -> None:
    found = patient(BIRTH, f"{BIRTH}{NEXT}PID-5|SURNOM^Nana^^^^^N")
    assert (found.birth_family, found.used_family) == ("PATTE", None)


def test_a_name_without_a_type_is_the_birth_name_where_no_other_is() -> None:
    assert patient(BIRTH, "PID-5|PATTE^Ana").birth_family == "PATTE"
    assert patient(BIRTH, f"PID-5|VIAL^Anne{NEXT}{BIRTH}").birth_family == "PATTE"
