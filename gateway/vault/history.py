"""The access log in words: who, what, why (VAULT DOC-13)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aiohttp import web

from gateway.access.decide import DECISIONS
from gateway.records.account import Trace
from gateway.records.patient import PatientKey
from gateway.vault import words
from gateway.vault.listing import page_number, page_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

HISTORY_LIMIT = 1_000
SAME_ACT_WITHIN = timedelta(minutes=10)
ACTS = {
    "list": "a consulté la liste",
    "search": "a cherché dans la liste",
    "open": "a ouvert un document",
    "preview": "a ouvert un document",
    "contents": "a consulté les données codées d'un document",
    "download": "a téléchargé un document",
    "deposit": "a déposé un document",
    "replace": "a remplacé un document",
    "delete": "a supprimé un document",
    "mask": "a masqué un document",
    "unmask": "a rendu un document visible",
    "trace": "a lu le journal des consultations",
    "login": "s'est connecté",
    "notify": "a été averti",
    "mail": "a reçu un document par messagerie sécurisée",
    "identity": "a rattaché un dépôt à votre identité",
    "export": "a exporté un document",
    "relabel": "a reclassé un document",
    "own-label": "a changé le libellé d'un document dans sa vue",
    "own-label-undone": "a rétabli le libellé d'origine d'un document",
    "opening": "a ouvert votre espace",
    "agree": "a enregistré votre accord",
    "refuse": "a enregistré un refus d'accès",
    "block": "a bloqué un professionnel",
    "unblock": "a débloqué un professionnel",
    "treating": "a déclaré le médecin traitant",
    "emergency": "a ouvert votre dossier en urgence",
    "emergency-end": "a terminé l'accès en urgence",
    "emergency-choice": "a changé les choix d'urgence",
    "announce": "a rendu un document visible pour vous",
    "consents": "a voulu enregistrer un accord",
    "blocks": "a voulu changer un blocage",
    "switches": "a voulu changer les choix d'urgence",
}
REFUSED_ACT = "refusé : {what}"
YOU, SOMEBODY = "Vous", "Non nommé"
OWN_DEED = "Acte de votre propre compte."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One act, or several of one person on one thing within ten minutes."""

    number: int
    at: datetime
    who: str
    what: str
    why: str
    rule: str
    permitted: bool
    emergency: bool
    document: str | None


def lines_of(traces: Iterable[Trace], patient: PatientKey, *, own: bool = False) -> list[Line]:
    """Newest first; the patient's own acts only where `own` asks for them."""
    lines: list[Line] = []
    for trace in traces:
        mine = trace.trace.actor == patient.hex()
        if mine and not own:
            continue
        line = _line(trace, mine=mine)
        if lines and _same_act(lines[-1], line):
            lines[-1] = replace(line, at=lines[-1].at)
        else:
            lines.append(line)
    return lines


def _line(trace: Trace, *, mine: bool) -> Line:
    one = trace.trace
    what = ACTS.get(one.action, one.action)
    decision = DECISIONS.get(one.rule)
    return Line(
        number=trace.number,
        at=trace.at,
        who=YOU if mine else one.actor_name or one.actor or SOMEBODY,
        what=what if one.permitted else REFUSED_ACT.format(what=what),
        why=decision.because if decision else OWN_DEED if mine else "",
        rule=one.rule,
        permitted=one.permitted,
        emergency=one.emergency,
        document=one.document,
    )


def _same_act(later: Line, earlier: Line) -> bool:
    """A page and its frame are one reading, not two."""
    same = (later.who, later.what, later.rule, later.document) == (
        earlier.who,
        earlier.what,
        earlier.rule,
        earlier.document,
    )
    return same and later.at - earlier.at <= SAME_ACT_WITHIN


async def history_page(request: web.Request) -> web.Response:
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    own = request.query.get("moi") == "oui"
    traces = await rooms.read.history(reader, patient, limit=HISTORY_LIMIT)
    lines = lines_of(traces, patient, own=own)
    shown, page, pages = page_of(lines, page_number(request.query))
    return html(
        "history.html",
        face=visit.face,
        title="Qui a consulté mes documents ?",
        current="/historique",
        data_page="historique",
        wide=True,
        errors={},
        lines=shown,
        own=own,
        page=page,
        pages=pages,
        previous=_address(page - 1, own=own) if page > 1 else "",
        following=_address(page + 1, own=own) if page < pages else "",
        sentence=_sentence(len(lines), page, pages),
    )


def _address(page: int, *, own: bool) -> str:
    return f"/historique?page={page}" + ("&moi=oui" if own else "")


def _sentence(total: int, page: int, pages: int) -> str:
    count = words.plural(total, "consultation", "consultations")
    return f"{count}, de la plus récente à la plus ancienne, page {page} sur {pages}"
