"""Every judge of a sender's things is content with good ones and finds the one that breaks it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit_cases_documents import CASES as DOCUMENT_CASES
from kit_cases_hl7 import CASES as HL7_CASES
from kit_samples import (
    HEADERS,
    SERIAL,
    WHO,
    archive,
    good_things,
    letter,
    made,
    mdm,
    posted,
)

from conformance.made import fhir, mail
from conformance.reading.frames import Framed
from conformance.requirement import Level, Outcome, Status
from conformance.sender.court import Court
from conformance.sender.subjects import Request

CASES = HL7_CASES | DOCUMENT_CASES
APPLY_TO_SPECIAL_THINGS = {"S-PV1-19", "S-PRT-06", "S-BODY-01", "S-XDM-20", "ECO.2.2.8"}


def outcomes(court: Court) -> dict[str, Outcome]:
    return {one.requirement.id: one for one in court.outcomes()}


def test_what_is_right_passes_every_judge() -> None:
    court = Court()
    for hand_in in good_things():
        hand_in(court)
    found = outcomes(court)
    wrong = {name: one.saw for name, one in found.items()
             if one.status in (Status.NOT_MET, Status.REMARK)}  # fmt: skip
    assert wrong == {}
    skipped = {name for name, one in found.items() if one.status is Status.SKIPPED}
    assert skipped == APPLY_TO_SPECIAL_THINGS


def test_every_judge_has_a_case_that_breaks_it() -> None:
    assert set(CASES) == set(outcomes(Court()))


@pytest.mark.parametrize("name", CASES)
def test_what_breaks_a_requirement_is_found_under_its_number(name: str) -> None:
    court = Court()
    CASES[name](court)
    found = outcomes(court)[name]
    wanted = Status.NOT_MET if found.requirement.level is Level.SHALL else Status.REMARK
    assert found.status is wanted, found
    assert "1 of" in found.saw
    assert WHO.ins not in found.saw, "a scorecard names places, not people"
    assert WHO.family not in found.saw


def test_the_scorecard_counts_and_keeps_few_examples() -> None:
    court = Court()
    for number in range(9):
        court.framed(Framed(mdm(("MSH", 11, "X" if number else "T")).raw()))
    found = outcomes(court)["S-MSH-11"]
    assert found.saw.startswith("8 of 9: message 2 (")
    assert found.saw.endswith("; …")
    assert found.saw.count("MSH-11") == 5


def test_a_repetition_is_no_second_use_of_its_number() -> None:
    court, raw = Court(), mdm().raw()
    for _ in range(2):
        court.framed(Framed(raw))
    assert outcomes(court)["S-MSH-10b"].status is Status.MET


def test_base64_in_lines_is_right_and_its_bytes_are_still_compared() -> None:
    bundle, headers = fhir.transaction(made(), serial=SERIAL), HEADERS | {"content-type": "x"}
    data = bundle.binaries[0]["data"]
    bundle.binaries[0]["data"] = "\r\n".join(data[at : at + 76] for at in range(0, len(data), 76))
    for size, status in ((bundle.attachment["size"], Status.MET), (3, Status.NOT_MET)):
        bundle.attachment["size"], court = size, Court()
        court.request(Request("POST", "/fhir", headers, bundle.raw()))
        found = outcomes(court)
        assert (found["S-FHIR-17"].status, found["S-FHIR-16"].status) == (Status.MET, status)


def test_the_court_has_enough_after_what_was_asked() -> None:
    court = Court(2)
    posted(made().cda(), "xml")(court)
    assert not court.enough.is_set()
    court.mail("a@b", ["c@d"], b"Subject: x\r\n\r\n")
    assert court.enough.is_set()


RIGHT = (
    mdm().raw(), made().cda(), fhir.transaction(made(), serial=SERIAL).raw(), archive().zip(),
    mail.written(letter()),
)  # fmt: skip
HOSTILE_JSON = (
    b'{"resourceType": "Bundle", "type": "transaction", "entry": 5}',
    b'{"resourceType": "Bundle", "entry": [[], null, {"fullUrl": [], "resource": 3}]}',
    b'{"resourceType": "DocumentReference", "content": [3], "masterIdentifier": "x"}',
    b'{"resourceType": "List", "entry": [{"item": 1}], "code": [1]}',
    b"[1, 2]", b"{" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE_JSON)
def test_a_hostile_bundle_is_judged_and_never_a_crash(raw: bytes) -> None:
    court = Court()
    headers = HEADERS | {"content-type": "application/fhir+json"}
    assert court.request(Request("POST", "/fhir", headers, raw))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_spoiled_bytes_end_the_court(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(RIGHT)))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    court = Court()
    court.framed(Framed(bytes(raw)))
    court.request(Request("POST", "/", dict(HEADERS), bytes(raw)))
    court.mail("a@b", ["c@d"], bytes(raw))
    assert court.count == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
                 for n in range(3_000)),
        b"Content-Disposition: attachment; filename*=utf-8''%ff%\r\n\r\n",
        b"Subject: =?utf-8?b?" + b"A" * 5_000 + b"?=\r\nFrom: <<<>>@@\r\nTo: ;:,\r\n\r\n",
        b"\x00" * 2_000,
    ],
)  # fmt: skip
def test_a_hostile_mail_is_judged_and_never_a_crash(raw: bytes) -> None:
    court = Court()
    assert court.mail("a@b", ["c@d"], raw)
    assert court.count == 1
