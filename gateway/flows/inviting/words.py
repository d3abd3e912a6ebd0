"""The words of an invitation, its reminder, and the end of its window (VAULT ACC-01, ACC-13).

No name stands in them: who reads a child's is told that it is for a profile of theirs.
"""

from datetime import datetime

from gateway.flows.sending.notices.words import CODES, HELLO, HELP
from gateway.records.days import day_of
from gateway.records.patients.invitation import code_end, last_day

INVITATION, REMINDER, CREATED = "invitation", "invitation-reminder", "account-created"
"""The templates."""
SUBJECTS = {
    INVITATION: "Activez Mon espace santé",
    REMINDER: "Mon espace santé : il vous reste une semaine pour choisir",
    CREATED: "Mon espace santé est créé",
}
FREE = "C'est gratuit, et cela ne change rien à vos droits ni à vos remboursements."
PAGE_OPEN, PAGE_SAY_NO = "« Activer mon espace »", "« M'opposer à la création »"
WITH = "avec votre code provisoire et votre carte Vitale"
OPEN = f"- l'activer, {WITH}, à la page {PAGE_OPEN} de Mon espace santé ;"
PAGE_CHILD = "« Activer l'espace de mon enfant »"
OPEN_FOR_CHILD = (
    f"- l'activer : entrez dans votre propre espace, puis choisissez « Profils » et {PAGE_CHILD}."
    " Vous n'avez pas d'espace ? Appelez le 3422 ;"
)
SAY_NO = f"- ou vous y opposer, {WITH}, à la page {PAGE_SAY_NO}, ou en appelant le 3422."
WITHOUT_CODE = f"Vous n'avez plus votre code ? Demandez-en un à la page {PAGE_OPEN}, ou au 3422."
CHILDS_NUMBER = (
    "Saisissez le numéro de sécurité sociale de l'enfant, et le numéro de série de votre carte."
)
KEEP = "Gardez ce message."


def invited_words(code: str, ends_at: datetime, *, sender: str, creates: bool, child: bool) -> str:
    """`creates`: without an answer the space is made. `child`: who reads it is a parent."""
    until = day_of(last_day(ends_at))
    who = "l'enfant dont vous êtes le représentant légal" if child else "vous"
    return "\n".join(
        (
            HELLO,
            f"Mon espace santé est un carnet de santé en ligne. {_capital(sender)} en propose un"
            f" pour {who}.",
            FREE,
            f"Jusqu'au {until} à minuit, vous pouvez :",
            *_choices(child=child),
            _silence(ends_at, creates=creates),
            f"Voici votre code : {code[:4]} {code[4:]}",
            f"Il sert une fois, jusqu'au {day_of(code_end(ends_at))}. Ne le donnez à personne.",
            KEEP,
            CODES,
            HELP,
            _capital(sender),
        )
    )


def reminder_words(ends_at: datetime, *, sender: str, creates: bool, child: bool) -> str:
    until = day_of(last_day(ends_at))
    about = "pour l'enfant dont vous êtes le représentant légal" if child else "pour vous"
    return "\n".join(
        (
            HELLO,
            f"Un espace santé vous a été proposé {about}. {FREE}",
            f"Il vous reste jusqu'au {until} à minuit pour choisir. Vous pouvez :",
            *_choices(child=child),
            _silence(ends_at, creates=creates),
            WITHOUT_CODE,
            CODES,
            HELP,
            _capital(sender),
        )
    )


def created_words(ends_at: datetime, *, sender: str, child: bool) -> str:
    day = day_of(ends_at)
    whose = "de l'enfant dont vous êtes le représentant légal" if child else "à votre nom"
    use = (
        f"Pour l'utiliser, entrez dans votre propre espace, puis choisissez « Profils » et"
        f" {PAGE_CHILD}, avec le code de votre invitation. Ou appelez le 3422."
        if child
        else f"Pour l'utiliser, demandez un nouveau code à la page {PAGE_OPEN}, ou au 3422."
    )
    return "\n".join(
        (
            HELLO,
            f"Depuis le {day}, un espace santé {whose} est créé. Les professionnels de santé"
            " peuvent y ajouter des documents. C'est gratuit.",
            use,
            f"Vous pouvez le fermer à tout moment, à la page {PAGE_SAY_NO}, ou en appelant le"
            " 3422.",
            CODES,
            HELP,
            _capital(sender),
        )
    )


def _choices(*, child: bool) -> tuple[str, ...]:
    return (OPEN_FOR_CHILD, SAY_NO, CHILDS_NUMBER) if child else (OPEN, SAY_NO)


def _silence(ends_at: datetime, *, creates: bool) -> str:
    if not creates:
        return "Sans réponse de votre part, rien n'est créé."
    return f"Sans réponse de votre part, il est créé le {day_of(ends_at)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
