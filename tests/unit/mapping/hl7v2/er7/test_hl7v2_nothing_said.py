"""What stands blank or empty behind a value says nothing, and changes nothing of the rest."""

import pytest
from hl7_samples import INS, PID, ROWS, document, flag_rows, message, msh, read, results

from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import PatientIdentity

BACK = "PRT||UC||SB|801234567890^MARTIN^Paul"
BOX = "PRT||UC||RCT||||||||||^^X.400^labo@exemple.mssante.fr"


def understood(raw: bytes) -> tuple[Verdict, PatientIdentity, list[Observation], list[str]]:
    told = read(raw)
    assert told.message is not None
    assert told.message.patient is not None
    codes = [one.code for one in told.findings]
    return told.verdict, told.message.patient, list(told.observations[0]), codes


@pytest.mark.parametrize(
    ("plain", "padded"),
    [
        ("ORU^R01^ORU_R01", "ORU^R01 "),
        ("|P|2.5|", "|P |2.5 |"),
        (INS, f"{INS}  "),
        ("&ISO^INS~", "&ISO^INS ~"),
        ("PATTE^Ana^Ana Lea^^^^L", "PATTE ^Ana ^Ana Lea  ^^^^L "),
        ("^BDL^^51215", "^BDL ^^51215 "),
        ("|F|||1 rue", "|F |||1 rue"),
        ("|VALI", "|VALI "),
        ("|NM|718-7^", "|NM |718-7 ^"),
        ("^LN||13.4|g/dL|", "^LN ||13.4 |g/dL |"),
        ("|N|||F|||2026", "|N |||F |||2026"),
        ("|135-145|L|||F", "|135-145|L|||F "),
    ],
)
def test_blanks_behind_a_value_change_nothing(plain: str, padded: str) -> None:
    """ST has trailing blanks at will, and ID and IS are formed as ST is (HL7 2.5, 2.A.75)."""
    assert plain.encode() in results()
    assert understood(results().replace(plain.encode(), padded.encode())) == understood(results())


def test_blanks_of_a_text_are_kept() -> None:
    """They lay out a TX (HL7 2.5, 2.A.79)."""
    rows = ("OBR|1|P1|A1|1^x^L", "OBX|1|TX |1-8^Note^LN ||  left   right  ||||||F ")
    assert understood(results(*rows))[2][0].value == "  left   right  "


@pytest.mark.parametrize(
    ("plain", "padded"),
    [
        ("&ISO^PI||", "&ISO^PI~||"),
        ("^Ana^^^^^D|", "^Ana^^^^^D~^^^|"),
        ("^^51215|", "^^51215~|"),
        ("^Ana Lea^^^^L~", "^Ana Lea^^^^L&~"),
        (f"{INS}^", f"{INS}&&^"),
        ("|19550815|", "|19550815^|"),
        ("|F|||1 rue", "|F^^|||1 rue"),
    ],
)
def test_empty_repetitions_components_and_subcomponents_change_nothing(
    plain: str, padded: str
) -> None:
    assert plain.encode() in results()
    assert understood(results().replace(plain.encode(), padded.encode())) == understood(results())


def test_a_single_name_before_an_empty_repetition_is_the_birth_name() -> None:
    pid = PID.replace("PATTE^Ana^Ana Lea^^^^L~DURAND^Ana^^^^^D", "PATTE^Ana^Ana Lea~")
    told = read(results(pid=pid))
    assert told.documents[0].patient.birth_family == "PATTE"
    assert told.verdict is Verdict.ACCEPT


def test_an_empty_repetition_is_no_identifier() -> None:
    told = read(results(pid=PID.replace("&ISO^PI||", "&ISO^PI~||"))).message
    assert told is not None
    assert told.patient_ids == 2


def test_the_sex_is_the_code_of_a_coded_element() -> None:
    """PID-8 is a CWE from 2.8 on."""
    raw = results(pid=PID.replace("|F|||1", "|F^Féminin^HL70001|||1"), version="2.8")
    told = read(raw)
    assert told.verdict is Verdict.ACCEPT
    assert told.documents[0].patient.sex == "F"


def test_a_deleted_list_of_given_names_is_no_trait() -> None:
    told = read(results(pid=PID.replace("^Ana Lea^", '^""^')))
    assert told.documents[0].patient.birth_givens is None
    assert not told.documents[0].patient.traits_complete


def test_an_empty_subcomponent_hides_no_mailbox() -> None:
    told = read(document(b"<x/>", participations=(BACK + "&", BOX + "&"))).message
    assert told is not None
    assert told.recipients == ("labo@exemple.mssante.fr",)
    assert told.sender is not None
    assert told.sender.given == "Paul"


@pytest.mark.parametrize("between", [(), ("ZLB|1|x",), ("ZLB|1|x", "ZLC|NTE|y")])
def test_a_z_segment_parts_no_note_from_its_result(between: tuple[str, ...]) -> None:
    """Segments of other people's are skipped, and take nothing with them (HL7V2 section 4)."""
    order, first, *_ = ROWS[1:]
    rows = (order, *between, "NTE|1||sur le groupe", *between, "NTE|2||encore", first, *between)
    (row,) = understood(results(*rows, "NTE|1||sur la ligne"))[2]
    assert (row.note, row.group_note) == ("sur la ligne", "sur le groupe\nencore")


@pytest.mark.parametrize("between", [(), ("ZLB|1|x",)])
def test_a_z_segment_parts_no_last_word_from_its_order(between: tuple[str, ...]) -> None:
    rows = flag_rows(DESTMSSANTEPAT="Y")
    raw = message(msh(), PID, *ROWS, *rows, *between, "NTE|1|||FIN")
    told = read(raw).message
    assert told is not None
    assert told.last_word


def test_the_same_message_in_another_version_of_its_marks_is_the_same() -> None:
    """The truncation character of 2.7 separates nothing, and is escaped as P."""
    rows = ("OBR|1|P1|A1|1^x^L", r"OBX|1|ST|1-8^Lit^LN||chambre \P\12||||||F")
    plain = results(*(row.replace(r"\P\12", "#12") for row in rows), version="2.7")
    marked = results(*rows, version="2.7").replace(b"^~\\&", b"^~\\&#", 1)
    assert understood(marked) == understood(plain)
    (row,) = understood(results(*rows, version="2.7"))[2]
    assert row.value == r"chambre \P\12"


def test_a_document_is_the_same_in_other_separators() -> None:
    """Its identifiers are made of MSH-3, MSH-4, MSH-10 and OBR-3."""
    plain = results().replace(b"|LAB|TESTEUR|", b"|LAB^1.2.250.1.999&x^ISO|TESTEUR^1.2^ISO|")
    other = plain.translate(bytes.maketrans(b"|^~\\&", b"#$@*!"))
    (one,), (two,) = read(plain).documents, read(other).documents
    assert (one.unique_id, one.set_id) == (two.unique_id, two.set_id)
    assert read(other).verdict is Verdict.ACCEPT
