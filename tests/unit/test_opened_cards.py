"""How many opened cards a process keeps, and of which reading."""

from typing import cast

from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.store.keys.opened import KeptCard, KeptCards, Opened

ONE, TWO, THREE = (PatientKey(bytes([n]) * 16) for n in (1, 2, 3))


def cards(count: int, first: int = 0) -> KeptCards:
    return {number: ((number,), cast(Card, None)) for number in range(first, first + count)}


def test_the_record_that_was_listed_longest_ago_goes_first() -> None:
    opened: Opened[KeptCard] = Opened(most=5)
    opened.keep(ONE, cards(2), 0)
    opened.keep(TWO, cards(3), 0)
    assert opened.of(ONE, 0) == cards(2)
    opened.keep(THREE, cards(1), 0)
    assert [len(opened.of(one, 0)) for one in (ONE, TWO, THREE)] == [2, 0, 1]


def test_a_new_list_of_a_record_takes_the_place_of_the_one_before() -> None:
    opened: Opened[KeptCard] = Opened(most=5)
    for first in range(4):
        opened.keep(ONE, cards(4, first), 0)
    opened.keep(TWO, cards(1), 0)
    assert (opened.of(ONE, 0), opened.of(TWO, 0)) == (cards(4, 3), cards(1))


def test_a_record_beyond_the_limit_is_not_kept_and_displaces_no_other() -> None:
    opened: Opened[KeptCard] = Opened(most=5)
    opened.keep(ONE, cards(2), 0)
    opened.keep(TWO, cards(6), 0)
    assert (len(opened.of(ONE, 0)), len(opened.of(TWO, 0))) == (2, 0)


def test_a_reading_that_began_before_an_erasure_keeps_nothing_and_is_given_nothing() -> None:
    opened: Opened[KeptCard] = Opened(most=5)
    opened.keep(ONE, cards(1), 0)
    opened.forget(1)
    assert opened.of(ONE, 1) == {}
    opened.keep(ONE, cards(1), 0)
    assert opened.of(ONE, 1) == {}
    opened.keep(ONE, cards(1), 1)
    assert (len(opened.of(ONE, 1)), len(opened.of(ONE, 0))) == (1, 0)


def test_a_limit_may_count_what_is_kept_by_its_weight() -> None:
    opened: Opened[str] = Opened(most=5, weight=len)
    opened.keep(ONE, {1: "abc"}, 0)
    opened.keep(TWO, {2: "de"}, 0)
    opened.keep(THREE, {3: "f"}, 0)
    assert [len(opened.of(one, 0)) for one in (ONE, TWO, THREE)] == [0, 1, 1]
