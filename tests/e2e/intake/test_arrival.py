"""A document through each door ends labelled in the patient's vault."""

import contextlib
import json
from collections.abc import Callable
from email.policy import SMTP
from pathlib import Path

import pytest
from daemon_rig import Daemon, Make, Visitor, eventually
from papers import Report, adt, archive, mail, mdm, number, report, results


def seen(patient: Visitor, words: str) -> str:
    """The page of the documents under « Résultats de biologie » that hold these words."""
    page = patient.get(f"/documents?libelle=BIOLOGIE&q={words}")
    assert page.status == 200
    return page.body.decode()


def test_results_over_mllp_are_readable_at_once(gateway: Daemon, patient: Visitor) -> None:
    who, control = gateway.person(), f"E2E{number()}"
    ack = gateway.mllp(results(who, control))
    assert (ack.code, ack.control, ack.errors) == ("AA", control, [])
    found = gateway.filed(who, control)
    assert len(found) == 1
    assert found[0]["type"]["coding"][0]["code"] == "11502-2"
    assert gateway.content(found[0]) == results(who, control)
    assert f"/documents/{found[0]['id']}" in patient.get("/documents").body.decode()
    page = patient.get(f"/documents/{found[0]['id']}").body.decode()
    assert "Résultats de biologie" in page
    assert "Leucocytes" in patient.get(f"/documents/{found[0]['id']}/corps").body.decode()


def by_mllp(gateway: Daemon, what: Report) -> str:
    ack = gateway.mllp(mdm(what, f"E2E{number()}"))
    assert (ack.code, ack.errors) == ("AA", [])
    return ack.receipt


def by_http(gateway: Daemon, what: Report) -> str:
    reply = gateway.post(what.document())
    assert (reply.status, reply.json["verdict"]) == (201, "accept"), reply.body
    assert reply.headers["location"] == f"/documents/{reply.json['receipt']}"
    return str(reply.json["receipt"])


def by_archive(gateway: Daemon, what: Report) -> str:
    reply = gateway.post(archive(what), "application/zip")
    assert (reply.status, reply.json["verdict"]) == (201, "accept"), reply.body
    return str(reply.json["receipt"])


def by_folder(gateway: Daemon, what: Report) -> str:
    folder = Path(gateway.places["folder"])
    name = f"export-{number()}.zip"
    (folder / f"{name}.part").write_bytes(archive(what))
    (folder / f"{name}.part").rename(folder / name)
    answer = eventually(lambda: next(folder.glob(f"*/{name}.json"), None))
    assert answer.parent.name == "done", answer.read_text()
    eventually((folder / "done" / name).exists)
    return str(json.loads(answer.read_text())["receipt"])


def by_mail(gateway: Daemon, what: Report, sender: str = "") -> str:
    with gateway.smtp() as client:
        sender = sender or gateway.demo["mail_sender"]
        client.ehlo()
        assert client.mail(sender)[0] == 250
        assert client.rcpt(f"{what.who.ins}@patient.mssante.fr")[0] == 250
        code, reply = client.data(mail(what, sender).as_bytes(policy=SMTP))
    assert code == 250, reply
    return reply.decode().split()[-1]


@pytest.mark.parametrize("send", [by_mllp, by_http, by_archive, by_folder, by_mail])
def test_a_document_through_each_door_is_labelled_and_the_same_to_the_byte(
    gateway: Daemon, patient: Visitor, send: Callable[[Daemon, Report], str]
) -> None:
    what = report(gateway.person(), title=f"Bilan numéro {number()}")
    receipt = send(gateway, what)
    found = gateway.filed(what.who, what.id)
    assert len(found) == 1
    assert gateway.content(found[0]) == what.document()
    fate = gateway.fate(receipt).json
    if send is not by_mail:  # a mail's receipt is of the mail's own sender
        assert fate["verdict"] == "accept"
        assert [one["label"] for one in fate["documents"]] == ["BIOLOGIE"]
    assert what.title in seen(patient, what.title.rpartition(" ")[2])


def test_an_adt_is_taken_and_makes_no_document(gateway: Daemon) -> None:
    who = gateway.person()
    before = len(gateway.search(who))
    assert gateway.mllp(adt(who, f"E2E{number()}")).code == "AA"
    assert len(gateway.search(who)) == before


def test_the_trace_tells_the_patient_who_deposited(gateway: Daemon, patient: Visitor) -> None:
    what = report(gateway.person(), title="Bilan tracé")
    by_http(gateway, what)
    (found,) = gateway.filed(what.who, what.id)
    page = patient.get(f"/documents/{found['id']}").body.decode()
    assert "TESTEUR" in page or "Testeur" in page
    assert "Pourquoi ce libellé" in page
    assert patient.get("/historique").status == 200


def test_metrics_count_what_came_in(gateway: Daemon) -> None:
    with contextlib.closing(gateway.line()) as line:
        assert line.ask(results(gateway.person(), f"E2E{number()}")).code == "AA"
    rows = [row for row in gateway.metrics().splitlines() if 'door="mllp"' in row]
    assert any('verdict="accept"' in row and not row.endswith(" 0.0") for row in rows)


def test_the_ins_of_a_patients_own_mailbox_is_nowhere_in_a_copied_database(
    make_gateway: Make,
) -> None:
    gateway = make_gateway().start()
    what = report(gateway.person())
    sender = f"{what.who.ins}@patient.mssante.fr"
    for spelt in (sender, sender.replace("patient", "Patient")):
        by_mail(gateway, what, spelt)
    assert gateway.filed(what.who, what.id)
    assert gateway.stop() == 0
    copied = b"".join(one.read_bytes() for one in (gateway.folder / "data").glob("gateway.db*"))
    assert b"@patient.mssante.fr" in copied
    assert copied.count(what.who.ins.encode()) == 0
