"""« Later », in the answers of the registry's transactions (XDS.md section 5, verdicts)."""

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from gateway.mapping.xdm.ebrim.metadata import LCM_ROOT
from gateway.mapping.xds import retrieve
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import OUT_OF_RESOURCES, REPOSITORY_BUSY, RegistryError
from gateway.mapping.xds.lot.request import REQUEST as PROVIDE
from gateway.mapping.xds.query import answer as query_answer
from gateway.mapping.xds.query.asked import REQUEST as QUERY
from gateway.mapping.xml import Element

REGISTRY_BUSY, REGISTRY_OUT_OF_RESOURCES = "XDSRegistryBusy", "XDSRegistryOutOfResources"
PROVIDED = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse"
UPDATED = "urn:ihe:iti:2010:UpdateDocumentSet-Response"
"""With the hyphen of the DMP, which IHE has not."""


class Later(NamedTuple):
    """The first element of the answer's Body, its Action, and the errorCode in it."""

    body: Element
    action: str
    code: str


ACTIONS: Mapping[str, str] = {
    PROVIDE: PROVIDED,
    retrieve.REQUEST: retrieve.ACTION,
    QUERY: query_answer.ACTION,
    LCM_ROOT: UPDATED,
}
"""The element of a request -> the Action of its answer."""
OF_THE_REPOSITORY = frozenset({PROVIDE, retrieve.REQUEST})


def later(request: str, context: str, *, disk_full: bool) -> Later | None:
    """The answer to the request of this element, which asks it to be sent again; None where the
    transaction has no such answer, and its fault says it. `context` is for a person."""
    action = ACTIONS.get(request)
    if action is None:
        return None
    if request in OF_THE_REPOSITORY:
        code = OUT_OF_RESOURCES if disk_full else REPOSITORY_BUSY
    else:
        code = REGISTRY_OUT_OF_RESOURCES if disk_full else REGISTRY_BUSY
    return Later(_body(request, RegistryError(code, context)), action, code)


def _body(request: str, error: RegistryError) -> Element:
    if request == QUERY:
        return query_answer.refused_response([error])
    response = registry_response(Status.FAILURE, [error])
    if request != retrieve.REQUEST:
        return response
    root = etree.Element(retrieve.RESPONSE, nsmap={None: retrieve.XDSB[1:-1]})
    root.append(response)
    return root
