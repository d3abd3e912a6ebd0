"""How senders write HL7v2 is counted from a plain column, which holds nothing that they chose."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import select, update
from store_house import NOW, intake

from gateway.clock import SystemIds
from gateway.records.intake.scorecard import Wire, wire_in, wire_of
from gateway.records.messages.message import Header, Message
from gateway.store import Store
from gateway.store.schema import receipt


def written(version: str, charset: str = "utf-8", how: str = "declared") -> Message:
    return Message(header=Header(version=version, charset=charset, charset_how=how))


@pytest.mark.parametrize(
    ("version", "kept"),
    [
        ("2.5", "2.5"),
        ("2.3.1", "2.3.1"),
        ("2.5^FRA^2.11", "2.5"),
        ("", "?"),
        ("2.5.1.7", "?"),
        ("2.5DURAND", "?"),
        ("DURAND Claire", "?"),
        ("2 8403751160428 2", "?"),
    ],
)
def test_of_a_version_only_a_number_of_the_standard_is_kept(version: str, kept: str) -> None:
    assert wire_of(written(version)) == f"{kept} utf-8 declared"
    assert wire_in(wire_of(written(version))) == Wire(version=kept, charset="utf-8", how="declared")


def test_what_is_no_hl7v2_has_no_version() -> None:
    assert wire_of(None) is None
    assert wire_in(None) is None


async def test_inputs_are_counted_by_version_and_character_set(
    store: Store, ids: SystemIds
) -> None:
    """And those of before the column without."""
    for number, message in enumerate(
        (
            written("2.5"),
            written("2.5"),
            written("2.3.1", "iso8859-1", "guessed"),
            None,
            written("2.4"),
        )
    ):
        made = intake(ids, number, serial=number)
        understanding = replace(made.understanding, message=message)
        await store.journal.file(structs.replace(made, understanding=understanding))
    last = select(receipt.c.number).order_by(receipt.c.number.desc()).limit(1)
    older = update(receipt).where(receipt.c.number.in_(last)).values(wire=None)
    await store.database.write(lambda connection: connection.execute(older).rowcount)
    found, _ = await store.scorecards.sent(NOW, NOW + timedelta(days=1), among=9)
    assert {(one.wire, one.count) for one in found} == {
        (Wire(version="2.5", charset="utf-8", how="declared"), 2),
        (Wire(version="2.3.1", charset="iso8859-1", how="guessed"), 1),
        (None, 2),
    }
