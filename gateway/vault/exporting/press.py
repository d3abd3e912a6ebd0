"""The files of a copy in French: two tables, the page that says what there is, and what a message
says of files that are not in it (VAULT EXP-02)."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from gateway.flows.reading.coded.corrections import WITHDRAWN
from gateway.mapping.labels import LABEL_TEXTS
from gateway.ports.people.press import Copied, CopiedMail, Inside
from gateway.records.correspondence.conversation import Way
from gateway.records.correspondence.letter import Attached
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card
from gateway.records.entries.entry import Entry
from gateway.records.patients.account import Person, Trace
from gateway.records.prevention import Said
from gateway.records.readers.access import Reader
from gateway.vault import words
from gateway.vault.agenda.prevention_words import COLUMNS as EXAMINATIONS
from gateway.vault.agenda.prevention_words import cells_of as cells_of_word
from gateway.vault.called import born, full_name
from gateway.vault.exporting.words import NO_LONGER_KEPT
from gateway.vault.measures.sheet import COLUMNS as MEASURES
from gateway.vault.measures.sheet import cells_of as cells_of_measure
from gateway.vault.messaging.words import NO_SUBJECT, kept_back
from gateway.vault.patient.history import line_of
from gateway.vault.patient.history_page import COLUMNS, cells_of
from gateway.vault.patient.named import named
from gateway.vault.rendering import template
from gateway.vault.sheets import head_of, lines_of
from gateway.vault.vaccination.views import COLUMNS as VACCINATIONS
from gateway.vault.vaccination.views import cells_of as cells_of_entry

RESULTS = (
    *("document", "date", "bilan", "analyse", "code", "systeme", "valeur", "unite", "intervalle"),
    *("signal", "statut", "prelevement", "methode", "laboratoire", "commentaire"),
)
STATUS_WORDS = words.RESULT_STATUS_WORDS | {"F": "définitif"}


class FrenchPress:
    """The port `Press`."""

    def results_head(self) -> bytes:
        return head_of(RESULTS)

    def results(self, copied: Copied, rows: Sequence[Observation]) -> bytes:
        return lines_of(_result(copied.path, one) for one in rows)

    def history_head(self) -> bytes:
        return head_of(COLUMNS)

    def history(self, traces: Sequence[Trace], reader: Reader, cards: Mapping[str, Card]) -> bytes:
        lines = [line_of(one, reader) for one in traces]
        told = {line.document for line in lines if line.document}
        titles = {one: named(cards[one]) for one in told & cards.keys()}
        return lines_of(cells_of(line, titles) for line in lines)

    def name_of(self, person: Person) -> str:
        return full_name(person)

    def left_out(self, files: Sequence[Attached]) -> str:
        return "\n".join(f"[{one.name} : {_why(one)}]" for one in files)

    def measures(self, entries: Sequence[Entry], reader: Reader) -> bytes:
        return head_of(MEASURES) + lines_of(cells_of_measure(one, reader) for one in entries)

    def vaccinations(self, entries: Sequence[Entry], reader: Reader) -> bytes:
        return head_of(VACCINATIONS) + lines_of(cells_of_entry(one, reader) for one in entries)

    def examinations(self, said: Sequence[Said]) -> bytes:
        return head_of(EXAMINATIONS) + lines_of(cells_of_word(one) for one in said)

    def readme(self, inside: Inside) -> bytes:
        page = template("exporting/readme.html").render(
            name=full_name(inside.person),
            born=born(inside.person),
            ins=inside.person.identity.ins or "",
            inside=inside,
            documents=[_listed(one) for one in inside.documents],
            older=[_listed(one) for one in inside.older],
            messages=[_mailed(one) for one in inside.mails],
        )
        return page.encode("utf-8", "replace")


def _result(path: str, one: Observation) -> list[str]:
    value = "retiré par le laboratoire" if one.status in WITHDRAWN else one.value
    return [
        *(path, one.time or "", one.group_text or one.section, one.text, one.code, one.system),
        *(value, one.unit, one.range, words.FLAG_WORDS.get(one.flag.upper(), one.flag)),
        *(STATUS_WORDS.get(one.status, one.status), one.specimen, one.method),
        *(one.producer, one.note),
    ]


def _listed(one: Copied) -> dict[str, object]:
    card = one.card
    return {
        "href": quote(one.path),
        "path": one.path,
        "title": card.title or words.UNTITLED,
        "day": words.day(card.act_date) if card.act_date else "",
        "author": card.author or card.organization_name,
        "label": LABEL_TEXTS[card.shown_label],
        "size": words.size(card.size),
        "masked": card.masked_by_patient,
    }


def _why(one: Attached) -> str:
    return kept_back(one.refused) if one.refused else NO_LONGER_KEPT


def _mailed(one: CopiedMail) -> dict[str, object]:
    mail = one.mail
    came = mail.way is Way.IN
    return {
        "href": quote(one.path),
        "subject": mail.letter.subject or NO_SUBJECT,
        "at": words.moment(mail.at),
        "way": "Reçu de" if came else "Envoyé à",
        "who": (mail.letter.display or mail.letter.sender) if came else mail.to,
    }
