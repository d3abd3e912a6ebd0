"""Strict validation: what hl7apy says, without its blind spots and without values."""

from hl7_samples import INS, PID, cda, document, message, msh, results

from gateway.mapping.hl7v2.strict import validate


def test_a_message_that_follows_its_structure_has_no_finding() -> None:
    assert (
        validate(message(msh("ADT^A01^ADT_A01"), "EVN||20260115", "PID|1||7||X^Y", "PV1|1|I")) == []
    )


def test_a_missing_segment_and_a_missing_field_are_named() -> None:
    found = validate(message(msh("ADT^A01^ADT_A01"), "EVN||20260115", "PID|1||7||X^Y", "PV1|1|"))
    assert [(one.where, one.condition) for one in found] == [("PV1-2", 101)]
    found = validate(message(msh("ADT^A01^ADT_A01"), "EVN||20260115", "PID|1||7||X^Y"))
    assert [(one.where, one.condition) for one in found] == [("PV1", 100)]


def test_prt_and_z_segments_do_not_disturb() -> None:
    base = (msh("ADT^A01^ADT_A01"), "EVN||20260115", "PID|1||7||X^Y", "PV1|1|I")
    assert validate(message(*base, "PRT||UC||SB", "ZFA|ACTIF")) == []


def test_the_data_of_a_document_is_not_shown_to_the_library() -> None:
    found = validate(document(cda() + b" " * 200_000))
    assert all(one.code == "structure" for one in found)


def test_a_large_message_is_not_validated_and_says_so() -> None:
    assert [one.code for one in validate(results(*["NTE|1||x"] * 9000))] == ["not-validated"]


def test_no_value_of_the_message_comes_back() -> None:
    told = " ".join(
        one.message + one.where
        for raw in (results(), results(pid=PID.replace("|F|", "|" + "SECRET" * 9 + "|")))
        for one in validate(raw)
    )
    assert not any(trait in told for trait in (INS, "PATTE", "SECRET"))


def test_unreadable_input_is_a_finding() -> None:
    for raw in (b"", b"MSH|", b"MSH|^~\\&|", b"MSH|^~\\&|||||||X^Y^Z|1|P|9.9\r", b"\xff\xfe"):
        assert all(one.severity == "error" for one in validate(raw))
        assert validate(raw)
