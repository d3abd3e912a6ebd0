"""The access log in words: who, what, why (VAULT DOC-13)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from gateway.access.decide import DECISIONS
from gateway.access.professions import profession_name
from gateway.flows.desk.messages.listing import FOLLOWS
from gateway.flows.desk.messages.opening import BY_TWO
from gateway.flows.leaving.lookup import ASKED
from gateway.flows.leaving.paper import ON_PAPER
from gateway.flows.noticing.news import OWN_TOLD
from gateway.flows.sending.notices.end import NO_CONTACT, TURNED_OFF
from gateway.records.patients.account import NewTrace, Trace
from gateway.records.readers.access import Reader, ReaderKind
from gateway.vault.patient.acts import CHOICES, said_of
from gateway.vault.reasons import because

SAME_ACT_WITHIN = timedelta(minutes=10)
LOOKING = frozenset({"list", "search", "open", "preview", "contents"})
CONSULTING = LOOKING | {"download", "export", "emergency"}
NOT_SENT = {
    NO_CONTACT: "message non envoyé : ni e-mail ni téléphone connu",
    TURNED_OFF: "message non envoyé : son destinataire n'en veut pas de cette sorte",
}
REFUSED_ACT = "refusé : {what}"
AUTOMATIC = "Envoi automatique : {who} transmet un document"
AUTOMATIC_VERSION = "Envoi automatique : {who} transmet une nouvelle version d'un document"
NEW_VERSION = "a déposé une nouvelle version d'un document"
WITHDRAWN = "document supprimé par le professionnel de santé qui l'a déposé"
SENDERS = frozenset({ReaderKind.SYSTEM, ReaderKind.PROFESSIONAL})
SUPPORT = "3422"
YOU, SOMEBODY = "Vous", "Non nommé"
OWN_DEED = "Acte de votre propre compte."
IMPORTED, IMPORTED_FOR_ANOTHER = "Reçu avec votre dossier.", "Reçu avec le dossier."
DEEDS = {
    "operator": "Fait par un agent de la passerelle.",
    "command": "Fait par un agent de la passerelle.",
    "adt": "Message d'identité d'un établissement.",
    "ZFA": "Choix transmis par un établissement.",
    "DESTDMP": "Demandé par celui qui a déposé le document.",
    "majority": "Le jour des 18 ans.",
    "ACC-01": "Invitation à ouvrir un espace.",
    "AGE-07": "Un examen ou une vaccination est à prévoir.",
    "APP-03": "Selon l'accord donné à cette application.",
    "APP-04": "Selon ce qui a été autorisé à cette application.",
    "APP-07": "Une application qui ne sert pas pendant un an est arrêtée.",
    "DSK-06": "Sur des papiers vérifiés par deux agents du 3422.",
    "DSK-10": "L'Assurance maladie l'a fait savoir.",
    "MSG-12": "Écrit d'une messagerie de santé reconnue.",
    "POL-02": "Créé sans réponse à l'invitation.",
}
"""Why something was done that no rule of access decides."""
HOLDER, SOMEONE = "Le titulaire", "Une personne"
CAME_WITH = {"patient": HOLDER, "caisse": "L'Assurance maladie"}
"""Who chose what came with a record, by the words of its import."""
BESIDE = {
    "representative": "représentant légal",
    "caregiver": "proche aidant",
    "application": "application",
}
"""Who acted beside the patient (VAULT REP-13)."""
DOORS = {
    "http": "pages",
    "pages": "pages",
    "fhir": "logiciel (FHIR)",
    "oauth": "connexion d'un service",
    "mllp": "logiciel (HL7)",
    "dmp": "logiciel (DMP)",
    "smtp": "messagerie sécurisée",
    "folder": "dossier surveillé",
    "desk": "poste d'un opérateur",
    "import": "import",
    "outbox": "passerelle",
    "background": "passerelle",
    "command": "ligne de commande",
}
BY_HTTP = "logiciel (HTTP)"
SENT = frozenset({"deposit", "delete", "identity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One act, or several of one person on one thing within ten minutes.

    `name` is who did it, `about` profession and establishment; `origin` door and address.
    """

    number: int
    at: datetime
    act: str
    name: str
    about: str
    what: str
    why: str
    rule: str
    permitted: bool
    emergency: bool
    document: str | None
    reason: str
    origin: str
    grid: str
    settings: str
    proxy: bool = False

    @property
    def who(self) -> str:
        by = f"par {self.name}" if self.proxy else self.name
        return f"{by}, {self.about}" if self.about else by

    @property
    def numbered(self) -> bool:
        """Whether `rule` is one that can be looked up: what is none is told in words alone."""
        return any(map(str.isdecimal, self.rule))

    @property
    def consulted(self) -> bool:
        return self.act in CONSULTING

    @property
    def said(self) -> tuple[object, ...]:
        """What makes two lines the same to who reads them."""
        return self.who, self.what, self.rule, self.document, self.reason


def by_others(reader: Reader) -> Callable[[Trace], bool]:
    """The patient's own acts are left out, never those of who acts for another (VAULT REP-13)."""
    return lambda trace: not _is_mine(trace.trace, reader)


def consultations_of(reader: Reader) -> Callable[[Trace], bool]:
    """What others looked at, or tried to: neither deposits nor settings."""
    others = by_others(reader)
    return lambda trace: trace.trace.action in CONSULTING and others(trace)


def own_shown(reader: Reader) -> frozenset[str]:
    """Of what this reader did, the acts that the first page tells all the same: notices, and for
    who acts for another the looks (`by_others`)."""
    return OWN_TOLD if reader.kind is ReaderKind.PATIENT else OWN_TOLD | CONSULTING


def emergencies_first(lines: Iterable[Line]) -> list[Line]:
    """Each kind in its order (PAGES section 4, `/`)."""
    return sorted(lines, key=lambda line: not line.emergency)


def lines_of(traces: Iterable[Trace], reader: Reader) -> list[Line]:
    """Newest first."""
    lines: list[Line] = []
    looks: dict[tuple[object, ...], int] = {}
    for trace in traces:
        line = line_of(trace, reader)
        before = _told_already(lines, looks, line)
        if before is None:
            lines.append(line)
        else:
            lines[before] = replace(line, at=lines[before].at)
        if line.act in LOOKING:
            looks[line.said] = len(lines) - 1 if before is None else before
    return lines


def _told_already(
    lines: Sequence[Line], looks: Mapping[tuple[object, ...], int], line: Line
) -> int | None:
    """Where the same act stands: a page and its frame are one reading, not two; and who looks
    at a record again opens the same documents again."""
    before = looks.get(line.said, len(lines) - 1)
    if before < 0 or lines[before].said != line.said:
        return None
    return before if lines[before].at - line.at <= SAME_ACT_WITHIN else None


def _is_mine(one: NewTrace, reader: Reader) -> bool:
    return reader.kind is ReaderKind.PATIENT and one.actor == reader.id


def _name_of(one: NewTrace, reader: Reader) -> str:
    """An operator by number, never by name (VAULT section 16 "Traced")."""
    if one.door == "import" and one.actor in CAME_WITH:
        own = one.actor == "patient" and reader.kind is ReaderKind.PATIENT
        return YOU if own else CAME_WITH[one.actor]
    if one.kind == ReaderKind.OPERATOR:
        return f"{SUPPORT}, agent {one.actor}" if one.actor.isdecimal() else SUPPORT
    if one.actor == one.patient.hex():
        return one.actor_name or HOLDER
    unnamed = SOMEONE if one.kind in BESIDE else one.actor
    return _structure(one.actor_name) or unnamed or SOMEBODY


def _structure(name: str) -> str:
    """A structure that nobody named is known by its FINESS or SIRET alone: digits name nobody."""
    return f"établissement n° {name}" if name.isdecimal() else name


def line_of(trace: Trace, reader: Reader) -> Line:
    """As this reader is told of it."""
    one, mine = trace.trace, _is_mine(trace.trace, reader)
    details: dict[str, Any] = orjson.loads(one.details)
    settings = details.get("settings") or {}
    return Line(
        number=trace.number,
        at=trace.at,
        act=one.action,
        name=YOU if mine else _name_of(one, reader),
        about="" if mine else _about(one),
        what=_what(one, details, in_another=reader.kind is not ReaderKind.PATIENT),
        why=_why(one, reader),
        rule=one.rule,
        permitted=one.permitted,
        emergency=one.emergency,
        document=one.document,
        reason=str(details.get("reason") or ""),
        origin=" · ".join(part for part in (_door(one), one.address) if part),
        grid=str(details.get("grid", "")),
        settings=", ".join(f"{name} = {value}" for name, value in sorted(settings.items())),
        proxy=one.kind in BESIDE and bool(one.actor_name),
    )


def entry_words(trace: Trace, reader: Reader) -> dict[str, str]:
    """A line of the file that a patient keeps."""
    line = line_of(trace, reader)
    return {"who": line.who, "what": line.what, "why": line.why}


def _about(one: NewTrace) -> str:
    profession = profession_name(one.profession) if one.profession else ""
    beside = BESIDE.get(one.kind, "")
    return ", ".join(part for part in (beside, profession, one.organization) if part)


def _what(one: NewTrace, details: dict[str, Any], *, in_another: bool) -> str:
    if one.action == "notified" and one.rule in NOT_SENT:
        return NOT_SENT[one.rule]
    replaces = one.action == "deposit" and "replaces" in details
    if one.action == "deposit" and one.kind == "system" and one.permitted:
        said = AUTOMATIC_VERSION if replaces else AUTOMATIC
        return said.format(who=_structure(one.actor_name) or "un émetteur")
    if one.action == "delete" and one.permitted and one.kind in SENDERS:
        return WITHDRAWN
    what = NEW_VERSION if replaces else said_of(one.action, in_another=in_another)
    choice = CHOICES.get(str(details.get("choice")), "") if one.action == "choose" else ""
    what = f"{what} : {choice}" if choice else what
    return what if one.permitted else REFUSED_ACT.format(what=what)


def _door(one: NewTrace) -> str:
    """A sender's POST and a page come over the same wire; a page is the name of the latter."""
    by_software = one.kind == ReaderKind.SYSTEM and one.action in SENT and one.door == "http"
    return BY_HTTP if by_software else DOORS.get(one.door, one.door)


OF_THE_DESK = {one.rule: one for one in (FOLLOWS, BY_TWO, ASKED, ON_PAPER)}
"""Rules that are not of ACCESS, and what a patient reads of them."""


def _why(one: NewTrace, reader: Reader) -> str:
    in_another = reader.kind is not ReaderKind.PATIENT
    decision = OF_THE_DESK.get(one.rule) or DECISIONS.get(one.rule)
    if decision is not None:
        return because(decision, in_another=in_another)
    if one.door == "import":
        return IMPORTED_FOR_ANOTHER if in_another else IMPORTED
    return OWN_DEED if _is_mine(one, reader) else DEEDS.get(one.rule, "")
