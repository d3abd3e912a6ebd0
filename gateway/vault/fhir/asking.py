"""A FHIR search as it comes over HTTP: its parameters, whose record, its pages and its warnings."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from gateway.mapping.fhir.written.emit import issue
from gateway.mapping.fhir.written.making import Json
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.vault.fhir.porch import base_of, readable
from gateway.vault.fhir.query import BadSearchError, Named, Search, cursor_of, search_of
from gateway.vault.fhir.readers import SaidNoError
from gateway.vault.forms import MAX_FORM_BYTES, form_of
from gateway.vault.rooms import ROOMS

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`pairs` are the parameters as they came, for the links of the answer."""

    pairs: list[tuple[str, str]]
    search: Search
    patient: PatientKey


async def question_of(
    request: web.Request, reader: Reader, criteria: Container[str] | None = None
) -> Question:
    """`criteria` as `search_of` takes them. Raises SaidNoError and BadSearchError."""
    readable(request)
    pairs = await _pairs(request)
    asked = search_of(pairs, criteria)
    if asked.unknown and _is_strict(request):
        raise BadSearchError("These parameters are not known here: " + ", ".join(asked.unknown))
    return Question(pairs=pairs, search=asked, patient=_patient(request, reader, asked))


def _is_strict(request: web.Request) -> bool:
    told = ",".join(request.headers.getall("Prefer", [])).lower()
    return "handling=strict" in told.replace('"', "").replace(" ", "")


async def _pairs(request: web.Request) -> list[tuple[str, str]]:
    pairs = list(request.query.items())
    if request.method == "POST":
        if request.can_read_body and request.content_type != FORM:
            raise SaidNoError(415, "not-supported", f"A search is a form: {FORM}.")
        if (request.content_length or 0) > MAX_FORM_BYTES:
            raise SaidNoError(413, "too-long", "A search fits in 64 KB.")
        try:
            await form_of(request)
        except web.HTTPRequestTimeout:
            raise SaidNoError(408, "timeout", "Send the search sooner.") from None
        form = await request.post()
        pairs += [(name, value) for name, value in form.items() if isinstance(value, str)]
    return pairs


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


def links_of(
    request: web.Request,
    kind: str,
    question: Question,
    shown: Sequence[Named],
    start: int,
    total: int,
) -> dict[str, str]:
    """The addresses of this page and of the next one, if there is more than is `shown`; they say
    what was used (R4 search, self link), so not what is unknown."""
    unknown, place = question.search.unknown, start + len(shown)
    pairs = [(name, value) for name, value in question.pairs if name not in unknown]
    address = f"{base_of(request)}/{kind}"
    links = {"self": f"{address}?{urlencode(pairs)}"}
    if shown and place < total:
        cursor = cursor_of(shown, place, request[ROOMS].clock.now())
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
