"""Emergencies of the history: one line an entry, with what was opened under it (EMG-03)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gateway.vault.patient.emergencies import emergencies_of
from gateway.vault.patient.history import Line

AT = datetime(2026, 3, 12, 2, 14, tzinfo=UTC)
ENTRY = Line(
    number=1,
    at=AT,
    act="emergency",
    name="Dr Petit",
    about="SAMU 51",
    what="a ouvert votre dossier en urgence",
    why="",
    rule="P05",
    permitted=True,
    emergency=True,
    document=None,
    reason="coma",
    origin="",
    grid="",
    settings="",
)


def after(minutes: int, document: str | None = None, *, name: str = ENTRY.name) -> Line:
    return replace(
        ENTRY,
        number=1 + minutes,
        at=AT + timedelta(minutes=minutes),
        name=name,
        document=document,
        act="contents" if document else "emergency",
    )


def told(*lines: Line) -> list[tuple[int, set[str]]]:
    return [(one.line.number, set(one.documents)) for one in emergencies_of(reversed(lines))]


def test_a_document_counts_once_under_its_entry() -> None:
    assert told(ENTRY, after(1, "a"), after(2, "b"), after(9, "a")) == [(1, {"a", "b"})]


def test_each_entry_and_each_person_stands_alone_the_newest_first() -> None:
    again = after(300)
    other = after(2, name="Dr Weber")
    lines = (ENTRY, after(1, "a"), other, after(3, "b", name="Dr Weber"), again, after(301, "a"))
    assert told(*lines) == [(301, {"a"}), (3, {"b"}), (1, {"a"})]


def test_what_was_opened_is_told_where_the_filters_leave_the_entry_out() -> None:
    assert told(after(1, "a"), after(2, "b")) == [(2, {"a", "b"})]


def test_a_refused_try_and_an_ordinary_reading_are_no_emergency() -> None:
    assert told(replace(ENTRY, permitted=False), replace(after(1, "a"), emergency=False)) == []
