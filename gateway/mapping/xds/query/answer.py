"""AdhocQueryResponse written: objects in full or by reference, or why there is none (ITI-18)."""

from collections.abc import Iterator, Sequence

from lxml import etree

from gateway.mapping.xdm.ebrim.metadata import RIM
from gateway.mapping.xdm.ebrim.registry import (
    HAS_MEMBER,
    association,
    association_id,
    document_entry,
    submission_set,
)
from gateway.mapping.xdm.ebrim.text import element
from gateway.mapping.xds.answers import RS, Status, error_list
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.query.asked import QUERY, QueryRefusedError
from gateway.mapping.xds.query.find import Found
from gateway.mapping.xds.query.objects import Entry, SeenSet
from gateway.mapping.xml import Element

RESPONSE = f"{QUERY}AdhocQueryResponse"
ACTION = "urn:ihe:iti:2007:RegistryStoredQueryResponse"
TOO_MANY = "XDSTooManyResults"
MAX_LEAVES = 2_000
FIRST_VERSION = "1"
EMPTY = "<rim:RegistryObjectList/>"


def found_response(found: Found, *, leaf: bool, repository: str) -> bytes:
    """AdhocQueryResponse as it is sent, with its own namespaces; `repository` is our
    repositoryUniqueId. Raises QueryRefusedError for too many in full."""
    if leaf and len(found) > MAX_LEAVES:
        raise QueryRefusedError(
            TOO_MANY, f"More than {MAX_LEAVES} objects: ask for ObjectRef, or for fewer."
        )
    root, _ = _response(Status.SUCCESS, len(found))
    pieces = _leaves(found, repository) if leaf else _references(found)
    before, empty, after = etree.tostring(root, encoding="unicode").partition(EMPTY)
    inside = "".join(pieces)
    listed = f"<rim:RegistryObjectList>{inside}</rim:RegistryObjectList>" if inside else empty
    return f"{before}{listed}{after}".encode()


def refused_response(errors: Sequence[RegistryError]) -> Element:
    root, listed = _response(Status.FAILURE, 0)
    listed.addprevious(error_list(errors))
    return root


def _response(status: Status, count: int) -> tuple[Element, Element]:
    spaces = {"query": QUERY[1:-1], "rim": RIM[1:-1], "rs": RS[1:-1]}
    root = etree.Element(RESPONSE, nsmap=spaces)
    root.set("status", status)
    root.set("startIndex", "0")
    root.set("totalResultCount", str(count))
    return root, etree.SubElement(root, f"{RIM}RegistryObjectList")


def _references(found: Found) -> Iterator[str]:
    ids = (
        *(one.urn for one in found.entries),
        *(one.urn for one in found.sets),
        *(association_id(*one) for one in found.associations),
    )
    return (element("ObjectRef", {"id": one}) for one in ids)


def _leaves(found: Found, repository: str) -> Iterator[str]:
    yield from (_entry(one, repository) for one in found.entries)
    yield from map(_set, found.sets)
    for link in found.associations:
        yield association(*link, status="Original" if link.kind == HAS_MEMBER else None)


def _entry(one: Entry, repository: str) -> str:
    about = {"id": one.urn, "lid": one.urn, "isOpaque": "false", "status": one.status}
    beside = {"repositoryUniqueId": repository}
    return document_entry(about, one.document, one.told, beside, version=str(one.version))


def _set(one: SeenSet) -> str:
    """Where its sender named nobody, by who made the first document of it that is seen."""
    first = one.members[0].document
    author = None if one.said.author else next(iter(first.authors), None)
    about = {"id": one.urn, "lid": one.urn}
    return submission_set(about, one.said, title=first.title, sender=author, version=FIRST_VERSION)
