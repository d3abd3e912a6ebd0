"""Which transaction a message asks for: by its path and the first element of its Body, never by its
Action, which the official sample code writes otherwise than the wire (XDS.md section 2)."""

from collections.abc import Mapping

from gateway.adapters.dmp.service import Service, Services
from gateway.mapping.dmp import habilitations, patient_list
from gateway.mapping.dmp.interaction import GET_DEMOGRAPHICS as EXISTS
from gateway.mapping.soap.message import FaultError, Message
from gateway.mapping.xdm.ebrim.metadata import LCM_ROOT as UPDATE
from gateway.mapping.xds.lot.request import REQUEST as PROVIDE
from gateway.mapping.xds.query.asked import REQUEST as QUERY
from gateway.mapping.xds.retrieve import REQUEST as RETRIEVE

SET_AUTHORIZATION = f"{{{habilitations.NAMESPACE}}}{habilitations.SET}"
AUTHORIZATIONS = f"{{{habilitations.NAMESPACE}}}{habilitations.LIST}"
PATIENTS = f"{{{patient_list.NAMESPACE}}}{patient_list.OPERATION}"

ACTIONS: Mapping[str, str] = {
    "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b": PROVIDE,
    "urn:ihe:iti:xds-b:2007:ProvideAndRegisterDocumentSet-b": PROVIDE,
    "urn:ihe:iti:2007:RegistryStoredQuery": QUERY,
    "urn:ihe:iti:xds-b:2007:RegistryStoredQuery-b": QUERY,
    "urn:ihe:iti:2007:RetrieveDocumentSet": RETRIEVE,
    "urn:ihe:iti:2010:UpdateDocumentSet": UPDATE,
    "urn:ihe:iti:xds-b:2007:UpdateDocumentSet-b": UPDATE,
    "urn:hl7-org:v3:PRPA_IN201307UV02": EXISTS,
    "urn:hl7-org:v3:PRPA_IN201308UV02": EXISTS,
    "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization": SET_AUTHORIZATION,
    "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient": AUTHORIZATIONS,
    "urn:si-dmp-patients:PatientSpecificEndPoint:patientList": PATIENTS,
}
"""Action -> the element of the request that it belongs to; those also met are among them."""

ALWAYS_PACKED = frozenset({RETRIEVE})
"""Answered as multipart/related however they came: their answer holds documents."""
WRITES = frozenset({PROVIDE, UPDATE, SET_AUTHORIZATION})
"""What is done once, and told again where the same message comes again."""
OTHER = "other"
"""What stands in the figures for an element that no service has."""
NOT_OFFERED = "Cette transaction n'est pas offerte à cette adresse."
NO_SERVICE = "Aucun service n'est offert à cette adresse."


def service_of(services: Services, path: str, message: Message) -> Service:
    """Raises FaultError where nothing is served there."""
    if all(name != path for name, _ in services):
        raise FaultError("Sender", NO_SERVICE, subcode="wsa:DestinationUnreachable", status=404)
    service = services.get((path, element_of(message)))
    if service is None:
        raise FaultError("Sender", NOT_OFFERED, subcode="wsa:ActionNotSupported")
    return service


def check_action(message: Message, *, strict: bool) -> bool:
    """Whether the Action is one of those known of this request. Raises FaultError where it is that
    of another one, and under `strict` where it is not known."""
    meant = ACTIONS.get(message.action or "")
    if meant == element_of(message):
        return True
    if meant is not None:
        reason = "L'en-tête Action est celui d'une autre requête que le contenu du Body."
        raise FaultError("Sender", reason, subcode="wsa:ActionMismatch")
    if strict:
        reason = "L'en-tête Action n'est pas connu."
        raise FaultError("Sender", reason, subcode="wsa:ActionNotSupported")
    return False


def element_of(message: Message) -> str:
    """The qualified name of the first element of the Body."""
    return str(message.body.tag)


def transaction_of(services: Services, message: Message) -> str:
    """Its bare name for logs and figures: only one that a service has, for a peer writes it."""
    element = element_of(message)
    known = any(name == element for _, name in services)
    return element.rpartition("}")[2] if known else OTHER
