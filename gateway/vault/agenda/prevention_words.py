"""The words of prevention, and of each line why it is asked (VAULT AGE-05)."""

from gateway.mapping.prevention.examinations.calendar import RULES
from gateway.mapping.prevention.examinations.lines import VACCINE, State
from gateway.mapping.prevention.vaccines.calendar import RULES as VACCINES
from gateway.records.days import iso_day
from gateway.records.duration import Duration
from gateway.records.prevention import Said, Topic
from gateway.vault.words import plural

TITLE = "Examens médicaux et vaccinations à réaliser"
TITLE_OF = "Examens médicaux et vaccinations à réaliser : {name}"
NOTHING = "Rien à planifier pour l'instant."
NO_BIRTH = "La date de naissance n'est pas connue au jour près : la liste ne peut pas être montrée."
NEVER_JUDGED = (
    "Cette liste vient de calendriers publics, de l'âge et de ce qui est noté ici. Elle ne tient"
    " pas compte des situations particulières. Parlez-en à un professionnel de santé."
)
DONE, NOT_DONE, UNDO = "C'est fait", "Ce n'est pas fait", "Retirer cette date"
SILENCE, HEAR = "Ne plus me le rappeler", "Me le rappeler de nouveau"
ALREADY, NOT_THIS = "Déjà réalisé ?", "Non, ce n'est pas cet examen"
IF_CONCERNED = "si vous êtes concerné(e)"
WHEN_DONE = "Date de réalisation"
GIVE_DATE = "Indiquez la date à laquelle l'examen a été réalisé."
BAD_DAY = "Indiquez une date entre la naissance et aujourd'hui."
STATES = {
    State.PLANNED: ("À planifier", "new", "◐"),
    State.DONE: ("Réalisé", "ok", "●"),
    State.NOT_DONE: ("Non réalisé", "no", "▲"),
    State.UNKNOWN: ("Non renseigné", "masked", "○"),
}
"""Each with the class and the sign of its mark."""
DONE_WORDS = {
    "fait": "Examen noté comme réalisé",
    "retire": "Date retirée",
    "pas-fait": "Examen noté comme non réalisé",
    "sans-rappel": "Plus aucun rappel de cet examen ou de cette vaccination",
    "avec-rappel": "Les rappels reprennent",
    "ecarte": "Proposition écartée",
}
"""By the end of an address."""
TITLES = {one.id: (one.title, one.from_age) for one in RULES.values()} | {
    f"{VACCINE}-{one.rule}": (
        one.title.format(age=one.due_from // 12),
        Duration(months=one.due_from),
    )
    for one in VACCINES
}
"""What each rule asks for, and from which age."""
YEARS_FROM_MONTHS = 24
COLUMNS = ("examen", "reponse", "date", "document", "note le")
"""Of `prevention.csv` (EXP-03)."""
ANSWERS = {
    Topic.DONE: "réalisé",
    Topic.NOT_DONE: "non réalisé",
    Topic.SILENT: "sans rappel",
    Topic.NOT_THIS: "ce document ne le montre pas",
}


def because(age: Duration, name: str = "") -> str:
    """« parce que vous avez 50 ans ou plus »; `name` is whose profile it is where that is another
    person's."""
    who, has = (name, "a") if name else ("vous", "avez")
    if not age.months and not age.days:
        return f"parce que {name} vient de naître" if name else "parce que vous venez de naître"
    return f"parce que {who} {has} {_said(age)} ou plus"


def told_of(rule: str, name: str = "") -> str:
    """Of a notice in the space: what, and why. "" for a rule that is in no table any more."""
    if rule not in TITLES:
        return ""
    title, age = TITLES[rule]
    return f"{title}, {because(age, name)}."


def cells_of(one: Said) -> list[str]:
    """A line of `prevention.csv`: of a period that was missed the day on which it began."""
    title, _ = TITLES.get(one.rule, (one.rule, None))
    day = one.day.isoformat() if one.day else ""
    return [title, ANSWERS[one.topic], day, one.document, iso_day(one.said_at)]


def _said(age: Duration) -> str:
    if age.months >= YEARS_FROM_MONTHS:
        return plural(age.months // 12, "an", "ans")
    if age.months:
        return f"{age.months} mois"
    return plural(age.days, "jour", "jours")
