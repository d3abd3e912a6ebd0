"""Whatever text a document bears: what is written into METADATA.XML is read back the same."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.ebrim.hl7types import plain
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.documents.document import Action, Author, Document, LegalAuthenticator
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Submission
from gateway.records.patients.patient import PatientIdentity

AT = datetime(2026, 1, 15, tzinfo=UTC)
OID = "1.2.250.1.213.1.4.10"
PATIENT = PatientIdentity(ins="255089999999966", ins_oid=OID)
SUBMISSION = Submission(unique_id="1.2.3", patient_id=f"{OID}^{PATIENT.ins}")
BODY = b"Bonjour"
letters = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Cf", "Zl", "Zp", "Zs"))
texts = st.text(st.one_of(letters, st.sampled_from("^&~|\\<>\"' ")), max_size=20).map(plain)
named = texts.filter(bool)


@st.composite
def authors(draw: st.DrawFn) -> Author:
    return Author(
        kind="person",
        id=draw(st.from_regex(r"[0-9]{12}", fullmatch=True)),
        id_system="1.2.250.1.71.4.2.1",
        family=draw(texts),
        given=draw(texts),
        specialty=draw(st.none() | st.sampled_from(["G15_10/SM02", "G15_21"])),
        role=draw(texts),
        organization_id=draw(st.none() | st.from_regex(r"1[0-9]{9}", fullmatch=True)),
        organization_name=draw(texts),
    )


@given(
    title=texts,
    writers=st.lists(authors(), max_size=3),
    names=st.tuples(texts, texts, texts, texts, texts),
    locals_=st.lists(st.from_regex(r"1\.2\.[1-9]\^[A-Z0-9&~]{1,8}", fullmatch=True), max_size=3),
    action=st.sampled_from([Action.CREATE, Action.REPLACE, Action.DELETE]),
    codes=st.lists(named, max_size=3),
)
@example("\\T\\", [], ("\\S\\", "^", "~", "&", "|"), [], Action.CREATE, ["a^b"])
def test_what_is_written_is_read_back(
    title: str | None,
    writers: list[Author],
    names: tuple[str | None, ...],
    locals_: list[str],
    action: Action,
    codes: list[str],
) -> None:
    family, given_name, givens, used, legal = names
    patient = replace(
        PATIENT,
        other_ids=tuple(dict.fromkeys(locals_)),
        birth_family=family,
        birth_given=given_name,
        birth_givens=givens,
        used_family=used,
        birth_date="1955-08-15",
        sex="F",
        birth_place="51215",
    )
    document = Document(
        patient=patient,
        action=action,
        title=title,
        type_code="11488-4",
        type_system="2.16.840.1.113883.6.1",
        unique_id="1.2.3.4^a&b",
        event_codes=tuple(codes),
        mime_type="text/plain",
        authors=tuple(writers),
        legal_authenticator=LegalAuthenticator(id="8", family=legal),
    )
    editor = Editor(author=title or "", organization=family or "", organization_id="")
    raw = pack([(document, BODY)], SUBMISSION, editor=editor, at=AT)
    [back] = understand_xdm(raw, DEFAULT_READING).documents
    assert back.patient == replace(patient, traits_complete=back.patient.traits_complete)
    for field in ("action", "title", "unique_id", "event_codes", "authors", "legal_authenticator"):
        assert getattr(back, field) == getattr(document, field), field
