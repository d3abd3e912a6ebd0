"""The count taken at intake is the number of results that are read when the document is opened."""

from cda_sample import narrative
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.cda import read_cda
from gateway.records.intake.reading import DEFAULT_READING

LOINC = 'codeSystem="2.16.840.1.113883.6.1"'
CODES = (
    "",
    f'<code code="718-7" {LOINC}/>',
    f'<code code="" {LOINC}/>',
    '<code nullFlavor="UNK"/>',
    '<code displayName="Ferritine"/>',
    "<code><originalText>Ferritine</originalText></code>",
    f'<code code="69764-9" {LOINC}/>',
)
VALUES = (
    "",
    '<value xsi:type="PQ" value="1" unit="g"/>',
    '<value xsi:type="PQ" nullFlavor="UNK"/>',
    '<value xsi:type="PQ" nullFlavor="" value="1"/>',
    '<value xsi:type="other:PQ" value="1"/>',
    '<value xsi:type="INT" value="1"/>',
    '<value xsi:type="ST">trace</value>',
    '<value type="PQ" value="1"/>',
)
TEMPLATES = (
    "",
    '<templateId root="1.3.6.1.4.1.19376.1.3.1.6"/>',
    '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.13"/>',
)
STATUSES = ("", '<statusCode code="completed"/>', '<statusCode code="aborted"/>')
ABOUT = ("", "<subject/>")
ATTRIBUTES = ('moodCode="EVN"', 'moodCode="EVN" negationInd="true"', 'moodCode="GOL"', "")


def entries(attributes: tuple[str, ...], about: tuple[str, ...]) -> st.SearchStrategy[str]:
    """One entry, of one observation or a group of two; a second code or value comes too late."""
    one = st.builds(
        "<observation {0}>{1}{2}{3}{4}{5}{6}</observation>".format,
        st.sampled_from(attributes),
        *(st.sampled_from(part) for part in (TEMPLATES, CODES, STATUSES, VALUES, about)),
        st.sampled_from((*CODES[:2], *VALUES[:3])),
    )
    group = "<organizer><component>{0[0]}</component><component>{0[1]}</component></organizer>"
    return st.one_of(one, st.tuples(one, one).map(group.format)).map("<entry>{}</entry>".format)


def is_counted_right(found: list[str]) -> bool:
    results = read_cda(narrative("Texte", "".join(found)), DEFAULT_READING).observations
    return len(results) == len(tuple(results))


@given(st.lists(entries(ATTRIBUTES[:1], ("",)), max_size=6))
def test_what_is_the_patients_own_is_counted_as_it_is_read(found: list[str]) -> None:
    assert is_counted_right(found)


@given(st.lists(entries(ATTRIBUTES, ABOUT), max_size=6), st.booleans())
def test_what_may_be_anothers_is_counted_as_it_is_read(found: list[str], medicine: bool) -> None:
    supply = "<entry><supply><entryRelationship>{}</entryRelationship></supply></entry>"
    inside = supply.format("<observation><value/></observation>") if medicine else ""
    assert is_counted_right([*found, inside])
