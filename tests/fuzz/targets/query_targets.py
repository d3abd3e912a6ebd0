"""Parsers of the registry and the repository: stored queries (ITI-18), retrievals (ITI-43)."""

from contextlib import suppress

from lxml import etree
from registry_sample import (
    ALL_APPROVED,
    APPROVED,
    FIND_DOCUMENTS,
    GET_ALL,
    GET_DOCUMENTS,
    entry,
    registry,
    request,
    urn_of,
)
from seeds import corpus
from target import ELEMENT, Target, vocabulary

from gateway.mapping.xds.query.answer import found_response
from gateway.mapping.xds.query.asked import QueryRefusedError, read_query
from gateway.mapping.xds.query.find import find
from gateway.mapping.xds.retrieve import RetrieveRefusedError, read_retrieve
from gateway.mapping.xml import XmlRefusedError, parse_xml

SEEN = registry(entry(2), entry(3), entry(1, listed=False, replaced_by=2))


def query(data: bytes) -> None:
    """Answered with as many objects as it says, or refused with what to mend."""
    try:
        body = parse_xml(data)
    except XmlRefusedError:
        return
    with suppress(RetrieveRefusedError):
        assert all(len(one) == 2 for one in read_retrieve(body))
    try:
        asked = read_query(body)
    except QueryRefusedError as refused:
        assert refused.error.code
        assert refused.error.context
        return
    answer = parse_xml(found_response(find(asked, SEEN), leaf=asked.leaf, repository="1.2"))
    assert answer.get("totalResultCount") == str(len(answer[-1]))


def _seeds() -> list[bytes]:
    everything = {
        "$XDSDocumentEntryStatus": APPROVED,
        "$XDSSubmissionSetStatus": APPROVED,
        "$XDSFolderStatus": APPROVED,
    }
    coded = {
        **ALL_APPROVED,
        "$XDSDocumentEntryClassCode": "('11^^1.2')",
        "$XDSDocumentEntryAuthorPerson": "('%FICTIVE_')",
        "$XDSDocumentEntryCreationTimeFrom": "20260115",
        "$XDSDocumentEntryReferenceIdList": "('CMD-7^^^&1.2.3.4&ISO^urn:ihe:iti:xds:2013:order')",
    }
    named = {"$XDSDocumentEntryEntryUUID": f"('{urn_of(1)}','{urn_of(2)}')"}
    own = [
        request(FIND_DOCUMENTS, dict(coded)),
        request(GET_ALL, dict(everything)),
        request(GET_DOCUMENTS, dict(named), returns="ObjectRef"),
    ]
    return [*map(etree.tostring, own), *corpus("xds/tk2-query-*", "xds/tk2-retrieve-*")]


TARGETS = (
    Target(name="xds-query", run=query, seeds=_seeds, words=vocabulary("rim", "xml"), unit=ELEMENT),
)
