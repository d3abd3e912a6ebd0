"""Envelopes: what is read of them, what they must have, and which answer they get."""

import pytest
from lxml import etree

from gateway.mapping.soap.answer import write_answer, write_fault
from gateway.mapping.soap.envelope import check_headers, read_message
from gateway.mapping.soap.message import SOAP_11, SOAP_12, FaultError
from gateway.mapping.soap.mtom import pack

PLAIN = "application/soap+xml; charset=UTF-8"
WSA = "http://www.w3.org/2005/08/addressing"
ADDRESSED = "<a:Action> urn:do </a:Action><a:MessageID>urn:uuid:1</a:MessageID>"


def envelope(header: str = ADDRESSED, body: str = "<x/>", soap: str = SOAP_12) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{soap}" xmlns:a="{WSA}"><s:Header>{header}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def refusal(body: bytes, content_type: str = PLAIN) -> FaultError:
    with pytest.raises(FaultError) as refused:
        check_headers(read_message(content_type, body))
    return refused.value


def test_a_message_says_what_to_do_and_its_name() -> None:
    message = read_message(PLAIN, envelope())
    check_headers(message)
    assert (message.action, message.message_id, message.packed) == ("urn:do", "urn:uuid:1", False)
    assert (message.body.tag, message.soap) == ("x", SOAP_12)


@pytest.mark.parametrize("soap", [SOAP_12, SOAP_11])
def test_a_packed_message_says_the_same(soap: str) -> None:
    header, body = pack(envelope(soap=soap), {"d": b"1"}, boundary="p", soap=soap, action="")
    message = read_message(header.upper().replace("BOUNDARY=P", "boundary=p"), body)
    assert (message.action, message.packed, message.soap) == ("urn:do", True, soap)
    assert message.parts["d"] == b"1"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no xml", 400),
        (b"<!DOCTYPE s>" + envelope(), 400),
        (b"<x/>", 400),
        (envelope(body=""), 400),
        (envelope(body="<x/><y/>"), 400),
        (envelope(body="<x>" * 70 + "</x>" * 70), 400),
        (envelope().replace(b"<s:Body>", b"<s:Body/><s:Body>"), 400),
    ],
)
def test_what_is_no_envelope_is_refused(body: bytes, status: int) -> None:
    fault = refusal(body)
    assert (fault.code, fault.status) == ("Sender", status)


def test_a_doctype_is_told_apart_from_what_is_no_xml() -> None:
    assert "DOCTYPE" in refusal(b"<!DOCTYPE s>" + envelope()).reason
    assert "bien formé" in refusal(b"<s:Envelope>").reason


def test_a_type_that_is_not_soaps_is_refused() -> None:
    assert refusal(envelope(), "application/json").status == 415


def test_another_soap_is_another_version() -> None:
    assert refusal(envelope(soap="urn:soap:2")).code == "VersionMismatch"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "<a:Action>urn:do</a:Action>",
        "<a:MessageID>1</a:MessageID>",
        "<a:Action/><a:MessageID>1</a:MessageID>",
        "<Action>urn:do</Action><a:MessageID>1</a:MessageID>",
    ],
)
def test_action_and_message_id_are_required(header: str) -> None:
    assert refusal(envelope(header)).subcode == "wsa:MessageAddressingHeaderRequired"


def test_a_message_without_any_header_is_told_what_it_needs() -> None:
    body = envelope().replace(f"<s:Header>{ADDRESSED}</s:Header>".encode(), b"")
    assert refusal(body).subcode == "wsa:MessageAddressingHeaderRequired"


def test_a_header_of_addressing_stands_once() -> None:
    assert refusal(envelope(ADDRESSED + "<a:Action/>")).subcode == "wsa:InvalidAddressingHeader"


@pytest.mark.parametrize(
    "mark", ['s:mustUnderstand="true"', 's:mustUnderstand="1"', 'mustUnderstand="1"']
)
def test_a_header_that_must_be_understood_and_is_not_is_told(mark: str) -> None:
    header = f'{ADDRESSED}<t:Transaction xmlns:t="urn:t" {mark}/>'
    assert refusal(envelope(header)).code == "MustUnderstand"


@pytest.mark.parametrize(
    "mark",
    [
        's:mustUnderstand="0"',
        's:mustUnderstand="true" s:role="urn:somebody-else"',
        's:mustUnderstand="1" s:role="http://www.w3.org/2003/05/soap-envelope/role/none"',
    ],
)
def test_a_header_for_somebody_else_is_passed_over(mark: str) -> None:
    header = f'{ADDRESSED}<t:Transaction xmlns:t="urn:t" {mark}/>'
    check_headers(read_message(PLAIN, envelope(header)))


def test_addressing_and_security_are_understood() -> None:
    header = ADDRESSED.replace("<a:Action>", '<a:Action s:mustUnderstand="1">') + (
        '<w:Security s:mustUnderstand="true" xmlns:w="http://docs.oasis-open.org/wss/2004/01/'
        'oasis-200401-wss-wssecurity-secext-1.0.xsd"/>'
    )
    check_headers(read_message(PLAIN, envelope(header)))


@pytest.mark.parametrize("soap", [SOAP_12, SOAP_11])
def test_an_answer_names_the_request_that_it_answers(soap: str) -> None:
    text = b'<r:Done xmlns:r="urn:r" at="1"/>'
    told = {"soap": soap, "action": "urn:done", "message_id": "urn:uuid:2"}
    written = write_answer(etree.fromstring(text), relates_to="urn:uuid:1", **told)
    assert write_answer(text, relates_to="urn:uuid:1", **told) == written
    message = read_message(PLAIN, written)
    check_headers(message)
    assert (message.action, message.message_id, message.soap) == ("urn:done", "urn:uuid:2", soap)
    assert (message.body.tag, message.body.get("at")) == ("{urn:r}Done", "1")
    assert message.envelope.findtext(f".//{{{WSA}}}RelatesTo") == "urn:uuid:1"
    assert message.envelope.findtext(f".//{{{WSA}}}To") == f"{WSA}/anonymous"


@pytest.mark.parametrize(
    ("subcode", "action", "value"),
    [
        (None, "/soap/fault", None),
        ("DMPInvalidCertificate", "/soap/fault", "soap:DMPInvalidCertificate"),
        ("wsa:ActionMismatch", "/fault", "wsa:ActionMismatch"),
    ],
)
def test_a_fault_names_its_codes(subcode: str | None, action: str, value: str | None) -> None:
    fault = FaultError("Sender", "À corriger.", subcode=subcode)
    told, written = write_fault(fault, soap=SOAP_12, message_id="urn:uuid:2", relates_to="urn:1")
    body = read_message(PLAIN, written).body
    assert told == WSA + action
    assert body.findtext("{*}Code/{*}Value") == "soap:Sender"
    assert body.findtext("{*}Code/{*}Subcode/{*}Value") == value
    assert body.findtext("{*}Reason/{*}Text") == "À corriger."
    assert body.nsmap["soap"] == SOAP_12
    assert body.nsmap["wsa"] == WSA


@pytest.mark.parametrize(
    ("code", "subcode", "told"),
    [
        ("Sender", None, "soap:Client"),
        ("Receiver", None, "soap:Server"),
        ("MustUnderstand", None, "soap:MustUnderstand"),
        ("Sender", "DMPInvalidCertificate", "soap:Client.DMPInvalidCertificate"),
        ("Sender", "wsa:ActionMismatch", "wsa:ActionMismatch"),
    ],
)
def test_a_fault_of_soap_1_1_has_one_code(code: str, subcode: str | None, told: str) -> None:
    fault = FaultError(code, "À corriger.", subcode=subcode)
    _, written = write_fault(fault, soap=SOAP_11, message_id="urn:uuid:2", relates_to=None)
    body = read_message("text/xml", written).body
    assert (body.findtext("faultcode"), body.findtext("faultstring")) == (told, "À corriger.")
