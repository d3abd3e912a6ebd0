"""A strict reading holds a deposit to the cardinalities of the profile that it names."""

from dataclasses import replace

import pytest
from fhir_sample import MHD, Json, attachment, bundle, coded, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.reading import DEFAULT_READING

STRICT = replace(DEFAULT_READING, strict=True)
PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
WHOLE = f"{PDSM}/pdsm-comprehensive-document-reference"
SIMPLE = f"{PDSM}/pdsm-simplified-publish"
IHE = f"{MHD}/StructureDefinition/IHE.MHD"


def told(resource: Json) -> list[tuple[str, str]]:
    found = understand_fhir(raw(resource), STRICT).findings
    return [(one.code, one.where) for one in found if one.code.endswith("-cardinality")]


def posted(profile: str, **changes: object) -> Json:
    return reference(meta={"profile": [profile]}, **changes)


def sent_whole(profile: str, **changes: object) -> Json:
    content = {key: value for key, value in attachment().items() if key != "data"}
    told_format = {"system": "urn:oid:1.2.250.1.213.1.1.4.2.282", "code": "urn:x"}
    listed = [{"attachment": content | {"url": "Binary/1"}, "format": told_format}]
    return posted(profile, **({"content": listed} | changes))


@pytest.mark.parametrize(
    "profile", [WHOLE, f"{IHE}.Comprehensive.DocumentReference", f"{WHOLE}|3.1.1"]
)
def test_a_whole_reference_lacks_nothing(profile: str) -> None:
    assert told(sent_whole(profile)) == []
    assert told(posted(SIMPLE)) == []


@pytest.mark.parametrize(
    ("name", "of_mhd"),
    [
        ("masterIdentifier", True),
        ("type", True),
        ("category", True),
        ("subject", True),
        ("securityLabel", True),
        ("date", False),
        ("author", False),
        ("custodian", False),
    ],
)
def test_what_a_profile_requires_is_named(name: str, *, of_mhd: bool) -> None:
    changes: dict[str, object] = {name: None}
    place = f"DocumentReference.{name}"
    assert ("pdsm-cardinality", place) in told(sent_whole(WHOLE, **changes))
    missing = told(sent_whole(f"{IHE}.Comprehensive.DocumentReference", **changes))
    assert (("mhd-cardinality", place) in missing) == of_mhd


def test_the_format_of_a_content_and_the_date_of_a_simple_one_are_required() -> None:
    sent = sent_whole(WHOLE)
    del sent["content"][0]["format"]
    assert told(sent) == [("pdsm-cardinality", "DocumentReference.content.format")]
    assert told(posted(SIMPLE, date=None)) == [("pdsm-cardinality", "DocumentReference.date")]


def test_what_a_profile_has_no_use_for_is_named() -> None:
    again = coded("http://loinc.org", "11488-4")
    sent = sent_whole(WHOLE, docStatus="final", category=[again, again])
    assert told(sent) == [
        ("pdsm-cardinality", "DocumentReference.docStatus"),
        ("pdsm-cardinality", "DocumentReference.category"),
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:1"}]}, "identifier"),
        ({"context": {"event": [coded("e", "1"), coded("e", "2")]}}, "context.event"),
        ({"masterIdentifier": {"value": "urn:oid:1.2.250.1.999.1.1"}}, "masterIdentifier.system"),
        ({"masterIdentifier": {"system": "urn:ietf:rfc:3986"}}, "masterIdentifier.value"),
    ],
)
def test_a_simple_publication_names_its_document_alone(changes: Json, place: str) -> None:
    assert told(posted(SIMPLE, **changes)) == [("pdsm-cardinality", f"DocumentReference.{place}")]
    assert told(posted(SIMPLE, context={"event": [coded("e", "1")]})) == []


@pytest.mark.parametrize(
    ("hashed", "code"),
    [
        ("***", "base64"),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", "hash-length"),
        ("2jmj7l5rSw0yVb/vlWAYkK/YBwk=", None),
    ],
)
def test_a_hash_is_the_sha_1_in_base64_and_not_its_digits(hashed: str, code: str | None) -> None:
    sent = sent_whole(WHOLE)
    sent["content"][0]["attachment"]["hash"] = hashed
    found = understand_fhir(raw(sent), STRICT).findings
    place = "DocumentReference.content.attachment.hash"
    assert [one.code for one in found if one.where == place] == ([code] if code else [])


def test_the_subject_of_a_profile_is_a_patient() -> None:
    broken = ("fhir-reference", "DocumentReference.subject")
    for subject, named in (
        ({"reference": "Practitioner/1"}, [broken]),
        ({"type": "Group", "reference": "urn:uuid:1"}, [broken]),
        ({"reference": "https://a.test/fhir/Patient/1"}, []),
        ({"reference": "#source"}, []),
    ):
        for profile, expected in ((WHOLE, named), ("http://a.test/other", [])):
            sent = sent_whole(profile, subject=subject)
            found = understand_fhir(raw(sent), STRICT).findings
            told = [(one.code, one.where) for one in found if one.code == "fhir-reference"]
            assert told == expected, (subject, profile)


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        (f"{PDSM}/pdsm-comprehensive-provide-document-bundle", "pdsm-cardinality"),
        (f"{IHE}.Comprehensive.ProvideBundle", "mhd-cardinality"),
        (f"{IHE}.UnContained.Comprehensive.ProvideBundle", "mhd-cardinality"),
        (f"{IHE}.Minimal.ProvideBundle|4.2.4", "mhd-cardinality"),
        ("http://a.test/other", None),
    ],
)
def test_a_deposit_that_names_its_profile_has_a_submission_set(
    profile: str, code: str | None
) -> None:
    sent = bundle() | {"meta": {"profile": [profile]}}
    assert told(sent) == []
    del sent["entry"][0]
    assert told(sent) == ([(code, "Bundle.entry")] if code else [])


def a_set(profile: str, **changes: object) -> Json:
    sent = bundle()
    lot = sent["entry"][0]["resource"] | {"meta": {"profile": [profile]}} | changes
    sent["entry"][0]["resource"] = {key: one for key, one in lot.items() if one is not None}
    return sent


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, None),
        ({"mode": "snapshot"}, "List.mode"),
        ({"date": None}, "List.date"),
        ({"extension": None}, "List.extension"),
        ({"orderedBy": coded("o", "user")}, "List.orderedBy"),
    ],
)
def test_a_submission_set_is_held_to_its_profile(
    changes: dict[str, object], place: str | None
) -> None:
    for profile, code in (
        (f"{IHE}.Comprehensive.SubmissionSet", "mhd-cardinality"),
        (f"{PDSM}/pdsm-submissionset-comprehensive", "pdsm-cardinality"),
    ):
        expected = [(code, place)] if place else []
        assert list(dict.fromkeys(told(a_set(profile, **changes)))) == expected


def test_without_a_profile_nothing_is_required_of_it() -> None:
    assert told(reference(custodian=None, date=None)) == []
    assert told(reference(meta={"profile": ["http://a.test/other"]}, date=None)) == []
