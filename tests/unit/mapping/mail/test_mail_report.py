"""DSN and MDN that answer a mail of ours, and those that do not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from receipts import dsn, error_mail, mdn, report

from gateway.mapping.mail import for_recipients, understand_mail
from gateway.mapping.mail.report import envelope_of, message_id_of
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding
from gateway.records.messages.mail_report import MailReport

RECEIPT = "0123456789abcdef" * 2
AT = "2026-01-15T09:15:07+00:00"
OURS = f"<{message_id_of(RECEIPT, 1)}@ours.mssante.fr>"


def read(raw: bytes) -> Understanding:
    return understand_mail(raw, DEFAULT_READING)


def told(raw: bytes) -> tuple[str, bool | None, str]:
    made = read(raw).report
    assert made is not None
    assert (made.receipt, made.place) == (RECEIPT, 1)
    return made.event, made.positive, made.code


@pytest.mark.parametrize(
    ("raw", "event"),
    [
        (dsn(OURS), ("Z02", False, "550")),
        (dsn(OURS, header_only=True), ("Z02", False, "550")),
        (dsn(OURS, diagnostic=""), ("Z02", False, "550")),
        (dsn(OURS, diagnostic="", status="5.2.2"), ("Z02", False, "552")),
        (dsn(OURS, diagnostic="", status="5.9.9"), ("Z02", False, "554")),
        (dsn(OURS, diagnostic="smtp; 450-4.2.1 busy"), ("Z02", False, "450")),
        (dsn(OURS, diagnostic="", status="4.4.1"), ("Z02", False, "441")),
        (dsn(OURS, action="Delivered", status="2.0.0", diagnostic=""), ("Z02", True, "")),
        (dsn(OURS, action="relayed", status="2.0.0", diagnostic=""), ("Z02", True, "")),
    ],
)
def test_a_delivery_receipt_says_what_became_of_the_mail(
    raw: bytes, event: tuple[str, bool, str]
) -> None:
    assert told(raw) == event


@pytest.mark.parametrize("header_only", [False, True])
@pytest.mark.parametrize(
    ("date", "left_at"),
    [
        ("Thu, 15 Jan 2026 10:15:07 +0100", "2026-01-15T10:15:07+01:00"),
        ("Thu, 15 Jan 2026 09:15:07 -0000", ""),
        ("Thu, 15 Jan 2026 09:15:07 +9999", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_delivery_receipt_says_which_try_it_is_of(
    date: str, left_at: str, *, header_only: bool
) -> None:
    made = read(dsn(OURS, date=date, header_only=header_only)).report
    assert made is not None
    assert made.left_at == left_at


@pytest.mark.parametrize(
    ("envelope", "left_at", "tries"),
    [
        (envelope_of(datetime(2026, 1, 15, 9, 15, 7, 9, tzinfo=UTC), 3), AT, 3),
        ("1768468507.3", AT, 3),
        ("QQ314159", "2026-01-15T10:15:08+01:00", 0),
        ("99999999999999.1", "2026-01-15T10:15:08+01:00", 0),
        ("1768468507.+2", "2026-01-15T10:15:08+01:00", 0),
    ],
)
def test_an_envelope_id_of_ours_says_which_try_of_which_round_it_is(
    envelope: str, left_at: str, tries: int
) -> None:
    date = "Thu, 15 Jan 2026 10:15:08 +0100"
    made = read(dsn(OURS, date=date, envelope=envelope)).report
    assert made is not None
    assert (made.left_at, made.tries) == (left_at, tries)


def test_a_delay_decides_nothing() -> None:
    assert told(dsn(OURS, action="delayed", status="4.4.7", diagnostic=""))[1] is None


@pytest.mark.parametrize(
    ("more", "event"),
    [
        ({}, ("Z03", True, "")),
        (
            {"disposition": "automatic-action/MDN-sent-automatically; processed"},
            ("Z03", True, ""),
        ),
        (
            {
                "disposition": "automatic-action/MDN-sent-automatically; processed/error",
                "error": "902^Identifiant inconnu^applicationErrorCondition|E^Error",
            },
            ("Z03", False, "902"),
        ),
        (
            {"disposition": "automatic-action/MDN-sent-automatically; processed/Error: 904^INS"},
            ("Z03", False, "904"),
        ),
        ({"disposition": "manual-action/MDN-sent-manually; deleted"}, ("Z03", False, "906")),
        ({"error": "something else"}, ("Z03", False, "906")),
    ],
)
def test_a_read_receipt_of_either_form_says_whether_it_was_read(
    more: dict[str, str], event: tuple[str, bool, str]
) -> None:
    assert told(mdn(OURS, **more)) == event


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("[KO Int=C3=A9gration syst=C3=A8me_!][902] XDM/1.0/DDM+CR", "902"),
        ("[KO Integration systeme !] XDM/1.0/DDM+CR", "906"),
        ("[ko][999] CR", "906"),
    ],
)
def test_an_error_mail_around_ours_says_that_it_was_not_taken_in(subject: str, code: str) -> None:
    raw = error_mail(OURS, subject=subject)
    assert told(raw) == ("Z03", False, code)
    assert for_recipients(read(raw), ["us@ours.mssante.fr"], {"us@ours.mssante.fr"}).report


@pytest.mark.parametrize(
    "raw",
    [error_mail("<other@exemple.mssante.fr>"), error_mail(OURS, subject="Re: XDM/1.0/DDM+CR")],
)
def test_an_error_mail_around_another_and_an_answer_to_ours_are_none(raw: bytes) -> None:
    assert read(raw).report is None


@pytest.mark.parametrize(
    "raw",
    [
        dsn("<other@exemple.mssante.fr>"),
        mdn("<other@exemple.mssante.fr>"),
        mdn(""),
        mdn(f"<{RECEIPT}@ours.mssante.fr>"),
        report("delivery-status", [("message/delivery-status", "nonsense")]),
    ],
)
def test_a_receipt_for_somebody_elses_mail_is_refused(raw: bytes) -> None:
    understood = read(raw)
    assert understood.verdict is Verdict.REFUSE
    assert [one.code for one in understood.findings] == ["report-unknown"]


def test_another_report_is_read_as_any_mail() -> None:
    raw = report("feedback-report", [("message/feedback-report", "Feedback-Type: abuse\r\n")])
    assert [one.code for one in read(raw).findings] == ["mail-no-document"]


def test_our_own_mailbox_takes_receipts_only() -> None:
    own = {"us@ours.mssante.fr"}
    plain = read(report("feedback-report", [("text/plain", "hello")]))
    refused = for_recipients(plain, ["US@ours.mssante.fr"], own)
    assert refused.verdict is Verdict.REFUSE
    assert refused.findings[-1].code == "mail-unattended"
    taken = for_recipients(read(mdn(OURS)), ["us@ours.mssante.fr"], own)
    assert taken.report == MailReport(event="Z03", receipt=RECEIPT, place=1, positive=True)


@given(st.binary(max_size=300), st.integers(0, 1_500), st.booleans())
def test_no_receipt_however_broken_raises(noise: bytes, at: int, kind: bool) -> None:
    whole = dsn(OURS) if kind else mdn(OURS)
    read(whole[:at] + noise + whole[at:])
    read(whole[:at] + noise)
