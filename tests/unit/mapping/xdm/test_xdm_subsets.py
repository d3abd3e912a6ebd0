"""Several subsets, and files by all their names: every one is found, none outside its folder."""

from dataclasses import replace

import pytest
from xdm_sample import (
    AT,
    CDA,
    EDITOR,
    FOLDER,
    SECOND,
    SUBMISSION,
    archive,
    document,
    edited,
    members,
    moved,
    told,
    understood,
    zipped,
)

from gateway.mapping.xdm.write import pack
from gateway.records.intake.finding import Verdict


def test_every_subset_is_read_in_the_order_of_its_name() -> None:
    other = members(archive(SECOND))
    files = moved(archive(CDA), "IHE_XDM/SUBSET02") | other
    answer = understood(zipped(files))
    assert answer.verdict is Verdict.ACCEPT
    assert [one.unique_id for one in answer.documents] == ["1.2.250.1.999.1.2", "1.2.250.1.999.1.1"]
    assert answer.submission == SUBMISSION


def test_a_finding_names_the_subset_where_there_are_several() -> None:
    files = moved(archive(SECOND), "IHE_XDM/SUBSET02") | members(archive())
    raw = edited(files, "Tout va bien", "Tout va mal!", "IHE_XDM/SUBSET02/DOC0001.XML")
    assert told(understood(raw)) == {("hash-mismatch", "SUBSET02/DOC0001.XML")}


def test_subsets_of_two_patients_are_refused() -> None:
    other = SECOND.replace(b"255089999999966", b"279035121518989")
    lot = replace(SUBMISSION, patient_id="1.2.250.1.213.1.4.10^279035121518989")
    stranger = pack([(document(other), other)], lot, editor=EDITOR, at=AT)
    answer = understood(zipped(moved(stranger, "IHE_XDM/SUBSET02") | members(archive())))
    assert answer.verdict is Verdict.REFUSE
    assert ("patient-mismatch", "METADATA.XML") in told(answer)


@pytest.mark.parametrize("folder", ["IHE_XDM/SS000001", "ihe_xdm/subset01", "IHE_XDM/DOSSIER"])
def test_other_folder_names_below_ihe_xdm_are_read(folder: str) -> None:
    assert understood(zipped(moved(archive(), folder))).findings == ()


def test_another_layout_is_read_and_said() -> None:
    answer = understood(zipped(moved(archive(), "DOSSIER")))
    assert answer.verdict is Verdict.ACCEPT
    assert told(answer) == {("xdm-layout", "METADATA.XML")}


def test_names_are_compared_without_case() -> None:
    files = {name.lower(): body for name, body in members(archive()).items()}
    assert understood(zipped(files)).findings == ()


@pytest.mark.parametrize(
    "value", ["./DOC0001.XML", "2|.XML</rim:Value><rim:Value>1|DOC0001", "doc0001.xml"]
)
def test_a_file_is_found_by_the_ways_there_are_to_name_it(value: str) -> None:
    raw = edited(members(archive()), ">DOC0001.XML</rim:Value>", f">{value}</rim:Value>")
    assert understood(raw).findings == ()


def test_a_file_may_lie_in_a_folder_below_its_metadata() -> None:
    files = members(archive())
    files[f"{FOLDER}/CR/DOC0001.XML"] = files.pop(f"{FOLDER}/DOC0001.XML")
    raw = edited(files, ">DOC0001.XML</rim:Value>", ">CR/DOC0001.XML</rim:Value>")
    assert understood(raw).findings == ()


@pytest.mark.parametrize(
    "value", ["CR/../DOC0001.XML", "/DOC0001.XML", "METADATA.XML", "CR\\\\a", ""]
)
def test_a_uri_never_leaves_its_folder(value: str) -> None:
    raw = edited(members(archive()), ">DOC0001.XML</rim:Value>", f">{value}</rim:Value>")
    assert understood(raw).verdict is Verdict.REFUSE
    assert "xdm-uri" in {one.code for one in understood(raw).findings}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("IHE_XDM/SUBSET02/DOC0001.XML", "SUBSET02/METADATA.XML"),
        ("ihe_xdm/subset02/CR/DOC0001.XML", "CR/METADATA.XML"),
        (f"{FOLDER}/CR/DOC0009.XML", "CR/METADATA.XML"),
        (f"{FOLDER}/DOC0009.XML", "METADATA.XML"),
    ],
)
def test_a_file_that_no_metadata_describes_is_said(path: str, place: str) -> None:
    answer = understood(zipped(members(archive()) | {path: SECOND}))
    assert answer.verdict is Verdict.ACCEPT
    assert told(answer) == {("xdm-orphan", place)}
    assert len(answer.documents) == 1


def test_what_stands_outside_ihe_xdm_is_nobodys_document() -> None:
    assert understood(zipped(members(archive()) | {"PDF/CR.PDF": b"%PDF-1.4"})).findings == ()
