"""ITI-18 asked, and the entries that come back: a client's side (XDS.md section 6)."""

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xdm.ebrim.metadata import RIM, RegistryEntry, entry_of
from gateway.mapping.xdm.ebrim.registry import APPROVED
from gateway.mapping.xds.query.asked import LEAF, QUERY, REFERENCE, REQUEST
from gateway.mapping.xds.query.objects import ARCHIVED
from gateway.mapping.xds.query.stored import ENTRY_PATIENT, QUERIES, STATUS, UNIQUE_ID
from gateway.mapping.xml import Element

IDS = {stored.name: id for id, stored in QUERIES.items()}
ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"


def find_documents(patient: Cx, *, archived: bool = False) -> Element:
    """FindDocuments: those in force in full, and the archived ones where they are wanted."""
    statuses = (APPROVED, ARCHIVED) if archived else (APPROVED,)
    slots = {ENTRY_PATIENT: _text(_written(patient)), STATUS: _list(statuses)}
    return _query("FindDocuments", slots)


def get_documents(unique_ids: Sequence[str], patient: Cx, *, leaf: bool) -> Element:
    """GetDocuments by uniqueId, in full or (TD3.1b) by their entryUUID."""
    slots = {UNIQUE_ID: _list(unique_ids), ENTRY_PATIENT: _text(_written(patient))}
    return _query("GetDocuments", slots, leaf=leaf)


def entries_in(answer: Element) -> Iterator[RegistryEntry]:
    """Those that are told in full."""
    return map(entry_of, answer.iter(f"{RIM}ExtrinsicObject"))


def entry_in(answer: Element) -> Element | None:
    """The one that is told in full, as it was told: of several versions of its metadata (ITI TF-3
    4.2.3.1.5) the last in force, else the last."""
    return max(answer.iter(f"{RIM}ExtrinsicObject"), key=_standing, default=None)


def _standing(entry: Element) -> tuple[bool, int]:
    version = entry.find(f"{RIM}VersionInfo")
    name = version.get("versionName", "") if version is not None else ""
    is_in_force = entry.get("status", "") in (APPROVED, ARCHIVED)
    return is_in_force, int(name) if name.isascii() and name.isdigit() else 0


def references_in(answer: Element) -> list[str]:
    """entryUUIDs of those that are told by reference."""
    return [one.get("id", "") for one in answer.iter(f"{RIM}ObjectRef")]


def _query(name: str, slots: Mapping[str, str], *, leaf: bool = True) -> Element:
    root = etree.Element(REQUEST, nsmap={"query": QUERY[1:-1], "rim": RIM[1:-1]})
    about = {"returnType": LEAF if leaf else REFERENCE, "returnComposedObjects": "true"}
    etree.SubElement(root, f"{QUERY}ResponseOption", about)
    adhoc = etree.SubElement(root, f"{RIM}AdhocQuery", id=IDS[name])
    for slot, value in slots.items():
        values = etree.SubElement(
            etree.SubElement(adhoc, f"{RIM}Slot", name=slot), f"{RIM}ValueList"
        )
        etree.SubElement(values, f"{RIM}Value").text = value
    return root


def _written(patient: Cx) -> str:
    return f"{patient.id}^^^&{patient.oid}&ISO^NH"


def _text(value: str) -> str:
    """A string of a stored query: an apostrophe inside is doubled (ITI TF-2 3.18.4.1.2.3.5)."""
    return "'" + value.replace("'", "''") + "'"


def _list(values: Sequence[str]) -> str:
    return f"({','.join(map(_text, values))})"
