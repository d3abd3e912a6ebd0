"""Which certificates sign: authority, dates, revocation, use (XDS.md section 8, check 4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from dmp_authority import END, POLICY, START, DmpAuthority, key_of
from vihf_case import AUTHORITY, NOW, SIGNER, why

from gateway.mapping.vihf.refusal import Why
from gateway.mapping.vihf.trust import (
    DEMO_AUTHORITY,
    Trust,
    check_certificate,
    check_connection,
    trust_of,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
CLIENT = AUTHORITY.client()
CLEAN = AUTHORITY.revoked(at=NOW - DAY)


def judged(
    certificate: x509.Certificate = SIGNER.certificate,
    *,
    lists: Sequence[bytes] = (),
    now: datetime = NOW,
    listed: bool = False,
    policies: Sequence[str] = (),
) -> Why | None:
    trust = trust_of([AUTHORITY.pem], lists, listed=listed, policies=policies)
    return why(lambda: check_certificate(certificate, trust, now))


def bearing(*extensions: x509.ExtensionType) -> x509.Certificate:
    key = key_of("bearing").public_key()
    return x509.load_der_x509_certificate(AUTHORITY.certificate_for(key, *extensions))


def test_a_certificate_of_an_authority_of_ours_is_taken() -> None:
    assert judged() is None


def test_no_authority_trusts_nobody() -> None:
    trust = Trust(authorities=())
    assert why(lambda: check_certificate(SIGNER.certificate, trust, NOW)) is Why.AUTHORITY


def test_a_certificate_of_another_authority_is_refused() -> None:
    assert judged(DmpAuthority("AC inconnue").signer().certificate) is Why.AUTHORITY


def test_an_authority_of_the_same_name_with_another_key_is_another_one() -> None:
    double = DmpAuthority("AC inconnue")
    double.name = AUTHORITY.name
    assert judged(double.signer().certificate) is Why.AUTHORITY


def test_a_certificate_issued_by_an_end_certificate_is_refused() -> None:
    """Who may sign with a card makes no cards."""
    below = DmpAuthority("AC inconnue")
    below.key, below.name = SIGNER.key, SIGNER.certificate.subject
    assert judged(below.signer(person="899700000001").certificate) is Why.AUTHORITY


def test_an_authority_does_not_sign_a_vihf_itself() -> None:
    assert judged(AUTHORITY.certificate) is Why.PURPOSE


def test_a_certificate_proves_within_its_dates_alone() -> None:
    short = AUTHORITY.signer(start=NOW - DAY, end=NOW + DAY).certificate
    assert judged(short, now=NOW - DAY) is None
    assert judged(short, now=NOW + DAY) is None
    assert judged(short, now=NOW - DAY - SECOND) is Why.DATES
    assert judged(short, now=NOW + DAY + SECOND) is Why.DATES


def test_the_authority_is_within_its_dates_too() -> None:
    old = DmpAuthority("AC ancienne", start=START, end=NOW - DAY)
    trust = trust_of([old.pem])
    assert why(lambda: check_certificate(old.signer(end=END).certificate, trust, NOW)) is Why.DATES


def test_a_revoked_certificate_is_refused() -> None:
    listed = AUTHORITY.revoked(SIGNER, at=NOW - DAY)
    assert judged(lists=[listed]) is Why.REVOKED
    assert judged(AUTHORITY.signer(person="899700000002").certificate, lists=[listed]) is None


def test_a_list_in_der_is_read_too() -> None:
    listed = x509.load_pem_x509_crl(AUTHORITY.revoked(SIGNER, at=NOW - DAY))
    assert judged(lists=[listed.public_bytes(serialization.Encoding.DER)]) is Why.REVOKED


def test_one_of_several_lists_is_enough_to_be_revoked() -> None:
    assert judged(lists=[CLEAN, AUTHORITY.revoked(SIGNER, at=NOW - DAY)]) is Why.REVOKED


def test_a_list_out_of_date_lets_nobody_in() -> None:
    assert judged(lists=[CLEAN]) is None
    assert judged(lists=[CLEAN], now=NOW + 7 * DAY) is Why.LIST
    assert judged(lists=[CLEAN], now=NOW - 2 * DAY) is Why.LIST


def test_who_was_revoked_stays_so_when_the_list_is_out_of_date() -> None:
    listed = AUTHORITY.revoked(SIGNER, at=NOW - 30 * DAY)
    assert judged(lists=[listed]) is Why.REVOKED


def test_where_lists_are_asked_for_an_authority_without_one_proves_nothing() -> None:
    assert judged(listed=True) is Why.LIST
    assert judged(listed=True, lists=[CLEAN]) is None


def connected(*lists: bytes, by: bytes = CLIENT.der, listed: bool = True) -> Why | None:
    trust = trust_of([AUTHORITY.pem], lists, listed=listed)
    return why(lambda: check_connection(by, trust, NOW))


def test_a_client_certificate_is_held_against_the_lists_as_one_to_sign_with() -> None:
    assert connected(CLEAN) is None
    assert connected(AUTHORITY.revoked(CLIENT, at=NOW - DAY)) is Why.WITHDRAWN
    assert connected(AUTHORITY.revoked(SIGNER, at=NOW - DAY)) is None
    assert connected(AUTHORITY.revoked(at=NOW - 30 * DAY)) is Why.LIST
    assert (connected(), connected(listed=False)) == (Why.LIST, None)


def test_a_client_certificate_of_another_authority_is_left_to_tls() -> None:
    assert connected(by=DmpAuthority("AC du réseau").client().der) is None


def test_a_list_that_no_authority_of_ours_signed_is_named_when_it_is_read() -> None:
    forged = DmpAuthority("AC inconnue")
    forged.name = AUTHORITY.name
    with pytest.raises(ValueError, match="none of the authorities"):
        trust_of([AUTHORITY.pem], [forged.revoked(at=NOW)])


def test_a_file_of_authorities_holds_nothing_but_authorities() -> None:
    end = SIGNER.certificate.public_bytes(serialization.Encoding.PEM)
    for pem in (end, AUTHORITY.pem + end):
        with pytest.raises(ValueError, match="no authority's"):
            trust_of([pem])


@pytest.mark.parametrize("octets", [b"", b"nothing"])
def test_a_file_without_certificates_is_no_file_of_authorities(octets: bytes) -> None:
    with pytest.raises(ValueError, match="PEM"):
        trust_of([octets])


def test_a_list_of_another_version_cannot_be_read() -> None:
    listed = x509.load_pem_x509_crl(CLEAN).public_bytes(serialization.Encoding.DER)
    version = listed.index(b"\x02\x01\x01")
    broken = listed[: version + 2] + b"\x17" + listed[version + 3 :]
    with pytest.raises(ValueError, match="cannot be read"):
        trust_of([AUTHORITY.pem], [broken])


def test_the_authority_of_a_demo_is_none_elsewhere() -> None:
    demo = DmpAuthority(DEMO_AUTHORITY)
    assert trust_of([demo.pem]).authorities
    with pytest.raises(ValueError, match="the authority of a demo"):
        trust_of([AUTHORITY.pem, demo.pem], demo=False)


def test_a_certificate_to_come_by_tls_does_not_sign() -> None:
    assert judged(AUTHORITY.client().certificate) is Why.PURPOSE


@pytest.mark.parametrize("use", [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
def test_no_policy_makes_up_for_a_use_in_tls(use: x509.ObjectIdentifier) -> None:
    certificate = bearing(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, use]))
    assert judged(certificate, policies=[POLICY]) is Why.PURPOSE


def test_a_signing_certificate_may_lack_non_repudiation_and_any_key_usage() -> None:
    assert judged(bearing()) is None
    assert judged(bearing(usage(digital_signature=True))) is None


def test_a_key_to_encipher_does_not_sign() -> None:
    assert judged(bearing(usage(key_encipherment=True))) is Why.PURPOSE


def test_where_policies_are_named_one_of_them_is_in_the_certificate() -> None:
    assert judged(policies=["1.2.3", POLICY]) is None
    assert judged(policies=["1.2.3"]) is Why.PURPOSE


def usage(*, digital_signature: bool = False, key_encipherment: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
