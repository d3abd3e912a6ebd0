"""TD2.1 written: a lot of documents and its signature, the way back from `understand_lot`.

Ids inside the request are symbolic, as the DMP's own examples have them (XDS.md section 4).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from lxml import etree

from gateway.mapping.soap.mtom import INCLUDE
from gateway.mapping.vihf.card import Card
from gateway.mapping.xdm.beside import SIGNATURE_TYPE
from gateway.mapping.xdm.ebrim.displays import (
    SIGNATURE_CLASS,
    SIGNATURE_FORMAT,
    SIGNATURE_PURPOSE,
    told_in,
)
from gateway.mapping.xdm.ebrim.registry import (
    HAS_MEMBER,
    REPLACES,
    SIGNS,
    association,
    document_entry,
    submission_set,
    submit_objects,
)
from gateway.mapping.xds.lot.request import DOCUMENT, REQUEST, XDSB
from gateway.mapping.xds.lot.sign import Part, signed_manifest
from gateway.mapping.xml import Element, parse_xml
from gateway.records.documents.document import CDA_TYPES, Author, Document
from gateway.records.intake.understanding import Submission

ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
SET, SIGNATURE = "SubmissionSet01", "Signature01"
MAX_SENT = 99
"""Documents of a lot beside its signature (`MAX_ENTRIES`)."""


class Sent(NamedTuple):
    """A document, its bytes, and the entryUUID of what it replaces."""

    document: Document
    body: bytes
    replaces: str | None = None


def provide_request(
    submission: Submission, sent: Sequence[Sent], card: Card, *, author: Author, at: datetime
) -> tuple[Element, Mapping[str, bytes]]:
    """The first element of the Body, and its parts by Content-ID. `submission` is complete;
    `author` sends it, `at` is when he signs.

    Raises RefusedError for a document that is said to be XML and is none.
    """
    seal = _seal(submission, sent, card, author=author, at=at)
    title, told = sent[0].document.title, told_in(sent[0].body)
    listed = submission_set({"id": SET}, submission, title=title, sender=author, told=told)
    named = {f"Document{number:02d}": one for number, one in enumerate(sent, 1)} | {SIGNATURE: seal}
    for name, one in named.items():
        listed += document_entry({"id": name}, one.document, told_in(one.body), {})
        listed += association(HAS_MEMBER, SET, name, status="Original")
        listed += association(REPLACES, name, one.replaces) if one.replaces else ""
    listed += association(SIGNS, SIGNATURE, SET, status="Original")
    root = etree.Element(REQUEST, nsmap={"xdsb": XDSB[1:-1]})
    root.append(parse_xml(submit_objects(listed).encode()))
    for name in named:
        _include(root, name)
    return root, {f"{name}@passerelle": one.body for name, one in named.items()}


def _include(root: Element, name: str) -> None:
    held = etree.SubElement(root, DOCUMENT, id=name)
    spaces = {"xop": INCLUDE[1:].partition("}")[0]}
    etree.SubElement(held, INCLUDE, {"href": f"cid:{name}@passerelle"}, nsmap=spaces)


def _seal(
    submission: Submission, sent: Sequence[Sent], card: Card, *, author: Author, at: datetime
) -> Sent:
    """The signature as an entry beside the documents; of the patient and the care of the first."""
    first, lot = sent[0].document, submission.unique_id or ""
    named = [
        Part(one.document.unique_id or "", one.body, one.document.mime_type in CDA_TYPES)
        for one in sent
    ]
    body = signed_manifest(lot, named, card, at)
    moment = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    document = replace(
        first,
        type_code=SIGNATURE_TYPE,
        type_system="ASTM",
        type_display="Full Document",
        class_code=SIGNATURE_CLASS,
        format_code=SIGNATURE_FORMAT,
        title="Source",
        unique_id=f"{lot}.1",
        confidentiality=("N", "MASQUE_PS", "INVISIBLE_PATIENT"),
        language="art",
        creation_time=moment,
        service_start=moment,
        service_stop=None,
        event_codes=(SIGNATURE_PURPOSE,),
        mime_type="text/xml",
        size=len(body),
        sha1=hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        authors=(author,),
        related=(),
    )
    return Sent(document, body)
