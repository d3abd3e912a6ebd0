"""Coded facts of a summary and of a vaccination note, each with where it comes from."""

import pytest
from cda_entries import (
    CIS,
    DEVICE,
    DOCTOR,
    FAMILY,
    ICD10,
    LOINC,
    SNOMED,
    VISIT,
    act,
    allergy,
    code,
    comment,
    concern,
    entry,
    inside,
    medicine,
    none_known,
    problem,
    section,
    told,
    vaccination,
)
from cda_sample import scanned, structured

from gateway.mapping.cda import facts_in, understand_cda
from gateway.mapping.cda.entries import facts as entry_facts
from gateway.records.documents.fact import Coded, Fact, FactKind, FactStatus
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

ASTHMA_VALUE = code(
    "J45", ICD10, "Asthme", "value", code("195967001", SNOMED, "Asthma", "translation")
)
SEVERE = code("24484000", SNOMED, "sévère", "value")


def facts(entries: str, **around: str) -> list[Fact]:
    return list(facts_in(structured(sections=section(entries, **around))))


def one(entries: str, **around: str) -> Fact:
    (found,) = facts(entries, **around)
    return found


def test_a_problem_keeps_code_translations_dates_status_severity_and_words() -> None:
    more = (
        told("SEV", SEVERE)
        + told("66455-7", code("confirmed", "1.2", "Confirmé", "value"))
        + comment("Suivi annuel")
    )
    found = one(concern(problem(more)), text='<content ID="p1">Asthme allergique</content>')
    assert (found.kind, found.status, found.negated) == ("problem", FactStatus.ACTIVE, False)
    assert found.what == Coded("J45", "2.16.840.1.113883.6.3", "Asthme")
    assert found.also == (Coded("195967001", SNOMED, "Asthma"),)
    assert (found.start, found.stop) == ("2026-01-01", None)
    assert (found.severity.text, found.certainty.text) == ("sévère", "Confirmé")
    assert found.comment == "Suivi annuel"
    where = found.where
    assert (where.section, where.section_title, where.entry) == ("11450-4", "Section", "1.2^P1")
    assert (where.anchor, where.words) == ("p1", "Asthme allergique")


def test_a_status_that_is_stated_is_worth_more_than_that_of_the_concern() -> None:
    resolved = told("33999-4", '<value xsi:type="CE" code="resolved"/>', LOINC)
    assert one(concern(problem(resolved))).status is FactStatus.INACTIVE
    assert one(concern(problem(), "completed")).status is FactStatus.INACTIVE
    assert one(entry(problem())).status is FactStatus.UNKNOWN


def test_a_problem_looked_for_and_not_found_is_negated() -> None:
    assert one(concern(problem(attributes='negationInd="true"'))).negated


@pytest.mark.parametrize("goes_on", ["90734009", "7087005", "255227004", "G-A230", "G-A397"])
def test_what_is_chronic_or_comes_back_goes_on_whatever_the_concern_says(goes_on: str) -> None:
    stated = told("33999-4", f'<value xsi:type="CE" code="{goes_on}"/>', LOINC)
    assert one(concern(problem(stated), "completed")).status is FactStatus.ACTIVE


@pytest.mark.parametrize("over", ["410516002", "G-A378", "G-A202", "CDA_002"])
def test_what_is_over_or_ruled_out_is_over_whatever_the_concern_says(over: str) -> None:
    stated = told("33999-4", f'<value xsi:type="CE" code="{over}"/>', LOINC)
    assert one(concern(problem(stated))).status is FactStatus.INACTIVE


@pytest.mark.parametrize("attributes", ["", 'negationInd="true"'])
def test_that_no_problem_is_known_is_not_denied_nor_over(attributes: str) -> None:
    none = none_known("no-known-problems", "Pas de problème connu")
    asthma = problem(attributes=attributes).replace(ASTHMA_VALUE, none)
    found = one(concern(asthma, "completed"))
    assert (found.what.text, found.negated) == ("Pas de problème connu", False)
    assert (found.status, found.says_none, found.says_nothing) == ("unknown", True, False)
    unknown = none_known("no-problem-info", "Pas d'information")
    assert one(concern(problem().replace(ASTHMA_VALUE, unknown))).says_nothing
    assert not one(concern(problem())).says_none


def test_an_allergy_names_its_agent_its_reactions_and_how_grave_they_were() -> None:
    hives = code("L50", "1.2", "urticaire", "value")
    reaction = f"<observation>{hives}{told('SEV', SEVERE)}</observation>"
    absent = (
        f'<observation negationInd="true">{code("R06", "1.2", "dyspnée", "value")}</observation>'
    )
    more = (
        inside("MFST", reaction)
        + inside("MFST", absent)
        + told("82606-5", code("high", "1.2", "Haut", "value"))
    )
    found = one(concern(allergy(more=more)), loinc="48765-2")
    assert (found.kind, found.what) == ("allergy", Coded("A1", CIS, "PÉNICILLINE"))
    assert found.kind_of.text == "allergie médicamenteuse"
    assert [reaction.text for reaction in found.reactions] == ["urticaire"]
    assert (found.severity.text, found.criticality.code) == ("sévère", "high")


def test_an_allergy_to_nothing_named_is_told_by_its_words_or_not_at_all() -> None:
    assert facts(concern(allergy(agent=""))) == []
    words = '<text><reference value="#a1"/></text>'
    found = one(concern(allergy("", words)), text='<content ID="a1">Fruits de mer</content>')
    assert (found.what.text, found.where.words) == ("allergie médicamenteuse", "Fruits de mer")
    named = one(concern(allergy("<name>Latex</name>")))
    assert named.what == Coded(text="Latex")


def test_a_vaccination_keeps_product_lot_rank_route_site_and_who_gave_it() -> None:
    fever = f"<observation>{code('R50.2', '1.2', 'Fièvre', 'value')}</observation>"
    found = one(entry(vaccination(more=inside("CAUS", fever))), loinc="11369-6")
    assert (found.kind, found.status) == (FactKind.IMMUNIZATION, FactStatus.COMPLETED)
    assert (found.what.code, found.what.text) == ("68747507", "VACCIN TÉTANIQUE")
    assert [other.code for other in found.also] == ["J07AM"]
    assert (found.start, found.lot, found.rank, found.dose) == ("2026-01-10", "LOT-7", 3, "1")
    assert (found.route.text, found.site.text) == ("Voie intramusculaire", "deltoïde gauche")
    assert (found.kind_of.code, found.performer, found.place) == (
        "BOOSTER", "Noa FICTIF", "Cabinet fictif",
    )  # fmt: skip
    assert [reaction.text for reaction in found.reactions] == ["Fièvre"]


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ('moodCode="EVN" negationInd="true"', FactStatus.REFUSED),
        ('moodCode="INT"', FactStatus.INTENDED),
        ('moodCode="EVN" negationInd="false"', FactStatus.COMPLETED),
    ],
)
def test_a_vaccination_not_given_or_to_come_is_not_one_that_was_given(
    attributes: str, status: FactStatus
) -> None:
    assert one(entry(vaccination(attributes))).status is status
    assert one(entry(act(attributes))).status is status


@pytest.mark.parametrize("rank", ["", "x", "99999", "-1"])
def test_an_odd_rank_is_left_out(rank: str) -> None:
    bent = vaccination().replace('value="3"', f'value="{rank}"')
    assert one(entry(bent)).rank is None


def test_a_treatment_keeps_dose_frequency_route_and_reason() -> None:
    found = one(entry(medicine()), loinc="10160-0")
    assert (found.kind, found.what.text) == (FactKind.MEDICATION, "PLAVIX 75 mg")
    assert (found.dose, found.frequency, found.route.text) == ("2 {tablet}", "6 h", "Voie orale")
    assert [reason.text for reason in found.reasons] == ["Angine de poitrine"]
    assert (found.start, found.stop, found.status) == ("2026-01-01", None, FactStatus.ACTIVE)


def test_a_treatment_is_over_when_it_ended_before_the_document() -> None:
    def status(stop: str) -> FactStatus:
        return one(entry(medicine(f'<low value="2020"/><high value="{stop}"/>'))).status

    assert status("20260110") is FactStatus.COMPLETED
    assert status("20270110") is FactStatus.ACTIVE
    assert one(entry(medicine(attributes='moodCode="INT"'))).status is FactStatus.INTENDED


def test_an_act_a_relative_a_device_and_a_stay_are_told() -> None:
    found = facts(entry(act()) + entry(FAMILY) + entry(DEVICE) + entry(VISIT))
    assert [one.kind.value for one in found] == [
        "procedure", "family-history", "device", "encounter",
    ]  # fmt: skip
    done, relative, device, stay = found
    assert (done.what.code, done.site.text, done.start) == (
        "DDAF004",
        "artère coronaire",
        "2018-01-14",
    )
    assert (relative.relation.text, relative.what.text) == ("Mère", "Drépanocytose")
    assert (device.what.text, device.start) == ("Stimulateur cardiaque", "2019-08-11")
    assert (stay.place, stay.start, stay.stop) == ("Clinique fictive", "2019-05-15", "2019-05-30")


def test_the_author_of_an_entry_is_the_nearest_one() -> None:
    own = one(entry(act())).where
    assert (own.author, own.organization) == ("Noa FICTIF", "Cabinet fictif")
    assert own.time == "2018-01-15"
    author = f"<author><assignedAuthor>{DOCTOR}</assignedAuthor></author>"
    of_section = one(author + concern(problem())).where
    assert of_section.author == "Noa FICTIF"
    assert one(concern(problem())).where.author == "", "the authors of the document"


def test_what_is_of_somebody_else_is_no_fact_of_the_patient() -> None:
    brother = (
        "<organizer><subject><relatedSubject/></subject>"
        f"<component>{problem()}</component></organizer>"
    )
    assert facts(entry(brother)) == []


def test_codes_and_words_of_a_product_agree_where_only_a_translation_is_coded() -> None:
    product = (
        '<code><originalText><reference value="#v1"/></originalText>'
        + code("J07AN", "2.16.840.1.113883.6.73", "vaccins de la tuberculose", "translation")
        + "</code>"
    )
    bent = vaccination().replace(vaccination()[vaccination().index('<code code="68747507"') :
        vaccination().index("<lotNumberText")], product)  # fmt: skip
    found = one(entry(bent), text='<content ID="v1">Oui</content>')
    assert (found.what.code, found.what.text) == ("J07AN", "vaccins de la tuberculose")
    assert found.where.words == "Oui"


def test_facts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry_facts.MAX_FACTS == 5_000
    monkeypatch.setattr(entry_facts, "MAX_FACTS", 3)
    assert len(facts(concern(problem()) * 4)) == 3


def test_damage_is_no_fact() -> None:
    assert facts_in(b"<ClinicalDocument/>") == ()
    assert facts_in(b"no xml") == ()
    assert facts_in(scanned(b"Bonjour", "text/plain")) == ()


def test_groups_nested_without_end_are_not_followed() -> None:
    deep = problem()
    for _ in range(40):
        deep = f"<act>{inside('SUBJ', deep)}</act>"
    assert facts(entry(deep)) == []


def test_a_document_of_facts_has_no_results_by_them() -> None:
    body = section(concern(problem()) + concern(allergy()) + entry(vaccination()) + entry(FAMILY))
    understood = understand_cda(structured(sections=body), DEFAULT_READING)
    assert (understood.verdict, understood.results) == (Verdict.ACCEPT, 0)
