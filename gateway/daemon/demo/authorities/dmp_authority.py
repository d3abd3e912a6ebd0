"""The demo's own authority for DMP-compatible software: certificates to sign and to come by TLS.

Made at the first start of a data folder, into DATA/dmp, with keys that lie there open. One key is
that of all of them: a demo starts often, and to make an RSA key takes long.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gateway.daemon.demo.professionals import PROFESSIONALS
from gateway.daemon.ready import write_private
from gateway.mapping.vihf.trust import DEMO_AUTHORITY
from gateway.settings.demo import DEMO_STRUCTURES, DMP_AUTHORITY

Json = dict[str, Any]
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
KEY_BITS = 2048


def issue_for_dmp(data: Path) -> Json:
    """The `dmp` part of the ready file: paths of PEM files; the key of each lies beside it as
    `.key`. `sign` and `auth` are by structure, `cards` by the professional's id."""
    authority = data / DMP_AUTHORITY
    folder = authority.parent
    sign = {one: folder / f"sign-{one}.pem" for one in DEMO_STRUCTURES}
    auth = {one: folder / f"auth-{one}.pem" for one in DEMO_STRUCTURES}
    cards = {one.id: folder / f"card-{one.id}.pem" for one in PROFESSIONALS}
    wanted = [authority, *sign.values(), *auth.values(), *cards.values()]
    if not all(path.exists() for path in wanted):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _issue(authority, sign, auth, cards)
    told = {"sign": sign, "auth": auth, "cards": cards}
    named = {kind: {one: str(path) for one, path in of.items()} for kind, of in told.items()}
    return {"authority": str(authority), **named}


def _issue(
    authority: Path,
    sign: Mapping[str, Path],
    auth: Mapping[str, Path],
    cards: Mapping[str, Path],
) -> None:
    above, key = ec.generate_private_key(ec.SECP256R1()), _key()
    where = {one.id: one.organization for one in PROFESSIONALS}
    name = _name([DEMO_AUTHORITY])
    for structure, path in sign.items():
        _write(path, _certificate(_name([f"SIGN {structure}"], structure), key, name, above), key)
    for structure, path in auth.items():
        subject = _name([f"AUTH {structure}"], structure)
        _write(path, _certificate(subject, key, name, above, client=True), key)
    for person, path in cards.items():
        _write(path, _certificate(_name([person], where[person]), key, name, above), key)
    made = _certificate(name, above, name, above, authority=True)
    write_private(authority, made.public_bytes(serialization.Encoding.PEM))


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _name(common: Sequence[str], structure: str | None = None) -> x509.Name:
    told = [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]
    if structure is not None:
        told.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, structure))
    told += [x509.NameAttribute(NameOID.COMMON_NAME, one) for one in common]
    return x509.Name(told)


def _certificate(
    subject: x509.Name,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    above: ec.EllipticCurvePrivateKey,
    *,
    client: bool = False,
    authority: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_usage(client=client, authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False
        )
    )
    if client:
        use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(use, critical=False)
    return builder.sign(above, hashes.SHA256())


def _usage(*, client: bool, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not (client or authority),
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> None:
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret = path.with_suffix(".key")
    secret.touch(mode=0o600)
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
