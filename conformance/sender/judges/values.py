"""Values of a CDA header that stand once, one requirement a row (ANS, Structuration minimale)."""

import re
from collections.abc import Callable, Iterable

from conformance.requirement import Volet
from conformance.sender.judge import Fault, Judge, Rules, wrong
from conformance.sender.subjects import Document

CDA = Rules[Document](
    Volet.CDA,
    "CI-SIS, Volet structuration minimale; schematron of the ANS",
    lambda one: one.root is not None,
)
ROLE = "recordTarget/patientRole"
OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TIME = re.compile(r"\d{4,14}(\.\d+)?([+-]\d{4})?")
Want = Callable[[str], bool]


def one_of(*values: str) -> Want:
    return lambda value: value in values


def like(pattern: str | re.Pattern[str]) -> Want:
    found = re.compile(pattern)
    return lambda value: found.fullmatch(value) is not None


def rule(name: str, title: str, path: str, attribute: str, want: Want, fix: str) -> Judge[Document]:
    """Exactly one node at `path`, whose attribute is as wanted."""

    def look(document: Document) -> Iterable[Fault]:
        found = document.nodes(path)
        if len(found) != 1:
            yield Fault(path, f"{len(found)} of it, wanted 1", 101 if not found else 198)
        elif not want(str(found[0].get(attribute) or "")):
            yield wrong(f"{path}/@{attribute}", str(found[0].get(attribute) or ""), fix)

    return CDA.asks(name, title, fix=f"Write {fix}.", source=f"{CDA.source}, {path}")(look)


ROWS = (
    rule("S-CDA-01", "realmCode is FR", "realmCode", "code", one_of("FR"), "FR"),
    rule(
        "S-CDA-02",
        "typeId is that of CDA R2",
        "typeId",
        "extension",
        one_of("POCD_HD000040"),
        "POCD_HD000040",
    ),
    rule("S-CDA-06", "The document has one id", "id", "root", like(OID), "an OID or a UUID"),
    rule("S-CDA-07", "The document has one type", "code", "code", bool, "a code of JDV_J07"),
    rule("S-CDA-07b", "The type has a system", "code", "codeSystem", like(OID), "an OID"),
    rule("S-CDA-07c", "The type has a label", "code", "displayName", bool, "displayName"),
    rule(
        "S-CDA-09",
        "effectiveTime is a time",
        "effectiveTime",
        "value",
        like(TIME),
        "YYYYMMDDHHMMSS+ZZZZ",
    ),
    rule(
        "S-CDA-10",
        "confidentialityCode is N, R or V",
        "confidentialityCode",
        "code",
        one_of("N", "R", "V"),
        "N, R or V",
    ),
    rule(
        "S-CDA-11",
        "languageCode is like fr-FR",
        "languageCode",
        "code",
        like("[a-z]{2}-[A-Z]{2}"),
        "fr-FR",
    ),
    rule("S-CDA-12", "setId has a root", "setId", "root", like(OID), "an OID or a UUID"),
    rule(
        "S-CDA-12b",
        "versionNumber is an integer",
        "versionNumber",
        "value",
        str.isdigit,
        "an integer",
    ),
    rule(
        "S-CDA-14d",
        "The sex is M, F or UN",
        f"{ROLE}/patient/administrativeGenderCode",
        "code",
        one_of("M", "F", "UN"),
        "M, F or UN",
    ),
    rule(
        "S-CDA-14e",
        "birthTime is a day",
        f"{ROLE}/patient/birthTime",
        "value",
        like(r"\d{8}.*"),
        "YYYYMMDD",
    ),
    rule(
        "S-CDA-20b",
        "The kind of facility is said",
        "componentOf/encompassingEncounter/location/healthCareFacility/code",
        "code",
        bool,
        "a code of JDV_J02",
    ),
)
