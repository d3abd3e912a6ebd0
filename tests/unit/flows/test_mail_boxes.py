"""Whose box a mail goes to, and what is hidden from a patient who has no record here."""

from dataclasses import replace

import pytest
from filing_samples import CLAIRE, DOCUMENT

from gateway.flows.sending.mail import is_hidden_from
from gateway.records.mailbox import is_patient_box, is_patients_own, tidied

HIDDEN = replace(DOCUMENT, confidentiality=("N", "INVISIBLE_PATIENT"))


@pytest.mark.parametrize("domain", ["patient.mssante.fr", "PATIENT.MSSANTE.FR", "patient.x.fr"])
def test_what_is_hidden_from_the_patient_leaves_for_no_patients_box(domain: str) -> None:
    box = f"{CLAIRE.ins}@{domain}"
    assert is_patient_box(box)
    assert (is_hidden_from(box, HIDDEN), is_hidden_from(box, DOCUMENT)) == (True, False)


@pytest.mark.parametrize("address", ["dr@exemple.mssante.fr", "patient.dr@x.fr", "dr@x-patient.fr"])
def test_a_professionals_box_is_no_patients(address: str) -> None:
    assert not is_patient_box(address)
    assert not is_hidden_from(address, HIDDEN)


def test_a_patients_own_box_bears_the_ins_at_mssante() -> None:
    assert is_patients_own("2A1@Patient.formation.MSSANTE.fr", "2A1")
    for address in ("2A2@patient.mssante.fr", "2A1@patient.mssante.fr.x.fr", "2A1@mssante.fr"):
        assert not is_patients_own(address, "2A1")
    assert not is_patients_own("2A1@patient.mssante.fr", None)


def test_only_the_domain_is_written_small() -> None:
    assert tidied("Zoe.T@EXEMPLE.fr") == "Zoe.T@exemple.fr"
    assert tidied("nobody") == "nobody"
