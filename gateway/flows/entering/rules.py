"""What a login, a password, a contact and a serial number may be (VAULT ACC-06, ACC-09). Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

from gateway.flows.entering.chosen import is_common
from gateway.mapping.identity import ins_key_ok
from gateway.records.patients.patient import PatientIdentity
from gateway.records.words import fold

LOGIN = re.compile(r"[a-z0-9]{8,64}")
NIR = re.compile(r"[12]\d{4}(?:\d\d|2[ab])\d{6}(?:\d\d)?")
IBAN = re.compile(r"[a-z]{2}\d{2}[a-z0-9]{11,30}")
SERIAL = re.compile(r"\d{8,13}", re.ASCII)
EMAIL = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}", re.IGNORECASE)
MOBILE = re.compile(r"(?:\+33|0033|0)([67]\d{8})", re.ASCII)
ABROAD = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
MIN_PASSWORD, MAX_PASSWORD = 9, 128
SHORTEST_TRAIT = 3


class Flaw(StrEnum):
    """What is wrong with what was chosen."""

    LOGIN = "login"
    LOGIN_NUMBER = "login-number"
    LOGIN_TAKEN = "login-taken"
    LENGTH = "length"
    CLASSES = "classes"
    TRAIT = "trait"
    COMMON = "common"
    FORMER = "former"


def login_flaw(login: str) -> Flaw | None:
    """POL-07 `seed`; what others may read of a person is no login."""
    if not LOGIN.fullmatch(login):
        return Flaw.LOGIN
    if NIR.fullmatch(login) or _is_iban(login):
        return Flaw.LOGIN_NUMBER
    return None


def _is_iban(text: str) -> bool:
    """With its right key (ISO 13616: what begins it goes behind, letters count from 10)."""
    if not IBAN.fullmatch(text):
        return False
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def password_flaw(password: str, identity: PatientIdentity, login: str) -> Flaw | None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return Flaw.LENGTH
    asked = (str.islower, str.isupper, str.isdigit, _is_sign)
    if not all(any(map(kind, password)) for kind in asked):
        return Flaw.CLASSES
    said = fold(password)
    if any(one in said for one in _traits(identity, login)):
        return Flaw.TRAIT
    if is_common(password):
        return Flaw.COMMON
    return None


def _is_sign(character: str) -> bool:
    return not character.isalnum()


def _traits(identity: PatientIdentity, login: str) -> Iterable[str]:
    one = identity
    names = (one.birth_family, one.birth_givens, one.birth_given, one.used_family, one.used_given)
    yield login
    for name in names:
        yield from (word for word in fold(name or "").split() if len(word) >= SHORTEST_TRAIT)
    year, _, rest = (one.birth_date or "").partition("-")
    month, _, day = rest.partition("-")
    if month and day:
        yield from (year + month + day, day + month + year)
    if one.ins:
        yield one.ins


def nir_of(text: str) -> str:
    """As typed with blanks between its groups."""
    return "".join(text.split()).upper()


def is_nir(nir: str) -> bool:
    return nir.isascii() and ins_key_ok(nir)


def serial_of(text: str) -> str | None:
    """Digits only; None for what is on no carte Vitale."""
    digits = "".join(text.split())
    return digits if SERIAL.fullmatch(digits) else None


def email_of(text: str) -> str | None:
    said = text.strip()
    return said if len(said) <= 254 and EMAIL.fullmatch(said) else None


def mobile_of(text: str) -> str | None:
    """0612345678; a number of another country with its plus sign."""
    said = re.sub(r"[\s.\-/]", "", text)
    if found := MOBILE.fullmatch(said):
        return f"0{found[1]}"
    return said if ABROAD.fullmatch(said) and not said.startswith("+33") else None
