"""`/historique` « Qui a consulté mes documents ? »: filters, one line, and CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from gateway.flows.reading.history import every
from gateway.flows.reading.listing import fold_words
from gateway.vault import words
from gateway.vault.days import SINCE, UNTIL, period_of
from gateway.vault.document.listing import (
    MAX_SEARCH_CHARACTERS,
    page_number,
    page_of,
)
from gateway.vault.patient.acts import ACTS
from gateway.vault.patient.emergencies import emergencies_of
from gateway.vault.patient.history import Line, by_others, line_of, lines_of
from gateway.vault.patient.named import Named, documents_of
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.sheets import csv_file
from gateway.vault.visit import VISIT

HISTORY_LIMIT = 5_000
PATH = "/historique"
OWN_TITLE = "Qui a consulté mes documents ?"
REFUSED = "refus"
ACT_OPTIONS = (
    ("", "Tous"),
    ("open", "Ouverture ou téléchargement"),
    ("list", "Liste ou recherche"),
    ("deposit", "Dépôt"),
    ("choose", "Réglage"),
    ("mail", "Envoi ou message"),
    (REFUSED, "Refus"),
)
ACT_GROUPS = {
    "open": {
        *("open", "preview", "contents", "download", "export"),
        *("export-asked", "export-made", "export-downloaded", "attestation-downloaded"),
        *("synthesis-downloaded", "link-opened"),
    },
    "list": {
        *("list", "search", "emergency", "existence", "administrative", "authorised", "listed"),
        *(
            "profile",
            "entry-states",
            "synthesis-made",
            "attestation-read",
            "attestation-checked",
            "link-list",
            "service-read",
        ),
    },
    "deposit": {
        *("deposit", "replace", "delete", "relabel", "identity"),
        *("entry-added", "entry-changed", "entry-deleted", "entry-none", "entry-accepted"),
        *("entry-refused", "entry-confirmed", "entries-synchronised", "service-wrote"),
    },
    "choose": {
        *("choose", "manage", "mask", "unmask", "opening", "announce", "own-label", "treating"),
        *("own-label-undone", "agree", "refuse", "block", "unblock", "emergency-choice"),
        *("consents", "blocks", "switches", "masking", "caregivers", "parent-asked"),
        *("caregiver-asked", "sharing-accepted", "sharing-refused", "sharing-ended"),
        *("sharing-left", "service-connected", "service-stopped", "service-narrowed"),
        *("service-unused", "service-token", "service-reported", "service-report-answered"),
        *("attestation-made", "attestation-withdrawn", "link-made", "link-ended"),
        *("entry-masked", "entry-unmasked", "entry-disagreed", "entry-agreed"),
        *(
            "archive",
            "unarchive",
            "hide",
            "reveal",
            "new-masked",
            "administrator",
            "majority",
            "majority-told",
            "export-expired",
        ),
    },
    "mail": {
        *("mail", "mail-failed", "mail-returned", "notify", "notified"),
        *("doctor-told", "doctor-unreachable", "doctor-returned"),
        *("message-received", "message-ended", "message-refused", "message-sent"),
        *("message-delivered", "message-undelivered", "message-seen", "message-read"),
    },
}
COLUMNS = (
    *("numero", "date", "qui", "profession_et_etablissement", "acte", "document", "permis"),
    *("urgence", "motif", "pourquoi", "regle", "origine", "grille", "reglages"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The filters, dates as they came; `errors` are words by field name."""

    person: str
    document: str
    since: str
    until: str
    act: str
    own: bool
    errors: dict[str, str]

    @property
    def active(self) -> bool:
        return any((self.person, self.document, self.since, self.until, self.act))

    def address(self, path: str = PATH, **more: str) -> str:
        pairs = {
            "personne": self.person,
            "document": self.document,
            "du": self.since,
            "au": self.until,
            "acte": self.act,
            "moi": "oui" if self.own else "",
        } | more
        kept = {name: value for name, value in pairs.items() if value}
        return path + (f"?{urlencode(kept)}" if kept else "")


def wanted_of(query: MultiMapping[str]) -> Wanted:
    """An unknown act is no filter, a bad date is an error."""
    period = period_of(query)
    act = query.get("acte", "")
    return Wanted(
        person=query.get("personne", "").strip()[:MAX_SEARCH_CHARACTERS],
        document=query.get("document", "").strip()[:MAX_SEARCH_CHARACTERS],
        since=period.typed[SINCE],
        until=period.typed[UNTIL],
        act=act if act in dict(ACT_OPTIONS) else "",
        own=query.get("moi") == "oui",
        errors=period.errors,
    )


async def history_page(request: web.Request) -> web.Response:
    visit, wanted = request[VISIT], wanted_of(request.query)
    lines, documents = ([], {}) if wanted.errors else await _lines(request, wanted)
    shown, page, pages = page_of(lines, page_number(request.query))
    return html(
        "patient/history.html",
        status=422 if wanted.errors else 200,
        face=visit.face,
        title="Qui a consulté ces documents ?" if visit.face.of else OWN_TITLE,
        current=PATH,
        data_page="historique",
        wide=True,
        errors=wanted.errors,
        wanted=wanted,
        acts=ACT_OPTIONS,
        lines=shown,
        documents=documents,
        urgent=emergencies_of(lines) if page == 1 else [],
        page=page,
        pages=pages,
        previous=wanted.address(page=str(page - 1)) if page > 1 else "",
        following=wanted.address(page=str(page + 1)) if page < pages else "",
        others=wanted.address(moi="" if wanted.own else "oui"),
        as_csv=wanted.address(f"{PATH}/csv"),
        provable=request[ROOMS].log is not None,
        sentence=_sentence(len(lines), page, pages),
    )


async def history_csv(request: web.Request) -> web.Response:
    """The same lines; entry numbers are those that a proof names (VAULT EXP-05)."""
    wanted = wanted_of(request.query)
    if wanted.errors:
        return await history_page(request)
    lines, documents = await _lines(request, wanted)
    return csv_file("historique.csv", COLUMNS, (cells_of(line, documents) for line in lines))


async def entry_page(request: web.Request) -> web.Response:
    """One line with all that is known of it, and how to report it."""
    visit, rooms = request[VISIT], request[ROOMS]
    patient, reader = visit.holder()
    number = int(request.match_info["number"])
    found = await rooms.read.entry(reader, patient, number)
    line = line_of(found, reader)
    return html(
        "patient/history_entry.html",
        face=visit.face,
        title=f"Ligne {number} du journal",
        current=PATH,
        data_page=f"historique/{number}",
        line=line,
        documents=await documents_of(rooms.read.shelf, patient, [line]),
    )


async def _lines(request: web.Request, wanted: Wanted) -> tuple[list[Line], dict[str, Named]]:
    patient, reader = request[VISIT].holder()
    kept = every if wanted.own else by_others(reader)
    traces = await request[ROOMS].read.history(reader, patient, limit=HISTORY_LIMIT, wanted=kept)
    lines = lines_of(traces, reader)
    documents = await documents_of(request[ROOMS].read.shelf, patient, lines)
    return [line for line in lines if _matches(line, wanted, documents)], documents


def _matches(line: Line, wanted: Wanted, documents: Mapping[str, Named]) -> bool:
    day = line.at.astimezone(words.PARIS).date().isoformat()
    document = line.document or ""
    title = str(documents.get(document, ""))
    return (
        _says(line.who, wanted.person)
        and (wanted.document == document or _says(title, wanted.document))
        and (not wanted.since or day >= wanted.since)
        and (not wanted.until or day <= wanted.until)
        and _is_act(line, wanted.act)
    )


def _says(text: str, asked: str) -> bool:
    """Every word asked begins a word of the text; accents and case do not matter."""
    have = fold_words(text)
    return all(any(word.startswith(one) for word in have) for one in fold_words(asked))


def _is_act(line: Line, act: str) -> bool:
    if act == REFUSED:
        return not line.permitted
    return not act or line.act in ACT_GROUPS[act]


def _sentence(total: int, page: int, pages: int) -> str:
    count = words.plural(total, "ligne", "lignes")
    return f"{count}, de la plus récente à la plus ancienne, page {page} sur {pages}"


def cells_of(line: Line, documents: Mapping[str, Named]) -> list[str]:
    """In the order of COLUMNS."""
    return [
        str(line.number),
        line.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        line.name,
        line.about,
        line.what if line.act in ACTS else line.act,
        str(documents.get(line.document or "", "")),
        "oui" if line.permitted else "non",
        "oui" if line.emergency else "non",
        line.reason,
        line.why,
        line.rule,
        line.origin,
        line.grid,
        line.settings,
    ]
