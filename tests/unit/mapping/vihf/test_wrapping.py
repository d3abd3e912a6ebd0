"""Attacks on which assertion is read: XDS.md section 8, checks 1 to 5."""

import pytest
from dmp_authority import DmpAuthority
from dmp_software import WSSE, assertion, request, sign
from lxml import etree
from vihf_case import AUTHORITY, NOW, SIGNER, TRUST, claims, message, proved, signed, why

from gateway.mapping.vihf.prove import prove
from gateway.mapping.vihf.refusal import Why
from gateway.mapping.xml import parse_xml

DS = "{http://www.w3.org/2000/09/xmldsig#}"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
EVIL = "899700000001"


def forged(**said: object) -> etree._Element:
    """An assertion that nobody signed, of somebody else."""
    return etree.fromstring(assertion(claims(subject=EVIL, **said)))


def real() -> etree._Element:
    return etree.fromstring(signed(id="_real"))


def refused(assertions: str) -> Why | None:
    return why(lambda: proved(assertions))


def text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode")


def moved_signature() -> tuple[etree._Element, etree._Element]:
    """The real assertion without its signature, and the signature alone."""
    original = real()
    signature = original.find(f"{DS}Signature")
    assert signature is not None
    original.remove(signature)
    return original, signature


def test_the_assertion_that_was_signed_is_read() -> None:
    assert proved(signed()).vihf.subject == "899700218896"


def test_a_forged_assertion_before_the_signed_one_is_refused() -> None:
    assert refused(text(forged(id="_evil")) + text(real())) is Why.SEVERAL


def test_a_forged_assertion_behind_the_signed_one_is_refused() -> None:
    assert refused(text(real()) + text(forged(id="_evil"))) is Why.SEVERAL


def test_a_forged_assertion_around_the_signed_one_is_refused() -> None:
    around = forged(id="_evil")
    around.append(real())
    assert refused(text(around)) is Why.SEVERAL


def test_the_signed_assertion_in_an_object_of_the_signature_is_refused() -> None:
    evil, (original, signature) = forged(id="_evil"), moved_signature()
    etree.SubElement(signature, f"{DS}Object").append(original)
    evil.insert(1, signature)
    assert refused(text(evil)) is Why.SEVERAL


def test_a_signature_that_names_an_assertion_elsewhere_in_the_message_is_refused() -> None:
    evil, (original, signature) = forged(id="_evil"), moved_signature()
    evil.insert(1, signature)
    tree = message(text(evil), body=text(original))
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.SEVERAL


def test_a_signature_over_another_element_of_the_message_is_refused() -> None:
    """No second assertion: what was signed hides under another name in the body."""
    evil, (original, signature) = forged(id="_evil"), moved_signature()
    evil.insert(1, signature)
    hidden = text(original).replace("saml:Assertion", "saml:Advice")
    tree = message(text(evil), body=hidden)
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.FORM


def test_an_unsigned_sibling_of_the_signed_fields_is_refused() -> None:
    original = real()
    statement = original.find(f"{SAML}AttributeStatement")
    assert statement is not None
    original.append(etree.fromstring(etree.tostring(statement)))
    assert refused(text(original)) is Why.SIGNATURE


def test_an_element_put_into_the_signature_is_not_read_and_is_refused() -> None:
    """The enveloped transform leaves the signature out of the digest: nothing may hide in it."""
    original = real()
    signature = original.find(f"{DS}Signature")
    subject = original.find(f"{SAML}Subject")
    assert signature is not None
    assert subject is not None
    signature.append(etree.fromstring(etree.tostring(subject)))
    assert refused(text(original)) is Why.FORM


def test_an_assertion_outside_of_the_security_header_is_refused() -> None:
    tree = parse_xml(request(signed(), action="urn:x", vihf=None))
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.SEVERAL


def test_a_security_header_inside_of_the_body_is_refused() -> None:
    header = f'<soap:Header><w:Security xmlns:w="{WSSE}">{signed()}</w:Security></soap:Header>'
    tree = parse_xml(request(header, action="urn:x", vihf=None))
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.SEVERAL


def test_two_security_headers_are_refused() -> None:
    second = f'<w:Security xmlns:w="{WSSE}"/></soap:Header>'
    text = request("<a/>", action="urn:x", vihf=signed()).decode()
    tree = parse_xml(text.replace("</soap:Header>", second).encode())
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.SEVERAL


def test_two_signatures_in_an_assertion_are_refused() -> None:
    original = real()
    signature = original.find(f"{DS}Signature")
    assert signature is not None
    original.append(etree.fromstring(etree.tostring(signature)))
    assert refused(text(original)) is Why.SEVERAL


def test_an_assertion_of_another_namespace_counts_as_a_second_one() -> None:
    assert refused(signed() + '<Assertion xmlns="urn:other"/>') is Why.SEVERAL


def test_an_encrypted_assertion_counts_as_a_second_one() -> None:
    assert refused(signed() + f'<EncryptedAssertion xmlns="{SAML[1:-1]}"/>') is Why.SEVERAL


def test_no_assertion_is_no_proof() -> None:
    tree = parse_xml(request("<a/>", action="urn:x", vihf=None))
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.ABSENT


@pytest.mark.parametrize("spelling", ["ID", "Id", "id", "AssertionID", "xml:id", "iD"])
def test_the_id_of_the_assertion_has_no_other_owner_in_whatever_spelling(spelling: str) -> None:
    tree = message(signed(id="_twice"), body=f'<a {spelling}="_twice"/>')
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.DUPLICATE


def test_two_equal_ids_anywhere_in_the_message_are_refused() -> None:
    tree = message(signed(), body='<a ID="x"><b Id="x"/></a>')
    assert why(lambda: prove(tree, TRUST, now=NOW)) is Why.DUPLICATE


def test_an_entry_and_its_document_share_their_id() -> None:
    tree = message(signed(), body='<a id="Document01"><b id="Document01"/></a>')
    assert prove(tree, TRUST, now=NOW).vihf.id


def test_a_comment_in_the_name_id_does_not_cut_it() -> None:
    """Signed as it stands: a reader that stops at the comment would take it for another person."""
    vihf = signed(subject="899700218896EVIL", authentication="INDIRECTE")
    cut = vihf.replace("899700218896EVIL", "899700218896<!-- -->EVIL")
    assert proved(cut).vihf.subject == "899700218896EVIL"


def test_a_processing_instruction_in_the_name_id_spoils_the_digest() -> None:
    plain = assertion(claims(subject="899700218896X", authentication="INDIRECTE"))
    inside = plain.replace("899700218896X", "899700218896<?x y?>X")
    assert refused(sign(inside, SIGNER)) is Why.SIGNATURE


def test_a_field_changed_after_the_signature_is_refused() -> None:
    assert refused(signed().replace("899700218896", EVIL, 1)) is Why.SIGNATURE
    assert refused(signed().replace(">10B0127189<", ">10B0000001<")) is Why.SIGNATURE


def test_an_assertion_signed_by_somebody_else_under_our_name_is_refused() -> None:
    stranger = DmpAuthority("AC inconnue").signer()
    vihf = sign(assertion(claims()), stranger)
    assert refused(vihf) is Why.AUTHORITY


def test_an_issuer_that_did_not_sign_is_refused() -> None:
    other = AUTHORITY.signer(structure="10B0000001")
    vihf = sign(assertion(claims()), other)
    assert refused(vihf) is Why.ISSUER


def test_prefixes_and_namespaces_around_the_assertion_do_not_matter() -> None:
    text = request("<a/>", action="urn:x", vihf=signed()).decode()
    more = text.replace("<soap:Envelope ", '<soap:Envelope xmlns="urn:else" xmlns:z="urn:z" ')
    assert prove(parse_xml(more.encode()), TRUST, now=NOW).vihf.id


def test_an_assertion_with_a_list_of_inclusive_prefixes_is_verified() -> None:
    vihf = sign(assertion(claims()), SIGNER, prefixes="ds saml #default xsi")
    assert proved(vihf).vihf.id


def test_an_assertion_with_white_space_between_its_elements_is_verified() -> None:
    spaced = assertion(claims()).replace("><", ">\n  <")
    assert proved(sign(spaced, SIGNER)).vihf.id


def test_a_prefix_declared_by_the_envelope_alone_is_in_scope_for_the_digest() -> None:
    """The signer saw the whole message: what it hashed had a namespace of the envelope."""
    outside = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    whole = sign(assertion(claims()), SIGNER, prefixes="xsi").replace(f" {outside}", "")
    envelope = request("<a/>", action="urn:x", vihf=whole).decode()
    tree = parse_xml(envelope.replace("<soap:Envelope", f"<soap:Envelope {outside}").encode())
    assert prove(tree, TRUST, now=NOW).vihf.id


def test_more_elements_than_any_vihf_has_are_refused_before_they_are_hashed() -> None:
    for number, expected in ((10, None), (600, Why.FIELD)):
        many = "<saml:SubjectConfirmation/>" * number + "</saml:Subject>"
        grown = assertion(claims()).replace("</saml:Subject>", many)
        assert refused(sign(grown, SIGNER)) is expected


def test_a_namespace_that_would_grow_the_canonical_form_is_refused() -> None:
    for length, expected in ((20, None), (300, Why.FIELD)):
        declared = f'<saml:Assertion xmlns:z="urn:{"z" * length}" '
        grown = assertion(claims()).replace("<saml:Assertion ", declared)
        assert refused(sign(grown, SIGNER)) is expected
