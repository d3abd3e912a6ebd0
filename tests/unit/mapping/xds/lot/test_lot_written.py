"""A lot that our own client writes, held against the reader that strangers' ones proved."""

from datetime import UTC, datetime

import pytest
from dmp_authority import STRUCTURE, DmpAuthority
from lxml import etree
from papers import ANA, report

from gateway.errors import RefusedError
from gateway.mapping.understand import understand_all
from gateway.mapping.vihf.card import Card
from gateway.mapping.xdm.ebrim.sets import filled
from gateway.mapping.xds.lot import understand_lot
from gateway.mapping.xds.lot.signature import DS, PROPERTIES
from gateway.mapping.xds.lot.write import SIGNATURE, Sent, provide_request
from gateway.mapping.xml import Element, parse_xml
from gateway.records.documents.document import Action, Author, Document
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Understanding

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIGNER = DmpAuthority().signer()
CARD = Card(SIGNER.key, SIGNER.certificate)
AUTHOR = Author(kind="person", id="899700218896", organization_id=STRUCTURE)
ENTRY = "urn:uuid:018f0000-0000-7000-8000-000000000001"


def sent(body: bytes, replaces: str | None = None) -> Sent:
    [understood] = understand_all(body, Reading())
    return Sent(understood.documents[0], body, replaces)


def written(*documents: Sent) -> tuple[Element, dict[str, bytes]]:
    first = documents[0].document
    submission = filled(None, first, receipt="0" * 31 + "7", at=NOW)
    root, parts = provide_request(submission, documents, CARD, author=AUTHOR, at=NOW)
    return root, dict(parts)


def understood(root: Element, parts: dict[str, bytes]) -> Understanding:
    return understand_lot(parse_xml(etree.tostring(root)), parts, Reading(strict=True))


def codes(found: Understanding) -> list[str]:
    return [one.code for one in found.findings]


def test_a_lot_that_is_written_is_taken_and_its_signature_holds() -> None:
    papers = [
        sent(report(ANA).document()),
        sent(report(ANA, title="Été à l'&lt;œuvre&gt;").document()),
    ]
    found = understood(*written(*papers))
    assert (found.verdict, codes(found)) == (Verdict.ACCEPT, ["xds-signature"])
    assert found.signed_by == SIGNER.der
    assert [one.body for one in found.contents] == [one.body for one in papers]
    assert [_told(one) for one in found.documents] == [_told(one.document) for one in papers]


def _told(one: Document) -> tuple[object, ...]:
    """What the envelope says again."""
    codes = (one.type_code, one.class_code, one.format_code, one.confidentiality)
    return (one.unique_id, one.title, one.patient, one.authors, one.creation_time, *codes)


def test_a_byte_of_a_document_that_changes_breaks_the_signature() -> None:
    root, parts = written(sent(report(ANA, title="Bilan annuel").document()))
    first = next(iter(parts))
    parts[first] = parts[first].replace(b"Bilan annuel", b"Bilan ANNUEL")
    assert "xds-signature-broken" in codes(understood(root, parts))


def test_a_replacement_names_the_entry_that_it_replaces() -> None:
    root, parts = written(sent(report(ANA).document(), replaces=ENTRY))
    [document] = understood(root, parts).documents
    told = (document.action, document.replaces)
    assert told == (Action.REPLACE, ENTRY.removeprefix("urn:uuid:").replace("-", ""))


def test_each_signed_part_has_one_canonical_form_for_those_who_see_what_is_above_it() -> None:
    """Inclusive canonicalisation repeats the namespaces in scope: a verifier that sees them all
    must find the octets that one finds who is given the part alone."""
    _, parts = written(sent(report(ANA).document()))
    root = parse_xml(parts[f"{SIGNATURE}@passerelle"])
    for name in (f"{DS}SignedInfo", f"{DS}Manifest", f"{{*}}{PROPERTIES}"):
        part = next(root.iter(name))
        scope = dict(part.nsmap)
        apex = etree.tostring(part, method="c14n").partition(b">")[0]
        shown = {
            f'xmlns:{prefix}="{uri}"' if prefix else f'xmlns="{uri}"'
            for prefix, uri in scope.items()
        }
        assert all(one.encode() in apex for one in shown), name


def test_what_says_that_it_is_xml_and_is_none_is_not_signed() -> None:
    paper = sent(report(ANA).document())
    with pytest.raises(RefusedError):
        written(paper._replace(body=b"no XML"))
