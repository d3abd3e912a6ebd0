"""Appointments, reminders and addresses as rows, and back; clear are only ids and times."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.records.agenda.appointment import Appointment, Beside, Meeting, Source
from gateway.records.agenda.feed import Feed
from gateway.records.agenda.reminder import Reminder, Repeats
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import ReaderKind
from gateway.store.columns import instant, micros, pack, unpack
from gateway.store.keys.sealing import bound, seal, unseal

AnyRow = Any  # a row of one of the three tables, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    meeting: Meeting
    beside: Beside
    by: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reminded:
    day: str
    title: str
    repeats: Repeats
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    kind: ReaderKind
    by: str
    detailed: bool


def appointment_row(one: Appointment, cipher: AESGCM) -> dict[str, Any]:
    said = _Said(meeting=one.meeting, beside=one.beside, by=one.by, source=one.source)
    return {
        "id": one.id,
        "patient": one.patient,
        "starts_at": micros(one.meeting.starts_at),
        "version": one.version,
        "made_at": micros(one.made_at),
        "changed_at": micros(one.changed_at),
        "sealed": seal(cipher, pack(said), _bound(b"appointment", one.patient, one.id)),
    }


def appointment_of(row: AnyRow, cipher: AESGCM) -> Appointment:
    said = unpack(_Said, unseal(cipher, row.sealed, _bound(b"appointment", row.patient, row.id)))
    return Appointment(
        id=row.id,
        patient=PatientKey(row.patient),
        meeting=said.meeting,
        beside=said.beside,
        version=row.version,
        made_at=instant(row.made_at),
        changed_at=instant(row.changed_at),
        by=said.by,
        source=said.source,
    )


def reminder_row(one: Reminder, cipher: AESGCM) -> dict[str, Any]:
    said = _Reminded(day=one.day.isoformat(), title=one.title, repeats=one.repeats, by=one.by)
    return {
        "id": one.id,
        "patient": one.patient,
        "made_at": micros(one.made_at),
        "sealed": seal(cipher, pack(said), _bound(b"reminder", one.patient, one.id)),
    }


def reminder_of(row: AnyRow, cipher: AESGCM) -> Reminder:
    said = unpack(_Reminded, unseal(cipher, row.sealed, _bound(b"reminder", row.patient, row.id)))
    return Reminder(
        id=row.id,
        patient=PatientKey(row.patient),
        day=date.fromisoformat(said.day),
        title=said.title,
        repeats=said.repeats,
        by=said.by,
        made_at=instant(row.made_at),
    )


def feed_row(one: Feed, name: bytes, cipher: AESGCM) -> dict[str, Any]:
    said = _Read(kind=one.kind, by=one.by, detailed=one.detailed)
    return {
        "id": one.id,
        "name": name,
        "patient": one.patient,
        "made_at": micros(one.made_at),
        "sealed": seal(cipher, pack(said), _bound(b"agenda feed", one.patient, one.id)),
    }


def feed_of(row: AnyRow, cipher: AESGCM) -> Feed:
    said = unpack(_Read, unseal(cipher, row.sealed, _bound(b"agenda feed", row.patient, row.id)))
    return Feed(
        id=row.id,
        patient=PatientKey(row.patient),
        kind=said.kind,
        by=said.by,
        detailed=said.detailed,
        made_at=instant(row.made_at),
    )


def _bound(kind: bytes, patient: bytes, identifier: str) -> bytes:
    return bound(kind, patient, identifier.encode())
