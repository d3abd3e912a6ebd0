"""Discrete results of level 3 entries."""

from cda_sample import narrative

from gateway.mapping.cda import read_cda
from gateway.records.observation import Observation
from gateway.records.reading import DEFAULT_READING

CODE = '<code code="3016-3" displayName="TSH" codeSystem="2.16.840.1.113883.6.1"/>'
LAB = '<templateId root="1.3.6.1.4.1.19376.1.3.1.6"/>'
COMMENT = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.2"/>'


def results(entries: str, text: str = "Texte") -> tuple[Observation, ...]:
    return tuple(read_cda(narrative(text, entries), DEFAULT_READING).observations)


def observation(inside: str, template: str = LAB) -> str:
    return f'<observation classCode="OBS" moodCode="EVN">{template}{inside}</observation>'


def test_a_measured_result_keeps_value_unit_range_flag_time_and_battery() -> None:
    inside = (
        f'{CODE}<statusCode code="completed"/><effectiveTime value="20260115101500+0100"/>'
        '<value xsi:type="PQ" value="7.67" unit="mU/L"/><interpretationCode code="H"/>'
        "<referenceRange><observationRange><value><low value='0.3' unit='mU/L'/>"
        "<high value='4.2' unit='mU/L'/></value></observationRange></referenceRange>"
        f"<entryRelationship><act>{COMMENT}<text>À contrôler</text></act></entryRelationship>"
    )
    entries = (
        '<entry><organizer><id root="1.2" extension="B7"/><code code="18719-5" '
        'displayName="Biochimie"/><performer><assignedEntity><representedOrganization>'
        "<name>Labo fictif</name></representedOrganization></assignedEntity></performer>"
        f"<component>{observation(inside)}</component></organizer></entry>"
    )
    (found,) = results(entries)
    assert found == Observation(
        "3016-3", "2.16.840.1.113883.6.1", "TSH", "7.67", "NM", "mU/L", "0.3 - 4.2", "H", "F",
        "2026-01-15T09:15:00Z", "18719-5", "Biochimie", "B7", "", "Labo fictif", "À contrôler",
    )  # fmt: skip


def test_coded_text_and_interval_values_are_taken() -> None:
    values = {
        '<value xsi:type="CD" code="A" displayName="paille"/>': ("paille", "CE", ""),
        '<value xsi:type="ST">négatif</value>': ("négatif", "ST", ""),
        '<value xsi:type="IVL_PQ"><high value="5" unit="g"/></value>': ("< 5", "SN", "g"),
        '<value xsi:type="IVL_PQ"><low value="5" unit="g"/></value>': ("> 5", "SN", "g"),
        '<value xsi:type="TS" value="20260115"/>': ("2026-01-15", "TS", ""),
        '<value xsi:type="INT" value="12"/>': ("12", "NM", ""),
    }
    for value, wanted in values.items():
        (found,) = results(f"<entry>{observation(CODE + value)}</entry>")
        assert (found.value, found.value_type, found.unit) == wanted


def test_a_reference_into_the_narrative_is_followed() -> None:
    code = '<code code="X1"><originalText><reference value="#r1"/></originalText></code>'
    value = '<value xsi:type="ST">oui</value>'
    entry = f"<entry>{observation(code + value)}</entry>"
    (found,) = results(entry, text='<content ID="r1">Aspect</content>')
    assert (found.text, found.value) == ("Aspect", "oui")


def test_what_is_no_result_is_left_out() -> None:
    problem = f'{CODE}<value xsi:type="CD" code="A"/>'
    unknown = f'{CODE}<value xsi:type="PQ" nullFlavor="UNK"/>'
    planned = observation(f'{CODE}<value xsi:type="PQ" value="1"/>').replace("EVN", "INT")
    no_code = observation('<value xsi:type="PQ" value="1"/>')
    entries = [observation(problem, ""), observation(unknown), planned, no_code]
    assert results("".join(f"<entry>{entry}</entry>" for entry in entries)) == ()
