"""The files of one copy under way, a few documents at a time."""

import asyncio
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import orjson
import structlog

from gateway.errors import DeferredError
from gateway.flows.agenda.sight import facts_of
from gateway.flows.exporting.bundle import Bundling
from gateway.flows.exporting.messages import MessageFiles
from gateway.flows.exporting.pieces import Pieces, Writing
from gateway.flows.exporting.profile import entries_in
from gateway.flows.exporting.room import Exporting, Held, Portable
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.read import Opened
from gateway.mapping.agenda.calendar import calendar
from gateway.mapping.facts import facts_in
from gateway.mapping.fhir.clinical import Clinical, contents_of
from gateway.mapping.files.archive.names import EXTENSIONS, Names
from gateway.ports.people.press import Copied, Inside, Press
from gateway.records.documents.document import BodyKind
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.account import Person
from gateway.records.patients.export import Export, Member
from gateway.records.readers.access import AccessAction

log = structlog.get_logger()
CARDS_AT_ONCE = 100
ROWS_AT_ONCE = 500
DOCUMENTS, OLDER = "documents/", "documents/versions-precedentes/"
README, BUNDLE, MANIFEST = "LISEZMOI.html", "bundle.json", "manifeste.json"
RESULTS, HISTORY, AGENDA = "resultats.csv", "historique.csv", "agenda.ics"
VACCINATIONS, MEASURES, EXAMINATIONS = "vaccinations.csv", "mesures.csv", "prevention.csv"
FILES_A_TRY = 10
"""Pieces of a try that was given up have other numbers than those of the next one."""
NO_DAY, NO_TITLE, NO_EXTENSION = "sans date", "document", "bin"


@dataclass(slots=True, kw_only=True)
class Files:
    room: Exporting
    press: Press
    export: Export
    found: Portable
    person: Person
    held: Held
    attempt: int
    _names: Names = field(default_factory=Names)
    _documents: list[Member] = field(default_factory=list)
    _now: list[Copied] = field(default_factory=list)
    _older: list[Copied] = field(default_factory=list)

    async def made(self) -> tuple[Member, ...]:
        """Every file, in the order in which the zip has them. Raises DeferredError."""
        numbers = count(self.attempt * FILES_A_TRY)

        def file(name: str) -> Writing:
            return Writing(name, Pieces(next(numbers), self._put))

        results, history, agenda = file(RESULTS), file(HISTORY), file(AGENDA)
        bundle = Bundling(self.export, self.person, file(BUNDLE))
        await results.write(self.press.results_head())
        vaccinations, measures = file(VACCINATIONS), file(MEASURES)
        await bundle.begin()
        await self._copy(bundle, results)
        entries = await entries_in(self.room, self.found)
        given = [one for one in entries if one.kind is EntryKind.IMMUNIZATION]
        await vaccinations.write(self.press.vaccinations(given, self.found.gate.reader))
        taken = [one for one in entries if one.kind is EntryKind.MEASURE]
        await measures.write(self.press.measures(taken, self.found.gate.reader))
        examinations = file(EXAMINATIONS)
        await self._examinations(examinations)
        await self._profile(bundle, entries)
        await self._tell(bundle, history)
        await self._agenda(bundle, agenda)
        await bundle.end()
        messages = MessageFiles(
            room=self.room, press=self.press, found=self.found, person=self.person, held=self.held
        )
        mailed = await messages.made(Pieces(next(numbers), self._put))
        inside = Inside(
            person=self.person,
            asked_by=self.export.name,
            at=self.room.clock.now(),
            documents=self._now,
            older=self._older,
            mails=messages.copied,
            results=results.rows,
            lines=history.rows,
            vaccinations=len(given),
            measures=len(taken),
            events=agenda.rows,
            examinations=examinations.rows,
        )
        readme = file(README)
        await readme.write(self.press.readme(inside))
        tables = (results, measures, vaccinations, examinations, history)
        writings = (readme, *tables, agenda, bundle.file)
        members = [*[await one.close() for one in writings], *self._documents, *mailed]
        manifest = file(MANIFEST)
        await manifest.write(manifest_of(members))
        return (*members, await manifest.close())

    async def _put(self, file: int, number: int, octets: bytes) -> None:
        await self.room.exports.put(self.export.id, file, number, octets)

    async def _profile(self, bundle: Bundling, entries: Sequence[Entry]) -> None:
        for first in range(0, len(entries), ROWS_AT_ONCE):
            await self.held()
            await bundle.profile(entries[first : first + ROWS_AT_ONCE])

    async def _copy(self, bundle: Bundling, results: Writing) -> None:
        cards = self.found.cards
        current = [card for card in cards if card.status is DocumentStatus.CURRENT]
        for first in range(0, len(cards), CARDS_AT_ONCE):
            some = cards[first : first + CARDS_AT_ONCE]
            shelved = await self.room.read.shelf.find_each([card.id for card in some])
            for card in some:
                await self.held()
                if card.id not in shelved:
                    raise DeferredError("A document went away meanwhile.")
                await self._document(shelved[card.id], current, bundle, results)

    async def _document(
        self, shelved: Shelved, current: Sequence[Card], bundle: Bundling, results: Writing
    ) -> None:
        card, read = shelved.card, self.room.read
        body = await read.shelf.body(card.id)
        is_current = card.status is DocumentStatus.CURRENT
        copied = Copied(card=card, path=self._path_of(card))
        self._documents.append(await asyncio.to_thread(_member, copied, body))
        (self._now if is_current else self._older).append(copied)
        contents: tuple[Clinical, ...] = ()
        if is_current:
            gate, facts = self.found.gate, document_facts(card)
            opened = Opened(shelved=shelved, facts=facts, decision=self.found.decision, gate=gate)
            rows = await read.observations(opened, among=current)
            contents = await asyncio.to_thread(_contents, shelved, rows, body)
            told = [one for one in rows if not one.is_heading]
            await results.write(self.press.results(copied, told))
            results.rows += len(told)
        await bundle.document(shelved, copied.path, contents)

    def _path_of(self, card: Card) -> str:
        folder = DOCUMENTS if card.status is DocumentStatus.CURRENT else OLDER
        words = f"{(card.act_date or NO_DAY)[:10]} {card.title or NO_TITLE}"
        return self._names.give(folder, words, EXTENSIONS.get(card.mime_type, NO_EXTENSION))

    async def _tell(self, bundle: Bundling, history: Writing) -> None:
        """What the person chose, and every entry of the log that they may read, newest first."""
        read, gate = self.room.read, self.found.gate
        choices = await read.people.choices(gate.patient)
        await bundle.choices(read.people, choices, self.found.cards, gate.now)
        await history.write(self.press.history_head())
        before = None
        while rows := await read.traces.of_patient(gate.patient, limit=ROWS_AT_ONCE, before=before):
            await self.held()
            told = await read.permitted_rows(gate, rows, self.found.heard)
            await history.write(self.press.history(told, gate.reader, self.found.every))
            history.rows += len(told)
            await bundle.entries(told)
            before = rows[-1].number

    async def _examinations(self, file: Writing) -> None:
        """What was said of them, and not taken back."""
        every = await self.room.preventions.said(self.found.gate.patient)
        said = [one for one in every if one.holds]
        await file.write(self.press.examinations(said))
        file.rows += len(said)

    async def _agenda(self, bundle: Bundling, agenda: Writing) -> None:
        """What the asker sees of it, with the own notes and no other's."""
        gate, agendas = self.found.gate, self.room.agendas
        may, asker = gate.each(AccessAction.EXPORT), gate.reader.id or ""
        every = await agendas.appointments(gate.patient)
        seen = [one for one in every if one.is_listed and may(facts_of(one)).permitted]
        reminders = await agendas.reminders(gate.patient)
        await agenda.write(calendar(seen, reminders, detailed=True, notes_of=asker))
        agenda.rows += len(seen) + len(reminders)
        await bundle.appointments(seen, asker)


def manifest_of(members: Sequence[Member]) -> bytes:
    """`manifeste.json`: every other file of the copy, with its size in bytes and its SHA-256."""
    files = [{"path": one.name, "size": one.size, "sha256": one.sha256} for one in members]
    return orjson.dumps({"files": files}, option=orjson.OPT_INDENT_2)


def _member(copied: Copied, body: bytes) -> Member:
    return Member(
        name=copied.path,
        size=len(body),
        packed=len(body),
        crc=zlib.crc32(body),
        sha256=hashlib.sha256(body).hexdigest(),
        document=copied.card.id,
    )


def _contents(shelved: Shelved, rows: Sequence[Observation], body: bytes) -> tuple[Clinical, ...]:
    """A bug of ours on one document is logged, and keeps nobody from the copy: its bytes are there
    whatever is said of them."""
    structured = shelved.document.body is BodyKind.STRUCTURED
    try:
        return contents_of(shelved, rows, facts_in(body) if structured else ())
    except Exception:
        log.exception("export.contents", name=shelved.card.id)
        return ()
