"""« Trouver une personne », and her card: state, dates, masked contact, representatives, open
requests; never a document, a title or a count (VAULT DSK-02)."""

from collections.abc import Mapping

from aiohttp import web

from gateway.flows.entering.rules import is_nir, nir_of
from gateway.flows.family.recording import WITH_A_SPACE
from gateway.flows.leaving.lookup import CaseCard, NobodyError, Sought
from gateway.flows.leaving.telephone import RENEWED
from gateway.mapping.identity import INS_CHARACTERS
from gateway.records.patients.account import AccountState
from gateway.records.patients.invitation import Channel, Invitation, last_day
from gateway.records.patients.leaving import archive_ends, clocks_turn, deletion_due, is_red
from gateway.records.patients.patient import PatientKey
from gateway.vault import words
from gateway.vault.days import read_day
from gateway.vault.desk.acting import agent_of, reason_of
from gateway.vault.desk.frame import NO_ERRORS, desk_html
from gateway.vault.desk.support.call import PERSON, PLACE, call_of, support_of
from gateway.vault.desk.words import STATE_WORDS
from gateway.vault.entering.words import NIR_WRONG
from gateway.vault.porch import see_other
from gateway.vault.rooms import ROOMS
from gateway.vault.signing_in.signin import field

FIELDS = ("nir", "nom_naissance", "naissance", "lieu", "motif")
NOBODY = "Aucune personne ne correspond."
SEVERAL = "Plusieurs personnes correspondent. Demandez le numéro de sécurité sociale."
SAY_WHO = "Saisissez le numéro de sécurité sociale, ou les trois informations de naissance."
PLACE_WRONG = "Saisissez les 5 caractères du code INSEE, par exemple 75116 ou 2A004."
PLACE_CHARACTERS = 5
CHANNELS = {"sms": "SMS", "email": "e-mail"}
SENT_WORDS = {Channel.EMAIL: "partie par e-mail", Channel.LETTER: "partie par courrier"}
WAITING_WORDS = {Channel.EMAIL: "va partir par e-mail", Channel.LETTER: "va partir par courrier"}
DONE = {
    "opposition": "Opposition enregistrée.",
    "code": "Nouveau code provisoire envoyé au contact connu.",
    "fermeture": "Espace fermé.",
    "autorite": "Demande enregistrée. Une autre personne doit la valider.",
    "papier": "Demande enregistrée. Une autre personne doit la valider.",
}
OPPOSABLE = (AccountState.INVITED, AccountState.OPPOSED)
CLOSABLE = (AccountState.CREATED, AccountState.ACTIVE)


async def find_page(request: web.Request) -> web.Response:
    agent_of(request)
    return _form(request, dict.fromkeys(FIELDS, ""))


def _form(
    request: web.Request, typed: Mapping[str, str], errors: Mapping[str, str] = NO_ERRORS
) -> web.Response:
    return desk_html(
        request,
        "support/find",
        title="Trouver une personne",
        place=PLACE,
        errors=errors,
        typed=typed,
    )


async def find(request: web.Request) -> web.Response:
    """Fields `nir`, or `nom_naissance`, `naissance` and `lieu`; and `motif`, each time."""
    typed = {name: (await field(request, name)).strip() for name in FIELDS}
    sought, errors = _sought(typed)
    reason, wrong = await reason_of(request, label="Motif de l'appel")
    if errors or wrong:
        return _form(request, typed, errors | wrong)
    try:
        person = await support_of(request).find(agent_of(request), sought, reason)
    except NobodyError as error:
        where = "nir" if typed["nir"] else "nom_naissance"
        return _form(request, typed, {where: SEVERAL if error.several else NOBODY})
    await call_of(request, person.key)
    return see_other(PERSON)


def _sought(typed: Mapping[str, str]) -> tuple[Sought, dict[str, str]]:
    if typed["nir"]:
        nir = nir_of(typed["nir"])
        if len(nir) != INS_CHARACTERS:
            return Sought(), {"nir": words.NIR_LENGTH}
        return Sought(nir=nir), {} if is_nir(nir) else {"nir": NIR_WRONG}
    three = {
        "nom_naissance": "Nom de naissance",
        "naissance": "Date de naissance",
        "lieu": "Lieu de naissance",
    }
    if not any(typed[name] for name in three):
        return Sought(), {"nir": SAY_WHO}
    errors = {
        name: words.FILL_IN_ONE.format(label=label)
        for name, label in three.items()
        if not typed[name]
    }
    born, place = read_day(typed["naissance"]), typed["lieu"].upper()
    if typed["naissance"] and born is None:
        errors["naissance"] = words.BAD_DATE
    if place and len(place) != PLACE_CHARACTERS:
        errors["lieu"] = PLACE_WRONG
    return Sought(family=typed["nom_naissance"], born=born, place=place), errors


async def person_page(request: web.Request, patient: PatientKey) -> web.Response:
    card = await support_of(request).card(patient)
    now, asked = request[ROOMS].clock.now(), card.person.deletion_asked_at
    return desk_html(
        request,
        "support/person",
        title="La personne de cet appel",
        place=PERSON,
        key=patient.hex(),
        state=STATE_WORDS[card.person.state],
        state_code=card.person.state.value,
        facts=facts_of(card),
        contacts={CHANNELS[channel]: at for channel, at in card.contacts.items()},
        representatives=card.representatives,
        asked=asked,
        due=deletion_due(asked) if asked else None,
        turn=clocks_turn(asked) if asked else None,
        red=asked is not None and is_red(asked, now),
        reference=card.reference,
        proposed=card.proposed,
        deceased=card.person.deceased,
        may_renew=card.person.state in RENEWED and bool(card.code_to),
        may_represent=card.person.state in WITH_A_SPACE,
        may_oppose=card.person.state in OPPOSABLE,
        may_close=card.person.state in CLOSABLE,
        may_ask=card.person.state is AccountState.CLOSED
        and asked is None
        and card.proposed is None,
        done=DONE.get(request.query.get("fait", ""), ""),
        given=request.query.get("reference", "")[:9],
    )


def facts_of(card: CaseCard) -> list[tuple[str, str]]:
    """Dates in words, those that there are."""
    one = card.person
    found = [] if card.invitation is None else _window(card.invitation)
    dates = (
        ("Code provisoire valable jusqu'au", card.code_until),
        ("Opposition du", one.opposed_at),
        ("Espace fermé le", one.closed_at),
        ("Contenu gardé jusqu'au", archive_ends(one.closed_at) if one.closed_at else None),
    )
    return found + [(said, words.date_of(at)) for said, at in dates if at is not None]


def _window(invitation: Invitation) -> list[tuple[str, str]]:
    """« Fenêtre : jusqu'au 13 avril 2026 à minuit » (PAGES section 8); when it began, and how."""
    if invitation.sent_at is None or invitation.ends_at is None:
        return [("Invitation", WAITING_WORDS[invitation.channel])]
    sent = f"{SENT_WORDS[invitation.channel]} le {words.date_of(invitation.sent_at)}"
    until = f"jusqu'au {words.date_of(last_day(invitation.ends_at))} à minuit"
    return [("Invitation", sent), ("Fenêtre", until)]


async def end_call(request: web.Request) -> web.Response:
    await call_of(request, None)
    return see_other(PLACE)
