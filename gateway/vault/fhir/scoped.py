"""Before the porch of `/fhir`, what a service of the catalogue was given (VAULT APP-04).

Besides `access.decide`, never instead of it. Every address is judged by its own words, so a kind
that comes to this server later is refused to services until a scope names it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import hdrs, web

from gateway.access.scopes import CREATED, READ_ONE, SEARCHED, may_call, may_touch
from gateway.flows.catalogue.boundary import BASE, may_write
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.fhir.readers import SaidNoError
from gateway.vault.rooms import ROOMS

Json = dict[str, Any]
Answer = Callable[[web.Request, Reader], Awaitable[web.Response]]
NOT_GIVEN = "The patient did not give this service a scope for that."
BEYOND = 'Bearer realm="fhir", error="insufficient_scope"'
"""RFC 6750, 3.1."""
OF_METHOD = {"PUT": "u", "PATCH": "u", "DELETE": "d"}
OPERATIONS = {("DocumentReference", "$docref"): SEARCHED}
ERRORS_FROM = 400
TOLD, BYTES = "OperationOutcome", "Binary"


def call_of(request: web.Request) -> tuple[str, str]:
    """The kind and the letter of what an address asks; two words that no scope has for others."""
    parts = request.path.strip("/").split("/")[1:]
    kind, rest = parts[0] if parts else BASE, parts[1:]
    match request.method, rest:
        case "GET" | "HEAD", []:
            return kind, SEARCHED
        case "POST", ["_search"]:
            return kind, SEARCHED
        case "POST", []:
            return kind, CREATED
        case "GET" | "HEAD", [one] if one.startswith("$"):
            return kind, OPERATIONS.get((kind, one), "")
        case "GET" | "HEAD", [_] | [_, "_history", _]:
            return kind, READ_ONE
        case method, [one] if not one.startswith("$"):
            return kind, OF_METHOD.get(method, "")
        case _:
            return kind, ""


async def within_scopes(request: web.Request, reader: Reader, answer: Answer) -> web.Response:
    """The answer to this reader; to a service only what it was given, counted before it leaves.

    Raises SaidNoError 403.
    """
    if reader.kind is not ReaderKind.APPLICATION:
        return await answer(request, reader)
    kind, letter = call_of(request)
    asked = parse_qsl(request.url.raw_query_string, keep_blank_values=True)
    if not may_call(reader.scopes, kind, letter, asked) or not await _may_write(request, reader):
        raise await refused(request, reader, kind, letter)
    response = await answer(request, reader)
    if response.status >= ERRORS_FROM:
        return response
    using = request[ROOMS].using
    if letter not in (SEARCHED, READ_ONE):
        await using.wrote(reader, kind, 1)
        return response
    found = list(_resources(response)) if kind != BYTES else []
    if not all(_may_see(reader, kind, letter, one) for one in found):
        raise await refused(request, reader, kind, letter)
    count = sum(_is(one, kind) for one in found) if letter == SEARCHED else 1
    await using.read(reader, kind, count)
    return response


async def refused(request: web.Request, reader: Reader, kind: str, letter: str) -> SaidNoError:
    """Traced in the log of the patient who named this service."""
    await request[ROOMS].using.refuse(reader, kind, letter)
    return SaidNoError(403, "forbidden", NOT_GIVEN, [(hdrs.WWW_AUTHENTICATE, BEYOND)])


async def _may_write(request: web.Request, reader: Reader) -> bool:
    """Whether what is brought is one of those that a scope names; what is no JSON is the handler's
    to refuse, under a scope without limits."""
    kind, letter = call_of(request)
    if letter in (SEARCHED, READ_ONE):
        return True
    try:
        async with asyncio.timeout(request[ROOMS].request_seconds):
            raw = await request.read()
    except TimeoutError:
        raise SaidNoError(408, "timeout", "Send the resource sooner.") from None
    except web.HTTPRequestEntityTooLarge:
        raise SaidNoError(413, "too-long", "This resource is too large.") from None
    return may_write(reader.scopes, kind, letter, raw)


def _resources(response: web.Response) -> Iterable[Json]:
    """Those of an answer: itself, or what a searchset holds."""
    body = response.body
    if "json" not in response.content_type or not isinstance(body, bytes):
        return
    told: Json = orjson.loads(body)
    if told.get("resourceType") != BASE:
        yield told
        return
    for entry in told.get("entry", []):
        yield entry.get("resource", {})


def _may_see(reader: Reader, kind: str, letter: str, resource: Json) -> bool:
    """What is told beside what was asked for is read, of whatever kind it is."""
    its = str(resource.get("resourceType"))
    if its == TOLD:
        return True
    return may_touch(reader.scopes, its, letter if its == kind else READ_ONE, resource)


def _is(resource: Json, kind: str) -> bool:
    return resource.get("resourceType") == kind
