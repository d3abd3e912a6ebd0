"""An envelope that our own client writes, and the faults that it reads."""

import pytest
from lxml import etree

from gateway.mapping.soap.answer import write_fault
from gateway.mapping.soap.envelope import check_headers, read_message
from gateway.mapping.soap.message import SOAP_11, SOAP_12, FaultError
from gateway.mapping.soap.request import fault_in, write_request

PLAIN = "application/soap+xml"


def test_its_headers_are_those_that_the_door_asks_for() -> None:
    raw = write_request(
        etree.Element("{urn:x}a"),
        to="http://x/registry",
        action="urn:x:ask",
        message_id="urn:uuid:1",
        assertion=etree.Element("{urn:y}b"),
    )
    message = read_message(PLAIN, raw)
    check_headers(message)
    told = (message.action, message.message_id, message.body.tag, fault_in(message))
    assert told == ("urn:x:ask", "urn:uuid:1", "{urn:x}a", None)


@pytest.mark.parametrize("soap", [SOAP_12, SOAP_11])
@pytest.mark.parametrize(
    ("code", "subcode", "read"),
    [
        ("Sender", "wsse:FailedCheck", "FailedCheck"),
        ("Receiver", "DMPInvalidCertificate", "DMPInvalidCertificate"),
        ("Sender", None, None),
    ],
)
def test_a_fault_is_read_as_it_was_written(
    soap: str, code: str, subcode: str | None, read: str | None
) -> None:
    fault = FaultError(code, "Faites un nouveau VIHF.", subcode=subcode)
    _, raw = write_fault(fault, soap=soap, message_id="m", relates_to=None)
    found = fault_in(read_message(PLAIN, raw))
    assert found is not None
    assert (found.code, found.subcode, str(found)) == (code, read, str(fault))
