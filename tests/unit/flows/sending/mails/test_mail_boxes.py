"""Whose box a mail goes to, and what leaves of a document that is on no shelf here."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from filing_samples import CLAIRE, DOCUMENT, KEY, NOW

from gateway.access.grid import Grid
from gateway.flows.sending.mails.mail import decide_unshelved, recipient_of
from gateway.records.documents.document import Document
from gateway.records.messages.mailbox import is_patient_box, is_patients_own, tidied
from gateway.records.readers.access import NO_FLAGS, Decision, ReaderKind
from gateway.records.readers.switches import Switches

HIDDEN = replace(DOCUMENT, confidentiality=("N", "INVISIBLE_PATIENT"))
SECRET = replace(DOCUMENT, confidentiality=("N", "INVISIBLE_REPRESENTANTS_LEGAUX"))
MASKED = replace(DOCUMENT, confidentiality=("N", "MASQUE_PS"))
DOCTOR = "dr@exemple.mssante.fr"


def decided(address: str, document: Document, flags: Mapping[str, bool] = NO_FLAGS) -> Decision:
    who = recipient_of(address, None)
    return decide_unshelved(who, document, flags, Switches(), Grid(()), NOW)


def of_a_minor(document: Document) -> Document:
    return replace(document, patient=replace(CLAIRE, birth_date="2015-03-12"))


@pytest.mark.parametrize("domain", ["patient.mssante.fr", "PATIENT.MSSANTE.FR", "patient.x.fr"])
def test_what_is_hidden_from_the_patient_leaves_for_no_patients_box(domain: str) -> None:
    box = f"{CLAIRE.ins}@{domain}"
    assert is_patient_box(box)
    assert decided(box, DOCUMENT).permitted
    assert (decided(box, HIDDEN).permitted, decided(box, HIDDEN).rule) == (False, "F27")
    assert decided(DOCTOR, HIDDEN).permitted


def test_what_is_masked_leaves_for_the_patient_and_for_no_professional() -> None:
    assert decided(f"{CLAIRE.ins}@patient.mssante.fr", MASKED).permitted
    assert decided(DOCTOR, MASKED).rule == "F60"


def test_the_secret_of_a_minor_leaves_for_no_box_of_the_patient() -> None:
    box = f"{CLAIRE.ins}@patient.mssante.fr"
    assert decided(box, SECRET).permitted
    assert decided(box, of_a_minor(SECRET)).rule == "F29"
    assert decided(box, of_a_minor(DOCUMENT), {"CONNEXION_SECRETE": True}).rule == "F30"
    assert decided(DOCTOR, of_a_minor(SECRET)).permitted


@pytest.mark.parametrize("address", [DOCTOR, "patient.dr@x.fr", "dr@x-patient.fr"])
def test_a_professionals_box_is_no_patients(address: str) -> None:
    assert not is_patient_box(address)
    assert recipient_of(address, KEY).kind is ReaderKind.PROFESSIONAL


def test_a_patients_box_is_read_by_the_patient_known_here_or_not() -> None:
    for key in (KEY, None):
        assert recipient_of("1@Patient.mssante.fr", key).kind is ReaderKind.PATIENT


def test_a_patients_own_box_bears_the_ins_at_mssante() -> None:
    assert is_patients_own("2A1@Patient.formation.MSSANTE.fr", "2A1")
    for address in ("2A2@patient.mssante.fr", "2A1@patient.mssante.fr.x.fr", "2A1@mssante.fr"):
        assert not is_patients_own(address, "2A1")
    assert not is_patients_own("2A1@patient.mssante.fr", None)


def test_only_the_domain_of_a_patients_box_is_written_small() -> None:
    assert tidied("2A1@Patient.MSSANTE.fr") == "2A1@patient.mssante.fr"
    assert tidied("dpi@hopitalA.mssante.fr") == "dpi@hopitalA.mssante.fr"
    assert tidied("nobody") == "nobody"
