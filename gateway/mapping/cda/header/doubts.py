"""What is accepted and flagged: level W of CDA.md section 2, and what its rules do not foresee.

An unknown author specialty (H16, level E there) is a doubt too: JDV_J01 grows with every release
of the NOS, and a document is not lost for a list that we do not have yet (decision 013).
"""

import re
from collections.abc import Iterator, Sequence

from gateway.mapping.cda.header.parties import PATIENT, Broken
from gateway.mapping.cda.nodes import V3, attribute, every, first, identifier, text_of
from gateway.mapping.datatypes.times import date_of, iso_of
from gateway.mapping.identity import ALL_INS_OIDS
from gateway.mapping.labels import type_known, type_system_of
from gateway.mapping.tables import rows
from gateway.mapping.xml import Element

TELECOM_NULLS = frozenset({"UNK", "NASK", "ASKU", "NAV", "MSK"})
SPECIALTIES = frozenset(row["code"] for row in rows("author_specialties"))
INSTANCE = re.compile(
    r"[0-2](?:\.(?:0|[1-9][0-9]*))+"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[A-Za-z][A-Za-z0-9-]*"
)
"""An OID, a UUID or a name reserved by HL7 (the types of an II root)."""

VERSION = re.compile(r"[0-9]{1,9}")
TIMES = (
    ("h16", "author/time"),
    ("h18", "legalAuthenticator/time"),
    ("h19", "documentationOf/serviceEvent/effectiveTime/high"),
)

DOCUMENT, COMPONENT, TELECOM = V3 + "ClinicalDocument", V3 + "component", V3 + "telecom"
WALKED = (V3 + "id", V3 + "setId", TELECOM)

_TELECOM = re.compile(r"(?:tel|fax|mailto|http|https|ftp|mllp):.+", re.DOTALL)


def doubts(root: Element) -> Iterator[Broken]:
    """Each as rule number, path and what to fix; never an error but in a strict reading."""
    yield from _type(root)
    yield from _given_names(root)
    yield from _birth(root)
    yield from _authors(root)
    yield from _times(root)
    yield from _replacement(root)
    yield from _identifiers_and_telecoms(root)


def _type(root: Element) -> Iterator[Broken]:
    code = first(root, "code")
    type_code = attribute(code, "code")
    if not type_code:
        return
    system, wanted = attribute(code, "codeSystem"), type_system_of(type_code)
    if not type_known(type_code):
        yield (
            "h07",
            "code",
            "The type is not in JDV_J07: its label is guessed from the words.",
        )
    elif system and wanted and system != wanted:
        yield "h07", "code", f"This type belongs to the code system {wanted}."
    if not attribute(code, "displayName"):
        yield "h07", "code", "Give the displayName of the type."


def _given_names(root: Element) -> Iterator[Broken]:
    role = first(root, "recordTarget/patientRole")
    has_ins = any(node.get("root") in ALL_INS_OIDS for node in every(role, "id"))
    givens = every(role, "patient/name/given")
    if has_ins and not any(text_of(one) for one in givens if not one.get("qualifier")):
        message = "Give the list of birth given names, without a qualifier."
        yield "h15", f"{PATIENT}/name/given", message


def _authors(root: Element) -> Iterator[Broken]:
    for node in every(root, "author/assignedAuthor"):
        specialty = attribute(node, "code", "code")
        if specialty and specialty not in SPECIALTIES:
            message = "The specialty or role of the author is not in JDV_J01."
            yield "h16", "author/assignedAuthor/code", message
        person = first(node, "assignedPerson")
        if person is not None and not text_of(person, "name/family"):
            message = "Give the family name of the author: readers see no author without it."
            yield "h16", "author/assignedAuthor/assignedPerson/name", message


def _birth(root: Element) -> Iterator[Broken]:
    """What was written is told apart from what is missing, which holds the document either way."""
    value = attribute(first(root, PATIENT), "value", "birthTime")
    if value and date_of(value) is None:
        yield "h15", f"{PATIENT}/birthTime", "This is no date of birth: write yyyymmdd."


def _times(root: Element) -> Iterator[Broken]:
    """Times that are there and are no moment of a calendar; the rules ask for their presence."""
    for number, path in TIMES:
        for node in every(root, path):
            value = attribute(node, "value")
            if value and iso_of(value) is None:
                yield number, path, "This is no time: write yyyymmddhhmmss+hhmm."


def _replacement(root: Element) -> Iterator[Broken]:
    """Section 4: a new version is of the same set and counts one more; only RPLC is acted on."""
    relations = every(root, "relatedDocument")
    kinds = {node.get("typeCode") for node in relations}
    if kinds - {"RPLC"}:
        message = "Only a replacement (RPLC) is acted on: this relation is kept in the document."
        yield "h21", "relatedDocument", message
    if "RPLC" in kinds:
        former = [
            first(node, "parentDocument") for node in relations if node.get("typeCode") == "RPLC"
        ]
        yield from _later_version(root, former)


def _later_version(root: Element, former: Sequence[Element | None]) -> Iterator[Broken]:
    version, own = _version(root), identifier(first(root, "setId"))
    if version is not None and version <= max(1, *(_version(one) or 0 for one in former)):
        message = "A document that replaces another is a later version: count versionNumber up."
        yield "h12", "versionNumber", message
    said = {identifier(first(one, "setId")) for one in former} - {None}
    if own and said - {own}:
        message = "A new version keeps the setId of the document that it replaces."
        yield "h12", "relatedDocument/parentDocument/setId", message


def _version(node: Element | None) -> int | None:
    written = attribute(node, "value", "versionNumber") or ""
    return int(written) if VERSION.fullmatch(written) else None


def _identifiers_and_telecoms(root: Element) -> Iterator[Broken]:
    """One walk of the whole header for both."""
    wrong: dict[str, None] = {}
    reachable = True
    for part in root:
        if part.tag == COMPONENT:
            continue
        for node in part.iter(*WALKED):
            if node.tag == TELECOM:
                reachable = reachable and _telecom_ok(node)
            elif (value := node.get("root")) and not INSTANCE.fullmatch(value):
                wrong[_place_of(node)] = None
    for place in wrong:
        message = "The root of an id is an OID or a UUID: write no other text."
        yield "oid", place, message
    if not reachable:
        message = "Write telecoms as prefix:value (tel, fax, mailto, http, ftp, mllp)."
        yield "h23", "telecom", message


def _place_of(node: Element) -> str:
    """An id of the document itself, else one under its parent, wherever that stands."""
    parent, own = node.getparent(), str(node.tag).removeprefix(V3)
    if parent is None or parent.tag == DOCUMENT:
        return own
    return f"/{str(parent.tag).removeprefix(V3)}/{own}"


def _telecom_ok(node: Element) -> bool:
    value = attribute(node, "value")
    if value is None:
        return (node.get("nullFlavor") or "") in TELECOM_NULLS
    return _TELECOM.fullmatch(value) is not None
