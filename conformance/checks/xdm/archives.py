"""An archive and what its METADATA.XML says of it (IHE ITI TF-2, 3.32; TF-3, 4.2)."""

import zipfile
from collections.abc import Callable

from conformance.bench import ZIP, Bench, Fate, fate_of_reply
from conformance.check import Chapter
from conformance.made.cda import Paper, paper
from conformance.made.xdm import Archive, Entry, zipped
from conformance.requirement import Level, Volet
from conformance.verdict import SkippedError, expect

XDM = Chapter(Volet.XDM, "IHE ITI TF-2, 3.32.4.1 (XDM); TF-3, 4.2")
FOLDER = "IHE_XDM/SUBSET01"


def entry(bench: Bench) -> Entry:
    return Entry(paper(bench.who, bench.serial))


def archive(bench: Bench, *entries: Entry) -> Archive:
    return Archive(list(entries) or [entry(bench)], bench.serial.oid())


def handed(bench: Bench, raw: bytes) -> Fate:
    return fate_of_reply(bench.post(raw, ZIP))


def accepted(bench: Bench, made: Archive) -> None:
    fate = handed(bench, made.zip())
    expect(fate.accepted, fate)


def refused(bench: Bench, raw: bytes) -> None:
    fate = handed(bench, raw)
    expect(fate.verdict in ("refused", "held"), fate)


def lying(bench: Bench, lie: Callable[[Entry], None]) -> None:
    """One wrong word in the metadata of a right document."""
    one = entry(bench)
    lie(one)
    refused(bench, archive(bench, one).zip())


@XDM.asks("XDM-01", "A right archive is filed", fix="Read IHE_XDM/SUBSET01/METADATA.XML.")
def right(bench: Bench) -> None:
    accepted(bench, archive(bench))


@XDM.asks(
    "XDM-02",
    "An archive of two documents files both",
    fix="Take every ExtrinsicObject of the submission.",
)
def two(bench: Bench) -> None:
    first, second = entry(bench), entry(bench)
    second.file = "DOC0002.XML"
    made = archive(bench, first, second)
    accepted(bench, made)
    found = [len(bench.filed(one.paper.id)) for one in made.entries]
    expect(found == [1, 1], f"current documents: {found}")


@XDM.asks(
    "XDM-03",
    "SUBSET folders may have other names",
    fix="Find METADATA.XML in any folder below IHE_XDM.",
    level=Level.SHOULD,
)
def other_folder(bench: Bench) -> None:
    made = archive(bench)
    made.subset = "SS000001"
    accepted(bench, made)


@XDM.asks(
    "XDM-04",
    "METADATA.XML is found without looking at case",
    fix="Compare names of members without case.",
    level=Level.SHOULD,
)
def other_case(bench: Bench) -> None:
    made = archive(bench)
    made.metadata = "Metadata.xml"
    accepted(bench, made)


@XDM.asks(
    "XDM-05",
    "An archive may be stored without compression",
    fix="Take methods 0 (stored) and 8 (deflated).",
)
def stored(bench: Bench) -> None:
    fate = handed(bench, zipped(archive(bench).members(), method=zipfile.ZIP_STORED))
    expect(fate.accepted, fate)


@XDM.asks("XDM-10", "A false hash is refused", fix="Compare SHA-1 with the bytes of the document.")
def false_hash(bench: Bench) -> None:
    lying(bench, lambda one: setattr(one, "hash", "0" * 40))


@XDM.asks("XDM-11", "A false size is refused", fix="Compare size with the bytes of the document.")
def false_size(bench: Bench) -> None:
    lying(bench, lambda one: setattr(one, "size", "12"))


@XDM.asks(
    "XDM-12",
    "A URI without its file is refused",
    fix="Every URI is a file of the same folder.",
)
def no_file(bench: Bench) -> None:
    made = archive(bench)
    members = made.members()
    del members[f"{FOLDER}/DOC0001.XML"]
    refused(bench, zipped(members))


@XDM.asks(
    "XDM-13",
    "uniqueId is the id of the CDA",
    fix="Compare XDSDocumentEntry.uniqueId with ClinicalDocument/id.",
    source="CI-SIS, mapping CDA vers XDS, uniqueId",
)
def other_id(bench: Bench) -> None:
    lying(bench, lambda one: setattr(one, "unique_id", bench.serial.oid()))


@XDM.asks(
    "XDM-14",
    "patientId is the INS of the CDA",
    fix="Compare XDSDocumentEntry.patientId with patientRole/id.",
    source="CI-SIS, mapping CDA vers XDS, patientId",
)
def other_patient(bench: Bench) -> None:
    other = patient_of(bench)
    lying(bench, lambda one: setattr(one, "patient", other))


@XDM.asks(
    "XDM-15",
    "The submission and its documents have one patient",
    fix="Refuse a SubmissionSet whose patientId is another one.",
    source="IHE ITI TF-3, 4.2.1 (one patient a submission)",
)
def other_set_patient(bench: Bench) -> None:
    made = archive(bench)
    made.set_patient = patient_of(bench)
    refused(bench, made.zip())


def patient_of(bench: Bench) -> str:
    who = bench.target.second or bench.nobody
    return f"{who.ins}^^^&{who.oid}&ISO^NH"


@XDM.asks(
    "XDM-16",
    "Two patients in one archive are refused",
    fix="One archive, one patient.",
    source="Référentiel socle MSSanté #2, ECO.2.1.1",
)
def two_patients(bench: Bench) -> None:
    if bench.target.second is None:
        raise SkippedError("a second patient of the target is needed")
    other = Entry(paper(bench.target.second, bench.serial), file="DOC0002.XML")
    refused(bench, archive(bench, entry(bench), other).zip())


@XDM.asks(
    "XDM-17",
    "typeCode is the code of the CDA",
    fix="Compare typeCode with ClinicalDocument/code: refuse, hold or warn.",
    source="CI-SIS, mapping CDA vers XDS, typeCode",
    level=Level.SHOULD,
)
def other_type(bench: Bench) -> None:
    one = entry(bench)
    one.type = "34133-9"
    fate = handed(bench, archive(bench, one).zip())
    expect(not fate.accepted or ":" in fate.said, f"{fate} without a finding")


@XDM.asks(
    "XDM-18",
    "Slot C replaces",
    fix="urn:action:extraMetadataSlot C supersedes the document of relatedDocument.",
    source="ANS, exemples XDM, urn:action:extraMetadataSlot",
)
def replaced(bench: Bench) -> None:
    before = stored_paper(bench)
    newer = before.next(bench.serial)
    accepted(bench, archive(bench, Entry(newer, action="C")))
    expect([len(bench.filed(one.id)) for one in (before, newer)] == [0, 1], "both are current")


@XDM.asks(
    "XDM-19",
    "Slot D deletes",
    fix="urn:action:extraMetadataSlot D takes the document away from its readers.",
    source="ANS, exemples XDM, urn:action:extraMetadataSlot",
)
def deleted(bench: Bench) -> None:
    before = stored_paper(bench)
    accepted(bench, archive(bench, Entry(before, action="D")))
    expect(not bench.filed(before.id), "still current")


def stored_paper(bench: Bench) -> Paper:
    one = entry(bench)
    accepted(bench, archive(bench, one))
    return one.paper


@XDM.asks("XDM-20", "An archive without METADATA.XML is refused", fix="Refuse it, naming the file.")
def no_metadata(bench: Bench) -> None:
    members = archive(bench).members()
    del members[f"{FOLDER}/METADATA.XML"]
    refused(bench, zipped(members))


@XDM.asks(
    "XDM-21",
    "METADATA.XML that is no XML is refused",
    fix="Say unreadable METADATA; do not guess an undeclared prefix.",
)
def unreadable_metadata(bench: Bench) -> None:
    made = archive(bench)
    text = made.members()[f"{FOLDER}/METADATA.XML"].replace(b' xmlns:rim="', b' xmlns:rin="')
    made.files[f"{FOLDER}/METADATA.XML"] = text
    refused(bench, made.zip())


@XDM.asks("XDM-22", "A submission without documents is refused", fix="Refuse an empty lot.")
def empty(bench: Bench) -> None:
    made = archive(bench)
    text = made.members()[f"{FOLDER}/METADATA.XML"]
    start, end = text.index(b"<rim:ExtrinsicObject"), text.index(b"</rim:RegistryObjectList>")
    made.files[f"{FOLDER}/METADATA.XML"] = text[:start] + text[end:]
    refused(bench, made.zip())
