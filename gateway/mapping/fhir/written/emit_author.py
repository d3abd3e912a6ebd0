"""An author as a Reference of FHIR R4: who it is of what kind, by number and name."""

from gateway.mapping.fhir.written.making import Json, full, system_of
from gateway.records.documents.document import Author

AUTHOR_TYPES = {"person": "Practitioner", "device": "Device", "patient": "Patient"}
RELATIVE = "RelatedPerson"
RELATIVES = frozenset({"représentant légal", "proche aidant"})
"""What a person is called who files for the patient (VAULT REP-13): no professional."""


def author_of(author: Author) -> Json:
    names = " ".join(part for part in (author.given, author.family) if part)
    person = author.kind in AUTHOR_TYPES and (author.id or names)
    system = system_of(author.id_system)
    if person:
        return full(
            {
                "type": RELATIVE if author.role in RELATIVES else AUTHOR_TYPES[author.kind],
                "identifier": {"system": system, "value": author.id} if author.id else None,
                "display": names or author.organization_name,
            }
        )
    name = author.organization_name or names or author.role or "unknown"
    value = {"value": author.organization_id} if author.organization_id else None
    return full({"type": "Organization", "identifier": value, "display": name})
