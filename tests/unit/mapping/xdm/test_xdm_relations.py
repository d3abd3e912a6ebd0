"""Associations: what a document replaces, and relations that nobody acts on."""

from dataclasses import replace

import pytest
from xdm_sample import (
    AT,
    CDA,
    EDITOR,
    METADATA,
    NOTE,
    SUBMISSION,
    archive,
    document,
    edited,
    members,
    told,
    understood,
)

from gateway.mapping.xdm.write import pack
from gateway.records.documents.document import Action
from gateway.records.intake.finding import Verdict

KIND = "urn:oasis:names:tc:ebxml-regrep:AssociationType:RPLC"
RPLC = (
    f'<rim:Association id="r1" associationType="{KIND}"'
    ' sourceObject="{0}" targetObject="{1}"/></rim:RegistryObjectList>'
)


def test_an_rplc_association_replaces_where_no_slot_does() -> None:
    previous = replace(NOTE, unique_id="1.2.250.1.999.1.8")
    files = members(pack([(previous, b"a"), (NOTE, b"b")], SUBMISSION, editor=EDITOR, at=AT))
    ids = [part.split('"')[0] for part in files[METADATA].decode().split('targetObject="')[1:]]
    link = RPLC.format(ids[1], ids[0])
    answer = understood(edited(files, "</rim:RegistryObjectList>", link))
    assert [one.action for one in answer.documents] == [Action.CREATE, Action.REPLACE]
    assert answer.documents[1].replaces == "1.2.250.1.999.1.8"
    assert told(answer) == {("action-differs", "DOC0002.TXT")}


@pytest.mark.parametrize(
    ("target", "replaces"),
    [("urn:oid:1.2.250.1.999.1.7", "1.2.250.1.999.1.7"), ("urn:uuid:00000000-1", None)],
)
def test_an_association_with_another_registry_names_what_it_can(
    target: str, replaces: str | None
) -> None:
    files = members(archive(b"Bonjour", replace(NOTE, action=Action.REPLACE)))
    own = files[METADATA].decode().split('targetObject="')[1].split('"')[0]
    answer = understood(edited(files, "</rim:RegistryObjectList>", RPLC.format(own, target)))
    assert answer.documents[0].replaces == replaces
    missing = set() if replaces else {("replaces-missing", "DOC0001.TXT")}
    assert told(answer) == missing


def test_an_association_and_a_cda_that_disagree_wait_for_a_person() -> None:
    related = (
        b'<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.999.1.6"/>'
        b"</parentDocument></relatedDocument><componentOf>"
    )
    newer = CDA.replace(b"<componentOf>", related).replace(b'Number value="1"', b'Number value="2"')
    files = members(archive(newer, replace(document(newer), action=Action.REPLACE)))
    own = files[METADATA].decode().split('targetObject="')[1].split('"')[0]
    link = RPLC.format(own, "urn:oid:1.2.250.1.999.1.7")
    answer = understood(edited(files, "</rim:RegistryObjectList>", link))
    assert answer.verdict is Verdict.HOLD
    assert told(answer) == {("replaces-differs", "DOC0001.XML")}
    assert answer.documents[0].replaces == "1.2.250.1.999.1.6"


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("urn:ihe:iti:2007:AssociationType:XFRM_RPLC", False),
        ("urn:ihe:iti:2007:AssociationType:APND", False),
        ("urn:oasis:names:tc:ebxml-regrep:AssociationType:XFRM", False),
        ("urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus", False),
        ("", False),
        ("urn:ihe:iti:2007:AssociationType:signs", True),
    ],
)
def test_a_relation_that_is_not_acted_on_is_said(kind: str, known: bool) -> None:
    files = members(archive())
    own = files[METADATA].decode().split('targetObject="')[1].split('"')[0]
    link = RPLC.format(own, "urn:oid:1.2.250.1.999.1.7").replace(KIND, kind)
    answer = understood(edited(files, "</rim:RegistryObjectList>", link))
    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].action is Action.CREATE
    assert told(answer) == (set() if known else {("relation-not-kept", "METADATA.XML")})
