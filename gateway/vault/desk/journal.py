"""« Journal » of the auditor: who did what, when, by which rule and grid; never a document."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from aiohttp import web
from multidict import MultiMapping

from gateway.access.decide import DECISIONS
from gateway.access.professions import profession_name
from gateway.errors import RefusedError
from gateway.flows.desk.agent import auditor_reader
from gateway.flows.desk.audit import Asked, AuditDesk
from gateway.flows.reading.listing import fold_words
from gateway.records.notices import EXAMINATION
from gateway.records.numbers import whole
from gateway.records.patients.account import NewTrace, Trace
from gateway.records.readers.access import Reader
from gateway.vault import words
from gateway.vault.days import SINCE, UNTIL, Period, period_of
from gateway.vault.desk.frame import desk_html
from gateway.vault.desk.signin import desk_of
from gateway.vault.document.listing import MAX_SEARCH_CHARACTERS
from gateway.vault.patient.acts import ACTS
from gateway.vault.patient.history import DOORS
from gateway.vault.porch import sorry
from gateway.vault.signing_in.signin import address_of
from gateway.vault.visit import VISIT

PLACE = "/desk/journal"
KINDS = {
    "": "Tous",
    "patient": "Titulaire",
    "representative": "Représentant légal",
    "caregiver": "Proche aidant",
    "professional": "Professionnel",
    "application": "Application",
    "system": "Logiciel ou automate",
    "operator": "Opérateur",
    "auditor": "Auditeur",
}
PRIVATE = frozenset({"patient", "representative", "caregiver"})
"""Called by what they are: the log is audited for acts, not for who is ill."""
RESULTS = {"": "Tous", "permis": "Permis", "refuse": "Refusé", "urgence": "Urgence"}
SUITS: dict[str, Callable[[NewTrace], bool]] = {
    "": lambda _one: True,
    "permis": lambda one: one.permitted,
    "refuse": lambda one: not one.permitted,
    "urgence": lambda one: one.emergency,
}
MORE_ACTS = {
    "agree": "a enregistré l'accord du patient",
    "announce": "a rendu un document visible pour le patient",
    "administrative": "a consulté les données administratives d'un patient",
    "emergency": "a ouvert un dossier en urgence",
    "existence": "a vérifié son accès à un espace",
    "grid": "grille d'accès changée",
    "identity": "a rattaché ou corrigé une identité",
    "identity-proposed": "a proposé de rattacher un dépôt à une identité",
    "opening": "a ouvert un espace",
    "audit": "a lu le journal de tous",
    "audit-entry": "a ouvert une ligne du journal",
    "audit-proof": "a demandé la preuve d'une ligne",
    "audit-verify": "a vérifié le journal",
    "held-list": "a regardé les dépôts en attente d'identité",
    "messages": "a cherché des messages",
    "identity-declined": "a écarté une proposition",
    "letter-retried": "a relancé un courrier en échec",
    "letter-abandoned": "a abandonné un courrier en échec",
    "lane-paused": "a mis une destination en pause",
    "lane-resumed": "a repris l'envoi vers une destination",
    "log-resumed": "a repris le journal après une perte",
    "master-key-made": "a préparé une nouvelle clé maîtresse",
    "master-key-rotating": "a commencé la rotation de la clé maîtresse",
    "master-key-rotated": "a terminé la rotation de la clé maîtresse",
    "operator-added": "compte d'opérateur créé ou changé",
    "operator-disabled": "compte d'opérateur fermé",
    "sender-added": "compte d'émetteur créé ou changé",
    "sender-changed": "compte d'émetteur changé",
    "sender-disabled": "compte d'émetteur fermé",
    "sender-enabled": "compte d'émetteur rouvert",
    "professional-address": "adresse sécurisée d'un professionnel changée",
    "professional-practice": "fin ou reprise d'activité d'un professionnel",
}
"""What no patient reads, or reads in other words: « votre » is said to the patient alone."""
UNNAMED = "Non nommé"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filters as typed."""

    who: str
    kind: str
    act: str
    rule: str
    result: str
    period: Period
    before: int | None

    def pairs(self) -> dict[str, str]:
        pairs = {
            "qui": self.who,
            "genre": self.kind,
            "acte": self.act,
            "regle": self.rule,
            "resultat": self.result,
            SINCE: self.period.since,
            UNTIL: self.period.until,
        }
        return {name: value for name, value in pairs.items() if value}

    def address(self, before: int) -> str:
        return f"{PLACE}?{urlencode(self.pairs() | {'avant': str(before)})}"

    def suits(self, row: Trace) -> bool:
        one = row.trace
        named = fold_words(self.who) if self.who else ()
        told = " ".join((*fold_words(_who(one)), one.actor.casefold()))
        return (
            all(word in told for word in named)
            and self.kind in ("", one.kind)
            and self.act in ("", one.action)
            and self.rule.casefold() in ("", one.rule.casefold())
            and SUITS[self.result](one)
        )

    def asked(self) -> Asked:
        return Asked(
            suits=self.suits,
            said={"filters": self.pairs()},
            since=self.period.begins,
            until=self.period.ends,
            before=self.before,
        )


def wanted_of(query: MultiMapping[str]) -> Wanted:
    text = {
        name: query.get(name, "").strip()[:MAX_SEARCH_CHARACTERS]
        for name in ("qui", "genre", "acte", "regle", "resultat", "avant")
    }
    before = text["avant"]
    return Wanted(
        who=text["qui"],
        kind=text["genre"] if text["genre"] in KINDS else "",
        act=text["acte"],
        rule=text["regle"],
        result=text["resultat"] if text["resultat"] in RESULTS else "",
        period=period_of(query),
        before=whole(before, most_digits=18),
    )


async def journal_page(request: web.Request) -> web.Response:
    desk, wanted = _audit(request), wanted_of(request.query)
    found = await desk.rows(_auditor(request), wanted.asked())
    return desk_html(
        request,
        "journal",
        title="Journal",
        place=PLACE,
        errors=wanted.period.errors,
        wanted=wanted,
        kinds=KINDS,
        results=RESULTS,
        head=await desk.head(),
        rows=[row_of(row) for row in found.rows],
        following=wanted.address(found.following) if found.following else "",
    )


async def entry_page(request: web.Request) -> web.Response:
    try:
        row = await _audit(request).row(_auditor(request), _number(request))
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    details: dict[str, Any] = orjson.loads(row.trace.details)
    details.pop(EXAMINATION, None)  # which is of health (VAULT DSK-01)
    return desk_html(
        request,
        "entry",
        title=f"Ligne {row.number} du journal",
        place=f"{PLACE}/{row.number}",
        one=row_of(row),
        about=_about(row.trace),
        grid=details.pop("grid", ""),
        details=[(name, _said(value)) for name, value in sorted(details.items())],
        address=row.trace.address,
    )


async def entry_proof(request: web.Request) -> web.Response:
    number = _number(request)
    try:
        body = await _audit(request).proof(_auditor(request), number)
    except RefusedError:
        return sorry(request[VISIT], 404, words.NOT_HERE)
    name = f"preuve-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type="application/json", headers=headers)


async def verify_log(request: web.Request) -> web.Response:
    """Reads every entry; the answer is a page, so that it can be printed and kept."""
    desk = _audit(request)
    found = await desk.verify(_auditor(request))
    return desk_html(
        request,
        "verified",
        title="Journal vérifié",
        place=f"{PLACE}/verifier",
        found=found,
        head=await desk.head(),
        status=200,
    )


def _audit(request: web.Request) -> AuditDesk:
    audit = desk_of(request).audit
    if audit is None:
        raise RefusedError("this house shows its log to nobody")
    return audit


def _auditor(request: web.Request) -> Reader:
    return auditor_reader(request[VISIT].agent(), address=address_of(request))


def _number(request: web.Request) -> int:
    return int(request.match_info["number"])


def row_of(row: Trace) -> dict[str, object]:
    """An entry of the log in the words of the desk."""
    one = row.trace
    details: dict[str, Any] = orjson.loads(one.details)
    decision = DECISIONS.get(one.rule)
    return {
        "number": row.number,
        "at": row.at,
        "who": _who(one),
        "kind": KINDS.get(one.kind, one.kind),
        "what": MORE_ACTS.get(one.action) or ACTS.get(one.action, one.action),
        "action": one.action,
        "permitted": one.permitted,
        "emergency": one.emergency,
        "rule": one.rule,
        "because": decision.because if decision else "",
        "grid": str(details.get("grid", "")),
        "record": one.patient.hex()[:12],
        "document": (one.document or "")[:12],
        "door": DOORS.get(one.door, one.door),
    }


def _who(one: NewTrace) -> str:
    if one.kind in PRIVATE:
        return KINDS[one.kind]
    if one.kind in ("operator", "auditor"):
        return f"{KINDS[one.kind]} {one.actor}".strip()
    return one.actor_name or one.actor or UNNAMED


def _about(one: NewTrace) -> str:
    profession = profession_name(one.profession) if one.profession else ""
    return ", ".join(part for part in (profession, one.organization) if part)


def _said(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
