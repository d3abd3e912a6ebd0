"""The Issuer names a certificate in many spellings (XDS.md section 8)."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.mapping.vihf.names import is_named, values_of

CARD = x509.Name(
    [
        x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]),
        x509.RelativeDistinguishedName(
            [x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Hérault (34)")]
        ),
        x509.RelativeDistinguishedName(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Clinique, dite la Grande")]
        ),
        x509.RelativeDistinguishedName(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, "899700218896"),
                x509.NameAttribute(NameOID.SURNAME, "FICTIVE"),
                x509.NameAttribute(NameOID.GIVEN_NAME, "CLAIRE"),
            ]
        ),
    ]
)
OWN = "CN=899700218896+SN=FICTIVE+GN=CLAIRE,O=Clinique\\, dite la Grande,ST=Hérault (34),C=FR"


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "C=FR, ST=Hérault (34), O=Clinique\\, dite la Grande, CN=899700218896+SN=FICTIVE+GN=CLAIRE",
        'C=FR, S=Herault (34), O="Clinique, dite la Grande", CN=899700218896+G=CLAIRE+SN=FICTIVE',
        "c=fr;st=HERAULT  (34);o=clinique\\, DITE la grande;cn=899700218896+sn=fictive+gn=claire",
        "CN=899700218896+2.5.4.4=#140746494354495645+2.5.4.42=#0C06434C41495245,"
        "O=Clinique\\2C dite la Grande,ST=H\\C3\\A9rault (34),C=FR",
        "OID.2.5.4.3=899700218896+OID.2.5.4.4=FICTIVE+OID.2.5.4.42=CLAIRE,"
        "O=Clinique\\, dite la Grande,ST=Hérault (34),C=FR",
    ],
)
def test_a_name_is_known_in_whatever_order_and_spelling(text: str) -> None:
    assert is_named(text, CARD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CN=899700218896",
        OWN.replace("899700218896", "899700000001"),
        OWN + ",OU=x",
        OWN + ",CN=899700218896",
        OWN.replace("C=FR", "X=FR"),
        OWN.replace("+SN=FICTIVE", "+2.5.4.4=#14"),
        OWN.replace("+SN=FICTIVE", "+2.5.4.4=#zz"),
        OWN.replace("+SN=FICTIVE", "+2.5.4.4=#1480464943"),
        OWN.replace("SN=FICTIVE", "SN"),
        OWN.replace("ST=", "L="),
        "=",
        ",,,",
        '"',
        "CN=\\",
    ],
)
def test_another_name_or_none_is_not_this_one(text: str) -> None:
    assert not is_named(text, CARD)


def test_every_value_of_a_multi_valued_part_counts() -> None:
    assert values_of(CARD, NameOID.COMMON_NAME) == {"899700218896"}
    assert values_of(CARD, NameOID.ORGANIZATIONAL_UNIT_NAME) == frozenset()


@given(st.text(alphabet='CN=OU,;+\\"#0Aé 2.5.4', max_size=60))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    assert is_named(text, CARD) is False


@given(st.text(min_size=1, max_size=30).filter(lambda text: text.strip()))
@example("\x1f#")
def test_what_we_write_of_a_certificate_names_it(value: str) -> None:
    try:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, value)])
    except ValueError:
        return
    assert is_named(name.rfc4514_string(), name)
