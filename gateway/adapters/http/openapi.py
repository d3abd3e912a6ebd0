"""`/openapi.json`: every HTTP door of software, for its tools (OpenAPI 3.1; VAULT APP-10).

What `/fhir` answers is made of the same table as its CapabilityStatement, `/fhir/metadata`, which
has the search parameters.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from aiohttp import web

from gateway import __version__
from gateway.mapping.fhir.written.emit_capability import resources
from gateway.mapping.understand import TAKEN_TYPES

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"
TOKEN = ("grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "scope")
LAUNCH: Json = {
    "authorizationUrl": "/autoriser",
    "tokenUrl": "/oauth/token",
    "refreshUrl": "/oauth/token",
    "scopes": {"offline_access": "stay connected", "launch/patient": "for one patient"},
}
FINDING: Json = {
    "type": "object",
    "required": ["code", "severity", "where", "message"],
    "properties": {
        "code": {"type": "string"},
        "severity": {"enum": ["error", "warning", "info"]},
        "where": {"type": "string", "description": "PID-3, an XPath, a file of the archive"},
        "message": {"type": "string", "description": "what to fix; never a patient trait"},
    },
}
DOCUMENT: Json = {
    "type": "object",
    "required": ["id", "label"],
    "properties": {
        "id": {"type": "string"},
        "label": {"type": "string", "description": "one of the eight labels"},
        "unique_id": {"type": ["string", "null"]},
        "type_code": {"type": ["string", "null"]},
    },
}
ANSWER: Json = {
    "type": "object",
    "required": ["receipt", "verdict", "documents", "findings"],
    "properties": {
        "receipt": {"type": ["string", "null"]},
        "verdict": {"enum": ["accept", "hold", "refuse", None]},
        "documents": {"type": "array", "items": DOCUMENT},
        "findings": {"type": "array", "items": FINDING},
    },
}
MEANINGS = {
    "200": "a copy of what was filed before; nothing was created",
    "201": "durable and filed",
    "202": "durable and held: the identity is not qualified, or a person must look",
    "400": "not readable",
    "401": "no sender's token",
    "409": "another document bears this unique id",
    "413": "too large",
    "415": "Content-Type or Content-Encoding not taken",
    "422": "not taken: the findings say why",
    "503": "not stored; send again later, unchanged",
    "507": "not stored: the disk is full",
}


FHIR_JSON = "application/fhir+json"
OF_INTERACTION: dict[str, tuple[tuple[str, str], ...]] = {
    "read": (("get", "/{id}"),),
    "vread": (("get", "/{id}/_history/{version}"),),
    "search-type": (("get", ""), ("post", "/_search")),
    "create": (("post", ""),),
    "update": (("put", "/{id}"),),
}
"""Method and address of each interaction of R4 (http.html)."""
BY_GET_ALONE = frozenset({"Appointment"})
"""What is searched by GET and not by a form."""
SCHEMES: list[Json] = [{"sender": []}, {"service": []}]


def _answers(*statuses: str) -> Json:
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
    return {status: {"description": MEANINGS[status], "content": body} for status in statuses}


def _oauth(summary: str, fields: Sequence[str]) -> Json:
    """A form of RFC 6749; public clients say `client_id` in it."""
    names = {name: {"type": "string"} for name in (*fields, "client_id")}
    form = {"schema": {"type": "object", "properties": names}}
    return {
        "summary": summary,
        "security": [{"client": []}, {}],
        "requestBody": {"required": True, "content": {FORM: form}},
        "responses": {
            "200": {"description": "done, or the token"},
            "400": {"description": "the code, the token or the form is not good"},
            "401": {"description": "this client is not proved"},
            "403": {"description": "this service is not in the catalogue now"},
        },
    }


def _fhir_paths() -> dict[str, Json]:
    """Every address under `/fhir`, of the table that the CapabilityStatement is made of."""
    paths: dict[str, Json] = {
        "/fhir": {"post": _fhir("transaction")},
        "/fhir/metadata": {"get": {**_fhir("capabilities"), "security": []}},
    }
    for one in resources():
        root = f"/fhir/{one['type']}"
        for method, rest, said in _calls(one):
            paths.setdefault(root + rest, {})[method] = _fhir(f"{said} {one['type']}", root + rest)
    return paths


def _calls(resource: Json) -> Iterator[tuple[str, str, str]]:
    """Method, the address after the type, and which interaction it is."""
    for code in (one["code"] for one in resource["interaction"]):
        for method, rest in OF_INTERACTION[code]:
            if not (rest == "/_search" and resource["type"] in BY_GET_ALONE):
                yield method, rest, code
    if resource.get("conditionalUpdate"):
        yield "put", "", "conditional update"
    for one in resource.get("operation", ()):
        yield "get", f"/${one['name']}", "operation"


def _fhir(summary: str, path: str = "") -> Json:
    body = {FHIR_JSON: {"schema": {"type": "object"}}}
    told: Json = {
        "summary": summary,
        "security": SCHEMES,
        "responses": {"default": {"description": "FHIR R4", "content": body}},
    }
    names = [one for one in ("id", "version") if f"{{{one}}}" in path]
    if names:
        told["parameters"] = [
            {"name": one, "in": "path", "required": True, "schema": {"type": "string"}}
            for one in names
        ]
    return told


def description() -> Json:
    """The whole document; statuses and types come from the door's own tables."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }
    receipt = {"name": "receipt", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Passerelle", "version": __version__},
        "paths": {
            "/documents": {
                "post": {
                    "summary": "Deposit one document or message",
                    "parameters": [key],
                    "requestBody": {
                        "required": True,
                        "content": dict.fromkeys(TAKEN_TYPES, binary),
                    },
                    "responses": _answers(*MEANINGS),
                }
            },
            "/documents/{receipt}": {
                "get": {
                    "summary": "The fate of what you sent",
                    "parameters": [receipt],
                    "responses": _answers("200", "401"),
                }
            },
            "/oauth/token": {"post": _oauth("Exchange a code, or ask for the next token", TOKEN)},
            "/oauth/revoke": {"post": _oauth("Give a token back", ("token",))},
            **_fhir_paths(),
        },
        "components": {
            "schemas": {"Answer": ANSWER},
            "securitySchemes": {
                "sender": {"type": "http", "scheme": "bearer"},
                "client": {"type": "http", "scheme": "basic"},
                "service": {"type": "oauth2", "flows": {"authorizationCode": LAUNCH}},
            },
        },
        "externalDocs": {"description": "What /fhir answers", "url": "/fhir/metadata"},
        "security": [{"sender": []}],
    }


async def openapi(_request: web.Request) -> web.Response:
    return web.json_response(description())
