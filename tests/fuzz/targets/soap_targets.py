"""What stands before every transaction of the DMP door: the packing, and the envelope."""

from dmp_software import packed, request
from lxml import etree
from seeds import corpus
from target import MIME_PART, Target, vocabulary

from gateway.mapping.soap.answer import write_fault
from gateway.mapping.soap.envelope import check_headers, read_message
from gateway.mapping.soap.message import FaultError
from gateway.mapping.soap.mtom import content_of

QUERY = '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"/>'
PROVIDE = (
    '<x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"><x:Document id="d">'
    '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:doc@a"/></x:Document>'
    "</x:ProvideAndRegisterDocumentSetRequest>"
)
HTTP_HEAD = b"\r\n\r\n"


def soap(data: bytes) -> None:
    """A line of Content-Type, a blank line and a body: read, or a fault that can be written."""
    head, _, body = data.partition(HTTP_HEAD)
    try:
        message = read_message(head.decode("latin-1").partition(":")[2], body)
        check_headers(message)
    except FaultError as fault:
        assert fault.reason
        assert fault.status in (400, 415, 500)
        etree.fromstring(write_fault(fault, soap="urn:s", message_id="1", relates_to=None)[1])
        return
    assert message.action
    assert message.message_id
    for element in message.body.iter():
        content = content_of(element, message.parts)
        assert content is None or isinstance(content, bytes)


def _seeds() -> list[bytes]:
    plain = request(QUERY, action="urn:ihe:iti:2007:RegistryStoredQuery", vihf=None)
    kind, body = packed(request(PROVIDE, action="urn:x", vihf=None), {"doc@a": b"one\r\ntwo"})
    own = [
        b"Content-Type: application/soap+xml" + HTTP_HEAD + plain,
        b"Content-Type: " + kind.encode() + HTTP_HEAD + body,
    ]
    sent = corpus("xds/*.http")
    return own + [b"Content-Type:" + one.partition(b"Content-Type:")[2] for one in sent]


TARGETS = (
    Target(
        name="soap",
        run=soap,
        seeds=_seeds,
        words=vocabulary("soap", "xml"),
        unit=MIME_PART,
    ),
)
