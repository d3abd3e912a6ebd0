"""Discrete results of level 3 entries: value, unit, range, flag, status, and what stands around."""

import pytest
from cda_sample import narrative

from gateway.mapping.cda import read_cda
from gateway.records.documents.observation import Observation
from gateway.records.intake.reading import DEFAULT_READING

CODE = '<code code="3016-3" displayName="TSH" codeSystem="2.16.840.1.113883.6.1"/>'
LAB = '<templateId root="1.3.6.1.4.1.19376.1.3.1.6"/>'
VITAL = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.13.2"/>'
COMMENT = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.2"/>'
VALUE = '<value xsi:type="PQ" value="1.9" unit="mU/L"/>'


def results(entries: str, text: str = "Texte") -> tuple[Observation, ...]:
    found = read_cda(narrative(text, entries), DEFAULT_READING).observations
    assert len(tuple(found)) == len(found), "the count at intake is the number that is read"
    return tuple(found)


def observation(inside: str, template: str = LAB) -> str:
    return f'<observation classCode="OBS" moodCode="EVN">{template}{inside}</observation>'


def test_a_measured_result_keeps_value_unit_range_flag_time_and_battery() -> None:
    inside = (
        f'<id root="1.2" extension="R1"/>{CODE}<text><reference value="#r1"/></text>'
        '<statusCode code="completed"/><effectiveTime value="20260115101500+0100"/>'
        '<value xsi:type="PQ" value="7.67" unit="mU/L"/><interpretationCode code="H"/>'
        '<methodCode code="BDB" displayName="Chimiluminescence"/>'
        "<referenceRange><observationRange><value><low value='0.3' unit='mU/L'/>"
        "<high value='4.2' unit='mU/L'/></value></observationRange></referenceRange>"
        f"<entryRelationship><act>{COMMENT}<text>À contrôler</text></act></entryRelationship>"
    )
    entries = (
        '<entry><organizer><id root="1.2" extension="B7"/><code code="18719-5" '
        'displayName="Biochimie"/><performer><assignedEntity><representedOrganization>'
        "<name>Labo fictif</name></representedOrganization></assignedEntity></performer>"
        f"<component>{observation(inside)}</component><component><act>{COMMENT}"
        "<text>À jeun</text></act></component></organizer></entry>"
    )
    (found,) = results(entries)
    assert found == Observation(
        "3016-3", "2.16.840.1.113883.6.1", "TSH", "7.67", "NM", "mU/L", "0.3 - 4.2", "H", "F",
        "2026-01-15T09:15:00Z", "18719-5", "Biochimie", "B7", "", "Labo fictif", "À contrôler",
        method="Chimiluminescence", group_note="À jeun", category="laboratory",
        section="Section", entry="1.2^R1", anchor="r1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('<value xsi:type="CD" code="A" displayName="paille"/>', ("paille", "CE", "")),
        ('<value xsi:type="ST">négatif</value>', ("négatif", "ST", "")),
        ('<value xsi:type="IVL_PQ"><high value="5" unit="g"/></value>', ("≤ 5", "SN", "g")),
        ('<value xsi:type="IVL_PQ"><low value="5" unit="g"/></value>', ("≥ 5", "SN", "g")),
        ('<value xsi:type="IVL_PQ"><high value="5" inclusive="false"/></value>', ("< 5", "SN", "")),
        ('<value xsi:type="IVL_PQ"><low value="5" inclusive="false"/></value>', ("> 5", "SN", "")),
        ('<value xsi:type="IVL_PQ"><low value="5"/><high value="6"/></value>', ("5 - 6", "SN", "")),
        ('<value xsi:type="RTO"><numerator value="1"/><denominator value="80"/></value>',
         ("1 / 80", "SN", "")),
        ('<value xsi:type="TS" value="20260115"/>', ("2026-01-15", "TS", "")),
        ('<value xsi:type="IVL_TS" value="20260115"/>', ("2026-01-15", "TS", "")),
        ('<value xsi:type="INT" value="12"/>', ("12", "NM", "")),
        ('<value xsi:type="BL" value="false"/>', ("false", "ST", "")),
    ],
)  # fmt: skip
def test_each_type_of_value_is_said_in_words(value: str, wanted: tuple[str, str, str]) -> None:
    (found,) = results(f"<entry>{observation(CODE + value)}</entry>")
    assert (found.value, found.value_type, found.unit) == wanted


@pytest.mark.parametrize(
    ("interpretation", "flag"),
    [
        ('code="H" codeSystem="2.16.840.1.113883.5.83" displayName="Haut"', "H"),
        ('code="L"', "L"),
        ('code="LA18-6" codeSystem="2.16.840.1.113883.6.1" displayName="Vigilant"', "Vigilant"),
        ('code="N" codeSystem="1.2.250.1.999.4" displayName="Négatif"', "Négatif"),
        ('code="X7" codeSystem="1.2.250.1.999.4"', "X7"),
        ('nullFlavor="UNK"', ""),
    ],
)
def test_the_interpretation_of_another_code_system_is_told_in_its_words(
    interpretation: str, flag: str
) -> None:
    inside = f"{CODE}{VALUE}<interpretationCode {interpretation}/>"
    (found,) = results(f"<entry>{observation(inside)}</entry>")
    assert found.flag == flag


@pytest.mark.parametrize("written", [" PQ ", "v3:PQ", "\n  v3:PQ\n"])
def test_a_type_of_value_is_a_qualified_name_with_or_without_white_space(written: str) -> None:
    value = VALUE.replace("PQ", written).replace("<value", '<value xmlns:v3="urn:hl7-org:v3"')
    (found,) = results(f"<entry>{observation(CODE + value, '')}</entry>")
    assert (found.value, found.value_type, found.unit) == ("1.9", "NM", "mU/L")


def test_a_reference_into_the_narrative_is_followed() -> None:
    code = '<code code="X1"><originalText><reference value="#r1"/></originalText></code>'
    value = '<value xsi:type="CD"><originalText><reference value="#r2"/></originalText></value>'
    entry = f"<entry>{observation(code + value)}</entry>"
    text = '<content ID="r1">Aspect</content><content ID="r2">trouble</content>'
    (found,) = results(entry, text=text)
    assert (found.text, found.value, found.anchor) == ("Aspect", "trouble", "r1")


def test_a_code_of_the_laboratory_gives_way_to_its_loinc_translation() -> None:
    code = (
        '<code code="TSH3" codeSystem="1.2.3" displayName="TSH du labo">'
        '<translation code="3016-3" codeSystem="2.16.840.1.113883.6.1"/></code>'
    )
    (found,) = results(f"<entry>{observation(code + VALUE)}</entry>")
    assert (found.code, found.text) == ("3016-3", "TSH du labo")
    only = "<code><originalText>Recherche maison</originalText></code>"
    (found,) = results(f"<entry>{observation(only + VALUE)}</entry>")
    assert (found.code, found.system, found.text) == ("", "", "Recherche maison")


def test_what_is_no_result_is_left_out() -> None:
    problem = f'{CODE}<value xsi:type="CD" code="A"/>'
    unknown = f'{CODE}<value xsi:type="PQ" nullFlavor="UNK"/>'
    planned = observation(f'{CODE}<value xsi:type="PQ" value="1"/>').replace("EVN", "INT")
    no_code = observation('<value xsi:type="PQ" value="1"/>')
    entries = [observation(problem, ""), observation(unknown), planned, no_code]
    assert results("".join(f"<entry>{entry}</entry>" for entry in entries)) == ()


RANK = observation('<code code="30973-2"/><value xsi:type="INT" value="2"/>', "")
FOREIGN = {
    "the mother": "<organizer><subject><relatedSubject><code code='MTH'/></relatedSubject>"
    f"</subject><component>{observation(CODE + VALUE)}</component></organizer>",
    "a newborn": observation(f"<subject><relatedSubject/></subject>{CODE}{VALUE}"),
    "a plan": f'<act moodCode="INT"><entryRelationship typeCode="COMP">'
    f"{observation(CODE + VALUE)}</entryRelationship></act>",
    "denied": observation(CODE + VALUE).replace("<observation", '<observation negationInd="true"'),
    "a rank": "<substanceAdministration><entryRelationship typeCode='SUBJ'>"
    f"{RANK}</entryRelationship></substanceAdministration>",
    "a device": f"<supply><entryRelationship>{RANK}</entryRelationship></supply>",
}


@pytest.mark.parametrize("entry", FOREIGN.values(), ids=FOREIGN)
def test_what_is_not_measured_on_the_patient_now_is_no_result_of_theirs(entry: str) -> None:
    assert results(f"<entry>{entry}</entry>") == ()


def test_the_reason_for_a_plan_was_measured() -> None:
    reason = f'<entryRelationship typeCode="RSON">{observation(CODE + VALUE)}</entryRelationship>'
    assert len(results(f'<entry><act moodCode="INT">{reason}</act></entry>')) == 1


def test_an_earlier_result_stands_beside_the_new_one_and_is_not_counted() -> None:
    earlier = observation(f'{CODE}<effectiveTime value="20250115"/>{VALUE}')
    inside = f'<entryRelationship typeCode="REFR">{earlier}</entryRelationship>'
    (found,) = results(f"<entry>{observation(CODE + VALUE.replace('1.9', '2.4') + inside)}</entry>")
    assert (found.value, found.previous) == ("2.4", "1.9 mU/L (2025-01-15)")


def test_an_analysis_that_was_not_done_is_told() -> None:
    inside = f'{CODE}<statusCode code="aborted"/>'
    (found,) = results(f"<entry>{observation(inside)}</entry>")
    assert (found.text, found.value, found.status) == ("TSH", "", "X")


def test_vital_signs_take_the_time_of_their_organizer() -> None:
    sign = observation(f'{CODE}<effectiveTime nullFlavor="NASK"/>{VALUE}', VITAL)
    organizer = f'<organizer><effectiveTime value="20260211"/><component>{sign}</component>'
    (found,) = results(f"<entry>{organizer}</organizer></entry>")
    assert (found.time, found.category) == ("2026-02-11", "vital-signs")


def test_an_antibiogram_bears_its_isolate_and_its_specimen() -> None:
    antibiotic = (
        '<code code="28-1" displayName="Ampicilline"/><value xsi:type="IVL_PQ">'
        '<high value="0.1" unit="ug/mL" inclusive="false"/></value><interpretationCode code="S"/>'
    )
    battery = (
        '<organizer classCode="BATTERY"><code code="18769-0" displayName="Antibiogramme"/>'
        f"<component>{observation(antibiotic)}</component></organizer>"
    )
    isolate = (
        '<organizer classCode="CLUSTER"><specimen><specimenRole><specimenPlayingEntity>'
        '<code code="112283007" displayName="Escherichia coli"/></specimenPlayingEntity>'
        f"</specimenRole></specimen><component>{battery}</component></organizer>"
    )
    collection = (
        '<procedure><templateId root="1.3.6.1.4.1.19376.1.3.1.2"/><participant><participantRole>'
        '<playingEntity><code code="UR" displayName="Urine"/></playingEntity></participantRole>'
        "</participant></procedure>"
    )
    act = (
        '<act><code code="18725-2" displayName="Microbiologie"/><entryRelationship>'
        f"{collection}</entryRelationship><entryRelationship>{isolate}</entryRelationship></act>"
    )
    (found,) = results(f"<entry>{act}</entry>")
    assert (found.group, found.group_text) == ("18769-0", "Antibiogramme · Escherichia coli")
    assert (found.specimen, found.value, found.flag) == ("Urine", "< 0.1", "S")


def test_the_interval_marked_normal_is_the_one_beside_the_value() -> None:
    def interval(top: str, kind: str) -> str:
        return (
            f"<referenceRange><observationRange><value><high value='{top}'/></value>"
            f"<interpretationCode code='{kind}'/></observationRange></referenceRange>"
        )

    inside = CODE + VALUE + interval("9", "HH") + interval("4.2", "N")
    (found,) = results(f"<entry>{observation(inside)}</entry>")
    assert found.range == "≤ 4.2"
