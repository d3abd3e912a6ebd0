"""Rules of the INS and of the traits beside it, the same at every door (CONTRACT section 2).

Pure: what the patient index holds is compared with `same_traits` by those who may ask it.
No message of this room holds a value of a person.
"""

import re
import unicodedata
from collections.abc import Iterator

from gateway.records.intake.finding import Finding, Severity
from gateway.records.patients.patient import PatientIdentity, Profile
from gateway.records.words import UNSEEN

INS_NIR, INS_NIA, INS_NIR_TEST, INS_NIR_DEMO = (f"1.2.250.1.213.1.4.{n}" for n in (8, 9, 10, 11))
INS_OIDS: dict[Profile, tuple[str, ...]] = {
    Profile.PRODUCTION: (INS_NIR, INS_NIA),
    Profile.TEST: (INS_NIR_TEST, INS_NIR_DEMO),
}
"""Each profile knows its own OIDs only (SECURITY section 1, look-alike identifiers); an INS that is
typed without one is looked for in this order."""
ALL_INS_OIDS = frozenset(oid for oids in INS_OIDS.values() for oid in oids)
INS_CHARACTERS = 15
INS_IN_BYTES = re.compile(rb"(?<![0-9A-Za-z])[0-9]{6}[0-9AB][0-9]{8}(?![0-9A-Za-z])")

MAX_TRAIT_CHARACTERS = 100
NEEDED = ("birth_family", "birth_given", "birth_date", "sex")
COMPARED = (*NEEDED, "birth_place")
TEXTS = (
    "birth_family",
    "birth_given",
    "birth_givens",
    "used_family",
    "used_given",
    "birth_date",
    "sex",
    "birth_place",
)
FIELDS = {
    "birth_date": "PID-7",
    "sex": "PID-8",
    "birth_place": "PID-11",
}
"""Where PID has a trait; the names are in PID-5."""
QUALIFIED = "VALI"
UNKNOWN_SEX = frozenset({"", "U", "UN"})
UNKNOWN_PLACE = "99999"

_SHAPE = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_JOINERS = re.compile(r"[\s\-'’ʼ‐‑–.]+")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})


def ins_shape_ok(ins: str) -> bool:
    """15 ASCII characters of a matricule and its key; Corsica writes 2A or 2B."""
    return _SHAPE.fullmatch(ins) is not None


def ins_key_ok(ins: str) -> bool:
    """The last two digits are 97 less the matricule modulo 97, 2A counting 19 and 2B 18."""
    if not ins_shape_ok(ins):
        return False
    number = ins[:13].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(ins[13:])


def ins_in(raw: bytes, *, most: int) -> list[str]:
    """Whatever stands in these bytes and may be an INS, its key right or wrong, each once, even if
    the rest of them cannot be read; `most` of them at most."""
    found: dict[str, None] = {}
    for one in INS_IN_BYTES.finditer(raw):
        if ins_shape_ok(number := one[0].decode("ascii")):
            found[number] = None
        if len(found) >= most:
            break
    return list(found)


def in_capitals(text: str) -> str:
    """Upper case without accents; hyphens, apostrophes and blanks become one blank."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text.translate(_LIGATURES))
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _JOINERS.sub(" ", text).strip().upper()


def same_traits(a: PatientIdentity, b: PatientIdentity) -> list[str]:
    """Names of the traits that disagree; a missing or unknown trait never disagrees.

    Birth dates are compared at the shorter precision.
    """
    return [name for name in COMPARED if _disagree(name, getattr(a, name), getattr(b, name))]


def _disagree(name: str, a: str | None, b: str | None) -> bool:
    if not a or not b or a == b:
        return False
    if name == "birth_date":
        shorter = min(len(a), len(b))
        return a[:shorter] != b[:shorter]
    left, right = in_capitals(a), in_capitals(b)
    if name == "sex" and not UNKNOWN_SEX.isdisjoint((left, right)):
        return False
    if name == "birth_place" and UNKNOWN_PLACE in (left, right):
        return False
    return left != right


def is_whole_day(birth_date: str | None) -> bool:
    """Not a year or a month alone: beside an INS these agree, and without one they name nobody."""
    return birth_date is not None and _DAY.fullmatch(birth_date) is not None


def identity_findings(
    identity: PatientIdentity, *, status: str | None, profile: Profile, where: str = "PID-3"
) -> list[Finding]:
    """What keeps an identity from being qualified, errors and holds (CONTRACT section 2).

    `status` is PID-32 (table 0445), None or "" where the carrier has none. Codes: `ins-missing`,
    `ins-malformed`, `ins-oid`, `ins-key`, `trait-characters`, `ins-not-qualified`,
    `traits-missing`, `birth-place-missing`.
    """
    findings = [*_ins_findings(identity, profile, where), *_text_findings(identity, where)]
    if status and status != QUALIFIED:
        findings.append(
            Finding(
                code="ins-not-qualified",
                severity=Severity.WARNING,
                where="PID-32" if where == "PID-3" else where,
                message="The identity is not validated (VALI): the document waits for it.",
                condition=207,
                application=906,
                holds=True,
            )
        )
    findings.extend(_trait_findings(identity, where))
    return findings


def _ins_findings(identity: PatientIdentity, profile: Profile, where: str) -> Iterator[Finding]:
    if identity.ins is None:
        yield Finding(
            code="ins-missing",
            severity=Severity.WARNING,
            where=where,
            message="No INS: send the INS with its OID to have the document filed.",
            condition=207,
            application=903,
            holds=True,
        )
        return
    if identity.ins_oid not in INS_OIDS[profile]:
        kind = "test" if profile is Profile.TEST else "production"
        yield Finding(
            code="ins-oid",
            severity=Severity.ERROR,
            where=where,
            message=f"This OID is not one of the INS OIDs of the {kind} profile.",
            condition=103,
        )
    if not ins_shape_ok(identity.ins):
        yield Finding(
            code="ins-malformed",
            severity=Severity.ERROR,
            where=where,
            message="An INS is 15 ASCII characters without a blank: matricule (13), key (2).",
            condition=102,
        )
    elif not ins_key_ok(identity.ins):
        yield Finding(
            code="ins-key",
            severity=Severity.WARNING if profile is Profile.TEST else Severity.ERROR,
            where=where,
            message="The key of the INS is wrong: check the matricule.",
            condition=102,
        )


def _text_findings(identity: PatientIdentity, where: str) -> Iterator[Finding]:
    for name in TEXTS:
        value = getattr(identity, name)
        if value and (problem := text_problem(value)):
            yield Finding(
                code="trait-characters",
                severity=Severity.ERROR,
                where=place_of(name) if where == "PID-3" else where,
                message=f"The trait {name} {problem}.",
                condition=102,
            )


def place_of(trait: str) -> str:
    """The field of PID that bears it."""
    return FIELDS.get(trait, "PID-5")


def text_problem(text: str) -> str | None:
    """Why a trait cannot be taken as it is, in words; None for an ordinary one."""
    if len(text) > MAX_TRAIT_CHARACTERS:
        return f"is longer than {MAX_TRAIT_CHARACTERS} characters"
    if text.isascii():
        return None if text.isprintable() else "holds control characters"
    if any(unicodedata.category(char) in UNSEEN for char in text):
        return "holds control, direction or invisible characters"
    scripts = {
        unicodedata.name(char, "?").partition(" ")[0] == "LATIN" for char in text if char.isalpha()
    }
    return "mixes several scripts" if len(scripts) > 1 else None


def _trait_findings(identity: PatientIdentity, where: str) -> Iterator[Finding]:
    missing = [name for name in NEEDED if not getattr(identity, name)]
    if identity.birth_date and not _DATE.fullmatch(identity.birth_date):
        missing.append("birth_date")
    if missing:
        yield Finding(
            code="traits-missing",
            severity=Severity.WARNING,
            where=place_of(missing[0]) if where == "PID-3" else where,
            message=f"Send the traits that go with the INS: {', '.join(missing)}.",
            condition=207,
            application=905,
            holds=True,
        )
    if not identity.birth_place:
        yield Finding(
            code="birth-place-missing",
            severity=Severity.WARNING,
            where=place_of("birth_place") if where == "PID-3" else where,
            message="Send the birth place as its COG code with the INS.",
            condition=207,
            application=905,
        )
