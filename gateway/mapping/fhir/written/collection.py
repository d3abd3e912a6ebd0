"""A record as one Bundle of type collection (R4), written piece by piece (VAULT EXP-02)."""

from urllib.parse import quote

import orjson

from gateway.mapping.fhir.written.emit import reference_of
from gateway.mapping.fhir.written.making import Json, instant, json_of
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.export import Export

TAIL = b"]}"


def head(export: Export) -> bytes:
    """Up to the first entry; then `entry` for each, after a comma from the second on, and TAIL."""
    when = instant(export.asked_at)
    shell = {"resourceType": "Bundle", "id": export.id, "type": "collection", "timestamp": when}
    return orjson.dumps(shell)[:-1] + b',"entry":['


def entry(base: str, kind: str, identifier: str, resource: bytes) -> bytes:
    """`base` ends without a slash; by it the references of the resources lead to each other."""
    url = f"{base}/{kind}/{identifier}".encode()
    return b'{"fullUrl":"' + url + b'","resource":' + resource + b"}"


def reference_beside(shelved: Shelved, path: str) -> bytes:
    """A DocumentReference whose attachment is the file at `path`, beside the bundle."""
    from fhir.resources.R4B.documentreference import DocumentReference

    made: Json = reference_of(shelved.card, shelved.document)
    made["content"][0]["attachment"]["url"] = quote(path)
    return json_of(DocumentReference, made)
