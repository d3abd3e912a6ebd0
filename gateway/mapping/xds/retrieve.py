"""ITI-43, Retrieve Document Set: which documents are asked for, and the answer written.

What a reader may not open is told as what is not there (XDS.md section 6).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lxml import etree
from msgspec import Struct

from gateway.mapping.soap.mtom import INCLUDE, content_of
from gateway.mapping.xdm.ebrim.text import NOT_XML
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import OUT_OF_RESOURCES, REPOSITORY_ERROR, RegistryError
from gateway.mapping.xml import Element

XDSB = "{urn:ihe:iti:xds-b:2007}"
REQUEST = f"{XDSB}RetrieveDocumentSetRequest"
RESPONSE = f"{XDSB}RetrieveDocumentSetResponse"
ASKED = "urn:ihe:iti:2007:RetrieveDocumentSet"
ACTION = "urn:ihe:iti:2007:RetrieveDocumentSetResponse"
NOT_FOUND, WRONG_REPOSITORY = "XDSDocumentUniqueIdError", "XDSUnknownRepositoryId"
NO_SUCH_DOCUMENT = "No such document, or not for this reader."
MAX_DOCUMENTS = 100
"""Of one request; their bytes are bounded by who opens them."""


class Wanted(NamedTuple):
    """One DocumentRequest."""

    repository: str
    unique_id: str


class Retrieved(Struct, frozen=True, kw_only=True):
    """A document that is handed over."""

    wanted: Wanted
    mime_type: str
    body: bytes


class RetrieveRefusedError(Exception):
    """The whole request is answered with a Failure; `error` says what to mend."""

    def __init__(self, context: str) -> None:
        super().__init__(context)
        self.error = RegistryError(REPOSITORY_ERROR, context)


def read_retrieve(body: Element) -> tuple[Wanted, ...]:
    """In order, each once. `body` is a RetrieveDocumentSetRequest. Raises RetrieveRefusedError."""
    wanted = tuple(dict.fromkeys(map(_named, body.iterfind(f"{XDSB}DocumentRequest"))))
    if not wanted:
        raise RetrieveRefusedError("Name at least one document: DocumentRequest.")
    if len(wanted) > MAX_DOCUMENTS:
        raise RetrieveRefusedError(f"Ask for at most {MAX_DOCUMENTS} documents a request.")
    return wanted


def _named(one: Element) -> Wanted:
    repository = one.findtext(f"{XDSB}RepositoryUniqueId") or ""
    unique_id = one.findtext(f"{XDSB}DocumentUniqueId") or ""
    return Wanted(repository.strip(), unique_id.strip())


def error_of(wanted: Wanted, repository: str) -> RegistryError:
    """Of a document that is not handed over. The location is not said: it would quote the input."""
    if wanted.repository != repository:
        text = "This repositoryUniqueId is not the one of this repository."
        return RegistryError(WRONG_REPOSITORY, text)
    return RegistryError(NOT_FOUND, NO_SUCH_DOCUMENT)


def no_room(wanted: Wanted) -> RegistryError:
    """Of a document that the answer could not hold besides the others."""
    text = f"The answer is too large: ask for {wanted.unique_id} by itself."
    return RegistryError(OUT_OF_RESOURCES, text)


def retrieve_response(
    found: Sequence[Retrieved], errors: Sequence[RegistryError]
) -> tuple[Element, Mapping[str, bytes]]:
    """The answer and its attachments by Content-ID. Some of several is a PartialSuccess."""
    status = Status.SUCCESS if not errors else Status.PARTIAL if found else Status.FAILURE
    root = etree.Element(RESPONSE, nsmap={None: XDSB[1:-1]})
    root.append(registry_response(status, errors))
    parts: dict[str, bytes] = {}
    for number, one in enumerate(found, 1):
        content_id = f"document{number}@dmp"
        parts[content_id] = one.body
        _document(root, one, content_id)
    return root, parts


def _document(root: Element, one: Retrieved, content_id: str) -> None:
    made = etree.SubElement(root, f"{XDSB}DocumentResponse")
    told = {
        "RepositoryUniqueId": one.wanted.repository,
        "DocumentUniqueId": one.wanted.unique_id,
        "mimeType": one.mime_type,
    }
    for name, value in told.items():
        etree.SubElement(made, f"{XDSB}{name}").text = NOT_XML.sub("", value)
    held = etree.SubElement(made, f"{XDSB}Document")
    spaces = {"xop": INCLUDE[1:].partition("}")[0]}
    etree.SubElement(held, INCLUDE, {"href": f"cid:{content_id}"}, nsmap=spaces)


def retrieve_request(wanted: Sequence[Wanted]) -> Element:
    root = etree.Element(REQUEST, nsmap={None: XDSB[1:-1]})
    for one in wanted:
        made = etree.SubElement(root, f"{XDSB}DocumentRequest")
        etree.SubElement(made, f"{XDSB}RepositoryUniqueId").text = one.repository
        etree.SubElement(made, f"{XDSB}DocumentUniqueId").text = one.unique_id
    return root


def retrieved_in(answer: Element, parts: Mapping[str, bytes]) -> Iterator[Retrieved]:
    """The documents of an answer whose bytes are there."""
    for one in answer.iterfind(f"{XDSB}DocumentResponse"):
        held = one.find(f"{XDSB}Document")
        body = content_of(held, parts) if held is not None else None
        if body is not None:
            mime_type = (one.findtext(f"{XDSB}mimeType") or "").strip()
            yield Retrieved(wanted=_named(one), mime_type=mime_type, body=body)
