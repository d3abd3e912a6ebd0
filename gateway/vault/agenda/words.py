"""The words of the agenda (VAULT section 12, PAGES section 4)."""

from datetime import datetime

from gateway.records.agenda.appointment import Ahead, AppointmentStatus
from gateway.records.agenda.reminder import MOST_A_DAY, Repeats
from gateway.records.days import said_day

AGENDA = "Agenda"
NO_BOOKING = "Mon espace santé n'est pas un outil de prise de rendez-vous."
NONE_AHEAD = "Aucun rendez-vous à venir"
STATUSES = {
    AppointmentStatus.BOOKED: "Confirmé",
    AppointmentStatus.CANCELLED: "Annulé",
    AppointmentStatus.FULFILLED: "Honoré",
    AppointmentStatus.NOSHOW: "Non honoré",
    AppointmentStatus.PROPOSED: "Proposé",
    AppointmentStatus.PENDING: "En attente",
    AppointmentStatus.WAITLIST: "En attente",
    AppointmentStatus.ARRIVED: "Arrivé",
    AppointmentStatus.CHECKED_IN: "Arrivé",
    AppointmentStatus.ENTERED_IN_ERROR: "Saisi par erreur",
}
"""AGE-02, and the nearest of these words for two codes that it does not name."""
AHEAD = {
    Ahead.NONE: "Aucun rappel",
    Ahead.HOUR: "1 heure avant",
    Ahead.DAY: "La veille",
    Ahead.WEEK: "Une semaine avant",
}
REPEATS = {
    Repeats.NEVER: "Une seule fois",
    Repeats.DAILY: "Tous les jours",
    Repeats.WEEKLY: "Toutes les semaines",
    Repeats.MONTHLY: "Tous les mois",
    Repeats.YEARLY: "Tous les ans",
}
ZONES = {
    "Europe/Paris": "France métropolitaine",
    "America/Guadeloupe": "Guadeloupe, Saint-Barthélemy, Saint-Martin",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Polynésie française",
    "Pacific/Wallis": "Wallis-et-Futuna",
}
"""The hours that are kept in France, by the zone of the IANA data base."""
GIVE_DATE = "Indiquez la date du rendez-vous."
GIVE_HOUR = "Indiquez l'heure du rendez-vous, par exemple 14:05."
GIVE_WHO = "Indiquez le professionnel ou l'établissement."
TOO_LONG = "Ce texte compte {count} caractères. Raccourcissez-le à {most} au plus."
CHOOSE = "Choisissez une réponse de la liste."
GIVE_TITLE = "Donnez un titre à ce rappel."
REMINDER_DATE = "Indiquez la date du rappel."
IN_PAST = "La date doit être aujourd'hui ou dans le futur."
TOO_MANY = f"Vous ne pouvez pas ajouter plus de {MOST_A_DAY} rappels pour une même date."
STALE = "Ce rendez-vous a changé depuis que la page est ouverte. Rien n'a été fait. Rouvrez-le."
NOT_OWN = (
    "Ce rendez-vous vient d'un professionnel de santé : lui seul peut le changer ou l'annuler."
    " Appelez-le."
)
CANCEL = "Annuler ce rendez-vous"
CANCEL_EFFECTS = (
    "Le rendez-vous reste dans l'agenda avec la mention « Annulé », et n'est plus rappelé.",
    "Le professionnel n'est pas prévenu : appelez-le aussi.",
)
DONE = {
    "ajoute": "Rendez-vous ajouté",
    "modifie": "Rendez-vous modifié",
    "annule": "Rendez-vous annulé",
    "rappel": "Rappel ajouté",
    "rappel-supprime": "Rappel supprimé",
    "abonnement-supprime": "Adresse d'abonnement supprimée",
}
DAYS_OF_WEEK = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")


def when(wall: datetime, zone: str) -> str:
    """« 3 décembre 2026 à 10 h 15 », with the place whose clocks say so where that is another."""
    said = f"{said_day(wall)} à {wall:%H} h {wall:%M}"
    return said if zone == "Europe/Paris" else f"{said} ({place_of(zone)})"


def hour(wall: datetime) -> str:
    """« 10 h 15 », as in `when`."""
    return f"{wall:%H}\u00a0h\u00a0{wall:%M}"


def place_of(zone: str) -> str:
    """« heure de La Réunion »; of a zone that is not of France its own name."""
    return f"heure locale : {ZONES.get(zone, zone)}"
