"""What many people choose is refused, however it is dressed up; what few choose is taken."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.flows.entering.chosen import is_common


@pytest.mark.parametrize(
    "password",
    [
        "Password1!",
        "P@ssw0rd",
        "P@ssw0rd2026!",
        "Dragon-2026",
        "Soleil!2026",
        "Azerty123!",
        "Doudou.99",
        "1qaz@WSX",
        "!QAZ2wsx",
        "MotDePasse1!",
        "Trustno1!",
        "Michael#1984",
        "Toto-1234",
    ],
)
def test_a_common_password_is_seen_through_what_stands_around_it(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "Mar3e-Haute!",
        "Pluie#Bleue7",
        "k7$Q-vv2Zp!",
        "A1!b2#C3$d",
        "Qw3$91827",
        "Nuage-et-caillou-4",
        "Éléphant-Çà-9!",
        "x\ud800!9Kqwzv",
        "",
        "\n",
    ],
)
def test_what_few_people_choose_is_taken(password: str) -> None:
    assert not is_common(password)


@given(st.text(max_size=128))
def test_any_text_is_answered(password: str) -> None:
    assert is_common(password) in (True, False)


def test_nothing_of_the_list_stays_in_memory() -> None:
    is_common("warm")
    tracemalloc.start()
    try:
        is_common("Mar3e-Haute!")
        left, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < 20_000
    assert most < 2_000_000
