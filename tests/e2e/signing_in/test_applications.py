"""An application deposits for the patient who authorised it, and nothing else (VAULT APP-06)."""

import re
from typing import Any

import pytest
from answers import Reply
from daemon_rig import Daemon, Make, Visitor

from gateway.mapping.fhir.written.deposit import FileBrought, reference_with
from gateway.mapping.labels.choosing import BY_CODE
from gateway.records.documents.document import Author
from gateway.records.patients.patient import PatientIdentity

PAGE = "/parametres/services"
OWN, LABORATORY = "DOCPAT01", "11502-2"


@pytest.fixture
def demo(make_gateway: Make) -> Daemon:
    return make_gateway().start()


def line(daemon: Daemon, given: str) -> dict[str, Any]:
    return next(one for one in daemon.demo["patients"] if one["birth_given"] == given)


def authorised(
    daemon: Daemon, given: str = "Claire", **scopes: str
) -> tuple[Visitor, dict[str, str]]:
    """A patient's browser, and the headers of the service that may act."""
    patient = Visitor(daemon).sign_in(line(daemon, given))
    shown = patient.fill(PAGE, PAGE, expects=200, service="carnet", **scopes)
    found = re.search(r"<code data-token>([^<]+)</code>", shown.body.decode())
    assert found
    return patient, {"Authorization": f"Bearer {found[1]}", "Content-Type": "application/fhir+json"}


def reference(daemon: Daemon, given: str, kind: str, **changes: Any) -> bytes:
    """A DocumentReference for this patient, of this type."""
    who = line(daemon, given)
    known = BY_CODE.get(kind)
    brought = FileBrought(
        unique_id=f"urn:uuid:5e7bd6a5-8d29-4b0b-9a39-0000000000{len(given):02d}",
        patient=PatientIdentity(ins=who["ins"], ins_oid=who["ins_oid"]),
        author=Author(kind="person", id=who["ins"], family=who["birth_family"], given=given),
        mime_type="text/plain",
        body=b"Tension du matin : 12,5 / 8",
        codes=("N",),
        type_code=kind,
        type_system=known.system if known else "1.2.250.1.213.1.1.4.12",
        type_display="Document du patient",
        title="Mon carnet",
        act_date="2026-03-01",
        **changes,
    )
    return reference_with(brought)


def deposit(daemon: Daemon, bearer: dict[str, str], body: bytes) -> Reply:
    return daemon.http("POST", "/fhir/DocumentReference", body, bearer)


def test_it_deposits_a_patients_own_document_which_stays_the_patients(demo: Daemon) -> None:
    claire, bearer = authorised(demo, write="oui")
    reply = deposit(demo, bearer, reference(demo, "Claire", OWN))
    assert reply.status == 201, reply.body
    shown = claire.get("/documents?ajoute_par=moi").body.decode()
    assert "Mon carnet" in shown
    history = claire.get("/historique").body.decode()
    assert "par Mon carnet de mesures, application" in history
    demo.stop()
    demo.start()
    assert deposit(demo, bearer, reference(demo, "Claire", OWN)).status == 200  # a copy


def test_what_is_not_its_to_do_is_refused(demo: Daemon) -> None:
    _, bearer = authorised(demo, write="oui")
    assert deposit(demo, bearer, reference(demo, "Claire", LABORATORY)).status == 403
    for other in ("Marc", "Léo", "Yanis"):  # of another, there or not
        reply = deposit(demo, bearer, reference(demo, other, OWN))
        assert (reply.status, b"D00" in reply.body) == (403, True), other
    assert deposit(demo, bearer, b"{").status == 400
    found = demo.http("POST", "/documents", b"<x/>", bearer | {"Content-Type": "text/xml"})
    assert found.status == 401
    for path in ("/documents", "/historique", "/parametres/acces", "/profils"):
        reply = demo.http("GET", path, headers=bearer)
        assert reply.status in (303, 404), path


def test_without_the_right_scope_or_after_the_stop_nothing_is_deposited(demo: Daemon) -> None:
    claire, bearer = authorised(demo, read="oui")
    reply = deposit(demo, bearer, reference(demo, "Claire", OWN))
    assert (reply.status, b"scope" in reply.body) == (403, True)
    claire.fill(PAGE, f"{PAGE}/arret", service="carnet")
    assert deposit(demo, bearer, reference(demo, "Claire", OWN)).status == 401


def test_copies_and_keys_of_one_patient_are_never_answered_to_another(demo: Daemon) -> None:
    """One service acts for both; what it says for one tells nothing of the other."""
    _, hers = authorised(demo, write="oui")
    _, his = authorised(demo, "Marc", write="oui")
    first = reference(demo, "Claire", OWN)
    assert deposit(demo, hers | {"Idempotency-Key": "1"}, first).status == 201
    reply = deposit(demo, his | {"Idempotency-Key": "1"}, reference(demo, "Marc", OWN))
    assert reply.status == 201, reply.body
    for headers in (his, his | {"Idempotency-Key": "1"}, his | {"Idempotency-Key": "2"}):
        refused = deposit(demo, headers, first)
        assert refused.status in (403, 422)
        assert b"DocumentReference/" not in refused.body
        assert "Location" not in refused.headers
