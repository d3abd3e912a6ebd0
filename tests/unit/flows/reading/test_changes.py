"""When what a reader sees last changed: of the acts on a document, those that he may know of."""

from datetime import UTC, datetime, timedelta

import pytest
from reading_twins import HOLDER, NOW, PHYSICIAN, card

from gateway.flows.reading.changes import last_change
from gateway.records.documents.changed import Changed
from gateway.records.documents.mask import Mask
from gateway.records.readers.access import Reader

CAME = datetime(2026, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)
WAITING = ("N", "INVISIBLE_PATIENT")


@pytest.mark.parametrize("reader", [HOLDER, PHYSICIAN])
@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({}, CAME),
        ({"changed": Changed(at=CAME + DAY)}, CAME + DAY),
        ({"changed": Changed(at=CAME - DAY)}, CAME),
        ({"mask": Mask(since=CAME + DAY)}, CAME + DAY),
        ({"mask": Mask(since=CAME, until=CAME + 2 * DAY)}, CAME + 2 * DAY),
        ({"mask": Mask(since=NOW + DAY)}, CAME),
        ({"mask": Mask(since=CAME + DAY, until=NOW + DAY)}, CAME + DAY),
    ],
)
def test_status_labels_and_masks_are_seen_by_all_who_see_the_document(
    reader: Reader, changes: dict[str, object], seen: datetime
) -> None:
    assert last_change(card("d", **changes), reader, NOW, {}) == seen


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"changed": Changed(own_label=CAME + DAY)}, CAME + DAY),
        ({"codes": WAITING, "announced_at": CAME + DAY}, CAME + DAY),
        ({"codes": WAITING, "announced_at": None}, CAME),
        (
            {"codes": WAITING, "hidden_from": datetime(2026, 2, 12, 9, tzinfo=UTC)},
            datetime(2026, 3, 12, 9, tzinfo=UTC),
        ),
        (
            {
                "codes": WAITING,
                "hidden_from": datetime(2026, 2, 12, tzinfo=UTC),
                "announced_at": CAME - DAY,
            },
            CAME,
        ),
        ({"codes": ("N",), "announced_at": CAME + DAY}, CAME),
    ],
)
def test_own_labels_and_announcements_are_the_patients(
    changes: dict[str, object], seen: datetime
) -> None:
    one = card("d", **changes)
    assert last_change(one, HOLDER, NOW, {}) == seen
    assert last_change(one, PHYSICIAN, NOW, {}) == CAME


def test_what_is_shown_again_is_news_from_then_on() -> None:
    assert last_change(card("d"), PHYSICIAN, NOW, {"d": CAME + DAY}) == CAME + DAY
    assert last_change(card("e"), PHYSICIAN, NOW, {"d": CAME + DAY}) == CAME
