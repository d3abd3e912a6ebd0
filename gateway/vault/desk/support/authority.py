"""Second parent, tuteur, withdrawal of authority (VAULT DSK-06): entered in a call by one agent
with the paper that says so; another one confirms (`authorities.py`)."""

from collections.abc import Mapping
from datetime import date, datetime

from aiohttp import web

from gateway.access.time import civil_date
from gateway.errors import RefusedError
from gateway.flows.desk.authority import Named
from gateway.flows.entering.rules import nir_of
from gateway.flows.family.recording import Authority, Paper, PaperKind
from gateway.flows.leaving.lookup import NobodyError
from gateway.records.patients.patient import PatientKey
from gateway.vault import words
from gateway.vault.days import last_day, read_day
from gateway.vault.desk.acting import agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.support.acts import IN_FUTURE, hash_of
from gateway.vault.desk.support.call import PERSON, authorities_of, support_of
from gateway.vault.desk.support.find import NOBODY
from gateway.vault.family.profiles import key_of
from gateway.vault.forms import fields_of
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field

REPRESENTATIVE, WITHDRAWAL = "/desk/3422/representant", "/desk/3422/retrait"
MOST_SIGNS = 200
NAMES = ("qualite", "nir", "nom_naissance", "naissance", "nature", "date", "fin", "etendue")
ORDER = ("", "representant", *NAMES[:-2], "papier", *NAMES[-2:], "motif")
"""Of the fields on the page, and so of what is said of them."""
QUALITIES = {Authority.PARENT: "Parent", Authority.GUARDIAN: "Tuteur ou tutrice"}
KINDS = {
    PaperKind.JUDGMENT: "Jugement",
    PaperKind.FAMILY_BOOK: "Livret de famille",
    PaperKind.BIRTH: "Acte de naissance",
}
WHO = {
    "nir": "Numéro de sécurité sociale du représentant",
    "nom_naissance": "Nom de naissance du représentant",
    "naissance": "Date de naissance du représentant",
}
NO_FILE = "Choisissez le fichier du papier."
NO_QUALITY, NO_KIND = "Choisissez la qualité.", "Choisissez la nature du papier."
NEEDS_JUDGMENT = "Il faut un jugement."
NO_END = "Saisissez la date de fin que dit le jugement."
TOO_LONG = f"Écrivez au plus {MOST_SIGNS} caractères."
NO_ONE = "Choisissez le représentant."
CANNOT_BE = (
    "Cette personne ne peut pas être enregistrée : il faut deux identités vérifiées, un espace qui"
    " peut être activé, un représentant majeur dont l'espace est actif et qui ne l'est pas déjà."
    " Un parent ne représente qu'un enfant mineur."
)
NOT_ANY_MORE = "Cette personne n'est plus représentant légal de ce profil."


async def representative_page(request: web.Request, patient: PatientKey) -> web.Response:
    return _form(request, patient, {})


def _form(
    request: web.Request,
    patient: PatientKey,
    typed: Mapping[str, str],
    errors: Mapping[str, str] = NO_ERRORS,
) -> web.Response:
    return desk_html(
        request,
        "support/representative",
        title="Enregistrer un représentant légal",
        place=REPRESENTATIVE,
        errors=_in_order(errors),
        back=(PERSON, "La personne de cet appel"),
        key=patient.hex(),
        typed={name: typed.get(name, "") for name in (*NAMES, "motif")},
        qualities={one.value: said for one, said in QUALITIES.items()},
        kinds={one.value: said for one, said in KINDS.items()},
    )


async def propose(request: web.Request, patient: PatientKey) -> web.Response:
    """Fields of NAMES, `papier` (a file, of which the hash stays) and `motif`."""
    typed = {name: (await field(request, name)).strip() for name in NAMES}
    reason, errors = await reason_of(request)
    now = request[ROOMS].clock.now()
    authority = next((one for one in QUALITIES if one.value == typed["qualite"]), None)
    if authority is None:
        errors["qualite"] = NO_QUALITY
    named = _named(typed, errors)
    end = last_day(typed["fin"], now, "fin", errors) if authority is Authority.GUARDIAN else None
    paper = _paper(request, typed, now, errors, judgment=authority is Authority.GUARDIAN, end=end)
    if authority is Authority.GUARDIAN and end is None:
        errors.setdefault("fin", NO_END)
    kept = {**typed, "motif": reason}
    if authority is None or named is None or paper is None or errors:
        return _form(request, patient, kept, errors)
    desk = authorities_of(request)
    try:
        await desk.propose(agent_of(request), patient, authority, named, paper, reason)
    except NobodyError:
        return _form(request, patient, kept, {"nir": NOBODY})
    except RefusedError:
        return _form(request, patient, kept, {"": CANNOT_BE})
    return see_other(f"{PERSON}?fait=autorite")


async def withdrawal_page(request: web.Request, patient: PatientKey) -> web.Response:
    return await _withdrawal(request, patient, {})


async def _withdrawal(
    request: web.Request,
    patient: PatientKey,
    typed: Mapping[str, str],
    errors: Mapping[str, str] = NO_ERRORS,
) -> web.Response:
    card = await support_of(request).card(patient)
    return desk_html(
        request,
        "support/withdrawal",
        title="Enregistrer un retrait d'autorité",
        place=WITHDRAWAL,
        errors=_in_order(errors),
        back=(PERSON, "La personne de cet appel"),
        key=patient.hex(),
        typed={name: typed.get(name, "") for name in ("representant", "date", "motif")},
        representatives=card.representatives,
    )


async def withdraw(request: web.Request, patient: PatientKey) -> web.Response:
    """Fields `representant`, `date`, `papier` and `motif`: only a judgment says so."""
    typed = {name: (await field(request, name)).strip() for name in ("representant", "date")}
    reason, errors = await reason_of(request)
    whose = key_of(typed["representant"])
    if whose is None:
        errors["representant"] = NO_ONE
    said = {**typed, "nature": PaperKind.JUDGMENT.value, "etendue": ""}
    paper = _paper(request, said, request[ROOMS].clock.now(), errors, judgment=True)
    kept = {**typed, "motif": reason}
    if whose is None or paper is None or errors:
        return await _withdrawal(request, patient, kept, errors)
    try:
        await authorities_of(request).withdraw(agent_of(request), patient, whose, paper, reason)
    except RefusedError:
        return await _withdrawal(request, patient, kept, {"": NOT_ANY_MORE})
    return see_other(f"{PERSON}?fait=autorite")


def _in_order(errors: Mapping[str, str]) -> dict[str, str]:
    return {name: errors[name] for name in ORDER if name in errors}


def _named(typed: Mapping[str, str], errors: dict[str, str]) -> Named | None:
    nir, born = nir_of(typed["nir"]), read_day(typed["naissance"])
    for name, label in WHO.items():
        if not typed[name]:
            errors[name] = words.FILL_IN_ONE.format(label=label)
    if typed["naissance"] and born is None:
        errors["naissance"] = words.BAD_DATE
    if born is None:
        return None
    return Named(nir=nir, family=typed["nom_naissance"], born=born)


def _paper(
    request: web.Request,
    typed: Mapping[str, str],
    now: datetime,
    errors: dict[str, str],
    *,
    judgment: bool,
    end: datetime | None = None,
) -> Paper | None:
    day, sha256 = read_day(typed["date"]), hash_of(fields_of(request).get("papier"))
    kind = next((one for one in PaperKind if one.value == typed["nature"]), None)
    wrong = {
        "papier": "" if sha256 else NO_FILE,
        "date": _wrong_day(day, civil_date(now)),
        "nature": _wrong_kind(kind, judgment=judgment),
        "etendue": TOO_LONG if len(typed["etendue"]) > MOST_SIGNS else "",
    }
    errors.update({name: said for name, said in wrong.items() if said})
    if day is None or kind is None:
        return None
    return Paper(kind=kind, day=day, sha256=sha256, until=end, extent=typed["etendue"])


def _wrong_day(day: date | None, today: date) -> str:
    if day is None:
        return words.BAD_DATE
    return IN_FUTURE if day > today else ""


def _wrong_kind(kind: PaperKind | None, *, judgment: bool) -> str:
    if kind is None:
        return NO_KIND
    return NEEDS_JUDGMENT if judgment and kind is not PaperKind.JUDGMENT else ""
