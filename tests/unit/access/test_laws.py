"""Laws of every decision, whatever the question (ACCESS "Order" and "Said on purpose")."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from question_builder import DOCTOR, GRID, NURSE

from gateway.access import decide as rules_of
from gateway.access.decide import RULES, decide, deciding, is_plain, standing
from gateway.access.question import Question
from gateway.records.readers.access import (
    CODES,
    FLAGS,
    AccessAction,
    Account,
    Application,
    CareConsent,
    Circumstances,
    DocumentFacts,
    EmergencyChoice,
    Entry,
    FactStatus,
    Hide,
    Manage,
    Mode,
    NoticeKind,
    Origin,
    Reader,
    ReaderKind,
    RecordFacts,
    Representative,
)
from gateway.records.readers.switches import Switch, Switches

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
READ = (AccessAction.LIST, AccessAction.SEARCH, AccessAction.OPEN)

ids = st.sampled_from(["", DOCTOR, NURSE, "org"])
moments = st.none() | st.sampled_from([NOW - timedelta(days=n) for n in (-40, -1, 0, 1, 20, 40)])
columns = st.sampled_from([None, "", "G15_10", "G15_60", "R291_99", "R94_41", "A00_ALIM_AM"])
dated = {"id": ids, "since": moments, "until": moments}


T = TypeVar("T")


def many(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


readers = st.builds(
    Reader,
    kind=st.sampled_from(ReaderKind),
    id=ids,
    profession=columns,
    activity=st.sampled_from([None, "GENR08", "GENR13", "GENR01"]),
    function=st.sampled_from([None, "FON-19", "FON-29"]),
    organisation=ids,
    team=ids,
    authenticated=st.sampled_from([True, True, True, False]),
    centre15=st.booleans(),
    scopes=st.sampled_from([(), ("read", "write", "sync")]),
)
documents = st.builds(
    DocumentFacts,
    type=st.sampled_from(["11502-2", "new", "REMB", "EXPPAT_3", "DOCPAT01", "96874-3"]),
    author=st.lists(ids, max_size=2).map(tuple),
    organisation=ids,
    by_patient=st.booleans(),
    codes=st.sets(st.sampled_from(sorted(CODES)), min_size=1).map(tuple),
    deposited=moments,
    hidden_from=moments,
    announced=moments,
    status=st.sampled_from(FactStatus),
    hides=many(st.builds(Hide, **dated, to=st.sampled_from(["professional", "profession"]))),
)
records = st.builds(
    RecordFacts,
    account=st.sampled_from([Account.ACTIVE, *Account]),
    qualified=st.booleans(),
    birth_date=st.sampled_from([date(1980, 1, 1), date(2015, 1, 1), date(2008, 2, 29)]),
    feeding_opposed=st.booleans(),
    consents=many(
        st.builds(
            CareConsent,
            **dated,
            to=st.sampled_from(["professional", "team"]),
            kind=st.sampled_from(["care", "occupational"]),
        )
    ),
    blocks=many(st.builds(Entry, **dated)),
    administrators=many(st.builds(Entry, **dated)),
    caregivers=many(st.builds(Entry, **dated)),
    representatives=many(
        st.builds(Representative, **dated, role=st.sampled_from(["parent", "guardian"]))
    ),
    applications=many(st.builds(Application, **dated, scopes=st.just(("read", "write", "sync")))),
    treating=st.none() | st.builds(Entry, **dated),
    teams_informed=st.lists(ids, max_size=1).map(tuple),
    teams_objected=st.lists(ids, max_size=1).map(tuple),
    known_readers=st.lists(ids, max_size=1).map(tuple),
    emergency=st.builds(
        EmergencyChoice, samu=st.booleans(), professionals=st.booleans(), masked=st.booleans()
    ),
)
circumstances = st.builds(
    Circumstances,
    mode=st.sampled_from(Mode),
    reason=st.sampled_from([None, " ", "coma"]),
    in_charge=st.booleans(),
    origin=st.sampled_from(Origin),
    flags=st.dictionaries(st.sampled_from(FLAGS), st.booleans(), max_size=3),
    notice=st.none() | st.sampled_from(NoticeKind),
    actor=ids,
    target=ids,
    manage=st.none() | st.sampled_from(Manage),
)
switches = st.builds(
    Switches,
    team_consent=st.sampled_from([Switch("initial"), Switch("arr")]),
    block_and_emergency=st.sampled_from([Switch("block_wins"), Switch("emergency_wins")]),
    social_columns=st.sampled_from([Switch("suspended"), Switch("in_force")]),
    application_reading=st.booleans().map(Switch),
    minor_account_age=st.sampled_from([Switch(None), Switch(15)]),
    strict_mail_matrix=st.booleans().map(Switch),
    mail_through_grid=st.booleans().map(Switch),
)
questions = st.builds(
    Question,
    readers,
    st.sampled_from(AccessAction),
    st.none() | documents,
    records,
    circumstances,
    switches,
    st.just(GRID),
    st.just(NOW),
)
professionals = st.builds(
    lambda question, action: question._replace(
        reader=replace(question.reader, kind=ReaderKind.PROFESSIONAL), action=action
    ),
    questions,
    st.sampled_from(READ),
)


@given(questions)
@settings(deadline=None)
def test_every_question_has_an_answer_that_names_its_rule(question: Question) -> None:
    decision = decide(*question)
    assert decision.permitted is decision.rule.startswith("P")
    assert decision.because


@given(questions)
@settings(deadline=None)
def test_the_answer_is_the_first_rule_of_the_tables_that_holds(question: Question) -> None:
    decision = decide(*question)
    if decision.rule == "X00":
        return
    if question.action in (AccessAction.SYNC, AccessAction.MANAGE):
        question = question._replace(document=None)
    holding = [
        rule.id
        for rule in RULES
        if question.reader.kind in rule.kinds
        and question.action in rule.actions
        and rule.condition(question.action)(question)
    ]
    assert decision.rule == holding[0]
    assert decision.permitted is not any(rule.startswith("F") for rule in holding) or (
        holding[0] == "D00"
    )


@given(questions)
@settings(deadline=None)
def test_a_rule_that_is_not_asked_of_what_is_plain_never_holds_there(question: Question) -> None:
    if question.document is None:
        return
    document = structs.replace(question.document, codes=("N",), status=FactStatus.CURRENT, hides=())
    plain = replace(question.circumstances, mode=Mode.NORMAL)
    assert is_plain(document, plain)
    asked = question._replace(document=document, circumstances=plain)
    assert [one.id for one in RULES if not one.of_plain and one.holds(asked)] == []


@given(questions, st.lists(st.none() | documents, max_size=4))
@settings(deadline=None)
def test_each_document_of_a_list_is_decided_as_it_is_alone(
    question: Question, others: list[DocumentFacts | None]
) -> None:
    """Documents that differ in all but their type among them, plain ones too."""
    listed = [question.document, *others]
    listed += [structs.replace(one, codes=("N",), hides=()) for one in listed if one]
    listed += [structs.replace(one, type="11502-2") for one in listed if one]
    reader, action, _, record, circumstances, switches, grid, now = question
    one_of_a_list = deciding(reader, action, record, circumstances, switches, grid, now)
    for document in listed:
        assert one_of_a_list(document) == decide(*question._replace(document=document))


@given(questions, documents)
@settings(deadline=None)
def test_a_rule_looks_at_no_more_of_the_document_than_it_says(
    question: Question, other: DocumentFacts
) -> None:
    if question.document is None:
        return
    elsewhere = question._replace(document=other)
    same_type = question._replace(document=structs.replace(other, type=question.document.type))
    for rule in RULES:
        if not rule.of_document:
            assert rule.holds(question) == rule.holds(elsewhere), rule.id
        if rule.of_type:
            assert rule.holds(question) == rule.holds(same_type), rule.id


def test_every_reading_of_a_plain_document_hangs_on_its_type_alone() -> None:
    assert {(kind, action) for kind in ReaderKind for action in READ} <= rules_of.TYPE_DECIDES
    assert (ReaderKind.PROFESSIONAL, AccessAction.REPLACE) not in rules_of.TYPE_DECIDES


def test_the_tables_stand_in_the_order_of_their_effect() -> None:
    order = [rule.id for rule in RULES]
    assert order == sorted(order, key=lambda rule: ("FPD".index(rule[0]), rule))
    assert len(set(order)) == len(order)


@given(questions)
@settings(deadline=None)
def test_third_parties_and_whoever_is_not_authenticated_read_nothing(question: Question) -> None:
    if question.reader.kind is ReaderKind.THIRD_PARTY:
        assert not decide(*question).permitted
    shy = question._replace(reader=replace(question.reader, authenticated=False))
    if question.action not in (AccessAction.MAIL, AccessAction.NOTIFY):
        assert not decide(*shy).permitted


@given(professionals)
@settings(deadline=None)
def test_no_professional_reads_beyond_the_grid(question: Question) -> None:
    if decide(*question).permitted:
        columns = {question.reader.profession, question.reader.activity}
        assert columns & {"G15_10", "GENR08"}
        assert question.document is not None
        assert question.document.type == "11502-2"


@given(professionals)
@settings(deadline=None)
def test_a_block_stops_every_reading_but_an_emergency(question: Question) -> None:
    block = Entry(id=DOCTOR)
    blocked = question._replace(
        reader=replace(question.reader, id=DOCTOR),
        record=replace(question.record, blocks=(block,)),
    )
    if decide(*blocked).permitted:
        assert question.circumstances.mode is not Mode.NORMAL


@given(professionals)
@settings(deadline=None)
def test_one_more_mask_never_opens_a_document(question: Question) -> None:
    if question.document is None or decide(*question).permitted:
        return
    codes = (*question.document.codes, "MASQUE_PS")
    masked = question._replace(document=structs.replace(question.document, codes=codes))
    assert not decide(*masked).permitted


@given(professionals)
@settings(deadline=None)
def test_who_does_not_stand_reads_no_document(question: Question) -> None:
    reader, record, now = question.reader, question.record, question.now
    stands = standing(reader, record, question.circumstances, question.switches, now)
    if not stands.permitted:
        assert not decide(*question).permitted
    else:
        assert stands.rule == "P11"


def test_standing_of_the_other_readers_is_their_own_permission() -> None:
    record = RecordFacts(caregivers=(Entry(id="c"),))

    def rule(kind: ReaderKind) -> str:
        reader = Reader(kind=kind, id="c")
        return standing(reader, record, Circumstances(), Switches(), NOW).rule

    assert rule(ReaderKind.PATIENT) == "P01"
    assert rule(ReaderKind.CAREGIVER) == "P03"
    assert rule(ReaderKind.REPRESENTATIVE) == "F21"
    assert rule(ReaderKind.SYSTEM) == rule(ReaderKind.OPERATOR) == "D00"
    assert rule(ReaderKind.PROFESSIONAL) == "F50"
