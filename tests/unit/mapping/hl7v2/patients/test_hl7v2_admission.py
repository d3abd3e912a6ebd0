"""ADT of PAM.fr: who it is about, who becomes whom, and what keeps it out."""

from dataclasses import replace

import pytest
from cda_sample import INS_OID
from hl7_samples import INS, OTHER_INS, PID, message, msh

from gateway.mapping.datatypes.local_ids import scoped
from gateway.mapping.hl7v2 import understand
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.admission import Admission

LOCAL = "7001^^^CLINIQUE&1.2.250.1.999.3&ISO^PI"
MRG = "MRG|8002^^^CLINIQUE&1.2.250.1.999.3&ISO^PI"


def many(count: int) -> str:
    authority = "CLINIQUE&1.2.250.1.999.3&ISO"
    return "MRG|" + "~".join(f"M{number}^^^{authority}^PI" for number in range(count))


def read(event: str, *segments: str) -> Understanding:
    return understand(message(msh(event), *segments), DEFAULT_READING)


def admission(event: str, *segments: str) -> Admission:
    understood = read(event, *segments)
    assert understood.verdict is Verdict.ACCEPT, understood.findings
    assert understood.message is not None
    assert understood.message.admission is not None
    return understood.message.admission


def codes(understood: Understanding) -> list[tuple[str, str, int | None]]:
    return [(f.code, f.where, f.condition) for f in understood.findings if f.severity == "error"]


@pytest.mark.parametrize(
    "event",
    [
        "ADT^A01^ADT_A01",
        "ADT^A03",
        "ADT^A04^ADT_A01",
        "ADT^A05^ADT_A05",
        "ADT^A08^ADT_A01",
        "ADT^A28^ADT_A05",
        "ADT^A31^ADT_A31",
        "ADT^A31",
    ],
)
def test_every_event_and_any_name_of_its_structure_says_who_it_is_about(event: str) -> None:
    said = admission(event, "EVN||20260115", PID)
    (subject,) = said.subjects
    assert said.event == event.split("^")[1]
    assert (subject.identity.ins, subject.status, subject.qualified) == (INS, "VALI", True)
    assert subject.identity.other_ids == ("1.2.250.1.999.3^7001",)
    assert subject.prior is None


@pytest.mark.parametrize("status", ["PROV", "DOUB", "VIDE", "COLV", "bizarre"])
def test_only_vali_is_qualified(status: str) -> None:
    (subject,) = admission("ADT^A28", PID.replace("|VALI", f"|{status}")).subjects
    assert (subject.status, subject.qualified) == (status, False)


def test_an_ins_without_its_traits_is_not_qualified() -> None:
    (subject,) = admission("ADT^A28", PID.replace("|19550815", "|")).subjects
    assert not subject.qualified


@pytest.mark.parametrize(
    ("cx", "kept"),
    [
        ("9^^^HOP&1.2.3&ISO^PI^^20200101", True),
        ("9^^^HOP&1.2.3&ISO", True),
        ("9^^^HOP^MR", True),
        ("9^^^HOP&1.2.3&ISO^PI^^20200101^20251231", False),
        ("9^^^HOP&1.2.3&ISO^PI^^20200101^20261231", True),
        ("9^^^HOP&1.2.3&ISO^AN", False),
        ("9^^^HOP&1.2.3&ISO^SS", False),
        ("9^^^ASIP-SANTE-INS-C&1.2.250.1.213.1.4.2&ISO^NH", False),
        ("9", False),
    ],
)
def test_a_local_identifier_is_a_patients_number_of_an_authority_that_has_not_ended(
    cx: str, *, kept: bool
) -> None:
    (subject,) = admission("ADT^A28", PID.replace(LOCAL, f"{LOCAL}~{cx}")).subjects
    assert (len(subject.identity.other_ids) == 2) is kept


def test_an_adt_with_an_ins_that_has_ended_teaches_nothing_before_somebody_looked() -> None:
    understood = read("ADT^A31", PID.replace("&ISO^INS~", "&ISO^INS^^20200101^20251231~"))
    assert understood.verdict is Verdict.HOLD
    assert "ins-ended" in [one.code for one in understood.findings if one.holds]


def test_a_pid_without_any_usable_identifier_is_told_to_its_sender() -> None:
    understood = read(
        "ADT^A28", PID.replace(f"{INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS~{LOCAL}", "12")
    )
    assert understood.verdict is Verdict.ACCEPT
    assert "local-id-authority" in [one.code for one in understood.findings]


@pytest.mark.parametrize(
    "cx", ["12", "V12^^^CLINIQUE&1.2.250.1.999.3&ISO^VN", f"{LOCAL}^^^20200101"]
)
def test_what_an_identifier_lacks_to_be_of_use_is_told_whole(cx: str) -> None:
    """An authority alone does not make one: it is of a visit, or has ended."""
    pid = PID.replace(f"{INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS~{LOCAL}", cx)
    (told,) = [one for one in read("ADT^A28", pid).findings if one.code == "local-id-authority"]
    assert all(part in told.message for part in ("CX.4", "CX.5", "CX.8"))


def test_each_mrg_belongs_to_the_pid_before_it() -> None:
    second = "PID|||9003^^^CLINIQUE&1.2.250.1.999.3&ISO^PI||PATTE^Ana^^^^^L||19550815|F"
    said = admission("ADT^A40^ADT_A39", PID, MRG, "PV1|1|N", second, MRG.replace("8002", "8004"))
    first, other = said.subjects
    assert first.prior is not None
    assert other.prior is not None
    assert first.prior.other_ids == ("1.2.250.1.999.3^8002",)
    assert (other.identity.other_ids, other.prior.other_ids) == (
        ("1.2.250.1.999.3^9003",),
        ("1.2.250.1.999.3^8004",),
    )
    assert not other.qualified


def test_mrg_may_name_an_ins_and_several_identifiers() -> None:
    mrg = f"{MRG}~{OTHER_INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS"
    (subject,) = admission("ADT^A47^ADT_A30", PID, mrg).subjects
    assert subject.prior is not None
    assert (subject.prior.ins, subject.prior.other_ids) == (OTHER_INS, ("1.2.250.1.999.3^8002",))


def test_zfd_zbe_and_evn_are_kept() -> None:
    said = admission(
        "ADT^Z99^ADT_A01",
        "EVN||20260115101500||||20260115090000^M",
        PID,
        "ZBE|312^CHU|20260115||UPDATE|Y|A01",
        "ZFD|||Y|N|INSI|20211201",
    )
    assert said.event == "Z99"
    assert (said.obtained, said.obtained_on) == ("INSI", "2021-12-01")
    assert (said.stated_at, said.offset) == ("20260115090000", "+0100")


def test_a_link_of_identities_is_taken_and_changes_nothing() -> None:
    understood = read("ADT^A24^ADT_A24", PID, PID.replace("7001", "7002"))
    assert understood.verdict is Verdict.ACCEPT
    assert "event-not-applied" in [one.code for one in understood.findings]


@pytest.mark.parametrize("event", ["A44", "A24", "A37", "A08", "A01", "A31", "A11"])
def test_mrg_ends_nobody_but_in_a_merge_and_its_sender_is_told(event: str) -> None:
    understood = read(f"ADT^{event}", PID, MRG)
    (subject,) = admission(f"ADT^{event}", PID, MRG).subjects
    assert subject.prior is None
    (told,) = [one for one in understood.findings if one.where == "MRG"]
    assert (told.code, told.severity) == ("event-not-applied", "warning")
    assert "A40" in told.message


@pytest.mark.parametrize(
    ("event", "segments", "expected"),
    [
        ("ADT^A40", (PID,), ("segment-missing", "MRG", 100)),
        ("ADT^A40", (PID, MRG, PID), ("segment-missing", "MRG", 100)),
        ("ADT^A40", (MRG, PID), ("segment-missing", "MRG", 100)),
        ("ADT^A40", (MRG, PID, MRG, PID), ("segment-missing", "MRG", 100)),
        ("ADT^A40", (PID, MRG, MRG.replace("8002", "8003")), ("several-priors", "MRG", 198)),
        ("ADT^A47", (PID, "MRG|"), ("required", "MRG-1", 101)),
        ("ADT^A40", (PID, "MRG|8002"), ("required", "MRG-1.4", 101)),
        ("ADT^A40", (PID, f"MRG|{LOCAL}"), ("merge-itself", "MRG-1", 199)),
        ("ADT^A40", ("PID|||12||A^B^^^^^L", MRG), ("required", "PID-3.4", 101)),
        ("ADT^A28", (PID, PID), ("several-patients", "PID", 198)),
        ("ADT^Z99", (PID,), ("segment-missing", "ZBE", 100)),
        ("ADT^Z99", (PID, "ZBE|1|2026||DROP"), ("movement", "ZBE-4", 103)),
        ("ADT^Z99", (PID, "ZBE|1|2026||UPDATE|Y|XYZ"), ("movement", "ZBE-6", 103)),
        ("ADT^A01", (PID, "ZFA|ACTIF||||||||OUI"), ("consent", "ZFA-9", 103)),
        ("ADT^A01", (PID, "ZFA|ACTIF||||||||||NON"), ("consent", "ZFA-11", 103)),
        ("ADT^A01", (PID, "ZFA|ACTIF||||||||IO|hier"), ("date", "ZFA-10", 102)),
        ("ADT^A01", (PID, "ZFA|ACTIF||||||||||IC|2026-01-02"), ("date", "ZFA-12", 102)),
        ("ADT^A40", (PID, MRG) * 101, ("too-many", "PID", 198)),
        ("ADT^A40", (PID, many(50)), ("too-many", "PID-3", 198)),
        ("ADT^A40", (PID, many(30)) * 40, ("too-many", "PID-3", 198)),
        (
            "ADT^A40",
            (PID, MRG, PID.replace(INS_OID, "1.2.250.1.213.1.4.2"), MRG),
            ("ins-oid", "PID-3", 103),
        ),
    ],
)
def test_what_nobody_could_apply_is_refused_with_its_place(
    event: str, segments: tuple[str, ...], expected: tuple[str, str, int]
) -> None:
    understood = read(event, *segments)
    assert understood.verdict is Verdict.REFUSE
    assert expected in codes(understood)


def test_an_adt_of_a_sender_that_may_not_say_who_is_who_is_refused() -> None:
    reading = replace(DEFAULT_READING, identities=False)
    understood = understand(message(msh("ADT^A28"), PID), reading)
    assert codes(understood) == [("identities-not-taken", "MSH-9", 199)]


@pytest.mark.parametrize(
    ("identifier", "same"),
    [
        ("1.2.250.1.999.3^7001", True),
        ("000897406^7001", True),
        ("12345678901234^7001", True),
        ("https://chu.exemple.test/ipp^7001", True),
        ("CHU-X^7001", False),
        ("42^7001", False),
        ("chu.exemple.test^7001", False),
    ],
)
def test_a_bare_namespace_is_known_in_its_house_only(identifier: str, *, same: bool) -> None:
    one, other = scoped(identifier, "1999999999"), scoped(identifier, "1888888888")
    assert (one == other) is same
    assert (one == identifier) is same


def test_a_deleted_mrg_names_nobody_and_a_deleted_consent_is_told() -> None:
    merged = read("ADT^A40", PID, MRG.replace("8002", '""'))
    assert ("required", "MRG-1.4", 101) in codes(merged)
    zfa = 'ZFA|ACTIF|20260101|||||||""|""|IC|20260101'
    told = read("ADT^A01", PID, "PV1|1|N", zfa)
    assert [one.where for one in told.findings if one.code == "consent-deleted"] == ["ZFA-9"]
    assert told.verdict is Verdict.ACCEPT
