"""Each form of the patient's vault is sent twice: the second answer is a page one understands."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from family_house import LEO, ROSE, Client, family, open_profile, page, tie
from message_twins import FIRST, put, received
from vault_house import CLAIRE, MARC, PASSWORD, House, key_of, sign_in, token_of, visiting
from vault_twins import NOW

from gateway.records.patients.account import AccountState, Choice, ChoiceKind
from gateway.records.patients.patient import PatientIdentity
from gateway.vault.app import PAGES
from gateway.vault.porch import Guest

ACCESS, ROUX = "/parametres/acces", "801234567890"
DOCUMENT = f"/documents/{1:032x}"
BOX, ONE = "/messagerie", f"/messagerie/{FIRST}"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form: its fields, whose profile it is sent in, and what is there before."""

    fields: dict[str, str]
    place: str = ""
    """Where its path has a blank."""
    profile: PatientIdentity | None = None
    login: str = "claire84durand"
    tied: tuple[tuple[PatientIdentity, ChoiceKind, PatientIdentity], ...] = ()
    connected: bool = False
    closed: bool = False
    """Léo's space is, and its deletion is asked for."""
    again: tuple[int, ...] = (303,)
    told: str = field(kw_only=True, default="")
    """A word of the page that the second answer is, or leads to."""


MARCS = {"nir": MARC.ins or "", "nom_naissance": "Durand", "naissance": "12/03/1984"}
HIS, ROSES, LEOS = key_of(MARC).hex(), key_of(ROSE).hex(), key_of(LEO).hex()
ASKED_BY_ROSE = ((ROSE, ChoiceKind.CAREGIVER_ASKED, CLAIRE),)
WEIGHED = {"code": "29463-7", "valeur": "61", "date": "12/01/2026", "cle": "k" * 32}
FORMS: dict[str, list[Sent]] = {
    "/documents/{id}/visibilite": [Sent(fields={"masque": "oui"}, place=f"{DOCUMENT}/visibilite")],
    "/documents/{id}/libelle": [Sent(fields={"libelle": "CERT_MED"}, place=f"{DOCUMENT}/libelle")],
    f"{ACCESS}/accord": [Sent(fields={"pour": "professionnel", "id": ROUX})],
    f"{ACCESS}/retrait": [Sent(fields={"pour": "professionnel", "id": ROUX})],
    f"{ACCESS}/blocage": [
        Sent(fields={"professionnel": ROUX, "bloque": "oui"}),
        Sent(fields={"professionnel": ROUX, "bloque": "non"}),
    ],
    f"{ACCESS}/documents": [
        Sent(fields={"documents": f"{1:032x}", "masque": "oui", "etape": "enregistrer"}),
        Sent(fields={"documents": f"{1:032x}", "masque": "oui"}, again=(200,)),
    ],
    f"{ACCESS}/urgence": [Sent(fields={"samu": "oui"})],
    f"{ACCESS}/nouveaux": [Sent(fields={})],
    f"{ACCESS}/traitant": [Sent(fields={"medecin": ROUX}), Sent(fields={"medecin": ""})],
    "/profils": [Sent(fields={"profil": LEOS}), Sent(fields={"profil": ""})],
    "/profils/invitation": [
        Sent(fields={"profil": ROSES, "reponse": said}, tied=ASKED_BY_ROSE, told=told)
        for said, told in (("accepter", "Accès accepté"), ("refuser", "Invitation refusée"))
    ],
    "/profils/quitter": [
        Sent(
            fields={"profil": ROSES},
            login="marc81durand",
            told="Vous n'aviez déjà plus accès à ce profil",
        ),
    ],
    "/parametres/partage": [
        Sent(fields=MARCS, profile=LEO, again=(409,), told="a déjà accès à ce profil, ou y est"),
    ],
    "/parametres/partage/retrait": [
        Sent(
            fields={"id": HIS},
            profile=LEO,
            tied=((LEO, ChoiceKind.PARENT, MARC),),
            told="C'était déjà fait",
        ),
        Sent(
            fields={"id": HIS},
            profile=LEO,
            tied=((LEO, ChoiceKind.PARENT_ASKED, MARC),),
            told="C'était déjà fait",
        ),
    ],
    "/parametres/aidants": [
        Sent(fields=MARCS, again=(409,), told="a déjà accès à ce profil, ou y est"),
    ],
    "/parametres/aidants/retrait": [
        Sent(
            fields={"id": HIS},
            tied=((CLAIRE, ChoiceKind.CAREGIVER, MARC),),
            told="C'était déjà fait",
        ),
    ],
    "/parametres/services": [
        Sent(fields={"service": "carnet", "write": "oui"}, again=(200,), told="Service autorisé")
    ],
    "/parametres/fermer": [Sent(fields={"mot_de_passe": PASSWORD, "suppression": ""})],
    "/parametres/telecharger": [
        Sent(fields={"mot_de_passe": PASSWORD}, again=(409,), told="est déjà en préparation")
    ],
    "/profils/rouvrir": [
        Sent(fields={"profil": LEOS, "cgu": "oui"}, closed=True, told="était déjà rouvert")
    ],
    "/profils/rouvrir/suppression": [
        Sent(fields={"profil": LEOS, "suppression": "SUPPRIMER"}, closed=True, told="est demandée")
    ],
    "/profils/rouvrir/maintien": [
        Sent(fields={"profil": LEOS}, closed=True, told="L'espace reste fermé.")
    ],
    "/parametres/services/arret": [
        Sent(fields={"service": "carnet"}, connected=True, told="Ce service était déjà arrêté")
    ],
    "/parametres/services/retrait": [
        Sent(
            fields={"service": "carnet", "scope": "patient/Observation.c"},
            connected=True,
            told="Cette autorisation était déjà retirée",
        )
    ],
    BOX: [Sent(fields={"fil": FIRST, "texte": "Bonjour"}, told="Message envoyé")],
    f"{BOX}/brouillon": [Sent(fields={"fil": FIRST, "texte": "Bon"}, told="Brouillon enregistré")],
    f"{BOX}/joindre": [Sent(fields={"fil": FIRST, "texte": "Bon"}, told="Documents à joindre")],
    f"{BOX}/{{id}}": [Sent(fields={"acte": "archiver"}, place=ONE, told="Conversation archivée")],
    f"{BOX}/{{id}}/supprimer": [
        Sent(fields={}, place=f"{ONE}/supprimer", again=(404,), told="n'est pas, ou plus, dans")
    ],
    f"{BOX}/{{id}}/refuser": [
        Sent(fields={}, place=f"{ONE}/refuser", told="de cet expéditeur sont refusés")
    ],
    f"{BOX}/{{id}}/brouillon": [
        Sent(fields={}, place=f"{ONE}/brouillon", told="Brouillon supprimé")
    ],
    "/mesures": [Sent(fields=WEIGHED, told="Mesure ajoutée")],
    "/mesures/choix": [Sent(fields={"montrer": "29463-7"}, told="Choix enregistrés")],
    "/notifications/lues": [Sent(fields={}, told="Notifications marquées comme lues")],
    "/notifications/supprimer": [Sent(fields={"numero": "1"}, told="n'était déjà plus là")],
    "/parametres/notifications": [Sent(fields={"n1": "sms"}, told="notifications enregistré")],
    "/parametres/apparence": [Sent(fields={"apparence": "sombre"}, told="Apparence enregistrée")],
    "/premiers-pas": [Sent(fields={"etape": "profil"})],
    "/parametres/messagerie": [Sent(fields={"accuses": "oui"}, told="lecture autorisés")],
}
OF_THE_PROFILE = {
    *(f"/profil/entrees/{{id}}/{act}" for act in ("modifier", "supprimer")),
    *(f"/profil/entrees/{{id}}/{act}" for act in ("visibilite", "desaccord")),
    *("/profil/{id}/ajouter/{kind:[a-z-]+}", "/profil/{id}/rien"),
    "/profil/propositions/{id}",
    *(f"/profil/synthese{act}" for act in ("", "/enregistrer", "/envoyer")),
}
"""Their second clicks are the same entry or paper, or a version of before (profile/test_*)."""
WITH_FILES = {
    *(f"/documents/{act}" for act in ("{id}/modifier", "{id}/restaurer", "{id}/lien")),
    *("/documents/ajouter", "/documents/supprimer", "/documents/liens/retrait"),
}
"""Own documents and links to them, which are made first: among the tests of `own`, `documents`."""
OF_A_MEASURE = {
    f"/mesures/{{code}}/{{id}}/{act}" for act in ("modifier", "supprimer", "visibilite", "retirer")
}
"""Of a measure that is there: their versions are among the tests of `measures`."""
OF_LINES = {
    *("/vaccination/ajouter", "/vaccination/attestation"),
    *(f"/vaccination/attestation/{{id}}/{act}" for act in ("retirer", "lien")),
    *(f"/vaccination/{{id}}/{act}" for act in ("modifier", "supprimer", "reunir")),
    *(f"/vaccination/{{id}}/{act}" for act in ("accepter", "refuser")),
}
"""Of a line of the vaccinations: likewise, among those of `vaccination`."""
OF_AGENDA = {
    "/agenda/ajouter",
    *(f"/agenda/{{id}}/{act}" for act in ("modifier", "annuler")),
    *(f"/agenda/{of}{act}" for of in ("rappels", "abonnement") for act in ("", "/supprimer")),
    *(f"/agenda/prevention/{act}" for act in ("fait", "annuler", "pas-fait", "rappels", "autre")),
}
"""An appointment, reminder or examination that is there: theirs are in the tests of `agenda`."""
LAUNCHES = {"/autoriser", "/parametres/services/signaler", "/profils/activer"}  # tests of their own
EACH = [(path, one) for path, forms in FORMS.items() for one in forms]


def house_of(one: Sent) -> House:
    house = family()
    house.add("Bilan")
    put(house, received())
    for whose, kind, who in one.tied:
        tie(house, whose, kind, who, giver=key_of(CLAIRE).hex())
    if one.closed:
        leo = house.people.persons[key_of(LEO)]
        house.people.persons[leo.key] = replace(
            leo, state=AccountState.CLOSED, closed_at=NOW, deletion_asked_at=NOW
        )
    if one.connected:
        fact = Choice(kind=ChoiceKind.APPLICATION, target="carnet", since=NOW, scopes=("write",))
        house.people.chosen.setdefault(key_of(CLAIRE), []).append(fact)
    return house


async def sent(client: Client, place: str, one: Sent) -> tuple[int, str]:
    """Status, and the page that a browser shows in the end."""
    data = {"jeton": await token_of(client, "/profils"), **one.fields}
    answer = await client.post(place, data=data, allow_redirects=False)
    if answer.status == 303:
        status, shown = await page(client, answer.headers["Location"])
        assert status == 200, answer.headers["Location"]
        return answer.status, shown
    return answer.status, (await answer.text()).replace("&#39;", "'")


@pytest.mark.parametrize(("path", "one"), EACH)
async def test_a_form_that_is_sent_twice_is_answered_in_words(path: str, one: Sent) -> None:
    house, place = house_of(one), one.place or path
    async with visiting(house) as client:
        await sign_in(client, house, one.login)
        if one.profile is not None:
            assert await open_profile(client, one.profile) == 303
        assert (await sent(client, place, one))[0] in (200, 303)
        status, shown = await sent(client, place, one)
        assert status in one.again
        assert one.told in shown
        assert re.search(r"<h1[^>]*>(?!Erreur|Page introuvable)", shown)


def test_every_form_of_the_vault_is_sent_twice_here() -> None:
    ours = {Guest.PATIENT, Guest.PERSON}
    known = set(FORMS) | WITH_FILES | LAUNCHES | OF_AGENDA
    known |= OF_THE_PROFILE | OF_A_MEASURE | OF_LINES
    assert {one.path for one in PAGES if one.method == "POST" and one.guest in ours} == known


@pytest.mark.parametrize(
    ("path", "named", "ended"),
    [
        ("/profils/quitter", "profil", "marc81durand"),
        ("/parametres/aidants/retrait", "id", "claire84durand"),
    ],
)
async def test_the_page_before_an_act_that_is_done_says_so(
    path: str, named: str, ended: str
) -> None:
    one = FORMS[path][0]
    house = house_of(one)
    async with visiting(house) as client:
        await sign_in(client, house, ended)
        await sent(client, path, one)
        place = f"{path}/confirmer?{named}={one.fields[named]}"
        answer = await client.get(place)
        assert (answer.status, "confirmer" in str(answer.url)) == (200, False)
        assert one.told in (await answer.text()).replace("&#39;", "'")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/profils/quitter", {"profil": ROSES}),
        ("/profils/quitter", {"profil": LEOS}),
        ("/profils/invitation", {"profil": ROSES, "reponse": "accepter"}),
        ("/parametres/aidants/retrait", {"id": HIS}),
        ("/parametres/services/arret", {"service": "carnet"}),
        ("/parametres/services/arret", {"service": "autre"}),
    ],
)
async def test_what_never_was_is_no_page(path: str, fields: dict[str, str]) -> None:
    one = Sent(fields=fields)
    house = house_of(one)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await sent(client, path, one))[0] == 404


async def test_an_answer_that_came_too_late_is_said_to_be_so() -> None:
    house = family()
    tie(house, ROSE, ChoiceKind.CAREGIVER_ASKED, CLAIRE, until=NOW - timedelta(days=1))
    async with visiting(house) as client:
        await sign_in(client, house)
        one = Sent(fields={"profil": ROSES, "reponse": "accepter"})
        status, shown = await sent(client, "/profils/invitation", one)
        assert (status, "Cette invitation n'attend plus de réponse." in shown) == (409, True)
        assert await open_profile(client, ROSE) == 404


async def test_what_a_service_form_said_stays_beside_its_error() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        place, fields = "/parametres/services", {"service": "carnet"}
        wrong = Sent(fields=fields | {"write": "oui", "fin": "bientôt"})
        status, shown = await sent(client, place, wrong)
        assert status == 422
        assert re.findall(r'name="(\w+)" value="oui" checked', shown) == ["write"]
        assert re.search(r'<input type="text" id="fin-carnet" name="fin" value="bientôt"', shown)
        status, shown = await sent(client, place, Sent(fields=fields | {"fin": "2025-01-01"}))
        assert status == 422
        assert "Choisissez au moins une autorisation" in shown
        assert shown.count('class="error"') == 2
        assert re.search(r'<input type="date" id="fin-carnet" name="fin" value="2025-01-01"', shown)
