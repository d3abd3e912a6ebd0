"""What is not taken is said with what to fix, and the daemon serves on."""

import contextlib
import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from daemon_rig import Daemon, eventually
from papers import archive, mail, mdm, number, report, results, stranger

OVER_LIMIT = 50_000_001
BROKEN_XML = b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id'


@pytest.mark.parametrize(
    ("account", "code"),
    [("invited", "vault-absent"), ("closed", "vault-closed"), ("opposed", "vault-opposed")],
)
def test_a_person_without_an_open_space_is_207_and_902(
    gateway: Daemon, account: str, code: str
) -> None:
    what = report(gateway.person(account))
    ack = gateway.mllp(mdm(what, f"E2E{number()}"))
    assert (ack.code, ack.errors) == ("AE", [("E", "207", "902")])
    reply = gateway.post(what.document())
    assert (reply.status, reply.json["verdict"], reply.codes) == (422, "refuse", [code])


def test_nobody_known_under_an_ins_is_vault_absent_at_every_door(gateway: Daemon) -> None:
    what = report(stranger())
    assert gateway.mllp(mdm(what, f"E2E{number()}")).errors == [("E", "207", "902")]
    assert gateway.post(what.document()).codes == ["vault-absent"]
    assert gateway.post(archive(what), "application/zip").codes == ["vault-absent"]
    with gateway.smtp() as client:
        sender = gateway.demo["mail_sender"]
        client.ehlo()
        client.mail(sender)
        assert client.rcpt(f"{what.who.ins}@patient.mssante.fr")[0] == 550


def test_a_mail_for_another_patients_mailbox_is_refused(gateway: Daemon) -> None:
    first, second = (one["ins"] for one in gateway.lines()[:2])
    what = report(gateway.person())
    assert what.who.ins == first
    with gateway.smtp() as client:
        sender = gateway.demo["mail_sender"]
        client.ehlo()
        client.mail(sender)
        assert client.rcpt(f"{second}@patient.mssante.fr")[0] == 250
        code, _ = client.data(mail(what, sender).as_bytes().replace(b"\n", b"\r\n"))
    assert code // 100 == 5
    assert gateway.filed(what.who, what.id) == []


def mailed(gateway: Daemon, raw: bytes, *boxes: str) -> tuple[int, str]:
    """The status of a mail to these boxes, and the last word of the reply."""
    with gateway.smtp() as client:
        client.ehlo()
        client.mail(gateway.demo["mail_sender"])
        assert [client.rcpt(f"{box}@patient.mssante.fr")[0] for box in boxes] == [250] * len(boxes)
        code, reply = client.data(raw)
    return code, reply.decode().split()[-1]


def test_a_mail_that_was_taken_is_not_answered_as_taken_for_another_mailbox(
    gateway: Daemon,
) -> None:
    first, second = (one["ins"] for one in gateway.lines()[:2])
    what = report(gateway.person())
    raw = mail(what, gateway.demo["mail_sender"]).as_bytes().replace(b"\n", b"\r\n")
    taken = mailed(gateway, raw, first)
    assert taken[0] == 250
    assert mailed(gateway, raw, second)[0] == 554
    assert mailed(gateway, raw, first, second)[0] == 554
    assert mailed(gateway, raw, first) == taken


def test_free_text_for_two_mailboxes_is_two_receipts(gateway: Daemon) -> None:
    first, second = (one["ins"] for one in gateway.lines()[:2])
    sender = gateway.demo["mail_sender"]
    raw = f"From: {sender}\r\nSubject: mot {number()}\r\n\r\nBonjour.\r\n".encode()
    one, other = mailed(gateway, raw, first), mailed(gateway, raw, second)
    assert one[0] == other[0] == 250
    assert one[1] != other[1]
    assert mailed(gateway, raw, second) == other


@pytest.mark.parametrize("token", ["wrong", "é", "x" * 5_000])
def test_a_wrong_token_is_401_and_stores_nothing(gateway: Daemon, token: str) -> None:
    what = report(gateway.person())
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    reply = gateway.http(
        "POST", "/documents", what.document(), headers | {"Content-Type": "application/xml"}
    )
    assert (reply.status, reply.json["receipt"]) == (401, None)
    assert gateway.filed(what.who, what.id) == []


def test_an_upload_without_credentials_is_401(gateway: Daemon) -> None:
    reply = gateway.http("POST", "/documents", b"<a/>", {"Content-Type": "application/xml"})
    assert reply.status == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (BROKEN_XML, "application/xml", 400),
        (b"PK\x03\x04 not really", "application/zip", 400),
        (b"{", "application/fhir+json", 400),
        (b"not a message", "application/hl7-v2", 400),
        (b"", "application/xml", 400),
        (b"GIF89a", "image/gif", 415),
    ],
)
def test_an_unreadable_body_is_said_by_its_status(
    gateway: Daemon, body: bytes, kind: str, status: int
) -> None:
    reply = gateway.post(body, kind)
    assert (reply.status, reply.json["verdict"]) == (status, "refuse"), reply.body
    assert reply.json["findings"][0]["message"]


def test_what_came_under_a_wrong_type_is_kept_and_may_come_again(gateway: Daemon) -> None:
    raw = report(gateway.person()).document()
    wrong = gateway.post(raw, "text/plain")
    assert (wrong.status, wrong.json["findings"][0]["code"]) == (415, "unsupported-type")
    fate = gateway.http("GET", f"/documents/{wrong.json['receipt']}", headers=gateway.sender())
    assert (fate.status, fate.json["verdict"]) == (200, "refuse")
    assert gateway.post(raw, "application/xml").status == 201


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_what_came_under_a_key_that_is_none_is_kept_and_may_come_again(
    gateway: Daemon, key: str
) -> None:
    raw = report(gateway.person()).document()
    headers = gateway.sender() | {"Content-Type": "application/xml", "Idempotency-Key": key}
    wrong = gateway.http("POST", "/documents", raw, headers)
    assert (wrong.status, wrong.json["findings"][0]["code"]) == (400, "idempotency-key")
    fate = gateway.http("GET", f"/documents/{wrong.json['receipt']}", headers=gateway.sender())
    assert (fate.status, fate.json["verdict"]) == (200, "refuse")
    assert gateway.post(raw, "application/xml").status == 201


def test_a_body_over_the_limit_is_413_without_being_read(gateway: Daemon) -> None:
    place = str(urlsplit(gateway.places["http"]).netloc)
    with contextlib.closing(http.client.HTTPConnection(place, timeout=120)) as connection:
        connection.putrequest("POST", "/documents")
        for name, value in gateway.sender().items():
            connection.putheader(name, value)
        connection.putheader("Content-Type", "application/xml")
        connection.putheader("Content-Length", str(OVER_LIMIT))
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_a_frame_over_the_limit_ends_its_connection_only(gateway: Daemon) -> None:
    who = gateway.person()
    raw = results(who, f"E2E{number()}")
    with contextlib.closing(gateway.line()) as line:
        ack = line.ask(raw + b"NTE|1|L|" + b"x" * OVER_LIMIT)
        assert (ack.code, ack.errors[0][:2]) == ("AR", ("E", "207"))
        with pytest.raises(ConnectionError):
            line.ask(raw)
    assert gateway.mllp(raw).code == "AA"


def test_a_half_written_file_is_not_taken(gateway: Daemon) -> None:
    folder = Path(gateway.places["folder"])
    what, marker = report(gateway.person()), report(gateway.person())
    whole = what.document()
    unfinished = folder / f"half-{number()}.xml.part"
    unfinished.write_bytes(whole[: len(whole) // 2])
    later = folder / f"whole-{number()}.xml"
    later.write_bytes(marker.document())
    eventually(lambda: (folder / "done" / later.name).exists())
    assert unfinished.exists()
    assert gateway.filed(what.who, what.id) == []
    unfinished.write_bytes(whole)
    unfinished.rename(unfinished.with_suffix(""))
    eventually(lambda: (folder / "done" / unfinished.with_suffix("").name).exists())
    assert len(gateway.filed(what.who, what.id)) == 1


def test_a_refused_file_lies_beside_its_reasons(gateway: Daemon) -> None:
    folder = Path(gateway.places["folder"])
    name = f"broken-{number()}.xml"
    (folder / name).write_bytes(BROKEN_XML)
    answer = eventually(lambda: next(folder.glob(f"*/{name}.json"), None))
    assert answer.parent.name == "refused"
    eventually(lambda: (folder / "refused" / name).exists())


def test_another_senders_receipt_does_not_exist(gateway: Daemon) -> None:
    reply = gateway.http("GET", "/documents/0123456789abcdef", headers=gateway.sender())
    assert reply.status == 404
    receipt = gateway.post(report(gateway.person()).document()).json["receipt"]
    headers = gateway.doctor
    assert gateway.http("GET", f"/documents/{receipt}", headers=headers).status == 401


def test_a_stranger_to_the_record_sees_no_document_and_no_total(gateway: Daemon) -> None:
    what = report(gateway.person())
    gateway.post(what.document())
    dentist = gateway.professional("G15_40")
    query = f"patient.identifier=urn:oid:{what.who.oid}|{what.who.ins}"
    reply = gateway.http("GET", f"/fhir/DocumentReference?{query}", headers=dentist)
    assert what.id.encode() not in reply.body
    anonymous = gateway.http("GET", f"/fhir/DocumentReference?{query}")
    assert anonymous.status == 401
