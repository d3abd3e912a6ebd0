"""`/autoriser`: a service asks, the patient ticks what it is given (SMART App Launch 2, APP-03).

The request travels in the form as it came and is judged whole at each step; an answer leaves to
the very address that is registered, and only once that is proved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from gateway.access.scopes import Scope, halves, reads
from gateway.errors import DeniedError
from gateway.flows.catalogue.asked import (
    Asked,
    AskedBadlyError,
    StrangeClientError,
    asked_of,
    client_of,
)
from gateway.flows.family.profiles import decide_act, managed, stand
from gateway.records.catalogue.files import ServiceFile
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader
from gateway.vault import words
from gateway.vault.called import full_name
from gateway.vault.catalogue.pages import PATH as CATALOGUE
from gateway.vault.catalogue.waiting import AUTHORIZE, MAX_QUERY, keep_request
from gateway.vault.catalogue.words import (
    CHOOSE_PROFILE,
    DOCUMENTS_CLOSED,
    NOT_LISTED,
    STRANGE,
    judgement_words,
    scope_words,
)
from gateway.vault.days import last_day
from gateway.vault.family.profiles import key_of
from gateway.vault.fhir.porch import base_of
from gateway.vault.forms import fields_of
from gateway.vault.headers import PAGE_CSP
from gateway.vault.porch import see_other, sorry
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

MAX_FIELDS = 40
OWN_FORM = "form-action 'self'"
Said = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request that may be shown: as it came, and as it was understood."""

    query: str
    file: ServiceFile
    asked: Asked

    @property
    def boxes(self) -> list[Scope]:
        """One box for each direction of each scope; the place of a box is its name."""
        return [half for scope in self.asked.scopes for half in halves(scope)]


@dataclass(frozen=True, slots=True)
class Typed:
    profile: str = ""
    boxes: frozenset[str] = frozenset()
    end: str = ""


NOTHING_TYPED = Typed()


async def authorise_page(request: web.Request) -> web.Response:
    found = await _question(request, request.url.raw_query_string)
    if isinstance(found, web.Response):
        return found
    if request[VISIT].own is None:
        response = see_other("/connexion")
        keep_request(request, response)
        return response
    return await _view(request, found)


async def answer(request: web.Request) -> web.Response:
    """Fields `demande`, `profil`, `scope` (one for each box), `fin` and `decision` (oui, non)."""
    found = await _question(request, await field(request, "demande"))
    if isinstance(found, web.Response):
        return found
    asked = found.asked
    if await field(request, "decision") != "oui":
        return _back(request, asked.redirect, error="access_denied", state=asked.state)
    ticked = [str(one) for one in fields_of(request).getall("scope", [])]
    given = [one for place, one in enumerate(found.boxes) if str(place) in ticked]
    typed = Typed(
        await field(request, "profil"), frozenset(ticked), (await field(request, "fin")).strip()
    )
    return await _agreed(request, found, given, typed)


async def _agreed(
    request: web.Request, found: Question, given: Sequence[Scope], typed: Typed
) -> web.Response:
    rooms, asked = request[ROOMS], found.asked
    patient, errors = key_of(typed.profile), dict[str, str]()
    if patient is None:
        errors["profil"] = CHOOSE_PROFILE
    if not given:
        errors["scope"] = words.CHOOSE_SCOPE
    ending = last_day(typed.end, rooms.clock.now(), "fin", errors)
    if errors or patient is None:
        return await _view(request, found, errors=errors, typed=typed)
    reader, record = await _before(request, patient)
    async with rooms.sign_in.turns.turn(f"service:{record.hex()}"):
        code = await rooms.launching.agree(reader, record, found.file, asked, given, ending=ending)
    return _back(request, asked.redirect, code=code, state=asked.state)


async def _before(request: web.Request, patient: PatientKey) -> tuple[Reader, PatientKey]:
    """Who this person is before the profile that was chosen. Raises DeniedError."""
    rooms = request[ROOMS]
    person, own = request[VISIT].myself()
    if patient == person.key:
        return own, patient
    profile = await stand(rooms.read, rooms.ties, person, own, patient)
    return profile.reader, profile.gate.patient


async def _question(request: web.Request, query: str) -> Question | web.Response:
    """What is asked, or what is answered to that at once."""
    rooms, visit = request[ROOMS], request[VISIT]
    try:
        said = _parsed(query)
        client, _ = client_of(said)
        listing = await rooms.launching.service(client)
    except (ValueError, StrangeClientError):
        return sorry(visit, 400, STRANGE, refusal="demande")
    except DeniedError:
        return sorry(visit, 403, NOT_LISTED, refusal="service", back=(CATALOGUE, "Catalogue"))
    return _understood(request, query, said, listing.file)


def _parsed(query: str) -> Said:
    """Raises ValueError."""
    if len(query) > MAX_QUERY:
        raise ValueError("too long")
    return parse_qs(query, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")


def _understood(
    request: web.Request, query: str, said: Said, file: ServiceFile
) -> Question | web.Response:
    rooms, visit = request[ROOMS], request[VISIT]
    read = rooms.read.switches.application_reading.at(rooms.clock.now())
    base = base_of(request)
    try:
        asked = asked_of(said, file, audiences=(base,), documents_read=read)
    except StrangeClientError:
        return sorry(visit, 400, STRANGE, refusal="demande")
    except AskedBadlyError as error:
        redirect = client_of(said)[1]
        return _back(
            request, redirect, error=error.code, error_description=str(error), state=error.state
        )
    return Question(query=query, file=file, asked=asked)


def _back(request: web.Request, redirect: str, **said: str) -> web.Response:
    """To the client, with who says so (RFC 9207); what was empty is not said."""
    told = {name: value for name, value in said.items() if value}
    pairs = urlencode({**told, "iss": issuer_of(request)})
    response = see_other(f"{redirect}{'&' if '?' in redirect else '?'}{pairs}")
    response.headers["Content-Security-Policy"] = _policy(redirect)
    return response


def issuer_of(request: web.Request) -> str:
    return base_of(request).removesuffix("/fhir")


def _policy(redirect: str) -> str:
    """Some browsers ask it of where a form leads on, too."""
    parts = urlsplit(redirect)
    web_address = parts.scheme in ("http", "https")
    place = f"{parts.scheme}://{parts.netloc}" if web_address else f"{parts.scheme}:"
    return PAGE_CSP.replace(OWN_FORM, f"{OWN_FORM} {place}")


async def _view(
    request: web.Request,
    found: Question,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Typed = NOTHING_TYPED,
) -> web.Response:
    visit = request[VISIT]
    profiles = await _profiles(request)
    boxes = [
        {"place": str(place), "words": scope_words(one), "reads": reads(one)}
        for place, one in enumerate(found.boxes)
    ]
    response = html(
        "catalogue/authorise.html",
        status=422 if errors else 200,
        face=visit.face,
        title=f"Autoriser {found.file.name}",
        current=CATALOGUE,
        data_page="autoriser",
        errors=errors or {},
        action=AUTHORIZE,
        demande=found.query,
        file=found.file,
        judgements=[judgement_words(one) for one in found.file.judgements],
        reading=[one for one in boxes if one["reads"]],
        writing=[one for one in boxes if not one["reads"]],
        offline=found.asked.offline,
        closed=DOCUMENTS_CLOSED if found.asked.left_out else "",
        profiles=profiles,
        typed=typed,
    )
    response.headers["Content-Security-Policy"] = _policy(found.asked.redirect)
    return response


async def _profiles(request: web.Request) -> list[dict[str, str]]:
    """The own, and those for which this person may agree to anything."""
    rooms = request[ROOMS]
    person, own = request[VISIT].myself()
    found = [{"key": person.key.hex(), "name": full_name(person)}]
    for one in await managed(rooms.read, rooms.ties, person, own):
        if decide_act(one.profile.gate, Manage.CONSENTS).permitted:
            key = one.profile.gate.patient.hex()
            found.append({"key": key, "name": full_name(one.profile.person)})
    return found
