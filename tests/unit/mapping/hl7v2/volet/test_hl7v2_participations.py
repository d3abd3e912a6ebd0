"""PRT: senders, recipients and addresses, however their bars were counted."""

import pytest
from hl7_samples import INS, cda, document, flag_rows, results

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.er7.delimiters import DEFAULT
from gateway.mapping.hl7v2.volet.participations import Participations
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

CDA = cda()
BOX = "zoe.testeur@exemple.mssante.fr"
SB = "PRT||UC||SB^^participation|899700000000^TESTEUR^Zoe|||Labo Test^^^^^^^^^1999999999"


def told(*segments: str) -> Participations:
    return Participations([one.split("|") for one in segments], DEFAULT)


def prt(role: str, field: int, value: str) -> str:
    return f"PRT||UC||{role}" + "|" * (field - 4) + value


@pytest.mark.parametrize(
    "value",
    [
        f"^^X.400^{BOX}",
        f"^NET^X.400^{BOX}",
        f"^NET^x.400^ {BOX} ",
        f"^NET^Internet^{BOX}",
        BOX,
        f"^^X.400^{BOX}^^^",
    ],
)
def test_an_address_is_read_in_every_form_of_prt_15(value: str) -> None:
    found = told(prt("RCT^^participation", 15, value))
    assert (found.recipients, found.findings) == ([BOX], [])


@pytest.mark.parametrize("field", [9, 14, 16, 17])
def test_miscounted_bars_are_seen_through_and_told(field: int) -> None:
    found = told(prt("RCT", field, f"^^X.400^{BOX}"))
    assert found.recipients == [BOX]
    assert [(one.code, one.where) for one in found.findings] == [("prt-shifted", f"PRT-{field}")]


def test_prt_15_repeats_and_a_recipient_is_named_once() -> None:
    both = f"^^X.400^{BOX}~^^X.400^autre@exemple.mssante.fr~^^X.400^{BOX}"
    assert told(prt("RCT", 15, both)).recipients == [BOX, "autre@exemple.mssante.fr"]


def test_a_recipient_is_named_once_in_whatever_capitals() -> None:
    both = "^^X.400^Zoe.Testeur@EXEMPLE.mssante.fr~^^X.400^autre@exemple.mssante.fr"
    found = told(prt("RCT", 15, f"^^X.400^{BOX}"), prt("RCT", 15, both))
    assert found.recipients == [BOX, "autre@exemple.mssante.fr"]


@pytest.mark.parametrize("value", ["", '""', "^^X.400", "0102030405"])
def test_a_recipient_without_an_address_is_told(value: str) -> None:
    found = told(SB, prt("RCT", 15, value))
    assert (found.recipients, [one.where for one in found.findings]) == ([], ["PRT[2]-15"])


@pytest.mark.parametrize(
    "address",
    [
        "zoe",
        "zoe@",
        "@x.fr",
        "a b@x.fr",
        "a@b@x.fr",
        "<a@x.fr>",
        "mailto:a@x.fr",
        "a@[x.fr]",
        "a@\uff50atient.mssante.fr",
    ],
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    understood = understand(document(CDA, participations=(prt("RCT", 15, f"^^X.400^{address}"),)),
                            DEFAULT_READING)  # fmt: skip
    found = next(one for one in understood.findings if one.code == "prt-address")
    assert (understood.verdict, found.condition) == (Verdict.REFUSE, 102)
    assert address not in found.message


def test_an_answer_goes_to_the_last_reply_and_to_no_recipient() -> None:
    found = told(prt("REPLY", 15, f"^^X.400^{BOX}"), prt("REPLY", 15, ""))
    assert (found.reply_to, found.recipients) == (BOX, [])


def test_one_sender_a_message_and_roles_without_an_effect_are_told() -> None:
    found = told(SB, SB.replace("899700000000", "1"), prt("AUT", 15, f"^^X.400^{BOX}"))
    assert found.sender is not None
    assert (found.sender.id, found.sender.organization_id) == ("899700000000", "1999999999")
    assert [one.code for one in found.findings] == ["prt-sender-twice", "prt-role"]
    assert found.recipients == []


def test_the_number_of_a_structure_may_stand_where_it_did_until_2_6() -> None:
    """XON.3; XON.10 comes first."""
    found = told(SB.replace("^^^^^^^^^1999999999", "^^1999999998"))
    assert found.sender is not None
    assert found.sender.organization_id == "1999999998"
    both = told(SB.replace("Labo Test^^", "Labo Test^^1999999998"))
    assert both.sender is not None
    assert both.sender.organization_id == "1999999999"


def test_blanks_behind_the_number_of_a_structure_are_no_part_of_it() -> None:
    """An agency's own example has them, some of them no-break spaces."""
    found = told(f"{SB} \u00a0 ")
    assert found.sender is not None
    assert found.sender.organization_id == "1999999999"


def codes(raw: bytes, reading: Reading = DEFAULT_READING) -> list[str]:
    return [one.code for one in understand(raw, reading).findings if one.condition]


@pytest.mark.parametrize(
    ("flags", "participations", "expected"),
    [
        ({"DESTMSSANTEPS": "Y"}, (SB,), "recipient-missing"),
        ({"DESTMSSANTEPAT": "Y"}, (SB, prt("RCT", 15, f"^^X.400^{BOX}")), "recipient-missing"),
        ({"DESTDMP": "Y"}, (), "sender-missing"),
    ],
)
def test_a_leg_without_its_participation_is_a_warning_and_an_error_when_strict(
    flags: dict[str, str], participations: tuple[str, ...], expected: str
) -> None:
    raw = document(CDA, participations=participations, **flags)
    assert expected in [one.code for one in understand(raw, DEFAULT_READING).findings]
    assert codes(raw) == []
    assert expected in codes(raw, Reading(strict=True))


def test_a_named_mailbox_that_gets_nothing_is_told() -> None:
    raw = document(CDA, participations=(SB, prt("RCT", 15, f"^^X.400^{BOX}")))
    assert "recipient-unused" in [one.code for one in understand(raw, DEFAULT_READING).findings]


@pytest.mark.parametrize("domain", ["patient.mssante.fr", "PATIENT.formation.mssante.fr"])
@pytest.mark.parametrize("local", [INS + "12345", "zoe.patte", INS[:-1]])
def test_a_citizens_box_of_anybody_else_is_refused(domain: str, local: str) -> None:
    raw = document(CDA, participations=(SB, prt("RCT", 15, f"^^X.400^{local}@{domain}")))
    assert codes(raw) == ["recipient-patient"]
    own = document(CDA, participations=(SB, prt("RCT", 15, f"^^X.400^{INS}@{domain}")))
    assert codes(own) == []


@pytest.mark.parametrize(
    "domain",
    ["patient.other.fr", "patient.mssante.fr.other.fr", "patient.badmssante.fr", "Patient.x.fr"],
)
def test_a_patients_box_that_is_none_of_mssante_is_refused(domain: str) -> None:
    raw = document(CDA, participations=(SB, prt("RCT", 15, f"^^X.400^{INS}@{domain}")))
    assert codes(raw) == ["recipient-patient"]


def test_a_patients_box_is_told_in_small_letters_and_others_as_written() -> None:
    both = f"^^X.400^{INS}@Patient.MSSANTE.fr~^^X.400^dpi@hopitalA.mssante.fr"
    found = told(prt("RCT", 15, both))
    assert found.recipients == [f"{INS}@patient.mssante.fr", "dpi@hopitalA.mssante.fr"]


@pytest.mark.parametrize(
    ("local", "expected"), [(INS, []), (INS[:-1] + "0", ["recipient-patient"])]
)
def test_results_are_mailed_to_no_other_patient_either(local: str, expected: list[str]) -> None:
    to = prt("RCT", 15, f"^^X.400^{local}@patient.mssante.fr")
    rows = [*flag_rows(DESTMSSANTEPAT="Y"), to]
    raw = results() + "".join(f"{row}\r" for row in rows).encode()
    assert codes(raw, Reading(results_only=True)) == expected
