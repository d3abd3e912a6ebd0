"""The bytes of a SOAP message to an understanding: for `inspect`, `replay` and what was kept."""

from gateway.errors import RefusedError
from gateway.mapping.soap.envelope import message_of, read_message
from gateway.mapping.soap.message import NO_PARTS, FaultError
from gateway.mapping.xdm.ebrim.metadata import LCM_ROOT
from gateway.mapping.xds.entity import read_entity
from gateway.mapping.xds.lot import understand_lot, unreadable_lot
from gateway.mapping.xds.lot.request import REQUEST, error
from gateway.mapping.xml import parse_xml
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Understanding

UNREADABLE = "soap-unreadable"


def understand_xds(raw: bytes, reading: Reading) -> Understanding:
    """One request: an HTTP message, an entity, an envelope, or the ITI-41 request alone.

    Never raises: what is no such message is refused with a finding.
    """
    entity = read_entity(raw)
    try:
        if entity.body is not raw or entity.content_type.startswith("multipart/"):
            message = read_message(entity.content_type, entity.body)
            return understand_lot(message.body, message.parts, reading, raw=raw)
        root = parse_xml(raw)
        root = root if root.tag in (REQUEST, LCM_ROOT) else message_of(root).body
    except FaultError as fault:
        return unreadable_lot(error(UNREADABLE, "/", str(fault)))
    except RefusedError as refusal:
        return unreadable_lot(refusal.finding or error(UNREADABLE, "/", str(refusal)))
    return understand_lot(root, NO_PARTS, reading, raw=raw)
