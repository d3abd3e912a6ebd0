"""Acts of the 3422 for a caller (VAULT DSK-04, DSK-07), one page each with the script to read."""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import web

from gateway.access.time import civil_date
from gateway.errors import RefusedError
from gateway.flows.entering.activate import OldCodeError, UsedCodeError
from gateway.flows.entering.rules import nir_of, serial_of
from gateway.flows.leaving.oppose import Said
from gateway.flows.leaving.paper import IdentityPaper, Papers
from gateway.flows.leaving.room import OverError
from gateway.flows.leaving.telephone import close_for, oppose_for
from gateway.flows.signing_in.tries import TooManyTriesError, WrongError
from gateway.records.patients.patient import PatientKey
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.desk.acting import agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.support.call import PERSON, call_of, papers_of
from gateway.vault.entering.activation import card_errors
from gateway.vault.entering.words import CODE_OVER, CODE_USED
from gateway.vault.forms import Uploaded, fields_of
from gateway.vault.leaving.words import over_words
from gateway.vault.porch import see_other, sorry
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

OPPOSITION, CLOSING, PAPER = (
    "/desk/3422/opposition",
    "/desk/3422/fermeture",
    "/desk/3422/suppression",
)
TITLES = {
    OPPOSITION: "Enregistrer une opposition",
    CLOSING: "Fermer l'espace",
    PAPER: "Enregistrer une demande de suppression sur papier",
}
TEMPLATES = {OPPOSITION: "opposition", CLOSING: "closing", PAPER: "paper"}
MAX_PAPERS = 10_000_000
"""Bytes of both papers together; of them only the hashes stay."""
TOO_LARGE = "Ces papiers dépassent 10 Mo. Numérisez-les de nouveau, plus petits."
CODE_NOT_RIGHT = (
    "Ce code n'est pas correct, ou le numéro de sécurité sociale ou de série ne l'est pas."
)
NOT_PROPOSED = "Une demande de suppression de cet espace attend déjà une deuxième personne."
NO_FILE = {
    "formulaire": "Choisissez le fichier du formulaire signé.",
    "piece": "Choisissez le fichier de la pièce d'identité.",
}
NO_KIND = "Choisissez la pièce d'identité."
IN_FUTURE = "La date ne peut pas être dans le futur."
KINDS = {
    IdentityPaper.CARD: "Carte d'identité",
    IdentityPaper.PASSPORT: "Passeport",
    IdentityPaper.PERMIT: "Titre de séjour",
}


async def opposition_page(request: web.Request, patient: PatientKey) -> web.Response:
    return _page(request, OPPOSITION, patient, {})


async def closing_page(request: web.Request, patient: PatientKey) -> web.Response:
    return _page(request, CLOSING, patient, {})


async def paper_page(request: web.Request, patient: PatientKey) -> web.Response:
    return _page(request, PAPER, patient, {})


def _page(
    request: web.Request,
    place: str,
    patient: PatientKey,
    typed: Mapping[str, str],
    errors: Mapping[str, str] = NO_ERRORS,
) -> web.Response:
    names = ("nir", "serie", "motif", "date", "nature")
    return desk_html(
        request,
        f"support/{TEMPLATES[place]}",
        title=TITLES[place],
        place=place,
        errors=errors,
        back=(PERSON, "La personne de cet appel"),
        action=place,
        key=patient.hex(),
        typed={name: typed.get(name, "") for name in names},
        kinds={one.value: said for one, said in KINDS.items()},
    )


async def oppose(request: web.Request, patient: PatientKey) -> web.Response:
    """Fields `code`, `nir`, `serie`, `motif`. The third wrong try ends the call."""
    typed = {name: (await field(request, name)).strip() for name in ("code", "nir", "serie")}
    nir, serial = nir_of(typed["nir"]), serial_of(typed["serie"])
    reason, wrong = await reason_of(request)
    kept = {**typed, "code": "", "motif": reason}
    if errors := card_errors(typed, nir, serial) | wrong:
        return _page(request, OPPOSITION, patient, kept, errors)
    said = Said(code=typed["code"], nir=nir, serial=serial or "")
    try:
        proof = await oppose_for(request[ROOMS].leaving, agent_of(request), patient, said, reason)
    except WrongError:
        return _page(request, OPPOSITION, patient, kept, {"code": CODE_NOT_RIGHT})
    except OldCodeError:
        return _page(request, OPPOSITION, patient, kept, {"code": CODE_OVER})
    except UsedCodeError:
        return _page(request, OPPOSITION, patient, kept, {"code": CODE_USED})
    except OverError as error:
        return _over(request, error)
    except TooManyTriesError:
        await call_of(request, None)
        raise
    return _done("opposition", proof.reference)


async def close(request: web.Request, patient: PatientKey) -> web.Response:
    """Field `motif`."""
    reason, errors = await reason_of(request)
    if errors:
        return _page(request, CLOSING, patient, {"motif": reason}, errors)
    try:
        proof = await close_for(request[ROOMS].leaving, agent_of(request), patient, reason)
    except OverError as error:
        return _over(request, error)
    return _done("fermeture", proof.reference)


async def propose(request: web.Request, patient: PatientKey) -> web.Response:
    """Fields `formulaire`, `piece` (files), `date`, `nature`, `motif`; of the files hashes stay."""
    form = fields_of(request)
    typed = {name: (await field(request, name)).strip() for name in ("date", "nature")}
    reason, wrong = await reason_of(request)
    hashes = {name: hash_of(form.get(name)) for name in NO_FILE}
    errors = {name: said for name, said in NO_FILE.items() if not hashes[name]}
    signed = read_day(typed["date"])
    if signed is None:
        errors["date"] = words.BAD_DATE
    elif signed > civil_date(request[ROOMS].clock.now()):
        errors["date"] = IN_FUTURE
    if typed["nature"] not in {one.value for one in IdentityPaper}:
        errors["nature"] = NO_KIND
    kept = {**typed, "motif": reason}
    if errors or wrong or signed is None:
        return _page(request, PAPER, patient, kept, errors | wrong)
    papers = Papers(
        signed=signed,
        form=hashes["formulaire"],
        kind=IdentityPaper(typed["nature"]),
        identity=hashes["piece"],
    )
    try:
        await papers_of(request).propose(agent_of(request), patient, papers, reason)
    except OverError as error:
        return _over(request, error)
    except RefusedError:
        return sorry(request[VISIT], 409, NOT_PROPOSED, refusal="espace")
    return see_other(f"{PERSON}?fait=papier")


def hash_of(file: object) -> str:
    """SHA-256 of a file that was brought; "" of none."""
    body = file.body if isinstance(file, Uploaded) else b""
    return hashlib.sha256(body).hexdigest() if body else ""


def _done(act: str, reference: str) -> web.Response:
    return see_other(f"{PERSON}?fait={act}&reference={quote(reference)}")


def _over(request: web.Request, error: OverError) -> web.Response:
    return sorry(request[VISIT], 409, over_words(error), refusal="espace")
