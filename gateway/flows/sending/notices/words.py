"""The words of a notice: the kind of event and nothing more (VAULT NOT-02; PAGES section 10)."""

from gateway.records.readers.access import Reader, ReaderKind

SPACE = "dans Mon espace santé"
COMES_OF_AGE, CAME_OF_AGE = "majority-soon", "majority"
"""VAULT REP-10: in 30 days at most, and that day."""
NEW_MESSAGE = "new_message"
"""VAULT N3."""
ACTIVATED, PASSWORD = "account-activated", "password-changed"
"""VAULT N7: events of the account, told to its owner alone."""
EXPORT_READY = "export-ready"
"""VAULT EXP-01: told to who asked, and to nobody else."""
APPOINTMENT_SOON, OWN_REMINDER = "appointment-soon", "own-reminder"
APPOINTMENT_ADDED = "appointment-added"
APPOINTMENT_MOVED, APPOINTMENT_OFF = "appointment-moved", "appointment-off"
PREVENTION = "prevention"
OF_AGENDA = frozenset(
    {
        *(APPOINTMENT_SOON, OWN_REMINDER, APPOINTMENT_ADDED, APPOINTMENT_MOVED, APPOINTMENT_OFF),
        PREVENTION,
    }
)
"""VAULT N6 and N9: what a sender wrote in an agenda, what that and prevention remind of."""
SERVICES_LISTED, SERVICE_STOPPED, SERVICE_UNUSED, REPORT_ANSWERED = (
    "services-list",
    "service-stopped",
    "service-unused",
    "service-answered",
)
"""VAULT N10, APP-07 and APP-08: of services that act for a patient."""
OF_SERVICES = frozenset({SERVICES_LISTED, SERVICE_STOPPED, SERVICE_UNUSED, REPORT_ANSWERED})
SHARING = "sharing"
OF_ONE = frozenset({SHARING, ACTIVATED, PASSWORD, EXPORT_READY})
"""What concerns one person alone, and is never turned off (VAULT N7, N8)."""
SUBJECTS = {
    "new_document": f"Un document a été ajouté {SPACE}",
    "changed_document": f"Un document a été modifié {SPACE}",
    NEW_MESSAGE: f"Un message est arrivé {SPACE}",
    APPOINTMENT_SOON: f"Un rendez-vous est prévu {SPACE}",
    OWN_REMINDER: f"Un rappel est prévu {SPACE}",
    PREVENTION: f"Un rappel de prévention est arrivé {SPACE}",
    APPOINTMENT_ADDED: f"Un rendez-vous a été ajouté {SPACE}",
    APPOINTMENT_MOVED: f"Un rendez-vous a changé {SPACE}",
    APPOINTMENT_OFF: f"Un rendez-vous est annulé {SPACE}",
    "access": "Un professionnel a consulté Mon espace santé",
    "emergency_access": "Mon espace santé a été consulté en urgence",
    SHARING: "Un accès à un profil a changé dans Mon espace santé",
    "waiting": "Un professionnel de santé souhaite vous parler",
    "opened": f"Un document est visible {SPACE}",
    COMES_OF_AGE: "Un profil change à la majorité dans Mon espace santé",
    CAME_OF_AGE: "Mon espace santé est maintenant à votre nom",
    ACTIVATED: "Mon espace santé est activé",
    PASSWORD: "Votre mot de passe a changé dans Mon espace santé",
    EXPORT_READY: "Une copie de données est prête dans Mon espace santé",
    SERVICES_LISTED: "Les services synchronisés avec Mon espace santé",
    SERVICE_STOPPED: "Un service n'est plus synchronisé avec Mon espace santé",
    SERVICE_UNUSED: "Un service inutilisé a été arrêté dans Mon espace santé",
    REPORT_ANSWERED: "Une réponse à un signalement est arrivée dans Mon espace santé",
}
SUBJECTS_OF_SEVERAL = {
    "new_document": f"Des documents ont été ajoutés {SPACE}",
    "changed_document": f"Des documents ont été modifiés {SPACE}",
    "opened": f"Des documents sont visibles {SPACE}",
    NEW_MESSAGE: f"Des messages sont arrivés {SPACE}",
    APPOINTMENT_SOON: f"Des rendez-vous sont prévus {SPACE}",
    OWN_REMINDER: f"Des rappels sont prévus {SPACE}",
    PREVENTION: f"Des rappels de prévention sont arrivés {SPACE}",
    APPOINTMENT_ADDED: f"Des rendez-vous ont été ajoutés {SPACE}",
    APPOINTMENT_MOVED: f"Des rendez-vous ont changé {SPACE}",
    APPOINTMENT_OFF: f"Des rendez-vous sont annulés {SPACE}",
}
ONE = {
    "new_document": "Un document a été ajouté le {day}.",
    "changed_document": "Un document a été modifié le {day}.",
    "opened": "Un document est visible depuis le {day}.",
    NEW_MESSAGE: "Un message est arrivé le {day}.",
    APPOINTMENT_SOON: "Un rendez-vous est prévu le {day}.",
    OWN_REMINDER: "Un rappel est prévu le {day}.",
    PREVENTION: "Un rappel de prévention est arrivé le {day}.",
    APPOINTMENT_ADDED: "Un rendez-vous a été ajouté le {day}.",
    APPOINTMENT_MOVED: "Un rendez-vous a changé le {day}.",
    APPOINTMENT_OFF: "Un rendez-vous a été annulé le {day}.",
}
SEVERAL = {
    "new_document": "{count} documents ont été ajoutés le {day}.",
    "changed_document": "{count} documents ont été modifiés le {day}.",
    "opened": "{count} documents sont visibles depuis le {day}.",
    NEW_MESSAGE: "{count} messages sont arrivés le {day}.",
    APPOINTMENT_SOON: "{count} rendez-vous sont prévus bientôt.",
    OWN_REMINDER: "{count} rappels sont prévus.",
    PREVENTION: "{count} rappels de prévention sont arrivés le {day}.",
    APPOINTMENT_ADDED: "{count} rendez-vous ont été ajoutés le {day}.",
    APPOINTMENT_MOVED: "{count} rendez-vous ont changé le {day}.",
    APPOINTMENT_OFF: "{count} rendez-vous ont été annulés le {day}.",
}
OTHERWISE = {
    "access": "Un professionnel de santé a consulté votre espace pour la première fois.",
    "emergency_access": "Un professionnel de santé a consulté votre espace en urgence.",
    SHARING: "Une invitation, une réponse ou une fin d'accès vous concerne.",
    "waiting": (
        "Un professionnel de santé souhaite vous parler avant que vous lisiez une nouvelle"
        " information."
    ),
    COMES_OF_AGE: (
        "Vous aurez 18 ans dans un mois au plus. Ce jour-là, à 0 h, vos parents ne verront plus"
        " votre espace."
    ),
    CAME_OF_AGE: (
        "Vous avez 18 ans : cet espace est à vous. Vos parents ne le voient plus. Il continue de"
        " recevoir vos documents."
    ),
    ACTIVATED: "Mon espace santé vient d'être activé, avec un nouvel identifiant.",
    PASSWORD: "Le mot de passe de Mon espace santé vient d'être changé.",
    EXPORT_READY: "La copie de données que vous avez demandée est prête, pour 7 jours.",
    SERVICES_LISTED: "Un ou plusieurs services sont synchronisés avec votre espace.",
    SERVICE_STOPPED: (
        "Un service synchronisé avec votre espace a été retiré ou suspendu : il n'a plus aucun"
        " accès."
    ),
    SERVICE_UNUSED: (
        "Un service synchronisé avec votre espace n'a pas servi depuis un an : il est arrêté."
    ),
    REPORT_ANSWERED: "Nous avons répondu à votre signalement.",
}
SAID_TO_MANAGER = {
    COMES_OF_AGE: (
        "Son titulaire aura 18 ans dans un mois au plus. Ce jour-là, à 0 h, ses parents ne le"
        " verront plus."
    ),
}
DONE_BY_MANAGER = {COMES_OF_AGE: "Ensuite, lui seul choisira qui peut le voir."}
SIGN_IN = "connectez-vous à Mon espace santé en tapant l'adresse habituelle."
NOT_YOU = "Ce n'était pas vous ? Appelez tout de suite le 3422."
TO_DO = {
    "access": f"Pour savoir qui et pourquoi, {SIGN_IN}",
    "emergency_access": f"Pour savoir qui et pourquoi, {SIGN_IN}",
    "sharing": f"Pour la lire, {SIGN_IN}",
    "waiting": "Prenez rendez-vous avec un professionnel de santé qui vous suit.",
    COMES_OF_AGE: "Vous recevrez alors une invitation à l'activer. Vous n'avez rien à faire avant.",
    CAME_OF_AGE: "Pour l'activer, demandez un code au 3422.",
    ACTIVATED: NOT_YOU,
    PASSWORD: NOT_YOU,
    EXPORT_READY: f"Pour la télécharger, {SIGN_IN}",
    SERVICES_LISTED: f"Pour voir la liste, ou en arrêter un, {SIGN_IN}",
    SERVICE_STOPPED: f"Pour savoir lequel, {SIGN_IN}",
    SERVICE_UNUSED: f"Pour savoir lequel, {SIGN_IN}",
    REPORT_ANSWERED: f"Pour lire la réponse, {SIGN_IN}",
}
TO_READ, TO_READ_SEVERAL = f"Pour le lire, {SIGN_IN}", f"Pour les lire, {SIGN_IN}"
HELLO = "Bonjour,"
CODES = "Nous ne demandons jamais vos codes par e-mail ou par téléphone."
HELP = "Besoin d'aide ? 3422"
"""The words of PAGES section 10: a kind changes one sentence of them."""
REPLACED_SUBJECT = "Vos coordonnées ont changé dans Mon espace santé"
REPLACED_BODY = (
    f"Mon espace santé : cette adresse ou ce numéro n'est plus celui de votre espace. {NOT_YOU}"
)
YOURS, MANAGED = "votre espace", "un profil que vous gérez"
OF_MANAGED = "Ce message concerne un profil que vous gérez."


def subject_of(notice: str, count: int) -> str:
    return SUBJECTS[notice] if count == 1 else SUBJECTS_OF_SEVERAL.get(notice, SUBJECTS[notice])


def body_of(reader: Reader, notice: str, count: int, day: str) -> str:
    """Never whose profile (VAULT NOT-02)."""
    said, to_do = _said(notice, count, day)
    about: tuple[str, ...] = ()
    if notice in SAID_TO_MANAGER and reader.kind is not ReaderKind.PATIENT:
        about, said, to_do = (OF_MANAGED,), SAID_TO_MANAGER[notice], DONE_BY_MANAGER[notice]
    elif reader.kind is not ReaderKind.PATIENT:
        about = () if YOURS in said else (OF_MANAGED,)
        said = said.replace(YOURS, MANAGED)
    return "\n".join((HELLO, *about, said, to_do, CODES, HELP))


def _said(notice: str, count: int, day: str) -> tuple[str, str]:
    """What happened, and what to do."""
    if notice in OTHERWISE:
        return OTHERWISE[notice], TO_DO[notice]
    if count == 1:
        return ONE[notice].format(day=day), TO_READ
    return SEVERAL[notice].format(count=count, day=day), TO_READ_SEVERAL
