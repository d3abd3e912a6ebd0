"""What is flagged and taken all the same, and what waits for a person."""

import pytest
from cda_sample import AUTHOR, INS, SIGNER, SPECIALTY, patient_id, replacing, structured

from gateway.mapping.cda import read_cda, understand_cda
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

OTHER_INS = patient_id("279035121518989")
RPLC = replacing("1.2")


def numbered(*, set_id: str = "1.2.250.1.999.2.1", version: int = 1) -> str:
    """A relatedDocument that tells the set and the version of the document replaced."""
    more = f'<setId root="{set_id}"/><versionNumber value="{version}"/></parentDocument>'
    return RPLC.replace("</parentDocument>", more)


DOUBTS = [
    ("cda-h07", "code", 'code="11502-2" codeSystem="2.16.840.1.113883.6.1"', 'code="LOCAL-1"'
     ' codeSystem="1.2.3"'),
    ("cda-h07", "code", 'code="11502-2" codeSystem="2.16.840.1.113883.6.1"', 'code="11502-2"'
     ' codeSystem="1.2.3"'),
    ("cda-h07", "code", " displayName=\"CR d'examens biologiques\"", ""),
    ("cda-h12", "versionNumber", "<componentOf>", RPLC + "<componentOf>"),
    ("cda-h12", "versionNumber", '<versionNumber value="1"/>',
     '<versionNumber value="2"/>' + numbered(version=2)),
    ("cda-h12", "relatedDocument/parentDocument/setId", '<versionNumber value="1"/>',
     '<versionNumber value="2"/>' + numbered(set_id="1.2.250.1.999.2.9")),
    ("cda-h15", "recordTarget/patientRole/patient/name/given", "<given>Ana Lise</given>", ""),
    ("cda-h15", "recordTarget/patientRole/patient/name/given", "Ana Lise", " "),
    ("cda-h16", "author/assignedAuthor/code", SPECIALTY, '<code code="medecin"/>'),
    ("cda-h16", "author/assignedAuthor/assignedPerson/name",
     "TESTEUR</family><given>Lou</given></name></assignedPerson>\n<rep",
     "</family></name></assignedPerson>\n<rep"),
    ("cda-h16", "author/time", '"Biologiste"/><time value="20260115101500+0100"/>',
     '"Biologiste"/><time value="20261315"/>'),
    ("cda-h18", "legalAuthenticator/time",
     '<legalAuthenticator><time value="20260115101500+0100"/>',
     '<legalAuthenticator><time value="hier"/>'),
    ("cda-h19", "documentationOf/serviceEvent/effectiveTime/high",
     '<high value="20260116"/>', '<high value="hier"/>'),
    ("cda-h21", "relatedDocument", "<componentOf>", replacing("1.2", "APND") + "<componentOf>"),
    ("cda-oid", "/assignedAuthor/id", SIGNER + SPECIALTY,
     '<id root="RPPS 1" extension="899700000000"/>' + SPECIALTY),
    ("cda-oid", "setId", '<setId root="1.2.250.1.999.2.1"/>', '<setId root="1.2.250..1"/>'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "before", "after"), DOUBTS)
def test_a_doubt_is_a_warning_at_its_place(code: str, path: str, before: str, after: str) -> None:
    understood = understand_cda(structured((before, after)), DEFAULT_READING)
    found = [(one.code, one.severity, one.where) for one in understood.findings]
    assert found == [(code, Severity.WARNING, f"/ClinicalDocument/{path}")]
    assert understood.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("code", "before", "after"), [(code, before, after) for code, _, before, after in DOUBTS]
)
def test_a_strict_sender_is_refused_for_it(code: str, before: str, after: str) -> None:
    understood = understand_cda(structured((before, after)), Reading(strict=True))
    assert {one.code for one in understood.findings} == {code}
    assert understood.verdict is Verdict.REFUSE


def test_the_id_of_the_document_has_a_place_of_its_own() -> None:
    own = '<id root="1.2.250.1.999.1.1"/>'
    found = findings((own, '<id root="urn:oid:1.2.250.1.999.1.1"/>'))
    assert {(one.code, one.where) for one in found} == {
        ("cda-h06", "/ClinicalDocument/id"),
        ("cda-oid", "/ClinicalDocument/id"),
    }


def findings(*changes: tuple[str, str]) -> list[Finding]:
    return list(read_cda(structured(*changes), DEFAULT_READING).findings)


def test_two_different_ins_wait_for_a_person_and_the_same_twice_does_not() -> None:
    understood = understand_cda(structured((INS, INS + OTHER_INS)), DEFAULT_READING)
    assert [one.code for one in understood.findings] == ["ins-several"]
    assert understood.verdict is Verdict.HOLD
    assert findings((INS, INS + INS)) == []
    child = '<id root="1.2.250.1.213.1.4.13" extension="279035121518989"/>'
    assert findings((INS, INS + child)) == [], "a certificate of a child: no root of an INS"


@pytest.mark.parametrize("blank", [" ", "\u00a0", "&#160;", "&#10;"])
def test_a_blank_beside_an_ins_is_not_read_over(blank: str) -> None:
    for written in (f"255089999999966{blank}", f"{blank}255089999999966"):
        understood = understand_cda(structured(("255089999999966", written)), DEFAULT_READING)
        assert "ins-malformed" in {one.code for one in understood.findings}
        assert understood.verdict is Verdict.REFUSE


@pytest.mark.parametrize("kind", ["APND", "XFRM"])
def test_another_relation_than_a_replacement_replaces_nothing(kind: str) -> None:
    data = structured(("<componentOf>", replacing("1.2", kind) + "<componentOf>"))
    found = read_cda(data, DEFAULT_READING).document
    assert found is not None
    assert (found.action, found.replaces) == ("create", None)


def test_an_author_of_several_ids_is_known_by_the_national_one() -> None:
    local = '<assignedAuthor><id root="1.2.3.4" extension="DR12"/>'
    data = structured((AUTHOR, AUTHOR.replace("<assignedAuthor>", local)))
    found = read_cda(data, DEFAULT_READING).document
    assert found is not None
    assert (found.authors[0].id, found.authors[0].id_system) == (
        "899700000000",
        "1.2.250.1.71.4.2.1",
    )


def test_no_finding_of_a_broken_document_holds_a_trait() -> None:
    for _, _, before, after in DOUBTS:
        found = findings((before, after))
        assert found, after
        for one in found:
            assert "PATTE" not in one.message
            assert "TESTEUR" not in one.message


def test_a_birth_date_that_is_none_is_told_apart_from_a_missing_one() -> None:
    born = '<birthTime value="19550815"/>'
    written = findings((born, '<birthTime value="15/08/1955"/>'))
    missing = findings((born, ""))
    (told,) = (one for one in written if one not in missing)
    assert told.message == "This is no date of birth: write yyyymmdd."
    assert len(missing) == len(written) - 1 > 0


def test_what_is_wrong_a_hundred_times_is_told_once_with_its_place() -> None:
    many = numbered(set_id="1.2.250.1.999.2.9", version=1) * 100
    author = '<author><time value="hier"/><assignedAuthor/></author>' * 100
    found = findings(("<componentOf>", many + "<componentOf>"), (AUTHOR, author + AUTHOR))
    places = [(one.code, one.where.removeprefix("/ClinicalDocument/")) for one in found]
    assert places == [
        ("cda-h16", "author/assignedAuthor/id"),
        ("cda-h21", "relatedDocument"),
        ("cda-h16", "author/time"),
        ("cda-h12", "versionNumber"),
        ("cda-h12", "relatedDocument/parentDocument/setId"),
    ]
