"""Replacement and deletion supersede for those who may, and never erase."""

import pytest
from daemon_rig import Daemon, Visitor, eventually
from papers import Report, adt, mdm, number, pid, report, results

OTHER_AUTHOR, OTHER_HOUSE = "899799999999", "1888888888"


@pytest.fixture
def filed(gateway: Daemon) -> Report:
    what = report(gateway.person())
    assert gateway.mllp(mdm(what, f"E2E{number()}")).code == "AA"
    return what


def test_a_replacement_stands_alone_and_the_version_before_is_kept(
    gateway: Daemon, patient: Visitor, filed: Report
) -> None:
    (before,) = gateway.filed(filed.who, filed.id)
    newer = filed.next(title="Compte rendu corrigé")
    ack = gateway.mllp(mdm(newer, f"E2E{number()}", action="replace"))
    assert (ack.code, ack.errors) == ("AA", [])
    current = [one["masterIdentifier"]["value"] for one in gateway.search(filed.who)]
    assert f"urn:oid:{newer.id}" in current
    assert f"urn:oid:{filed.id}" not in current
    path = f"/fhir/DocumentReference/{before['id']}"
    assert gateway.http("GET", path, headers=gateway.doctor).status == 404
    kept = patient.get(f"/documents/{before['id']}/telecharger")
    assert (kept.status, kept.body) == (200, filed.document())


def test_what_a_patient_masked_stays_masked_in_the_next_version(
    gateway: Daemon, patient: Visitor, filed: Report
) -> None:
    (before,) = gateway.filed(filed.who, filed.id)
    page = f"/documents/{before['id']}"
    patient.fill(page, f"{page}/visibilite", masque="oui")
    newer = filed.next(title="Compte rendu corrigé")
    assert gateway.mllp(mdm(newer, f"E2E{number()}", action="replace")).code == "AA"
    masked = patient.get("/documents?visibilite=masques").body.decode()
    assert "Compte rendu corrigé" in masked


def test_replacing_a_version_that_was_replaced_is_900(gateway: Daemon, filed: Report) -> None:
    newer = filed.next()
    assert gateway.mllp(mdm(newer, f"E2E{number()}", action="replace")).code == "AA"
    late = filed.next()
    ack = gateway.mllp(mdm(late, f"E2E{number()}", action="replace"))
    assert (ack.code, ack.errors) == ("AE", [("E", "207", "900")])
    assert len(gateway.filed(filed.who, newer.id)) == 1


def test_the_author_deletes_and_a_second_time_is_already_done(
    gateway: Daemon, filed: Report
) -> None:
    assert gateway.mllp(mdm(filed, f"E2E{number()}", action="delete")).code == "AA"
    assert gateway.filed(filed.who, filed.id) == []
    again = gateway.mllp(mdm(filed, f"E2E{number()}", action="delete"))
    assert again.code == "AA"
    assert "already-filed" in gateway.fate(again.receipt).codes


def test_deleting_what_was_never_here_is_204(gateway: Daemon) -> None:
    ack = gateway.mllp(mdm(report(gateway.person()), f"E2E{number()}", action="delete"))
    assert (ack.code, ack.errors[0][:2]) == ("AE", ("E", "204"))


def test_results_without_a_qualified_identity_wait_and_file_themselves(gateway: Daemon) -> None:
    who, control = gateway.person(), f"E2E{number()}"
    local = f"L{number()}"
    ack = gateway.mllp(results(who, control, with_ins=False, local=local, status="PROV"))
    assert (ack.code, [one[0] for one in ack.errors]) == ("AA", ["W", "W"])
    assert gateway.fate(ack.receipt).json["verdict"] == "hold"
    assert gateway.filed(who, control) == []
    assert gateway.mllp(adt(who, f"E2E{number()}", local=local)).code == "AA"
    eventually(lambda: gateway.filed(who, control))
    assert len(gateway.filed(who, control)) == 1
    assert gateway.fate(ack.receipt).json["verdict"] == "accept"


def test_a_provisional_identity_waits_until_an_adt_says_vali(gateway: Daemon) -> None:
    what = report(gateway.person())
    raw = mdm(what, f"E2E{number()}").replace(
        pid(what.who).encode(), pid(what.who, status="PROV").encode()
    )
    ack = gateway.mllp(raw)
    assert (ack.code, gateway.fate(ack.receipt).json["verdict"]) == ("AA", "hold")
    assert gateway.filed(what.who, what.id) == []
    assert gateway.mllp(adt(what.who, f"E2E{number()}")).code == "AA"
    eventually(lambda: gateway.filed(what.who, what.id))


def test_traits_that_disagree_are_held_and_not_shown(gateway: Daemon) -> None:
    who = gateway.person()
    what = report(who)
    body = what.document().replace(who.family.encode(), b"Autrenom")
    reply = gateway.post(body)
    assert (reply.status, reply.json["verdict"]) == (202, "hold")
    assert gateway.filed(who, what.id) == []
    assert who.family not in reply.body.decode()


def masked(what: Report, *, value: str) -> bytes:
    """The same document again with MODIF_CONF_CODE: only its flags are new."""
    flags = {"MASQUE_PS": value, "MODIF_CONF_CODE": "Y"}
    rows = [
        f"OBX|{n}|CWE|{code}^^MetaDMPMSS||{flag}||||||F"
        for n, (code, flag) in enumerate(flags.items(), 2)
    ]
    raw = mdm(what, f"E2E{number()}", action="replace")
    return raw + "".join(f"{row}\r" for row in rows).encode()


def test_new_flags_for_the_same_document_hide_it_and_only_the_patient_shows_it_again(
    gateway: Daemon, filed: Report
) -> None:
    (before,) = gateway.filed(filed.who, filed.id)
    ack = gateway.mllp(masked(filed, value="Y"))
    assert (ack.code, ack.errors) == ("AA", [])
    (after,) = gateway.filed(filed.who, filed.id)
    assert after["id"] != before["id"]
    labels = [one["coding"][0]["code"] for one in after["securityLabel"]]
    assert labels == ["N", "MASQUE_PS"]
    again = gateway.mllp(masked(filed, value="N"))
    assert (again.code, again.errors) == ("AE", [("E", "207", "906")])
    assert "unmask-denied" in gateway.fate(again.receipt).codes
    path = f"/fhir/DocumentReference/{before['id']}"
    assert gateway.http("GET", path, headers=gateway.doctor).status == 404


def test_the_same_flags_again_change_nothing(gateway: Daemon, filed: Report) -> None:
    assert gateway.mllp(masked(filed, value="N")).code == "AA"
    assert len(gateway.filed(filed.who, filed.id)) == 1


def test_a_deletion_must_come_after_its_document(gateway: Daemon) -> None:
    what = report(gateway.person())
    early = gateway.mllp(mdm(what, f"E2E{number()}", action="delete"))
    assert (early.code, early.errors) == ("AE", [("E", "204", "906")])
    assert gateway.mllp(mdm(what, f"E2E{number()}")).code == "AA"
    assert gateway.mllp(mdm(what, f"E2E{number()}", action="delete")).code == "AA"
    assert gateway.filed(what.who, what.id) == []


def test_replacing_what_was_deleted_is_900(gateway: Daemon, filed: Report) -> None:
    assert gateway.mllp(mdm(filed, f"E2E{number()}", action="delete")).code == "AA"
    late = gateway.mllp(mdm(filed.next(), f"E2E{number()}", action="replace"))
    assert (late.code, late.errors) == ("AE", [("E", "207", "900")])
