"""The registry: any query is answered or told what to mend, any record is written as XML."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from query_targets import SEEN
from registry_sample import GET_ALL, REPLACES, STATUS, entry, query, registry, request, urn_of

from gateway.mapping.xds.query.answer import found_response
from gateway.mapping.xds.query.asked import QueryRefusedError, read_query
from gateway.mapping.xds.query.find import find
from gateway.mapping.xds.query.stored import QUERIES
from gateway.mapping.xml import parse_xml
from gateway.records.documents.document import Author
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity

NAMES = sorted({name for one in QUERIES.values() for name in one.known})
VALUES = (
    f"('{STATUS}Approved')", f"('{urn_of(1)}','{urn_of(2)}')", f"'{urn_of(102)}'", "20260115",
    "('1.2.250.1.999.2')", f"('{REPLACES}')", "('%FICTIVE%')", "('11^^1.2')", "()", "('a'",
    "('CMD-7^^^&amp;1.2.3.4&amp;ISO^x')",
)  # fmt: skip
values = st.one_of(st.sampled_from(VALUES), st.text("'(),^%_x1 ", max_size=12))
anything = st.text(st.characters(codec="utf-8"), max_size=20)


@given(
    st.sampled_from(sorted(QUERIES)),
    st.dictionaries(st.sampled_from(NAMES), st.lists(values, max_size=3), max_size=6),
    st.sampled_from(("LeafClass", "ObjectRef", "")),
)
def test_any_query_is_answered_or_told_what_to_mend(
    name: str, slots: dict[str, list[str]], returns: str
) -> None:
    with suppress(QueryRefusedError):
        asked = read_query(request(name, dict(slots), returns=returns))
        made = found_response(find(asked, SEEN), leaf=asked.leaf, repository="1.2")
        answer = parse_xml(made)
        assert answer.get("totalResultCount") == str(len(answer[-1]))


@given(anything, anything, anything)
def test_an_answer_is_xml_whatever_a_record_holds(one: str, other: str, third: str) -> None:
    """And the octets are those that a serializer would write."""
    house = registry(
        entry(
            1,
            unique_id=one,
            title=other,
            type_code=third,
            creation_time=one,
            mime_type=other,
            event_codes=(one, third),
            patient=PatientIdentity(ins=one, ins_oid=other, other_ids=(third,), birth_family=one),
            authors=(Author(kind="person", id=one, family=other, role=third, specialty=one),),
            related=(other,),
        ),
        said=Submission(unique_id=one, source_id=other, time=third, author=one, content_type=other),
    )
    every = (f"('{STATUS}Approved')",)
    slots = dict.fromkeys(
        ("$XDSDocumentEntryStatus", "$XDSSubmissionSetStatus", "$XDSFolderStatus"), every
    )
    found = find(query(GET_ALL, dict(slots)), house)
    made = found_response(found, leaf=True, repository="1.2")
    answer = parse_xml(made)
    assert answer.get("totalResultCount") == "3"
    assert etree.tostring(answer, encoding="UTF-8") == made
