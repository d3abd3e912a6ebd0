"""« Rejouer » : « Compris alors / Compris aujourd'hui », then « Appliquer la nouvelle lecture »."""

from collections.abc import Mapping

from aiohttp import web

from gateway.errors import RefusedError
from gateway.flows.desk.messages.replaying import (
    Compared,
    HeldStillError,
    Line,
    OtherwiseNowError,
    ReplayDesk,
)
from gateway.flows.difference import ABSENT, CHANGED, NOTHING, PRESENT
from gateway.records.intake.finding import Severity, Verdict
from gateway.vault import words
from gateway.vault.desk.acting import agent_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.identities import HELD
from gateway.vault.desk.messages.said import MESSAGES, SEVERITY_WORDS, VERDICT_WORDS
from gateway.vault.desk.signin import desk_of
from gateway.vault.porch import see_other, sorry
from gateway.vault.signing_in.signin import field
from gateway.vault.visit import VISIT

SEEN = "vu"
NOT_HELD_HERE = (
    "Ce message attend une identité. Il est jugé de nouveau là où les identités se règlent."
)
OTHERWISE = (
    "La lecture de ce message n'est plus celle de la page que vous avez lue. "
    "Rien n'a été appliqué. Relisez les différences."
)
FIELD_WORDS = {
    "verdict": "Verdict",
    "documents": "Nombre de documents",
    "finding": "Constat",
    "action": "Action",
    "type_code": "Code de type",
    "type_system": "Système du code de type",
    "type_display": "Nom du type, de l'émetteur",
    "class_code": "Code de classe",
    "format_code": "Code de format",
    "label": "Libellé",
    "label_rule": "Règle du libellé",
    "label_confidence": "Sûreté du libellé",
    "label_doubt": "Doute sur le libellé",
    "label_given": "Libellé donné par un agent",
    "paper": "Genre de la pièce administrative",
    "confidentiality": "Confidentialité",
    "language": "Langue",
    "version": "Version",
    "practice_setting": "Cadre d'exercice",
    "facility_type": "Secteur d'activité",
    "mime_type": "Type de fichier",
    "body": "Corps",
    "size": "Taille déclarée",
    "hash_ok": "Empreinte juste",
    "size_ok": "Taille juste",
    "title": "Titre",
    "unique_id": "Identifiant unique",
    "set_id": "Identifiant de la suite de versions",
    "replaces": "Document remplacé",
    "creation_time": "Date de création",
    "service_start": "Début de l'acte",
    "service_stop": "Fin de l'acte",
    "event_codes": "Actes et événements",
    "sha1": "Empreinte SHA-1",
    "sha256": "Empreinte SHA-256",
    "attachments": "Pièces jointes",
    "authors": "Auteurs",
    "custodian": "Organisation qui conserve",
    "legal_authenticator": "Responsable",
    "identifiers": "Autres identifiants",
    "related": "Documents liés",
    "comments": "Note du déposant",
    "patient.ins": "Matricule INS",
    "patient.ins_oid": "Nature de l'INS",
    "patient.other_ids": "Autres identifiants de la personne",
    "patient.birth_family": "Nom de naissance",
    "patient.birth_given": "Premier prénom de naissance",
    "patient.birth_givens": "Prénoms de naissance",
    "patient.used_family": "Nom utilisé",
    "patient.used_given": "Prénom utilisé",
    "patient.birth_date": "Date de naissance",
    "patient.birth_place": "Lieu de naissance",
    "patient.sex": "Sexe",
    "patient.traits_complete": "Traits complets",
}
VALUE_WORDS: Mapping[str, str] = {
    ABSENT: "absent",
    PRESENT: "présent",
    CHANGED: "présent, autre",
    NOTHING: "aucun",
    "True": "oui",
    "False": "non",
}
VERDICTS_SAID = {one.value: said for one, said in VERDICT_WORDS.items()}
SEVERITIES_SAID = {one.value: SEVERITY_WORDS[one][1] for one in Severity}


async def replay_page(request: web.Request) -> web.Response:
    """The dry run."""
    return await _shown(request, "messages/replay", "Rejouer un message")


async def apply_page(request: web.Request) -> web.Response:
    """The page before the act (PAGES 2, rule 8)."""
    return await _shown(request, "messages/replay_apply", "Appliquer la nouvelle lecture")


async def apply(request: web.Request) -> web.Response:
    """A second click finds nothing left to apply."""
    receipt, seen = request.match_info["id"], await field(request, SEEN)
    try:
        done = await _replays(request).apply(agent_of(request), receipt, seen=seen)
    except RefusedError as error:
        return _not_replayed(request, error)
    return see_other(f"{MESSAGES}/{receipt}?fait={'rejoue' if done.lines else 'deja'}")


async def _shown(request: web.Request, name: str, title: str) -> web.Response:
    receipt = request.match_info["id"]
    try:
        found = await _replays(request).compare(agent_of(request), receipt)
    except RefusedError as error:
        return _not_replayed(request, error)
    return desk_html(
        request,
        name,
        title=title,
        place=f"{MESSAGES}/{receipt}/rejouer",
        envelope=found.envelope,
        lines=[_row(one) for one in found.lines],
        seen=found.seen,
        effects=effects_of(found),
        accepted_today=found.envelope.verdict is Verdict.REFUSE and found.after is Verdict.ACCEPT,
    )


def _not_replayed(request: web.Request, error: RefusedError) -> web.Response:
    receipt, visit = request.match_info["id"], request[VISIT]
    if isinstance(error, HeldStillError):
        back = (f"{HELD}/{receipt}", "Identités en attente")
        return sorry(visit, 409, NOT_HELD_HERE, refusal="en-attente", back=back)
    if isinstance(error, OtherwiseNowError):
        back = (f"{MESSAGES}/{receipt}/rejouer", "Relire les différences")
        return sorry(visit, 409, OTHERWISE, refusal="autre-lecture", back=back)
    return sorry(visit, 404, words.NOT_HERE)


def _replays(request: web.Request) -> ReplayDesk:
    replays = desk_of(request).replays
    if replays is None:
        raise RefusedError("this house replays no message at its desk")
    return replays


def _row(one: Line) -> dict[str, object]:
    return {
        "name": one.name,
        "number": one.number,
        "field": FIELD_WORDS.get(one.name, one.name),
        "before": _value(one.name, one.before),
        "after": _value(one.name, one.after),
    }


def _value(name: str, said: str) -> str:
    if name == "verdict":
        return VERDICTS_SAID.get(said, said)
    if name == "finding" and said != NOTHING:
        severity, _, rest = said.partition(" ")
        code, _, where = rest.partition(" at ")
        return f"{code}, {SEVERITIES_SAID.get(severity, severity)}, {where or '/'}"
    return VALUE_WORDS.get(said, said)


def effects_of(found: Compared) -> list[str]:
    """How many documents change, and what a replay never changes."""
    said = [
        words.plural(found.relabelled, "document change", "documents changent")
        + " de libellé ou de type pour ses lecteurs."
        if found.relabelled
        else "Aucun document ne change de libellé ni de type pour ses lecteurs."
    ]
    said.append(_stays(found.renamed, "identité", "reste chez la même personne"))
    said.append(_stays(found.veiled, "confidentialité", "garde sa visibilité"))
    return said


def _stays(count: int, what: str, kept: str) -> str:
    if not count:
        return f"Aucun document n'est compris avec une autre {what}."
    counted = words.plural(count, "document est compris", "documents sont compris")
    each = "il" if count == 1 else "chacun"
    return f"{counted} avec une autre {what} : {each} {kept}."
