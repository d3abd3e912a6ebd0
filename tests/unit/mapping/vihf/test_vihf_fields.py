"""The table of XDS.md section 8, field by field, and the times of an assertion."""

from datetime import timedelta

import pytest
from dmp_authority import PERSON, STRUCTURE
from dmp_software import NAME, PURPOSE, RESOURCE, ROLE, SECRET, assertion, sign
from vihf_case import AUTHORITY, INS, NOW, SIGNER, claims, proved, signed, why

from gateway.mapping.vihf.fields import Window
from gateway.mapping.vihf.prove import (
    NOBODY,
    belongs,
    holder_of,
    is_about,
    is_bound,
)
from gateway.mapping.vihf.refusal import Why
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def read(**said: object) -> Vihf:
    return proved(signed(**said)).vihf


def refused(**said: object) -> Why | None:
    return why(lambda: proved(signed(**said)))


def changed(old: str, new: str) -> Why | None:
    """An assertion that says something else, signed as it then stands."""
    plain = assertion(claims())
    assert old in plain
    return why(lambda: proved(sign(plain.replace(old, new), SIGNER)))


def at(minutes: float, **said: object) -> Why | None:
    return why(lambda: proved(signed(**said), now=NOW + minutes * MINUTE))


def role(code: str, system: str) -> str:
    return f'<Role xmlns="urn:hl7-org:v3" code="{code}" codeSystem="{system}"/>'


def test_everything_that_a_vihf_says_is_read() -> None:
    assert read(id="_one", purpose="bris_de_glace", more={"Mode_Acces_Raison": "Coma"}) == Vihf(
        id="_one",
        issued_at=NOW,
        until=NOW + 10 * MINUTE,
        subject=PERSON,
        name="FICTIVE CLAIRE",
        structure=STRUCTURE,
        sector="SA07",
        profession="G15_10/SM26",
        authentication=Authentication.DIRECT,
        mode=Mode.BRIS_DE_GLACE,
        certificate=SIGNER.fingerprint,
        software="Logiciel fictif 1.2.0",
        ins=INS,
        ins_oid="1.2.250.1.213.1.4.10",
        reason="Coma",
    )


def test_an_assertion_proves_for_ten_minutes() -> None:
    assert at(10) is None
    assert at(10 + 1 / 60) is Why.TIME


def test_a_clock_may_be_a_minute_ahead_of_ours() -> None:
    assert at(-1) is None
    assert at(-1 - 1 / 60) is Why.TIME


def test_the_window_is_a_setting() -> None:
    window = Window(age=MINUTE, ahead=SECOND)
    assert why(lambda: proved(signed(), now=NOW + 2 * MINUTE, window=window)) is Why.TIME
    assert why(lambda: proved(signed(), now=NOW - 2 * SECOND, window=window)) is Why.TIME


def test_conditions_are_honoured() -> None:
    ends = NOW + 2 * MINUTE
    assert at(1, until=ends) is None
    assert read(until=ends).until == ends
    assert at(2, until=ends) is Why.TIME
    assert at(0, since=NOW + 2 * MINUTE) is Why.TIME


def test_the_end_of_a_session_is_honoured_too() -> None:
    old = "<saml:AuthnStatement "
    ended = 'SessionNotOnOrAfter="2026-11-23T12:00:00Z" '
    assert changed(old, old + ended) is Why.TIME


def test_a_condition_that_we_do_not_know_is_refused() -> None:
    old = "<saml:AuthnStatement "
    unknown = "<saml:Conditions><saml:AudienceRestriction/></saml:Conditions>"
    assert changed(old, unknown + old) is Why.FIELD


@pytest.mark.parametrize(
    "instant", ["", "2026-11-23", "2026-11-23T12:00:00", "2026-13-23T12:00:00Z", "hier"]
)
def test_an_instant_that_cannot_be_read_is_refused(instant: str) -> None:
    assert changed('IssueInstant="2026-11-23T12:00:00Z"', f'IssueInstant="{instant}"') is Why.FIELD


@pytest.mark.parametrize("instant", ["2026-11-23T12:00:00.123456789Z", "2026-11-23T13:00:00+01:00"])
def test_fractions_and_zones_are_read(instant: str) -> None:
    assert changed('IssueInstant="2026-11-23T12:00:00Z"', f'IssueInstant="{instant}"') is None


def test_an_authentication_in_the_future_is_refused() -> None:
    old = 'AuthnInstant="2026-11-23T12:00:00Z"'
    assert changed(old, 'AuthnInstant="2026-11-23T12:30:00Z"') is Why.TIME


def test_another_version_or_resource_is_refused() -> None:
    assert refused(more={"VIHF_Version": "4.0"}) is None
    assert refused(more={"VIHF_Version": "2.0"}) is Why.FIELD
    assert refused(more={"Ressource_URN": "urn:other"}) is Why.FIELD
    assert changed('Version="2.0"', 'Version="1.1"') is Why.FIELD


@pytest.mark.parametrize(
    "name",
    [
        "VIHF_Version",
        "Authentification_Mode",
        "Identifiant_Structure",
        "Ressource_URN",
        "LPS_Nom",
        "LPS_ID",
        "LPS_ID_HOMOLOGATION_DMP",
        ROLE,
        PURPOSE,
    ],
)
def test_a_field_that_is_needed_and_missing_is_refused(name: str) -> None:
    assert refused(without=(name,)) is Why.FIELD


@pytest.mark.parametrize("name", ["Secteur_Activite", "LPS_Version", NAME, RESOURCE])
def test_a_field_that_may_be_missing_is_not_needed(name: str) -> None:
    assert refused(without=(name,)) is None


def test_an_indirect_mode_names_who_acts() -> None:
    for mode in ("INDIRECTE", "INDIRECTE_RENFORCEE"):
        assert refused(authentication=mode) is None
        assert refused(authentication=mode, without=(NAME,)) is Why.FIELD


def test_the_names_of_attributes_are_read_in_any_case() -> None:
    other = {"Authentification_mode": "INDIRECTE"}
    assert read(more=other, without=("Authentification_Mode",)).authentication is (
        Authentication.INDIRECT
    )


def test_an_attribute_told_twice_is_refused_whatever_its_case() -> None:
    """One reader would take the first, another one the last."""
    assert refused(more={"identifiant_structure": "10B0000001"}) is Why.FIELD


def test_two_values_of_a_field_that_has_one_are_refused() -> None:
    two = "<saml:AttributeValue>urn:dmp</saml:AttributeValue>" * 2
    assert refused(more={"Ressource_URN": two}) is Why.FIELD


def test_an_element_where_text_is_expected_is_refused() -> None:
    assert refused(more={"LPS_Nom": "<b>Logiciel</b>"}) is Why.FIELD


def test_an_authentication_that_nobody_knows_is_refused() -> None:
    assert refused(authentication="AUTRE") is Why.FIELD


def test_a_class_of_authentication_that_is_not_of_saml_is_refused() -> None:
    assert changed("urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI", "PKI") is Why.FIELD


@pytest.mark.parametrize(
    ("purpose", "mode"),
    [("normal", Mode.NORMAL), ("bris_de_glace", Mode.BRIS_DE_GLACE), ("centre_15", Mode.SAMU)],
)
def test_the_three_purposes_of_use_are_modes_of_access(purpose: str, mode: Mode) -> None:
    assert read(purpose=purpose).mode is mode


def test_a_purpose_that_nobody_knows_is_refused() -> None:
    assert refused(purpose="urgence") is Why.FIELD
    assert changed("1.2.250.1.213.1.1.4.248", "1.2.3") is Why.FIELD


def test_a_physician_and_a_pharmacist_say_in_what() -> None:
    assert refused(profession="G15_10") is Why.SPECIALTY
    assert refused(profession="G15_21") is Why.SPECIALTY
    assert read(profession="G15_60").profession == "G15_60"
    assert read(profession="G15_21/D").profession == "G15_21/D"


def test_a_machine_is_an_automate() -> None:
    assert read(profession="AUTOMATE", authentication="INDIRECTE").profession == "AUTOMATE"


def test_a_role_comes_from_a_table_that_we_know() -> None:
    listed = {
        "1.2.250.1.71.1.2.8": "G16_50",
        "1.2.250.1.213.1.6.1.109": "R95_50",
        "1.2.250.1.213.1.6.1.4": "R94_50",
        "1.2.250.1.71.1.2.7": "G15_50",
    }
    for system, expected in listed.items():
        assert read(more={ROLE: role("50", system)}).profession == expected
    assert refused(more={ROLE: role("50", "1.2.3")}) is Why.FIELD
    assert refused(more={ROLE: role("5 0", "1.2.250.1.71.1.2.7")}) is Why.FIELD
    assert refused(more={ROLE: "médecin"}) is Why.FIELD


def test_three_roles_are_refused() -> None:
    three = f"<saml:AttributeValue>{role('60', '1.2.250.1.71.1.2.7')}</saml:AttributeValue>" * 3
    assert refused(more={ROLE: three}) is Why.FIELD


def test_a_card_signs_for_its_own_holder_alone() -> None:
    assert refused(subject="899700000001") is Why.SUBJECT
    assert refused(subject="899700000001", authentication="INDIRECTE") is None


def by(person: str) -> Why | None:
    signer = AUTHORITY.signer(person=person)
    vihf = sign(assertion(claims(issuer=signer.subject, subject=person)), signer)
    return why(lambda: proved(vihf))


def test_a_card_is_of_a_person_or_of_an_agent_and_a_seal_is_no_card() -> None:
    assert by("899700000001") is None
    assert by(f"{STRUCTURE}/42") is None
    assert by("DMP SIGN") is Why.SUBJECT


def test_the_patient_is_an_ins_with_its_authority() -> None:
    assert read(ins=None).ins is None
    dated = f"{INS}^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH^^20100907"
    assert read(more={RESOURCE: dated}).ins == INS
    for broken in (INS, f"{INS}^^^&amp;1.2.3&amp;DNS^NH", f"1{INS}^^^&amp;1.2.250.1&amp;ISO^NH"):
        assert refused(more={RESOURCE: broken}) is Why.FIELD


def test_a_patient_who_is_not_the_one_of_the_assertion_is_another_one() -> None:
    vihf = read()
    assert is_about(vihf, INS, "1.2.250.1.213.1.4.10")
    assert not is_about(vihf, "279035121518980", "1.2.250.1.213.1.4.10")
    assert not is_about(vihf, INS, "1.2.250.1.213.1.4.8")
    assert not is_about(read(ins=None), INS, "1.2.250.1.213.1.4.10")


def test_a_secret_connection_is_read_from_either_name_and_any_value() -> None:
    assert not read().is_secret
    for name in (SECRET, "Confidentiality_code"):
        assert read(more={name: "INVISIBLE_REPRESENTANTS_LEGAUX"}).is_secret
        assert read(more={name: '<c xmlns="urn:hl7-org:v3" code="R"/>'}).is_secret
        assert not read(more={name: "N"}).is_secret


def test_a_structure_is_bound_by_the_certificate_or_by_who_is_known() -> None:
    assert is_bound(proved(signed()), ())
    other = proved(signed(structure="10B0000001"))
    assert not is_bound(other, ())
    assert not is_bound(other, ("10B0000002",))
    assert is_bound(other, ("10B0000001",))


def test_an_agent_of_another_structure_is_not_bound() -> None:
    agent = {"authentication": "INDIRECTE"}
    assert is_bound(proved(signed(subject=f"{STRUCTURE}/42", **agent)), ())
    assert not is_bound(proved(signed(subject="10B0000001/42", **agent)), ())
    assert is_bound(proved(signed(subject="10B0000001/42", **agent)), ("10B0000001",))


def test_who_connects_and_who_asks_are_one() -> None:
    own = holder_of(AUTHORITY.client().der)
    other = holder_of(AUTHORITY.client(structure="10B0000001", person="899700000001").der)
    card = holder_of(AUTHORITY.client(structure="10B0000001").der)
    direct, indirect = proved(signed()), proved(signed(authentication="INDIRECTE"))
    assert belongs(own, direct, ())
    assert belongs(own, indirect, ())
    assert not belongs(other, direct, ())
    assert not belongs(NOBODY, direct, ())
    assert belongs(other, direct, (STRUCTURE,))
    assert belongs(card, direct, ())
    assert not belongs(card, indirect, ())


def test_a_client_certificate_that_cannot_be_read_is_nobodys() -> None:
    assert holder_of(b"nothing") == NOBODY
