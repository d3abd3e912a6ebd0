"""Whose a DocumentEntry is: its patientId, sourcePatientId and sourcePatientInfo."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.mapping.datatypes.times import date_of
from gateway.mapping.xdm.ebrim.hl7types import Cx, cx, leaf
from gateway.mapping.xdm.ebrim.metadata import RegistryEntry
from gateway.records.patients.patient import PatientIdentity

TRAITS = ("birth_family", "birth_given", "birth_date", "sex")
JOINED = (*TRAITS, "birth_givens", "used_family", "used_given", "birth_place", "ins", "ins_oid")


def identity_of(entry: RegistryEntry, lot: RegistryEntry | None = None) -> PatientIdentity:
    """patientId, sourcePatientId and the values of sourcePatientInfo (CDA.md section 5).

    The patient of the lot where the entry names none.
    """
    ins = cx(entry.ids.get("patientId")) or (
        cx(lot.ids.get("submissionPatientId")) if lot else None
    )
    birth, used, other = _source_patient_info(entry.slots.get("sourcePatientInfo", ()))
    identity = PatientIdentity(
        ins=ins.id if ins else None,
        ins_oid=ins.oid if ins else None,
        other_ids=_local_ids(entry, ins),
        birth_family=birth[0],
        birth_given=birth[1],
        birth_givens=birth[2],
        used_family=used[0],
        used_given=used[1],
        birth_date=date_of(other.get("PID-7")),
        sex=other.get("PID-8") or None,
        birth_place=leaf(other.get("PID-11")),
    )
    return replace(identity, traits_complete=_complete(identity))


def _complete(identity: PatientIdentity) -> bool:
    needed = (*TRAITS, "birth_givens", "birth_place", "ins")
    return all(getattr(identity, name) for name in needed)


def _local_ids(entry: RegistryEntry, ins: Cx | None) -> tuple[str, ...]:
    info = entry.slots.get("sourcePatientInfo", ())
    more = (value.removeprefix("PID-3|") for value in info if value.startswith("PID-3|"))
    written = [*entry.slots.get("sourcePatientId", ()), *more]
    found = (cx(part) for value in written for part in value.split("~"))
    kept = [one for one in found if one and (ins is None or (one.id, one.oid) != ins[:2])]
    return tuple(dict.fromkeys(f"{one.oid}^{one.id}" for one in kept))


def _source_patient_info(
    values: Sequence[str],
) -> tuple[list[str | None], list[str | None], dict[str, str]]:
    """Birth name, used name (family, given, givens each) and the other fields by their name.

    Names and addresses repeat, as values of the slot or behind a tilde, and say their kind
    (XPN.7, XAD.7): of addresses the birth place (BDL) is told, its COG code in XAD.9.
    """
    names: dict[str, list[str]] = {}
    places: dict[str, str] = {}
    other: dict[str, str] = {}
    for field, text in _fields(values):
        parts = [*(part.strip() for part in text.split("^")), *[""] * 9]
        if field == "PID-5":
            names.setdefault(parts[6], parts[:3])
        elif field == "PID-11":
            places.setdefault(parts[6], parts[8])
        else:
            other.setdefault(field, text.strip())
    nobody = [""] * 3
    birth, used = names.get("L") or names.get("", nobody), names.get("D", nobody)
    other["PID-11"] = places.get("BDL") or places.get("", "")
    return [leaf(one) for one in birth], [leaf(one) for one in used], other


def _fields(values: Sequence[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        field, _, text = value.partition("|")
        yield from ((field, one) for one in text.split("~"))


def merged_identity(own: PatientIdentity, inside: PatientIdentity | None) -> PatientIdentity:
    """The envelope's identity, completed by what only the CDA says."""
    if inside is None:
        return own
    values = {name: getattr(own, name) or getattr(inside, name) for name in JOINED}
    ids = dict.fromkeys((*own.other_ids, *inside.other_ids))
    both = replace(own, other_ids=tuple(ids), **values)
    return replace(both, traits_complete=_complete(both))
