"""patientId of the lot, of its folders and of each document: whose an archive is."""

import pytest
from xdm_sample import (
    METADATA,
    NOTE,
    SECOND,
    archive,
    document,
    edited,
    members,
    told,
    two,
    understood,
    zipped,
)

from gateway.records.intake.finding import Verdict


def test_a_document_without_a_patient_of_its_own_is_the_lots() -> None:
    files = members(archive(b"Bonjour", NOTE))
    start, _, rest = files[METADATA].partition(b'identificationScheme="urn:uuid:58a6f841')
    files[METADATA] = start + b'identificationScheme="urn:uuid:00000000' + rest
    answer = understood(zipped(files))
    assert answer.documents[0].patient.ins == "255089999999966"
    assert told(answer) == {("xdm-missing", "DOC0001.TXT")}


LOT, OWN = "6b5aea1a", "58a6f841"
STRANGER = "279035121518989"


def identified(files: dict[str, bytes], scheme: str, before: str, after: str) -> dict[str, bytes]:
    """One text replaced in the ExternalIdentifier of one scheme."""
    head, mark, rest = (
        files[METADATA].decode().partition(f'identificationScheme="urn:uuid:{scheme}')
    )
    start = head.rindex("<rim:ExternalIdentifier")
    stop = rest.index("</rim:ExternalIdentifier>")
    one = head[start:] + mark + rest[:stop]
    assert before in one, before
    changed = head[:start] + one.replace(before, after) + rest[stop:]
    return files | {METADATA: changed.encode()}


def without_own(files: dict[str, bytes]) -> dict[str, bytes]:
    return identified(files, OWN, f"urn:uuid:{OWN}", "urn:uuid:00000000")


def test_the_patient_of_the_lot_alone_is_compared_with_the_cda() -> None:
    same = understood(zipped(without_own(members(archive()))))
    assert same.verdict is Verdict.ACCEPT
    assert told(same) == {("xdm-missing", "DOC0001.XML")}
    files = identified(without_own(members(archive())), LOT, "255089999999966", STRANGER)
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.REFUSE
    assert ("patient-mismatch", "DOC0001.XML") in told(answer)


def test_traits_are_compared_where_the_envelope_names_no_patient() -> None:
    files = identified(without_own(members(archive())), LOT, f"urn:uuid:{LOT}", "urn:uuid:00000000")
    assert understood(zipped(files)).verdict is Verdict.ACCEPT
    answer = understood(edited(files, "PID-5|PATTE", "PID-5|AUTRE"))
    assert answer.verdict is Verdict.HOLD
    assert ("traits-differ", "DOC0001.XML") in told(answer)


@pytest.mark.parametrize("value", ["180052A00412310", "^^^&1.2.250.1.213.1.4.10&ISO^NH", "1^^^ISO"])
@pytest.mark.parametrize(("scheme", "place"), [(LOT, "METADATA.XML"), (OWN, "DOC0001.XML")])
def test_a_patient_that_cannot_be_read_is_refused(scheme: str, place: str, value: str) -> None:
    known = "255089999999966^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"
    files = identified(members(archive()), scheme, known, value.replace("&", "&amp;"))
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.REFUSE
    assert told(answer) == {("patient-id-malformed", place)}


SET_PATIENT = "6b5aea1a-874d-4603-a4bc-96a0a7b38446"
FOLDER_PATIENT = "f64ffdf0-4b97-4e06-b79f-a52b38ec2f8a"


@pytest.mark.parametrize("scheme", [SET_PATIENT, FOLDER_PATIENT])
@pytest.mark.parametrize(
    ("other", "verdict", "places"),
    [
        ("255089999999966", Verdict.ACCEPT, set()),
        (STRANGER, Verdict.REFUSE, {("patient-mismatch", "METADATA.XML")}),
    ],
)
def test_every_package_is_about_the_patient(
    scheme: str, other: str, verdict: Verdict, places: set[tuple[str, str]]
) -> None:
    files = members(archive())
    text = files[METADATA].decode()
    start, end = text.index("<rim:RegistryPackage"), "</rim:RegistryPackage>"
    first = text[start : text.index(end) + len(end)]
    second = first.replace(SET_PATIENT, scheme).replace("255089999999966", other)
    answer = understood(edited(files, end, end + second))
    assert answer.verdict is verdict
    assert told(answer) == places | {("xdm-several-sets", "METADATA.XML")}


def test_cdas_of_two_patients_are_refused_where_the_envelope_names_nobody() -> None:
    other = SECOND.replace(b"255089999999966", STRANGER.encode())
    files = members(two((document(other), other)))
    for scheme in (LOT, OWN, OWN):
        files = identified(files, scheme, f"urn:uuid:{scheme}", "urn:uuid:00000000")
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.REFUSE
    assert ("patient-mismatch", "METADATA.XML") in told(answer)
