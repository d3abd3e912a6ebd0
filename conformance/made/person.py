"""People with an INS of test and its right key (Référentiel INS; OID 1.2.250.1.213.1.4.10)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.made.serial import Serial

INS_NIR, INS_NIA = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
INS_TEST, INS_DEMO = "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"
INS_OIDS = frozenset({INS_NIR, INS_NIA, INS_TEST, INS_DEMO})
PRODUCTION = frozenset({INS_NIR, INS_NIA})
COMMUNES = ("75056", "13055", "69123", "31555", "06088", "44109", "34172", "67482", "33063")
FAMILIES = ("ABSENT", "INVENTE", "FICTIF", "SUPPOSE", "IMAGINE", "PRETENDU")
GIVEN = {"F": ("ALIX", "CAMILLE", "LOU"), "M": ("ALEX", "CHARLIE", "SACHA")}


def ins_key(number: str) -> str:
    """The two digits after the 13 characters of a matricule: 97 - n mod 97, 2A = 19, 2B = 18.

    Raises ValueError when it is not a matricule.
    """
    return f"{97 - int(number.replace('2A', '19').replace('2B', '18')) % 97:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The traits of one person. `birth` is YYYYMMDD, `sex` F or M, `place` an INSEE code."""

    ins: str
    oid: str
    family: str
    given: str
    givens: str
    birth: str
    sex: str
    place: str

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> "Person":
        """From an object of `demo.patients` or of a patient file. Raises KeyError."""
        return cls(
            ins=str(line["ins"]),
            oid=str(line.get("ins_oid") or INS_TEST),
            family=str(line["birth_family"]),
            given=str(line["birth_given"]),
            givens=str(line.get("birth_givens") or line["birth_given"]),
            birth=str(line["birth_date"]).replace("-", ""),
            sex=str(line["sex"]),
            place=str(line["birth_place"]),
        )

    def but(self, **changes: str) -> "Person":
        return replace(self, **changes)

    def with_wrong_key(self) -> "Person":
        return self.but(ins=f"{self.ins[:13]}{(int(self.ins[13:]) % 97) + 1:02d}")


def invented(serial: Serial, *, place: str = "") -> Person:
    """Somebody of whom no target has heard."""
    mixed = serial.seed * 7919 + serial.salt * 31 + serial.number()
    sex = "FM"[mixed % 2]
    year, month, day = 40 + mixed // 2 % 50, 1 + mixed // 100 % 12, 1 + mixed // 1200 % 28
    place = place or COMMUNES[mixed // 33600 % len(COMMUNES)]
    order = 500 + mixed // 302400 % 499
    number = f"{'2' if sex == 'F' else '1'}{year:02d}{month:02d}{place}{order:03d}"
    return Person(
        ins=number + ins_key(number),
        oid=INS_TEST,
        family=FAMILIES[mixed % len(FAMILIES)],
        given=GIVEN[sex][mixed % 3],
        givens=GIVEN[sex][mixed % 3],
        birth=f"19{year:02d}{month:02d}{day:02d}",
        sex=sex,
        place=place,
    )
