"""Documents, Bundles and mails sent to `conformance sender`, and clumsy HTTP and SMTP."""

import smtplib
import socket

import pytest
from listening_kit import BOX, SERIAL, TOKEN, WHO, Kit, letter

from conformance.made import fhir
from conformance.made.cda import paper
from conformance.requirement import Status


def test_documents_are_judged_over_http(kit: Kit) -> None:
    what = paper(WHO, SERIAL)
    good = kit.web().ask("POST", "/documents", what.cda(), TOKEN | {"Content-Type": "text/xml"})
    assert (good.status, good.json["findings"]) == (201, [])
    bad = what.cda().replace(b'code="FR"', b'code="US"')
    reply = kit.web().ask("POST", "/documents", bad, TOKEN | {"Content-Type": "text/xml"})
    assert (reply.status, reply.json["findings"][0]["code"]) == (422, "S-CDA-01")
    assert "Write FR." in reply.json["findings"][0]["message"]


def test_a_bundle_gets_its_response_or_an_outcome(kit: Kit) -> None:
    bundle = fhir.transaction(paper(WHO, SERIAL), serial=SERIAL)
    headers = TOKEN | {"Content-Type": "application/fhir+json"}
    good = kit.web().ask("POST", "/fhir", bundle.raw(), headers)
    assert (good.status, good.json["type"], len(good.json["entry"])) == (
        200,
        "transaction-response",
        3,
    )
    bundle.attachment["size"] = 1
    bad = kit.web().ask("POST", "/fhir", bundle.raw(), headers)
    assert (bad.status, bad.json["resourceType"]) == (422, "OperationOutcome")
    assert "S-FHIR-16" in bad.json["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_clumsy_http_is_answered_and_the_listener_serves_on(
    kit: Kit, head: bytes, status: bytes
) -> None:
    place = kit.places["http"]
    with socket.create_connection((place.host, place.port), 5) as peer:
        peer.sendall(head)
        assert status in peer.recv(4_096)
    assert kit.web().ask("POST", "/", b"{}", TOKEN).status == 422


def test_a_mail_is_taken_and_a_wrong_one_is_550_with_the_clause(kit: Kit) -> None:
    place = kit.places["smtp"]
    with smtplib.SMTP(place.host, place.port, "labo.exemple.test", 5) as client:
        assert client.sendmail("labo@exemple.test", [BOX], letter()) == {}
        bad = letter().replace(b"X-MSS-NIL", b"X-RIEN")
        with pytest.raises(smtplib.SMTPDataError, match=r"ECO\.2\.4\.3 X-MSS-NIL"):
            client.sendmail("labo@exemple.test", [BOX], bad)
        assert client.docmd("NOOP")[0] == 250


@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        (b"DATA\r\n", [b"503"]),
        (b"RCPT TO:<a@b>\r\n", [b"503"]),
        (b"MAIL a@b\r\n", [b"501"]),
        (b"VRFY a\r\nNOOP\r\n", [b"502", b"250"]),
        (b"RIEN\r\n" * 12, [b"502"] * 10),
        (b"MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRSET\r\nDATA\r\n", [b"250", b"250", b"250", b"503"]),
    ],
)
def test_clumsy_smtp_is_answered(kit: Kit, commands: bytes, codes: list[bytes]) -> None:
    place = kit.places["smtp"]
    with socket.create_connection((place.host, place.port), 5) as peer:
        replies = peer.makefile("rb")
        assert replies.readline().startswith(b"220")
        peer.sendall(commands)
        assert [replies.readline()[:3] for _ in codes] == codes
        if len(codes) == 10:
            assert replies.readline() == b"", "a client that talks nonsense is cut off"


def test_dots_are_undone_and_a_bare_line_feed_ends_nothing(kit: Kit) -> None:
    place = kit.places["smtp"]
    with socket.create_connection((place.host, place.port), 5) as peer:
        replies = peer.makefile("rb")
        peer.sendall(b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n")
        peer.sendall(b"Subject: x\r\n\r\n..dot\n.\nMAIL FROM:<x@y>\r\n.\r\nQUIT\r\n")
        lines = [replies.readline()[:3] for _ in range(6)]
    assert lines == [b"220", b"250", b"250", b"354", b"550", b"221"]
    assert kit.court.count == 1
    assert kit.outcome("S-SMTP-01").status is Status.NOT_MET
