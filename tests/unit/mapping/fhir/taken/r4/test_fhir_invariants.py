"""A strict reading names the invariant of R4 that a deposit breaks; a tolerant one takes it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fhir_sample import Json, attachment, bundle, document, raw, reference

from gateway.mapping.fhir.taken.reach import for_door
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Severity
from gateway.records.intake.reading import DEFAULT_READING

STRICT = replace(DEFAULT_READING, strict=True)
INVARIANTS = "fhir-bdl fhir-att fhir-ext fhir-ref fhir-per fhir-qty fhir-cpt fhir-cmp fhir-lst"
OURS = (*INVARIANTS.split(), "fhir-obs", "fhir-pat", "fhir-dom-2", "fhir-code")
CODE = {"coding": [{"system": "http://loinc.org", "code": "718-7"}]}


def broken(resource: Json) -> list[tuple[str, str]]:
    found = understand_fhir(raw(resource), STRICT).findings
    ours = [one for one in found if one.code.startswith(OURS)]
    assert all(one.severity is Severity.ERROR for one in ours)
    return [(one.code, one.where) for one in ours]


def observation(**changes: object) -> Json:
    return {"resourceType": "Observation", "status": "final", "code": CODE} | changes


def made(*others: Json, **changes: object) -> Json:
    return document(*others) | {"timestamp": "2026-01-15T10:15:00+01:00"} | changes


def entry(change: Callable[[Json], object], at: int = 0) -> Json:
    sent = bundle()
    change(sent["entry"][at])
    return sent


def composition(**changes: object) -> Json:
    sent = made()
    sent["entry"][0]["resource"] |= changes
    return sent


def test_what_is_sound_breaks_none() -> None:
    value = {"value": 13.4, "unit": "g/dL", "system": "http://unitsofmeasure.org", "code": "g/dL"}
    assert broken(reference()) == []
    assert broken(bundle()) == []
    assert broken(made(observation(valueQuantity=value))) == []


@pytest.mark.parametrize(
    ("sent", "code", "where"),
    [
        (document(), "fhir-bdl-10", "Bundle.timestamp"),
        (made(total=1), "fhir-bdl-1", "Bundle.total"),
        (entry(lambda one: one.update(search={"mode": "match"})), "fhir-bdl-2", "entry[0].search"),
        (entry(lambda one: one.pop("request"), 1), "fhir-bdl-3", "entry[1].request"),
        (
            entry(lambda one: one.update(response={"status": "201"})),
            "fhir-bdl-4",
            "entry[0].response",
        ),
        (
            entry(lambda one: one.update(fullUrl="http://a.test/List/1/_history/2")),
            "fhir-bdl-8",
            "entry[0].fullUrl",
        ),
        (composition(section=[{"title": "Vide"}]), "fhir-cmp-1", "resource.section[0]"),
        (
            composition(section=[{"entry": [{"reference": "urn:uuid:1"}], "emptyReason": CODE}]),
            "fhir-cmp-2",
            "section[0].emptyReason",
        ),
        (composition(status="done"), "fhir-code", "resource.status"),
        (
            made(observation(valueString="1", dataAbsentReason=CODE)),
            "fhir-obs-6",
            "resource.dataAbsentReason",
        ),
        (made(observation(valueString="1", component=[{"code": CODE}])), "fhir-obs-7", "resource"),
        (made(observation(referenceRange=[{}])), "fhir-obs-3", "resource.referenceRange[0]"),
        (made(observation(status="done")), "fhir-code", "resource.status"),
        (
            made(observation(valueQuantity={"value": 13.4, "code": "g/dL"})),
            "fhir-qty-3",
            "resource.valueQuantity",
        ),
        (reference(status="done"), "fhir-code", "DocumentReference.status"),
        (reference(docStatus="done"), "fhir-code", "DocumentReference.docStatus"),
        (
            reference(context={"period": {"start": "2026-02", "end": "2026-01-15"}}),
            "fhir-per-1",
            "DocumentReference.context.period",
        ),
        (reference(custodian={"reference": "#nobody"}), "fhir-ref-1", "custodian.reference"),
        (reference(extension=[{"url": "http://a.test"}]), "fhir-ext-1", "extension[0]"),
        (
            reference(
                extension=[{"url": "http://a.test", "valueCode": "a", "extension": [{"url": "b"}]}]
            ),
            "fhir-ext-1",
            "extension[0]",
        ),
        (
            reference(contained=[{"resourceType": "Patient", "id": "a", "contained": [{}]}]),
            "fhir-dom-2",
            "contained[0].contained",
        ),
        (
            reference(contained=[{"resourceType": "Patient", "id": "a", "gender": "F"}]),
            "fhir-code",
            "contained[0].gender",
        ),
        (
            reference(contained=[{"resourceType": "Patient", "id": "a", "contact": [{"id": "b"}]}]),
            "fhir-pat-1",
            "contained[0].contact[0]",
        ),
        (
            reference(
                contained=[{"resourceType": "Patient", "id": "a", "telecom": [{"value": "06"}]}]
            ),
            "fhir-cpt-2",
            "contained[0].telecom[0]",
        ),
        (
            reference(content=[{"attachment": attachment() | {"contentType": ""}}]),
            "fhir-att-1",
            "content[0].attachment",
        ),
    ],
)
def test_each_invariant_is_named_where_it_is_broken(sent: Json, code: str, where: str) -> None:
    found = broken(sent)
    assert [place for name, place in found if name == code and place.endswith(where)] != []


def test_a_list_of_deposit_is_not_a_list_of_changes() -> None:
    sent = bundle()
    sent["entry"][0]["resource"]["mode"] = "snapshot"
    sent["entry"][0]["resource"]["entry"][0] |= {"date": "2026-01-15", "deleted": True}
    place = "Bundle.entry[0].resource.entry[0]"
    assert broken(sent) == [("fhir-lst-2", f"{place}.deleted"), ("fhir-lst-3", f"{place}.date")]


def test_periods_are_compared_as_far_as_both_are_known() -> None:
    for start, end in (("2026-01-15", "2026-01"), ("2026", "2026-01-01"), ("2026-01-15", "hier")):
        sent = reference(context={"period": {"start": start, "end": end}})
        assert ("fhir-per-1", "DocumentReference.context.period") not in broken(sent)


def test_findings_of_one_deposit_are_bounded() -> None:
    assert len(broken(reference(extension=[{"url": "http://a.test"}] * 50))) == 20


def test_a_tolerant_reading_says_none_of_it() -> None:
    for sent in (document(), reference(extension=[{"url": "http://a.test"}])):
        found = understand_fhir(raw(sent), DEFAULT_READING).findings
        assert not [one for one in found if one.code.startswith(OURS)]


@pytest.mark.parametrize("strict", [False, True])
def test_a_binary_of_another_type_than_its_attachment_is_told(*, strict: bool) -> None:
    sent = bundle()
    sent["entry"][2]["resource"]["contentType"] = "application/pdf"
    answer = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=strict))
    [found] = [one for one in answer.findings if one.code == "mime-differs"]
    place = "Bundle.entry[1].resource.content[0].attachment.contentType"
    assert (found.severity is Severity.ERROR, found.where) == (strict, place)
    assert answer.documents[0].mime_type == "text/plain"


@pytest.mark.parametrize("own", ["text/plain; charset=utf-8", "TEXT/PLAIN"])
def test_the_same_type_in_other_words_is_no_contradiction(own: str) -> None:
    sent = bundle()
    sent["entry"][2]["resource"]["contentType"] = own
    found = understand_fhir(raw(sent), STRICT).findings
    assert "mime-differs" not in {one.code for one in found}


def test_bytes_that_are_no_pdf_contradict_their_type() -> None:
    sent = reference(content=[{"attachment": attachment(mime="application/pdf")}])
    told = [(one.code, one.where) for one in understand_fhir(raw(sent), STRICT).findings]
    assert ("not-pdf", "DocumentReference.content[0].attachment.contentType") in told
    assert understand_fhir(raw(sent), STRICT).verdict == "refuse"
    mild = understand_fhir(raw(sent), DEFAULT_READING)
    assert (mild.verdict, for_door(mild).verdict) == ("hold", "refuse")


@pytest.mark.parametrize("strict", [False, True])
def test_a_document_entered_in_error_is_never_filed(*, strict: bool) -> None:
    answer = understand_fhir(
        raw(reference(status="entered-in-error")), replace(DEFAULT_READING, strict=strict)
    )
    assert answer.verdict == "refuse"
    assert "DocumentReference.status" in {one.where for one in answer.findings}
