"""A FHIR search over HTTP: its parameters, whose record it asks, and the page that answers it."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from gateway.mapping.fhir.written.emit import issue, searchset
from gateway.mapping.fhir.written.making import Json
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.fhir.porch import base_of, quietly, readable, resource
from gateway.vault.fhir.readers import SaidNoError
from gateway.vault.fhir.search.pages import N, Page, T, page_of
from gateway.vault.fhir.search.query import BadSearchError, Search, search_of
from gateway.vault.forms import MAX_FORM_BYTES, fields_of, form_of
from gateway.vault.rooms import ROOMS, VaultRooms

FORM, UTF_8 = "application/x-www-form-urlencoded", "utf-8"
TOO_LONG = "A search fits in 64 KB."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`pairs` are the parameters as they came, for the links of the answer."""

    pairs: list[tuple[str, str]]
    search: Search
    patient: PatientKey


def as_said(name: str, value: str) -> tuple[str, str]:
    return name, value


async def question_of(
    request: web.Request,
    reader: Reader,
    criteria: Container[str] | None = None,
    meant: Callable[[str, str], tuple[str, str]] = as_said,
) -> Question:
    """`criteria` as `search_of` takes them; `meant` turns a parameter into what it means there.

    Raises SaidNoError and BadSearchError.
    """
    pairs = await _pairs(request)
    readable(request, next((value for name, value in pairs if name == "_format"), ""))
    asked = search_of([meant(name, value) for name, value in pairs], criteria)
    if asked.unknown and _is_strict(request):
        raise BadSearchError("These parameters are not known here: " + ", ".join(asked.unknown))
    return Question(pairs=pairs, search=asked, patient=_patient(request, reader, asked))


def _is_strict(request: web.Request) -> bool:
    told = ",".join(request.headers.getall("Prefer", [])).lower()
    return "handling=strict" in told.replace('"', "").replace(" ", "")


async def _pairs(request: web.Request) -> list[tuple[str, str]]:
    pairs = list(request.query.items())
    if request.method == "POST":
        pairs += await _form(request)
    return pairs


async def _form(request: web.Request) -> list[tuple[str, str]]:
    if request.can_read_body and request.content_type != FORM:
        raise SaidNoError(415, "not-supported", f"A search is a form: {FORM}.")
    if (request.charset or UTF_8).lower() != UTF_8:
        raise SaidNoError(415, "not-supported", "A search is written in UTF-8.")
    if (request.content_length or 0) > MAX_FORM_BYTES:
        raise SaidNoError(413, "too-long", TOO_LONG)
    request = request.clone(client_max_size=MAX_FORM_BYTES)  # of one that does not say its length
    try:
        await form_of(request)
    except web.HTTPRequestTimeout:
        raise SaidNoError(408, "timeout", "Send the search sooner.") from None
    except web.HTTPRequestEntityTooLarge:
        raise SaidNoError(413, "too-long", TOO_LONG) from None
    except web.HTTPBadRequest:
        raise SaidNoError(400, "structure", "This is no form that can be read.") from None
    form = fields_of(request).items()
    return [(name, value) for name, value in form if isinstance(value, str)]


def _patient(request: web.Request, reader: Reader, asked: Search) -> PatientKey:
    """Whose record; a search without a patient is 403 for a patient, 400 otherwise."""
    if asked.patient_identifier is not None:
        return request[ROOMS].names.patient_key(*asked.patient_identifier)
    if asked.patient_id is not None:
        try:
            return PatientKey(bytes.fromhex(asked.patient_id))
        except ValueError:
            raise BadSearchError("patient is an id of this server.") from None
    if reader.kind == "patient":
        raise SaidNoError(403, "forbidden", "Name the patient: patient.identifier.")
    raise BadSearchError("Name the patient: patient.identifier=urn:oid:OID|value.")


async def whose(rooms: VaultRooms, patient: PatientKey) -> Json:
    """A Reference to the person of this record."""
    person = await rooms.people.person(patient)
    identity = person.identity if person else None
    if identity is None or not identity.ins:
        return {"type": "Patient", "display": "unknown"}
    value = {"system": f"urn:oid:{identity.ins_oid}", "value": identity.ins}
    return {"type": "Patient", "identifier": value}


async def paged(
    request: web.Request,
    found: Sequence[N],
    asked: Search,
    cut: Callable[[Sequence[N], Search, datetime], Page[N]] = page_of,
) -> Page[N]:
    """The page asked for. Nothing found takes as long as what is refused; raises BadSearchError."""
    if not found:
        await quietly(request)
    return cut(found, asked, request[ROOMS].clock.now())


def searchset_of(
    request: web.Request,
    address: str,
    question: Question,
    page: Page[T],
    entries: list[bytes],
    issues: Sequence[Json] = (),
) -> web.Response:
    """The answer: a Bundle of the resources of this page, then what is to be said of the search."""
    return resource(
        searchset(
            entries,
            base=base_of(request),
            total=page.total,
            links=links_of(request, address, question, page.next),
            issues=[*warnings_of(question.search), *issues],
        )
    )


def links_of(request: web.Request, kind: str, question: Question, cursor: str) -> dict[str, str]:
    """The addresses of this page and of the next one, which starts at `cursor` if there is one;
    they say what was used (R4 search, self link), so not what is unknown."""
    unknown = question.search.unknown
    pairs = [(name, value) for name, value in question.pairs if name not in unknown]
    address = f"{base_of(request)}/{kind}"
    links = {"self": f"{address}?{urlencode(pairs)}"}
    if cursor:
        following = [(name, value) for name, value in pairs if name != "_cursor"]
        links["next"] = f"{address}?{urlencode([*following, ('_cursor', cursor)])}"
    return links


def warnings_of(asked: Search) -> list[Json]:
    found = [
        issue("not-supported", f"{name} is not known here and was not used.", severity="warning")
        for name in asked.unknown
    ]
    if asked.count_cut:
        found.append(issue("informational", "_count was cut to 200.", severity="information"))
    return found
