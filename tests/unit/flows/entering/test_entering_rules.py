"""What a login, a password, a contact and a code may be (VAULT ACC-03, ACC-09)."""

from collections import Counter

import pytest
from vault_house import CLAIRE

from gateway.clock import SystemIds
from gateway.flows.entering.provisional import ALPHABET, new_code
from gateway.flows.entering.rules import (
    Flaw,
    email_of,
    login_flaw,
    mobile_of,
    password_flaw,
    serial_of,
)


@pytest.mark.parametrize(
    ("login", "flaw"),
    [
        ("claire84durand", None),
        ("a" * 64, None),
        ("abcdefg", Flaw.LOGIN),
        ("a" * 65, Flaw.LOGIN),
        ("Claire84", Flaw.LOGIN),
        ("claire@exemple.fr", Flaw.LOGIN),
        ("clairé84", Flaw.LOGIN),
        ("284037511604282", Flaw.LOGIN_NUMBER),
        ("2840375116042", Flaw.LOGIN_NUMBER),
        ("fr7630006000011234567890189", Flaw.LOGIN_NUMBER),
        ("fr7630006000011234567890180", None),
    ],
)
def test_a_login_is_small_letters_and_digits_and_no_number_of_a_person(
    login: str, flaw: Flaw | None
) -> None:
    assert login_flaw(login) is flaw


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("Jardin-Bleu-7", None),
        ("Aa1-45678", None),
        ("Aa1-4567", Flaw.LENGTH),
        ("Aa1-" + "x" * 125, Flaw.LENGTH),
        ("jardin-bleu-7", Flaw.CLASSES),
        ("JARDIN-BLEU-7", Flaw.CLASSES),
        ("Jardin-Bleu-", Flaw.CLASSES),
        ("JardinBleu7", Flaw.CLASSES),
        ("Bonne-Durand-7", Flaw.TRAIT),
        ("CLAIRE-et-8-lunes", Flaw.TRAIT),
        ("Ne-le-12031984", Flaw.TRAIT),
        ("Claire84durand!", Flaw.TRAIT),
        ("Motdepasse-1", Flaw.COMMON),
        ("P@ssw0rd2026!", Flaw.COMMON),
        ("Azerty-123456", Flaw.COMMON),
    ],
)
def test_a_password_is_long_mixed_not_of_the_person_and_not_what_everybody_takes(
    password: str, flaw: Flaw | None
) -> None:
    assert password_flaw(password, CLAIRE, "claire84durand") is flaw


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("+33 6 12 34 56 78", "0612345678"),
        ("0033712345678", "0712345678"),
        ("+262692123456", "+262692123456"),
        ("+33112345678", None),
        ("0112345678", None),
        ("061234567", None),
        ("٠٦١٢٣٤٥٦٧٨", None),
    ],
)
def test_a_mobile_is_read_as_people_write_it(typed: str, read: str | None) -> None:
    assert mobile_of(typed) == read


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        (" claire@exemple.fr ", True),
        ("claire+vault@mail.exemple.fr", True),
        ("claire@exemple", False),
        ("claire@exemple.fr\nBcc: x@y.fr", False),
        ("a@b.fr,c@d.fr", False),
        ("<claire@exemple.fr>", False),
        ("x" * 250 + "@exemple.fr", False),
    ],
)
def test_an_address_is_one_address_and_nothing_more(typed: str, is_one: bool) -> None:
    assert (email_of(typed) == typed.strip()) is is_one


def test_a_serial_number_has_8_to_13_digits() -> None:
    assert [serial_of(one) for one in ("1234 5678", "1" * 13, "1" * 14, "1234567", "1234567x")] == [
        "12345678",
        "1" * 13,
        None,
        None,
        None,
    ]


def test_the_characters_of_a_code_are_those_that_nobody_mistakes_and_each_as_likely() -> None:
    """2,000 codes: none of the 31 is met 5 standard deviations away from 516."""
    counts = Counter("".join(new_code(SystemIds().octets) for _ in range(2_000)))
    assert set(counts) == set(ALPHABET)
    assert all(400 < met < 632 for met in counts.values())
