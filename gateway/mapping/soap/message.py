"""One SOAP message as a transaction sees it, whatever it was packed in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gateway.mapping.xml import Element

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
ADDRESSING = "http://www.w3.org/2005/08/addressing"
NO_PARTS: Mapping[str, bytes] = MappingProxyType({})


class Message(NamedTuple):
    """What one request says.

    `envelope` is the whole tree, `header` its soap:Header (None without one), `body` the first
    element in soap:Body. `soap` is the namespace it was written in, which the answer is written in
    too; `packed` says that it came as multipart/related. `action` and `message_id` are those of
    WS-Addressing. `parts` are the attachments by their Content-ID, without angle brackets.
    """

    envelope: Element
    header: Element | None
    body: Element
    soap: str = SOAP_12
    packed: bool = False
    action: str | None = None
    message_id: str | None = None
    parts: Mapping[str, bytes] = NO_PARTS


class FaultError(Exception):
    """The request is answered with a soap:Fault.

    `code` is Sender or Receiver (SOAP 1.2 part 1, 5.4.6), or MustUnderstand; `subcode` a qualified
    word such as `wsa:ActionMismatch` or a code of the DMP, None without one. `reason` says what to
    mend. `status` is that of HTTP: 400 where no envelope could be read (XDS.md sections 2 and 3).
    """

    def __init__(
        self, code: str, reason: str, *, subcode: str | None = None, status: int = 500
    ) -> None:
        super().__init__(reason)
        self.code, self.reason, self.subcode, self.status = code, reason, subcode, status
