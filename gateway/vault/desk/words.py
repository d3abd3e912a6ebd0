"""The French words of the desk that stand in no template."""

from datetime import timedelta

from gateway.flows.desk.held import SAID
from gateway.flows.identity.why import CannotBeError, Why
from gateway.records.intake.filing import Door
from gateway.records.messages.mailbox import is_patient_box
from gateway.records.patients.account import AccountState
from gateway.records.patients.index import DeskAct
from gateway.records.task import AnyKind, TaskKind

DOOR_WORDS = {
    Door.MLLP: "HL7 (MLLP)",
    Door.HTTP: "dépôt HTTP",
    Door.FHIR: "FHIR",
    Door.FOLDER: "dossier surveillé",
    Door.SMTP: "messagerie sécurisée",
    Door.DMP: "logiciel compatible DMP",
    Door.DESK: "bureau",
    Door.PAGES: "page de dépôt",
}
KIND_WORDS = {
    TaskKind.NOTICE: "notification à un patient",
    TaskKind.MAIL: "courrier MSSanté",
    TaskKind.BUSINESS_ACK: "réponse métier (ZAM)",
    TaskKind.FORWARD: "message réexpédié",
    TaskKind.MAIL_REPORT: "accusé d'un courrier",
    TaskKind.DOCTOR_NOTICE: "avis au médecin traitant",
    TaskKind.MESSAGE: "message d'un patient",
    TaskKind.READ_RECEIPT: "accusé de lecture d'un patient",
    TaskKind.RELEASE: "dépôts à juger de nouveau",
    TaskKind.ERASURE_RECEIPT: "reçus de suppression",
    TaskKind.INVITATION: "invitation à un espace",
    TaskKind.REMINDER: "rappels d'agenda",
    TaskKind.EXPORT: "copies de données à emporter",
}
ACT_WORDS = {
    DeskAct.QUALIFY: "Rattacher le dépôt à cette personne",
    DeskAct.CORRECT: "Corriger l'identité connue d'après ce message",
    DeskAct.MERGE: "Réunir les deux identités de ce message",
    DeskAct.APART: "Ce dépôt n'est pas de cette personne",
    DeskAct.ENDS: "Ce dépôt est de cette personne, et finit avec son espace",
}
EFFECT_WORDS = {
    DeskAct.QUALIFY: "Les documents de ce dépôt seront rangés chez cette personne, et visibles par "
    "elle et par ceux qu'elle autorise.",
    DeskAct.CORRECT: "L'identité connue prendra ce que dit ce message, et ce qui l'attendait sera "
    "jugé de nouveau.",
    DeskAct.MERGE: "Les deux dossiers n'en feront qu'un : les documents de la personne qui "
    "disparaît seront visibles dans l'autre dossier.",
    DeskAct.APART: "Ce dépôt ne retardera plus la suppression de cet espace. Il reste en attente "
    "pour qui d'autre il peut concerner.",
    DeskAct.ENDS: "Ce dépôt sera refusé comme tout dépôt pour un espace fermé : de ses octets rien "
    "n'est gardé.",
}
"""What a second person brings about (PAGES section 2, rule 8)."""
STATE_WORDS = {
    AccountState.UNKNOWN: "jamais invité",
    AccountState.INVITED: "invité",
    AccountState.OPPOSED: "opposé",
    AccountState.CREATED: "espace créé",
    AccountState.ACTIVE: "espace actif",
    AccountState.CLOSED: "espace fermé",
    AccountState.ERASING: "suppression en cours",
    AccountState.ERASED: "supprimé",
}
HOW_WORDS = {"guessed": ", deviné : MSH-18 ne le dit pas", "default": ", par défaut"}
"""How the character set of a message became known, behind its name."""
VERIFIED = "Si vous l'avez vérifié avec l'émetteur, cochez « Malgré les traits qui diffèrent »."
WHY_WORDS = {
    Why.NOT_HELD: "Ce dépôt n'attend plus d'identité.",
    Why.NO_CANDIDATE: "Cette personne n'est pas connue. Choisissez-en une de la liste.",
    Why.NO_DOCUMENT: "Ce message ne porte aucun document : il n'y a rien à rattacher.",
    Why.OTHER_QUALIFIED: "Une autre identité est déjà qualifiée sous cet INS. Diffèrent : {names}.",
    Why.UNSOUND: "L'identité connue de cette personne ne suffit pas (constat {names}).",
    Why.LOCAL_ID: "Un identifiant local de ce dépôt appartient à une autre personne. Son émetteur "
    "doit envoyer la bonne identité (ADT).",
    Why.NEVER: "Un dépôt qui porte le constat {names} n'est jamais rangé. Refusez-le.",
    Why.DIFFERS: "Ce dépôt et cette personne diffèrent : {names}. " + VERIFIED,
    Why.LOOK_AT: "Vérifiez et cochez d'abord : {names}.",
    Why.NOT_ANSWERED: "Cet acte répond à {names}, et rien de cela ne retient ce dépôt.",
    Why.OTHERS_TOO: "D'autres constats retiennent ce dépôt : {names}. Réglez-les d'abord.",
    Why.NOT_CLOSED: "Ce dépôt n'attend personne dont l'espace est fermé.",
    Why.OWN_UNQUALIFIED: "L'identité de ce message n'est pas qualifiée : elle ne peut pas être "
    "reprise.",
}
NAMED_TWICE = "Ce dépôt nomme la même personne de deux façons. " + VERIFIED
WHERE = {Why.DIFFERS: "malgre", Why.LOOK_AT: "constat-1"}
"""The field of the form that mends it; else whom it is about."""


def why_not(error: CannotBeError) -> dict[str, str]:
    """The reason in words, by its field."""
    names = ", ".join(SAID.get(one, one) for one in error.names)
    said = WHY_WORDS[error.why].format(names=names)
    if error.why is Why.DIFFERS and not names:
        said = NAMED_TWICE
    return {WHERE.get(error.why, "candidat"): said}


def sender_words(sender: str) -> str:
    """Of a sender as the desk may name it (`shown_sender`)."""
    if sender == "pro/":
        return "professionnels, par la page de dépôt"
    if sender == "patient/":
        return "patients, par leurs pages"
    if sender.startswith("app/"):
        return f"application {sender.removeprefix('app/').rstrip('/')}"
    if sender.startswith("@"):
        return f"{'boîtes de patients' if is_patient_box(sender) else 'boîtes'} {sender}"
    return sender


def age(span: timedelta) -> str:
    """« 4 min », « 2 h 05 », « 3 jours »: the two units that matter, with unbreakable blanks."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}\u00a0s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes}\u00a0min"
    if minutes < 24 * 60:
        return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"
    days = minutes // (24 * 60)
    return f"{days}\u00a0jour" if days == 1 else f"{days}\u00a0jours"


def lasted(span: timedelta) -> str:
    """`age` of something that took this long: « aussitôt » within the second."""
    return "aussitôt" if span < timedelta(seconds=1) else age(span)


def kind_words(kind: AnyKind) -> str:
    """Of a task that a later version left, its own name for it."""
    return KIND_WORDS[kind] if isinstance(kind, TaskKind) else kind
